"""Invented reports for the demo districts, told through the verbs: every word is ours, nobody wrote them.

A script is what happened, in steps "letter + days after receipt": p placed at the coordinator's desk, f forwarded,
s started, a answered, q asked, c completed by the reporter, d done, t scheduled, n honestly not, x contested,
k accepted, b handed back, m moved on by the coordinator, v archived, i internal note.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from agencies.actor import Actor
from agencies.demo import DOMAIN, HSU, INHU, KUNINGAN, ROADS
from agencies.models import Agency, Membership, Programme, Region, Role, User
from agencies.models.agency import PEMDA
from complaints import intake, privacy, publishing
from complaints.intake import Submission
from complaints.models import Category, Complaint, Kind
from complaints.models.lifecycle.acting import PublicText
from routing import dispatch

WORKER = Actor.system("worker")
PU = "Dinas Pekerjaan Umum dan Penataan Ruang"


@dataclass(frozen=True)
class Tale:
    """`where` is a pemda's region code, `place` the words of a kelurahan, desa or kecamatan inside it ("" the whole
    district), `office` where it goes, `days` how long ago it came."""

    days: int
    where: str
    place: str
    office: str
    title: str
    body: str
    script: str
    kind: str = Kind.PENGADUAN
    category: str = ""
    anonymous: bool = False
    secret: bool = False
    by: str = ""
    programme: str = ""


TALES: tuple[Tale, ...] = (
    Tale(
        27, INHU, "rengat", PU, "Gorong-gorong mampet, air masuk rumah",
        "Gorong-gorong di simpang dekat surau tersumbat lumpur. Tiap hujan lebih dari sejam, air setinggi betis masuk "
        "ke lima rumah. Sudah kami bersihkan sendiri dua kali, tapi pipanya memang terlalu kecil.", "f0 s2",
        category="Drainase",
    ),
    Tale(
        19, INHU, "seberida", PU, "Tiang jembatan kayu terkikis arus",
        "Satu tiang jembatan kayu menuju kebun warga sudah menggantung karena tanahnya terkikis. Motor masih lewat "
        "sambil dituntun. Kami takut ada yang jatuh.", "f0 s1 a4 i5", category="Jembatan", programme=ROADS,
    ),
    Tale(
        13, INHU, "pasir penyu", PU, "Lampu jalan di tikungan pasar padam",
        "Tiga lampu jalan di tikungan pasar padam sejak dua minggu lalu. Kemarin malam dua sepeda motor bersenggolan "
        "di situ.", "f0", category="Penerangan", by="sari",
    ),
    Tale(
        12, INHU, "seberida", PU, "Jembatan gantung ke sekolah putus satu sisi",
        "Tali jembatan gantung ke SD putus satu sisi. Anak-anak tetap lewat karena jalan lain 40 menit jalan kaki. "
        "Mohon diperbaiki sebelum ada korban.", "f0 s1 i1 a3", category="Jembatan", anonymous=True,
    ),
    Tale(
        6, INHU, "rengat barat", PU, "Lubang dalam di depan puskesmas",
        "Ada lubang sedalam lutut di jalan depan puskesmas. Ambulans harus melambung ke jalur kanan.", "f0 s1",
        category="Jalan Berlubang",
    ),
    Tale(
        5, INHU, "lirik", PU, "Trotoar dibongkar dan tidak ditutup lagi",
        "Trotoar dibongkar untuk pipa, pekerjanya sudah pergi, lubangnya tinggal. Ibu saya memakai tongkat dan tidak "
        "bisa lewat.", "f0 s1 q2", category="Trotoar", by="sari",
    ),
    Tale(
        4, INHU, "peranap", PU, "Saluran air pasar bau dan meluap",
        "Saluran di belakang pasar penuh sampah dan meluap ke lapak ikan.", "f0", category="Drainase",
    ),
    Tale(
        3, INHU, "kelayang", PU, "Usul penahan tebing di jalan ke sekolah",
        "Tebing di kiri jalan menuju SMP longsor sedikit-sedikit. Kami usul dipasang bronjong sebelum musim hujan.",
        "f0", Kind.ASPIRASI, programme=ROADS,
    ),
    Tale(
        2, INHU, "rengat", PU, "Kapan jalan lingkungan kami diaspal?",
        "Tahun lalu petugas sudah mengukur jalan lingkungan RW 3. Kapan rencana pengerjaannya?", "f0",
        Kind.PERMINTAAN_INFORMASI, programme=ROADS,
    ),
    Tale(
        1, INHU, "batang gansal", PU, "Jalan tanah longsor dekat SD",
        "Separuh badan jalan tanah dekat SD longsor tadi malam. Mobil tidak bisa lewat, motor bergantian.", "f0",
        category="Jalan", by="sari", programme=ROADS,
    ),
    Tale(
        34, INHU, "rengat", PU, "Pagar taman kota roboh",
        "Pagar besi taman roboh ke arah tempat anak bermain.", "f0 s1 a2 d6 k9", category="Taman", by="sari",
    ),
    Tale(
        24, INHU, "lubuk batu jaya", PU, "Bahu jalan amblas sepanjang dua puluh meter",
        "Bahu jalan amblas setelah truk bermuatan berat lewat tiap malam. Rambu pun tidak ada.", "f0 s1 a3 d8 x10",
        category="Jalan", programme=ROADS,
    ),
    Tale(
        16, INHU, "seberida", PU, "Jalan kebun rusak karena truk",
        "Jalan kebun rusak parah sejak ada angkutan tanah. Apakah ini tanggung jawab perusahaan atau dinas?",
        "f0 s2 n7", category="Jalan", programme=ROADS,
    ),
    Tale(
        11, INHU, "pasir penyu", PU, "Drainase perumahan tidak pernah dibersihkan",
        "Selokan perumahan penuh tanah. Kalau hujan air kembali ke dapur.", "f0 s1 a2 t6", category="Drainase",
    ),
    Tale(
        9, INHU, "rengat", "Dinas Kesehatan", "Antre obat di puskesmas sampai sore",
        "Datang jam tujuh pagi, obat baru diterima jam empat sore. Loket yang buka hanya satu.", "f0 s1 a4",
        category="Kesehatan",
    ),
    Tale(
        21, INHU, "seberida", "Dinas Sosial", "Ibu tidak tercatat lagi sebagai penerima bantuan",
        "Ibu saya menerima bantuan tahun lalu, tahun ini namanya tidak ada dan tidak ada yang menjelaskan sebabnya.",
        "f0", category="Sosial",
    ),
    Tale(
        15, INHU, "kuala cenaku", "Dinas Kependudukan dan Pencatatan Sipil", "KTP anak belum jadi sejak perekaman",
        "Perekaman sudah tiga bulan lalu, setiap ditanya jawabannya blangko habis.", "f0 s1 a2 d5 k6",
        category="KTP",
    ),
    Tale(
        8, INHU, "rengat", "Dinas Kependudukan dan Pencatatan Sipil", "Diminta uang untuk mempercepat kartu keluarga",
        "Petugas di loket berkata bisa selesai hari itu kalau menambah seratus ribu. Saya keberatan menyebut nama.",
        "f0 s1", anonymous=True, secret=True,
    ),
    Tale(
        7, INHU, "rengat barat", "Dinas Lingkungan Hidup", "Sampah menumpuk di pinggir sungai",
        "Tumpukan sampah di pinggir sungai makin panjang, baunya sampai ke musala.", "f0 s1 q3 c5",
        category="Sampah",
    ),
    Tale(
        6, INHU, "", "", "Pelayanan lambat",
        "Pelayanannya lambat sekali, tolong diperbaiki.", "p0",
    ),
    Tale(
        4, INHU, "peranap", "", "Bau menyengat dari kolam limbah",
        "Setiap sore tercium bau menyengat dari kolam limbah di belakang kampung. Airnya mengalir ke parit kebun.",
        "p0", category="Pencemaran",
    ),
    Tale(
        3, INHU, "lirik", "", "Bantuan pupuk tidak sampai ke kelompok tani",
        "Kelompok kami terdaftar, tetapi pupuk bantuan tidak pernah sampai. Kelompok lain sudah dua kali menerima.",
        "p0", category="Pertanian",
    ),
    Tale(
        10, INHU, "rengat", PU, "Sinyal telepon hilang di tiga dusun",
        "Sejak menara di bukit mati, tiga dusun tidak punya sinyal. Menelepon bidan pun harus ke jalan raya.", "f0 b2",
    ),
    Tale(
        18, INHU, "seberida", "Dinas Perhubungan", "Truk parkir di bahu jalan depan sekolah",
        "Truk parkir berderet di depan SMP pada jam masuk. Anak-anak berjalan di badan jalan.", "f0 s1 a3 d9",
        category="Parkir",
    ),
    Tale(
        30, INHU, "", PU, "Jual bibit sawit unggul", "Tersedia bibit sawit siap tanam, hubungi kami.", "p0 v1",
    ),
    Tale(
        14, INHU, "batang cenaku", "Dinas Pendidikan", "Atap kelas bocor di dua ruangan",
        "Dua ruang kelas bocor, murid pindah duduk setiap hujan. Kepala sekolah sudah mengusulkan.", "f0 s2 a5 t9",
        category="Pendidikan",
    ),
    Tale(
        2, INHU, "kelayang", "Dinas Kesehatan", "Jadwal imunisasi di posyandu kami",
        "Bulan ini posyandu dusun kami hari apa, dan apa saja yang perlu dibawa?", "f0", Kind.PERMINTAAN_INFORMASI,
    ),
    Tale(
        17, HSU, "amuntai", PU, "Titian ulin di pinggir rawa lapuk",
        "Titian ulin menuju langgar lapuk sepanjang sepuluh meter. Malam hari berbahaya untuk orang tua.", "f0 s2 a4",
        category="Jembatan", programme=ROADS,
    ),
    Tale(
        9, HSU, "babirik", "Dinas Kesehatan", "Petugas pustu jarang di tempat",
        "Pustu buka hanya dua kali seminggu, padahal papan jadwal menulis setiap hari.", "f0", category="Kesehatan",
    ),
    Tale(
        5, HSU, "danau panggang", "Dinas Kependudukan dan Pencatatan Sipil", "Akta kelahiran salah satu huruf",
        "Nama ayah salah satu huruf di akta anak. Apa syarat memperbaikinya?", "f0 s1 d3", Kind.PERMINTAAN_INFORMASI,
    ),
    Tale(
        3, HSU, "sungai pandan", "", "Harga gas tiga kilo dua kali lipat",
        "Di pangkalan kosong, di warung dijual dua kali lipat harga resmi.", "p0",
    ),
    Tale(
        22, KUNINGAN, "cilimus", PU, "Irigasi jebol, sawah tiga hektare kering",
        "Saluran irigasi jebol sepanjang enam meter. Sawah di hilir tidak kebagian air sejak dua minggu.",
        "f0 s1 a4 d12", category="Irigasi",
    ),
    Tale(
        13, KUNINGAN, "kadugede", "Dinas Pendidikan", "Uang perpisahan diwajibkan di sekolah",
        "Sekolah meminta uang perpisahan dan menahan rapor yang belum bayar.", "f0 s2", anonymous=True,
        category="Pendidikan",
    ),
    Tale(
        8, KUNINGAN, "jalaksana", "Dinas Lingkungan Hidup", "Truk sampah tidak datang tiga minggu",
        "Biasanya seminggu dua kali, sudah tiga minggu truk sampah tidak datang ke perumahan kami.", "f0 s1 a3 d5 k7",
        category="Sampah",
    ),
    Tale(
        4, KUNINGAN, "luragung", "Dinas Perhubungan", "Lampu lalu lintas mati di simpang pasar",
        "Lampu lalu lintas mati semua sisi, pagi hari macet sampai jembatan.", "f0", category="Perhubungan",
    ),
    Tale(
        2, KUNINGAN, "kuningan", "Dinas Sosial", "Kursi roda untuk tetangga",
        "Tetangga kami tidak bisa berjalan setelah sakit. Bagaimana mengajukan kursi roda?", "f0",
        Kind.PERMINTAAN_INFORMASI,
    ),
    Tale(
        1, KUNINGAN, "garawangi", "", "Anjing liar masuk kampung",
        "Lima anjing liar masuk kampung dan mengejar anak-anak berangkat mengaji.", "p0",
    ),
    Tale(
        5, "", "", "", "Sertifikat tanah belum terbit dua tahun",
        "Berkas pendaftaran tanah saya sudah lengkap sejak dua tahun lalu. Sampai sekarang belum ada kabar.", "",
    ),
    Tale(
        2, "", "", "", "Aplikasi antrean daring selalu gagal masuk",
        "Setiap pagi aplikasi antrean paspor gagal masuk tepat saat kuota dibuka.", "",
    ),
    Tale(
        1, "", "", "", "Usul jalur sepeda antarkota",
        "Kami pesepeda berharap ada bahu jalan khusus di jalur pantai.", "", Kind.ASPIRASI,
    ),
)  # fmt: skip

ANSWERS = {
    "a": "Tim kami sudah ke lokasi dan mencatat yang rusak. Pekerjaan masuk jadwal minggu ini; kabar berikutnya "
    "hari Jumat.",
    "q": "Supaya tim tidak salah tempat: di sebelah mana persisnya, dan dekat bangunan apa?",
    "c": "Di sebelah kiri kalau dari arah balai desa, kira-kira lima puluh meter sesudah musala.",
    "d": "Sudah kami kerjakan dan periksa bersama perangkat desa. Kalau masih ada yang kurang, tekan belum beres.",
    "t": "Pekerjaan ini butuh anggaran perubahan. Kami jadwalkan selesai pada tanggal yang tertulis.",
    "n": "Jalan ini milik perusahaan perkebunan, sehingga kami tidak boleh memakai anggaran daerah. Kami sudah "
    "menyurati perusahaan; salinan surat bisa Anda minta di kantor kami.",
    "x": "Baru dua hari sudah amblas lagi di tempat yang sama. Mohon dilihat ulang.",
    "b": "Menara telekomunikasi bukan wewenang kami.",
    "m": "Kantor ini yang berwenang.",
    "v": "Ini iklan, bukan laporan tentang layanan publik.",
    "i": "Camat sudah saya telepon, lokasi dijaga pemuda desa sampai tim datang.",
}


def seed(now: datetime.datetime | None = None) -> int:
    """Tell every tale that has not been told; returns how many were new. Running it again changes nothing."""
    now = now or timezone.now()
    return sum(_tell(number, tale, now) for number, tale in enumerate(TALES, start=1))


@transaction.atomic
def _tell(number: int, tale: Tale, now: datetime.datetime) -> int:
    """One transaction: when it commits, the worker finds nothing left to weigh but what was left for it."""
    pemda = Agency.objects.filter(region_id=tale.where, kind__in=PEMDA).first() if tale.where else None
    if tale.where and pemda is None:
        return 0
    received = now - datetime.timedelta(days=tale.days, hours=(number * 7) % 9)
    user = User.objects.filter(email=f"{tale.by}@{DOMAIN}").first() if tale.by else None
    receipt = intake.receive(
        Submission(
            channel="web",
            external_id=f"contoh-{number}",
            title=tale.title,
            body=tale.body,
            kind=tale.kind,
            place=_place(tale),
            category=category_named(tale.category),
            happened_on=(received - datetime.timedelta(days=number % 4)).date(),
            anonymous=tale.anonymous,
            secret=tale.secret,
            name=user.name if user else "",
            email=user.email if user else "",
            user=user,
            received_at=received,
            # Old letters would tell nobody anything new.
            silent=not tale.by or tale.days > 2,
        ),
        now=received,
    )
    if not receipt.created:
        return 0
    case = receipt.complaint
    if user is not None:
        privacy.confirm_email(case.reporter, received)
    office = _office(pemda, tale.office)
    for step in tale.script.split():
        # Morning after morning, a little later each time; never in the future.
        at = min(received + datetime.timedelta(days=int(step[1:]), minutes=40), now)
        _STEPS[step[0]](case, pemda, office, at)
    if tale.programme:
        _tag(case, tale.programme, min(received + datetime.timedelta(days=1), now))
    return 1


def _tag(case: Complaint, code: str, at: datetime.datetime) -> None:
    """Gathered by the centre, as far as the programme is there."""
    programme, by = Programme.objects.filter(code=code).first(), _officer(Agency.objects.root(), Role.NATIONAL)
    if programme is not None and by is not None:
        case.tag(programme, by=by, reason="Jalan atau jembatan yang menghubungkan kampung.", now=at)


def _place(tale: Tale) -> Region | None:
    if not tale.where:
        return None
    inside = Region.objects.filter(pk__startswith=f"{tale.where}.", ended_on__isnull=True)
    found = inside.filter(level="KECAMATAN", search_name__startswith=tale.place).order_by("pk") if tale.place else None
    kecamatan = found.first() if found is not None else None
    if kecamatan is None:
        return Region.objects.filter(pk=tale.where).first()
    return Region.objects.filter(parent=kecamatan, ended_on__isnull=True).order_by("pk").first() or kecamatan


def category_named(words: str) -> Category | None:
    """The first category whose name has these words; "": none."""
    rows = Category.objects.on(timezone.localdate())
    return rows.filter(name__icontains=words).order_by("parent", "order").first() if words else None


def _office(pemda: Agency | None, name: str) -> Agency | None:
    if pemda is None or not name:
        return pemda
    return Agency.objects.under(pemda).filter(name=name, ends_on__isnull=True).staffed_on(timezone.localdate()).first()


def _officer(agency: Agency, *roles: str) -> Actor | None:
    """Somebody with the first of these roles that the office has."""
    held = list(Membership.objects.current().filter(agency=agency, role__in=roles).select_related("user", "agency"))
    return Actor.officer(min(held, key=lambda one: (roles.index(one.role), one.pk))) if held else None


def _public(case: Complaint) -> PublicText | None:
    if case.secret:
        return None
    return PublicText(*publishing.preview(case, case.title, case.body, hide=privacy.names_to_hide(case)))


def _liaison(case: Complaint) -> Actor:
    """Somebody who may act at the office that has it."""
    found = _officer(case.handler, Role.LIAISON, Role.HEAD, Role.COORDINATOR)
    found = found or _officer(Agency.objects.root(), Role.NATIONAL)
    assert found is not None
    return found


Step = Callable[[Complaint, Agency | None, Agency | None, datetime.datetime], object]


def _forward(case: Complaint, pemda: Agency | None, office: Agency | None, at: datetime.datetime) -> object:
    reason = "Bidang dan tempatnya menunjuk kantor ini."
    return case.forward(office or pemda or case.handler, by=WORKER, reason=reason, now=at)


def _place_at(case: Complaint, pemda: Agency | None, office: Agency | None, at: datetime.datetime) -> object:
    assert pemda is not None
    return case.place_at(pemda, by=WORKER, reason="Tidak ada kantor yang pasti untuk bidang ini.", now=at)


def _archive(case: Complaint, pemda: Agency | None, office: Agency | None, at: datetime.datetime) -> object:
    return case.archive(
        by=_officer(case.handler, Role.COORDINATOR) or _liaison(case), ground="ABUSE", text=ANSWERS["v"], now=at
    )


def _start(case: Complaint, pemda: Agency | None, office: Agency | None, at: datetime.datetime) -> object:
    dispatch.look_at(case, _liaison(case), now=at)
    return case.start(by=_liaison(case), public=_public(case), now=at)


_STEPS: dict[str, Step] = {
    "f": _forward,
    "p": _place_at,
    "s": _start,
    "a": lambda case, pemda, office, at: case.answer(ANSWERS["a"], by=_liaison(case), public=_public(case), now=at),
    "q": lambda case, pemda, office, at: case.ask(ANSWERS["q"], by=_liaison(case), now=at),
    "c": lambda case, pemda, office, at: case.complete(ANSWERS["c"], by=Actor.reporter(), now=at),
    "d": lambda case, pemda, office, at: case.resolve(
        ANSWERS["d"], by=_liaison(case), outcome="DONE", done_on=at.date(), unit="Tim lapangan", now=at
    ),
    "t": lambda case, pemda, office, at: case.resolve(
        ANSWERS["t"],
        by=_liaison(case),
        outcome="SCHEDULED",
        promised_on=at.date() + datetime.timedelta(days=75),
        now=at,
    ),
    "n": lambda case, pemda, office, at: case.resolve(ANSWERS["n"], by=_liaison(case), outcome="REFUSED", now=at),
    "x": lambda case, pemda, office, at: case.contest(ANSWERS["x"], by=Actor.reporter(), now=at),
    "k": lambda case, pemda, office, at: case.accept(by=Actor.reporter(), rating_answer=4, rating_result=5, now=at),
    "b": lambda case, pemda, office, at: dispatch.hand_back(
        case, by=_liaison(case), ground="NOT_OURS", reason=ANSWERS["b"], now=at
    ),
    "v": _archive,
    "i": lambda case, pemda, office, at: case.note(ANSWERS["i"], by=_liaison(case), now=at),
}
