"""What calls us with letters, or with what became of ours: the mail provider, or any mail server that signs."""

from django.urls import path

from complaints.channels.email import views

app_name = "email"

urlpatterns = [
    path("mentah/", views.raw, name="raw"),
    path("penyedia/", views.provider, name="provider"),
    path("penyedia/kabar/", views.receipt, name="receipt"),
]
