"""The citizen's pages. Urls speak Indonesian and are nouns; names are English."""

from django.urls import include, path, re_path

from complaints.channels.registry import CHANNELS
from complaints.channels.sms import phone
from complaints.views import (
    acts,
    browse,
    case,
    categories,
    details,
    devices,
    disclosing,
    done,
    links,
    media,
    mine,
    poster,
    questions,
    sending,
    standards,
    submit,
    track,
)

app_name = "complaints"

urlpatterns = [
    path("lapor/", submit.place, name="place"),
    path("lapor/masalah/", submit.story, name="story"),
    path("lapor/rincian/", details.details, name="details"),
    path("lapor/periksa/", submit.check, name="check"),
    path("lapor/selesai/", done.done, name="done"),
    path("lapor/pengungkapan/", disclosing.filing, name="disclose"),
    path("pengungkapan/", disclosing.info, name="disclosure_info"),
    path("pengungkapan/buka/", disclosing.enter, name="disclosure_open"),
    path("pengungkapan/percakapan/", disclosing.talk, name="disclosure"),
    path("pengungkapan/percakapan/berkas/<int:pk>/", disclosing.file, name="disclosure_file"),
    path("lapor/kiriman/", sending.sending, name="sending"),
    path("k/<str:short>/", poster.scan, name="scan"),
    path("instansi/<int:pk>/poster/", poster.poster, name="poster"),
    path("instansi/<int:pk>/poster/<str:size>-<str:language>.<str:kind>", poster.poster_file, name="poster_file"),
    path("instansi/<int:pk>/janji/", standards.promises, name="promises"),
    path("lacak/", track.track, name="track"),
    path("laporan-saya/", mine.mine, name="mine"),
    path("laporan/", browse.listing, name="list"),
    path("laporan/<str:number>/", case.case, name="case"),
    path("laporan/<str:number>/tanggapan/", acts.reply, name="reply"),
    path("laporan/<str:number>/penilaian/", acts.verdict, name="verdict"),
    path("laporan/<str:number>/pembukaan/", acts.reopening, name="reopening"),
    path("laporan/<str:number>/pencabutan/", acts.withdrawal, name="withdrawal"),
    path("laporan/<str:number>/kerahasiaan/", acts.secrecy, name="secrecy"),
    path("laporan/<str:number>/kabar/", acts.news, name="news"),
    path("laporan/<str:number>/kepergian/", track.leaving, name="leaving"),
    path("laporan/<str:number>/telepon/", acts.phone, name="phone"),
    path("laporan/<str:number>/gawai/", devices.of_case, name="devices"),
    path("gawai/alamat/", devices.address, name="device-address"),
    path("akun/gawai/", devices.of_officer, name="officer-devices"),
    path("panggilan/<str:token>/", devices.answer, name="call"),
    path("kabar/<str:token>/", links.enter, name="enter"),
    # Every character of an SMS costs: the slash at its end may be left out.
    re_path(r"^s/(?P<code>[^/]{1,60})/?$", links.short, name="short"),
    path("kabar/<str:token>/alamat/", links.confirm, name="confirm"),
    path("kabar/<str:token>/henti/", links.unsubscribe, name="unsubscribe"),
    path("kelola/standar/", standards.standards, name="standards"),
    path("kelola/kategori/", categories.listing, name="categories"),
    path("kelola/kategori/impor/", categories.load, name="categories_import"),
    path("kelola/kategori/<int:pk>/", categories.change, name="category"),
    path("kelola/kategori/<int:pk>/pertanyaan/", questions.add, name="question_add"),
    path("kelola/kategori/<int:pk>/pertanyaan/<int:question>/", questions.change, name="question"),
    path("berkas/<int:pk>/", media.attachment, name="media"),
    path("coba/sms/", phone.phone, name="trial_phone"),
    # What a gateway calls: every channel by its code.
    *[path(f"kanal/{channel.code}/", include(channel.urls)) for channel in CHANNELS.values() if channel.urls],
]
