"""/kanal/sms/: what a gateway calls."""

from django.urls import path

from complaints.channels.sms import views

urlpatterns = [
    path("<slug:gateway>/", views.arrive, name="sms_in"),
    path("<slug:gateway>/kabar/", views.receipt, name="sms_receipt"),
]
