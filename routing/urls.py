"""Officers' pages and public figures. Every act of the desk has a noun of its own (see `routing.desk_acts`)."""

from django.urls import path, re_path

from routing.desk_acts import ACTS
from routing.views import (
    acts,
    channels,
    counter,
    desk,
    downloads,
    figures,
    letters,
    many,
    open311,
    oversight,
    pen,
    register,
    reveals,
    rules,
)

app_name = "routing"

urlpatterns = [
    re_path(r"^open311/v2/servicerequestupdates\.(?P<format>\w+)$", open311.Updates.as_view(), name="open311_updates"),
    path("meja/", desk.desk, name="desk"),
    path("meja/aturan/", rules.rules, name="rules"),
    path("meja/aturan/baru/", rules.add, name="rule_add"),
    path("meja/aturan/<int:pk>/", rules.change, name="rule_change"),
    path("meja/aturan/<int:pk>/urutan/", rules.order, name="rule_order"),
    path("meja/aturan/<int:pk>/akhir/", rules.end, name="rule_end"),
    path("meja/tertahan/", pen.pen, name="pen"),
    path("meja/tertahan/<int:pk>/", pen.held, name="held"),
    path("meja/tertahan/<int:pk>/laporan/", pen.open_case, name="held_open"),
    path("meja/tertahan/<int:pk>/tambahan/", pen.add_to_case, name="held_add"),
    path("meja/tertahan/<int:pk>/penolakan/", pen.refuse, name="held_refuse"),
    path("meja/saluran/", channels.channels, name="channels"),
    path("meja/loket/", counter.counter, name="counter"),
    path("meja/loket/tanda-terima/", counter.counter_receipt, name="counter_receipt"),
    path("meja/sekaligus/", many.many, name="many"),
    path("meja/surat/", letters.letters, name="letters"),
    path("meja/surat/ulang/", letters.again, name="letters_again"),
    path("meja/surat/biaya/", letters.costs, name="letter_costs"),
    path("meja/pembukaan/", reveals.reveals, name="reveals"),
    path("meja/pembukaan/<int:pk>/", reveals.approve, name="reveal_approve"),
    path("meja/<str:number>/", desk.case, name="case"),
    path("meja/<str:number>/kehadiran/", desk.beside, name="beside"),
    path("meja/<str:number>/kabar/", letters.told, name="told"),
    *[path(f"meja/<str:number>/{act.noun}/", acts.act, {"noun": act.noun}, name=act.verb) for act in ACTS],
    path("pengawasan/", oversight.overview, name="oversight"),
    path("pengawasan/<int:pk>/", oversight.overview, name="oversight_of"),
    path("pengawasan/<int:pk>/unduhan/", downloads.download, name="download"),
    path("pengawasan/<int:pk>/laporan/", oversight.cases, name="oversight_cases"),
    path("pengawasan/<int:pk>/ingatan/", oversight.nudge, name="oversight_nudge"),
    path("statistik/", figures.statistics, name="statistics"),
    path("statistik/tidak-ditanggapi/", register.register, name="register"),
]
