from django.urls import path

from complaints.channels.telegram import views

app_name = "telegram"

urlpatterns = [path("", views.webhook, name="webhook")]
