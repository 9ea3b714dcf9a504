"""What calls us with letters: the mail provider, or any mail server that signs what it sends."""

from django.urls import path

from complaints.channels.email import views

app_name = "email"

urlpatterns = [
    path("mentah/", views.raw, name="raw"),
    path("penyedia/", views.provider, name="provider"),
]
