"""/akun/, /instansi/, /petugas/ and /kelola/: the pages of the map."""

from django.urls import path, re_path

from agencies.views import (
    borders,
    clients,
    directory,
    division,
    manage,
    members,
    prefixes,
    programmes,
    session,
    subsites,
)

app_name = "agencies"

urlpatterns = [
    path("akun/", session.account, name="account"),
    path("akun/peran/", session.act_as, name="act_as"),
    path("instansi/", directory.directory, name="directory"),
    path("instansi/<int:pk>/", directory.office, name="office"),
    path("instansi/<int:pk>/ubah/", directory.change, name="change"),
    path("instansi/<int:pk>/kantor-baru/", directory.add, name="add"),
    path("instansi/<int:pk>/situs/", subsites.change, name="subsite"),
    path("lambang/<int:pk>/<str:version>/<str:size>.png", subsites.mark, name="mark"),
    path("instansi/<int:pk>/akhir/", directory.end, name="end_office"),
    path("instansi/<int:pk>/awalan/", prefixes.listing, name="prefixes"),
    path("instansi/<int:pk>/awalan/<int:prefix>/akhir/", prefixes.end, name="prefix_end"),
    path("instansi/<int:pk>/bidang/", division.table, name="division"),
    path("instansi/<int:pk>/bidang/salin/", division.copy, name="division_copy"),
    path("instansi/<int:pk>/bidang/<slug:code>/", division.field, name="division_field"),
    path("instansi/<int:pk>/kantor-lazim/", directory.starter_set, name="starter_set"),
    re_path(r"^wilayah/(?P<code>[0-9]{2}\.[0-9]{2})/batas\.json$", borders.borders, name="borders"),
    path("kelola/", manage.manage, name="manage"),
    path("kelola/impor/", manage.import_offices, name="import"),
    path("kelola/hari-libur/", manage.holiday_list, name="holidays"),
    path("kelola/hari-libur/<int:pk>/hapus/", manage.remove_holiday, name="remove_holiday"),
    path("kelola/program/", programmes.listing, name="programmes"),
    path("kelola/program/<int:pk>/", programmes.change, name="programme"),
    path("kelola/sistem/", clients.listing, name="clients"),
    path("kelola/sistem/baru/", clients.add, name="client_add"),
    path("kelola/sistem/<int:pk>/", clients.client, name="client"),
    path("kelola/sistem/<int:pk>/kunci/", clients.rotate, name="client_rotate"),
    path("kelola/sistem/<int:pk>/kunci/<int:key>/akhir/", clients.end_key, name="client_key_end"),
    path("kelola/sistem/<int:pk>/akhir/", clients.end, name="client_end"),
    path("petugas/", members.members_list, name="members"),
    path("petugas/baru/", members.appoint, name="appoint"),
    path("petugas/keputusan/", members.decrees, name="decrees"),
    path("petugas/keputusan/<int:pk>/berkas/", members.decree_file, name="decree_file"),
    path("petugas/<int:pk>/", members.member, name="member"),
    path("petugas/<int:pk>/konfirmasi/", members.confirm, name="confirm"),
    path("petugas/<int:pk>/akhir/", members.end, name="end"),
]
