"""The portal's addresses with those of training before them."""

from typing import Final

from django.urls import include, path

from lapor.training import views
from lapor.urls import handler400, handler403, handler404, handler500
from lapor.urls import urlpatterns as portal

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

_own: Final = [
    path("", views.front, name="front"),
    path("peran/<slug:slug>/", views.play, name="play"),
    path("keluar/", views.leave, name="leave"),
    path("surat/", views.mailbox, name="mailbox"),
    path("surat/<int:pk>/", views.letter, name="letter"),
    path("pelajaran/", views.all_lessons, name="lessons"),
    path("pelajaran/<slug:slug>/", views.lesson, name="lesson"),
    path("pelajaran/<slug:slug>/sertifikat/", views.certificate, name="certificate"),
    path("pelajaran/<slug:slug>/sertifikat.pdf", views.certificate_pdf, name="certificate_pdf"),
    path("sertifikat/", views.check, name="check"),
    path("pelatih/", views.trainer, name="trainer"),
    path("jam/", views.clock, name="clock"),
    path("ulang/", views.again, name="again"),
]

urlpatterns = [
    path("robots.txt", views.robots),
    path("manifest.webmanifest", views.manifest),
    path("meja.webmanifest", views.desk_manifest),
    path("latihan/", include((_own, "latihan"))),
    *portal,
]
