"""Officers' pages and public figures. Every act of the desk has a noun of its own (see `routing.desk_acts`)."""

from django.urls import path

from routing.desk_acts import ACTS
from routing.views import acts, desk, figures, register

app_name = "routing"

urlpatterns = [
    path("meja/", desk.desk, name="desk"),
    path("meja/<str:number>/", desk.case, name="case"),
    path("meja/<str:number>/kehadiran/", desk.beside, name="beside"),
    *[path(f"meja/<str:number>/{act.noun}/", acts.act, {"noun": act.noun}, name=act.verb) for act in ACTS],
    path("statistik/", figures.statistics, name="statistics"),
    path("statistik/tidak-ditanggapi/", register.register, name="register"),
]
