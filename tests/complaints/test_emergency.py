"""Words of emergency: what calls for help now, what only speaks of it, and what merely sounds like it."""

from __future__ import annotations

import re
import time

import pytest
from django.utils.translation import override

from complaints import emergency
from complaints.emergency import Alarm, Service, notice, read, short

FIRE, MEDICAL, POLICE, GENERAL = Service.FIRE, Service.MEDICAL, Service.POLICE, Service.GENERAL

NOW = [
    # Fire: plain, hurried, misspelled, and as people say it at home.
    ("Ada kebakaran di Pasar Belilas, api sudah sampai kios ikan.", FIRE),
    ("KEBAKARAN!!! jl sudirman no 12 tlg kirim pemadam", FIRE),
    ("tolong pak rumah tetangga terbakar", FIRE),
    ("rmh kebakar di gang mawar cepat kesini", FIRE),
    ("kebakran di rt 3 apinya besar sekali", FIRE),
    ("kbakaran pak tolooong", FIRE),
    ("Omah kobong neng Dusun Krajan, tulung", FIRE),
    ("omahe tonggoku kobong saiki", FIRE),
    ("Aya kahuruan di Kampung Babakan, buru-buru!", FIRE),
    ("rumah gadang di nagari kami tabaka, tolong damkar", FIRE),
    ("Gudang kapuk di belakang sekolah terbakar sekarang juga", FIRE),
    ("Tabung gas meledak di warung bakso, ada yang luka", FIRE),
    ("Gas elpiji di rumah kontrakan bocor, baunya menyengat", FIRE),
    ("hutan di belakang desa kami sedang terbakar, asap masuk rumah", FIRE),
    ("Api makin membesar ke arah permukiman", FIRE),
    ("Tahun lalu pasar ini terbakar, sekarang kebakaran lagi di blok B", FIRE),
    ("There is a house on fire next to the school", FIRE),
    # Somebody hurt or ill.
    ("Ibu saya pingsan di loket dan petugas diam saja", MEDICAL),
    ("anak saya kejang-kejang di puskesmas tapi dokternya tidak ada", MEDICAL),
    ("Bapak sesak nafas, IGD menolak, sekarang kami di depan pintu", MEDICAL),
    ("bpk sy serangan jantung tlg ambulan", MEDICAL),
    ("istri saya mau melahirkan, bidannya tidak ada", MEDICAL),
    ("Air ketuban istri sudah pecah dan jembatan putus", MEDICAL),
    ("Kecelakaan barusan di simpang empat, motor sama truk", MEDICAL),
    ("ada kecelakan di tikungan pasar, tolong kirim ambulans", MEDICAL),
    ("korban tabrakan masih tergeletak di jalan", MEDICAL),
    ("Tukang tersengat listrik di tiang depan masjid", MEDICAL),
    ("warga keracunan makanan hajatan, butuh pertolongan", MEDICAL),
    ("adik digigit ular di sawah, puskesmas tutup", MEDICAL),
    ("orangnya tidak sadarkan diri di halte", MEDICAL),
    ("darah keluar terus, darahnya tidak berhenti", MEDICAL),
    ("Mbah kung semaput neng balai desa", MEDICAL),
    ("saya sudah tidak kuat, mau bunuh diri saja", MEDICAL),
    ("teman saya mau loncat dari jembatan layang", MEDICAL),
    ("My father is unconscious and nobody comes", MEDICAL),
    # Violence.
    ("Ada maling masuk rumah, kami sembunyi di kamar", POLICE),
    ("sedang tawuran di depan SMK, bawa celurit semua", POLICE),
    ("Orang mengamuk bawa parang di pasar", POLICE),
    ("saya dikejar orang bawa golok", POLICE),
    ("toko emas dirampok, pelakunya pakai pistol", POLICE),
    ("tetangga saya dipukuli suaminya, anaknya menjerit", POLICE),
    ("tlg pak ada begal di jembatan lama", POLICE),
    ("Anak perempuan saya diculik sepulang sekolah", POLICE),
    ("ada suara tembakan di dekat kebun", POLICE),
    ("temuan bom di terminal, orang belum diusir", POLICE),
    # The one number for everything.
    ("Perahu terbalik di muara, penumpangnya hanyut", GENERAL),
    ("Anak tenggelam di bekas galian, cepat", GENERAL),
    ("Rumah warga roboh, ada yang tertimbun", GENERAL),
    ("kami terjebak banjir di atap", GENERAL),
    ("Sekarang longsor menutup jalan, mobil di bawahnya", GENERAL),
    ("ana bocah keli neng kali, tulung tulung", GENERAL),
    ("kabel PLN putus nyetrum orang lewat", GENERAL),
]

# What a page without a connection must hear by itself, and what it need not.
ALONE = [
    ("kebakaran di rt 3 apinya besar sekali", {FIRE}),
    ("api sudah mulai membesar di gudang", {FIRE}),
    ("rumah tetangga saya terbakar", {FIRE}),
    ("ibu saya pingsan di loket", {MEDICAL}),
    ("orang mengamuk bawa parang di pasar", {POLICE}),
    ("perahu terbalik di muara penumpangnya hanyut", {GENERAL}),
    ("kebakarannya sampai dapur ibu pingsan", {FIRE, MEDICAL}),
    ("jalan berlubang di depan pasar lama", set()),
    ("lampu jalan mati sejak senin", set()),
    ("kapan ktp saya jadi", set()),
]


@pytest.mark.parametrize(("text", "services"), ALONE)
def test_a_page_without_a_connection_hears_what_is_danger_by_itself(text: str, services: set[Service]) -> None:
    assert {name for name, words in emergency.patterns().items() if re.search(words, f" {text} ")} == services


def test_what_such_a_page_hears_is_read_in_no_time_however_it_is_written() -> None:
    nasty = " ".join(["rumah api anak terjebak bawa mau"] * 1700)
    began = time.perf_counter()
    for words in emergency.patterns().values():
        re.search(words, nasty)
    assert time.perf_counter() - began < 1


# Also danger now, whoever comes.
NOW_TOO = [
    "tolong ada orang tenggelam di sungai",
    "Motor masuk jurang, penumpangnya luka parah",
    "bau gas menyengat sekali di ruko",
    "anak saya sesak, bibirnya biru",
    "Ada asap hitam dari gudang, tolong damkar",
    "pohon tumbang menimpa mobil, ada orang di dalam",
    "suami saya mukulin saya sekarang",
    "ada yang mau bakar diri di depan kantor",
    "preman bawa parang ngancem pedagang",
    "bapak saya stroke, butuh ambulan",
    "kejebak di lift rsud",
    "pasien kritis ditolak rs, sekarang di parkiran",
    "rumah sebelah kebakaran cepettt",
    "lagi ada begal di depan alfamart",
    "kapal tenggelam di selat, penumpang minta tolong",
    "wong tuo kulo semaput",
    "ada ular kobra masuk kelas, tolong",
    "tiang listrik roboh menimpa rumah, ada percikan api",
    "Gempa barusan, rumah roboh",
    "Ada orang gila bawa pisau di halte",
    "tetangga saya gantung diri",
    "ibu hamil pendarahan hebat di jalan rusak",
    "sepeda motor ditabrak truk orangnya tergeletak",
    "angkot nabrak warung baru saja, banyak yg luka",
    "kebakaran hutan di belakang rumah kami",
    "ada mayat di sungai",
    "orang dibacok di terminal",
    "bayi saya panas tinggi dan kejang",
    "saya mau mengakhiri hidup saya",
    "balita kecebur sumur",
    "listrik nyetrum warga di gardu",
    "gudang petasan meledak",
    "bocah kelelep nang kali",
    "awak dibegal di simpang, tolong",
    "Longsor barusan nutup rumah, ada orang tertimbun",
    "robbery now at the shop, they have a knife",
    "house is burning please send fire truck",
    "atap sekolah ambruk menimpa siswa",
    "keracunan massal di sekolah, anak muntah muntah",
    "tsunami, air laut surut",
    "Api sudah sampai atap, warga panik",
    "mobil tangki terguling di tol dan bocor bensinnya",
    "tetangga kos saya overdosis",
    "anak saya demam sampai step",
    "pencuri ketahuan warga sekarang dihajar massa",
    "Ibu mertua jatuh di kamar mandi tidak sadar",
    "kereta tabrak mobil di perlintasan barusan",
    "orang bawa bensin mau bakar kantor desa",
    "air sungai naik cepat, kami di atap",
    "ada ledakan di spbu",
    "bapak tersetrum waktu benerin genteng",
    "istri sesak napas puskesmas tutup",
    "dua geng sedang tawuran pakai celurit",
    "kakek hilang di hutan dari kemarin sore belum ketemu",
    "ibu saya ditusuk orang tidak dikenal",
    "lansia terjepit lift mall",
    "rumah kebakar blok c no 4",
    "tolong!! maling di rumah sebelah",
    "bus masuk jurang di kelok sembilan",
    "anak kecil diculik naik avanza hitam",
    "warung depan stasiun dilalap api",
    "nenek saya jatuh dari tangga dan tidak bangun bangun",
    "truk rem blong nabrak rumah warga barusan",
    "ada bayi dibuang di selokan masih hidup",
    "gas melon di dapur bocor anak anak di dalam",
    "teman kerja kena setrum di lantai tiga",
    "orang mabuk ngamuk bawa golok",
    "mobil terbakar di flyover",
    "anak hanyut di irigasi",
    "pendaki hilang di gunung belum ditemukan",
    "tetangga saya mau lompat dari tower",
    "banjir sudah seleher, tolong perahu karet",
    "jembatan putus, dua orang jatuh ke sungai",
    "suami kena serangan jantung di loket",
    "ada orang pingsan di halte busway",
    "maling motor ketangkep mau dibakar warga",
    "dikejar begal di jalan lintas, tolong",
    "kebakaran pasar sejak jam dua, damkar belum datang",
    "perempuan diseret masuk mobil, teriak minta tolong",
    "darah tinggi bapak kumat, mulutnya miring, butuh ambulans",
]

CALM = [
    "Parkir di IGD mahal.",
    "Jalan depan kantor polisi gelap",
    "Bantuan korban kebakaran 2023 belum cair",
    "Laporan kehilangan di polsek dipersulit",
    "Petugas pemadam minta bayaran",
    "ambulans desa dipakai pribadi",
    "Harga cabai meledak",
    "Program padat karya tenggelam",
    "Guru memukul anak saya minggu lalu",
    "Puskesmas tidak punya ambulans",
    "Obat jantung kosong di apotek RSUD",
    "Kartu BPJS ibu saya tidak aktif padahal mau melahirkan bulan depan",
    "Pelatihan pemadaman kebakaran tidak jelas anggarannya",
    "Anak saya dipukul gurunya tahun ajaran lalu",
    "Tabung gas 3 kg langka dan mahal",
    "Listrik padam terus, kulkas rusak",
    "Pohon di pinggir jalan hampir tumbang",
    "Pemerintah harus membakar semangat warga",
    "Air PDAM keruh dan bau",
    "Truk sampah tidak datang tiga minggu",
    "Pungli di kantor samsat",
    "Jembatan gantung sudah tua",
    "Rumah saya belum dapat sertifikat",
    "Tolong dong jalannya diperbaiki segera",
    "Pengemis di lampu merah makin banyak",
    "Bapak meninggal karena serangan jantung dua tahun lalu",
    "Sirene tsunami rusak",
    "Penerangan jalan mati, banyak copet",
    "Surat keterangan kematian lama keluar",
    "Trotoar dipakai jualan",
    "Nomor antrean habis jam tujuh",
    "Guru sering tidak masuk",
    "PPDB tidak transparan",
    "Sertifikat tanah lama",
    "Jalan licin saat hujan",
    "Petugas loket kasar",
    "Lampu stadion dimatikan",
    "Pajak motor naik",
    "Kapan jembatan yang roboh tahun lalu dibangun?",
    "Banjir rob tiap bulan purnama",
    "Korban longsor masih di tenda",
    "Usul damkar di kecamatan",
    "Ambulans minta uang bensin",
    "Anak saya tidak dapat vaksin",
    "Kursus bahasa gratis tutup",
    "Bansos salah sasaran",
    "Sungai tercemar limbah pabrik",
    "SIM hilang, diminta surat",
    "Polisi tidur terlalu tinggi",
    "Kompor bantuan pemerintah tidak sampai",
    "Pelayanan RSUD lambat",
    "Ruang tunggu penuh sesak",
    "Pasar becek dan kotor",
    "Lift kantor bupati rusak",
    "Jalan menuju rumah sakit berlubang",
    "Masker dijual mahal",
    "Polsek menolak laporan saya",
    "Bus trans terlambat",
    "Minyak goreng langka",
    "Pembangunan puskesmas mangkrak",
    "Lampu lalu lintas mati",
    "Biaya parkir tidak sesuai karcis",
    "Warga belum punya KTP",
    "Internet desa lemot",
    "Dana desa tidak transparan",
    "Sumur bor macet",
    "Guru honorer belum digaji",
    "Irigasi jebol bulan lalu",
    "Taman kota gelap",
    "Mohon pengarahan dosen pembimbing.",
    "Guru honorer mengajar tanpa digaji, siswa diajar bergantian.",
    "Kami membayar iuran warga, tetapi dibayar dua kali oleh massa kampung.",
    "Di Semarang banjir surut, di Tarakan belum ada lampu.",
    "Bengkel di Bandung membaca banding kami.",
    "Kebakaran tahun lalu menghanguskan pasar dan sampai sekarang belum dibangun.",
    "Lampu darurat di tangga rumah sakit mati.",
    "IGD menolak pasien bulan lalu karena kamar penuh.",
    "Mobil pemadam kebakaran di kecamatan rusak dan dibiarkan.",
    "Alat pemadam di sekolah sudah kedaluwarsa.",
    "Korban kebakaran belum menerima bantuan rumah.",
    "Pintu darurat bioskop dikunci.",
    "Jembatan darurat sudah tiga tahun tidak diganti.",
    "Bapak saya meninggal setelah kecelakaan tanggal 3 Mei, santunan belum cair.",
    "Asuransi kecelakaan kerja saya ditolak.",
    "Tiket kereta api naik tanpa pengumuman.",
    "Biaya melahirkan di puskesmas kok diminta lagi?",
    "Akta lahir anak belum jadi sejak dua bulan.",
    "Kemarin ada tawuran di depan sekolah, polisi tidak datang.",
    "Tawaran kerja dari dinas ternyata bohong.",
    "Pajak sudah terbayar tetapi tagihan muncul lagi.",
    "Nomor darurat puskesmas tidak diangkat.",
    "Gunung api itu indah, tetapi loketnya memungut dua kali.",
    "Lampu jalan mati sejak dua minggu lalu.",
    "KTP saya belum jadi.",
    "Sampah menumpuk, sudah darurat sampah di kota ini.",
    "Dana tanggap darurat tidak jelas ke mana.",
    "Dokter jantung hanya ada hari Senin.",
    "Motor saya hilang bulan lalu dan laporannya tidak jalan.",
    "Ibu pernah pingsan waktu antre setahun yang lalu.",
    "Posko kebakaran hutan tidak ada petugasnya.",
    "Jalan Pemadam Kebakaran nomor 5 belum diaspal.",
    "",
    "   \n\t ",
]

SOFT = [
    "Jalan rawan kecelakaan, mohon dipasang lampu.",
    "Jalan berlubang, sering terjadi kecelakaan.",
    "Kabel listrik terkelupas, kami takut kebakaran.",
    "Kalau hujan, banjir masuk rumah.",
    "Setiap malam minggu ada tawuran di sini.",
    "Tolong diperbaiki supaya tidak ada kecelakaan.",
    "Trotoar rusak, anak bisa jatuh ke selokan.",
    "Bagaimana cara lapor KDRT?",
    "Jangan sampai ada yang kesetrum dulu baru diperbaiki.",
    "Banyak begal di jalan ini karena lampu mati.",
    "Mohon segera diperbaiki, jembatan ini bisa roboh.",
    "Rumah nenek sudah hampir ambruk, mohon bedah rumah.",
    "Tidak ada kebakaran, tetapi petugas meminta uang alat pemadam.",
]


@pytest.mark.parametrize(("said", "service"), NOW)
def test_danger_now_is_heard_and_calls_who_helps(said: str, service: Service) -> None:
    alarm = read(said)
    assert alarm.urgent
    assert service in alarm.services
    assert alarm.services[0] == GENERAL


@pytest.mark.parametrize("said", NOW_TOO)
def test_danger_now_is_heard_in_many_words(said: str) -> None:
    assert read(said).urgent


@pytest.mark.parametrize("said", CALM)
def test_what_is_over_or_only_sounds_like_it_says_nothing(said: str) -> None:
    assert read(said) == Alarm()


@pytest.mark.parametrize("said", SOFT)
def test_what_might_be_or_keeps_happening_is_said_softly(said: str) -> None:
    alarm = read(said)
    assert alarm
    assert not alarm.urgent


def test_the_words_are_told_as_they_were_written() -> None:
    alarm = read("Kebakran di pasar", "rumah tetangga ikut Terbakar, ibu saya PINGSAN!")
    assert alarm.words == ("Kebakran", "rumah tetangga ikut Terbakar", "PINGSAN")
    assert alarm.services == (GENERAL, FIRE, MEDICAL)


def test_no_service_is_called_by_a_word_that_only_stands_near() -> None:
    assert read("Ada kebakaran di pasar. Jalan ini rawan kecelakaan.").services == (GENERAL, FIRE)


def test_a_past_told_in_the_sentence_before_still_holds() -> None:
    assert not read("Kejadiannya tiga bulan lalu. Ada kebakaran di pasar.").urgent
    assert read("Tiga bulan lalu kami melapor. Sekarang ada kebakaran di pasar.").urgent


@pytest.mark.parametrize(
    "nasty",
    [
        "\x00kebakaran\x00",
        "\ud800 kebakaran",
        "K̈ebakaran",
        "kebakaran" * 1000,
        "ﬁﬁﬁ kebakaran ﬁ",
        "(" * 10_000,
        "🔥🔥 tolong 🔥",
    ],
)
def test_whatever_a_channel_brings_is_read(nasty: str) -> None:
    read(nasty)


def test_words_stand_where_they_stood_among_letters_that_fold_to_several() -> None:
    assert read("ﬁﬃ ½ İ kebakaran").words == ("kebakaran",)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_line_for_an_sms_fits_behind_a_reply(language: str) -> None:
    line = short(language)
    assert len(line) <= 60
    assert set(line) <= set(GSM_BASIC)
    assert all(number in line for number in ("112", "110", "113", "119"))


def test_a_letter_names_the_numbers_that_help_and_says_the_report_is_kept() -> None:
    line = notice(read("ibu pingsan, rumah terbakar"), "id")
    assert "112" in line
    assert "Ambulans 119" in line
    assert "Pemadam kebakaran 113" in line
    assert "110" not in line
    assert "tetap kami terima" in line


def test_a_letter_says_nothing_of_what_is_not_urgent() -> None:
    assert notice(read("sering kecelakaan"), "id") == ""
    assert notice(Alarm(), "en") == ""


def test_every_service_has_a_number_and_a_name() -> None:
    with override("id"):
        assert [(service.number, str(service.shown)) for service in Service] == [
            ("112", "Panggilan darurat"),
            ("113", "Pemadam kebakaran"),
            ("119", "Ambulans"),
            ("110", "Polisi"),
        ]


def test_no_look_alike_is_itself_a_word_of_the_lexicon() -> None:
    lexicon = emergency._lexicon()
    assert [word for word in lexicon._look_alike if word in lexicon._words] == []


GSM_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""3GPP TS 23.038, section 6.2.1: what one septet says."""
