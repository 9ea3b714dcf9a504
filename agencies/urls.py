"""/akun/, /instansi/, /petugas/ and the centre's pages about the map."""

from django.urls import path

from agencies.views import session

app_name = "agencies"

urlpatterns = [
    path("akun/", session.account, name="account"),
    path("akun/peran/", session.act_as, name="act_as"),
]
