"""What calls us with letters: the mail provider, or any mail server that signs what it sends."""

from django.urls import path

from complaints.channels.email import views

urlpatterns = [
    path("mentah/", views.raw, name="email_raw"),
    path("penyedia/", views.provider, name="email_provider"),
]
