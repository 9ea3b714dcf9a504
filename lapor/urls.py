"""Every page of the portal: each app is included once."""

from django.urls import include, path

from lapor import views, views_look

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("gaya/<slug:parts>.<str:version>.css", views_look.stylesheet, name="stylesheet"),
    path("komponen/", views_look.components, name="components"),
    path("komponen/meja/", views_look.desk_components, name="desk-components"),
    path("akun/", include("allauth.account.urls")),
    path("akun/dua-langkah/", include("allauth.mfa.urls")),
]
