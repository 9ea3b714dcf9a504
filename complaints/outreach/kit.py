"""What stands on each paper of the kit, in words, from the facts of a district."""

from __future__ import annotations

import datetime
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from agencies.models import Agency
from complaints.outreach import facts
from complaints.outreach.facts import Facts
from complaints.poster import press, sheet
from lapor.kit import wording

_HERE: Final = Path(__file__).parent
# Words a second that a listener follows.
PACE: Final = 2.3


class Item(StrEnum):
    """As it stands in an address."""

    LEAFLET = "selebaran"
    WALL = "poster-a3"
    BOARD = "poster-a4"
    RADIO = "radio"
    SLIDES = "salindia"
    SPEECH = "pidato"


def pdf(office: Agency, item: Item, language: str, today: datetime.date) -> bytes:
    """Tagged (PDF/UA-1), its fonts inside. Raises press.NotPrinted."""
    known = facts.of(office, today)
    with override(language):
        said = words(known, item, language, today)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sheet.typ").write_bytes((_HERE / "kit.typ").read_bytes())
        (folder / "words.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        (folder / "mark").write_bytes(sheet.mark_of(known.site))
        (folder / "qr.svg").write_bytes(sheet.qr(known.link))
        return press.typeset(folder)


def words(known: Facts, item: Item, language: str, today: datetime.date) -> dict[str, Any]:
    """All that the paper says, and what every paper needs: whose it is, its colours, what the QR says."""
    return {
        "item": item.value,
        "language": language,
        "title": TITLES[item](known),
        "name": known.name,
        "office": known.office.name,
        "address": known.address,
        "colour": known.colour,
        "accent": known.accent,
        "qr_says": _("Kode QR ke %(address)s") % {"address": known.address},
        "scan": _("Pindai dengan kamera HP"),
        "emergency": _("Bahaya sekarang? Telepon 112"),
        "foot": _("%(office)s, %(day)s") % {"office": known.office.name, "day": wording.plain_day(today)},
        **BODIES[item](known),
    }


def ways(known: Facts) -> list[tuple[str, str]]:
    """(how, what): each way to report that is set here."""
    sms = {"number": known.sms, "prefix": known.prefix, "place": known.place}
    return [
        (_("Lewat internet"), known.address),
        (
            _("Tanpa internet"),
            _("SMS ke %(number)s: %(prefix)s, spasi, ceritanya") % sms
            if known.prefix
            else _("SMS ke %(number)s: ceritanya, dengan nama %(place)s") % sms,
        ),
        (_("Dibantu petugas"), _("Datang ke kantor camat atau dinas kominfo")),
        *known.phones[:2],
    ]


def way(known: Facts) -> list[str]:
    """What happens, step by step, with the days that were promised here."""
    days = {"verify": wording.number(known.verify), "respond": wording.number(known.respond)}
    return [
        _("Ceritakan apa yang terjadi dan di mana. Tanpa akun."),
        _("Laporan diteruskan ke kantor yang berwenang, paling lambat %(verify)s hari kerja.") % days
        if known.verify
        else _("Laporan diteruskan ke kantor yang berwenang."),
        _("Kantor itu menjawab paling lambat %(respond)s hari kerja sesudahnya.") % days
        if known.respond
        else _("Kantor itu menjawab sebelum batas waktunya."),
        _("Anda yang menilai: sudah beres atau belum. Yang belum beres dikerjakan lagi."),
    ]


def safe() -> list[str]:
    return [
        _("Nama Anda tidak pernah tampil untuk umum. Ia juga bisa disembunyikan dari kantor yang dilaporkan."),
        _("Simpan nomor dan kunci laporan. Petugas tidak pernah meminta kunci, NIK, atau uang."),
    ]


def unanswered() -> list[str]:
    return [
        _("Pimpinan kantornya diingatkan, lalu admin daerah, lalu pusat."),
        _("Laporan itu tercatat di daftar yang bisa dibaca semua orang, tanpa nama Anda."),
        _("Anda diberi tahu cara meneruskannya ke Ombudsman."),
    ]


def _leaflet(known: Facts) -> dict[str, Any]:
    return {
        "headline": _("Ada masalah dengan layanan di sini?"),
        "lead": _("Laporkan. Kantor yang berwenang wajib menjawab."),
        "ways": ways(known),
        "parts": [
            (_("Begini jalannya"), way(known), True),
            (_("Yang perlu Anda tahu"), safe(), False),
            (_("Kalau tidak dijawab"), unanswered(), False),
        ],
    }


def _poster(known: Facts) -> dict[str, Any]:
    return {
        "headline": _("Ada masalah dengan layanan di sini?"),
        "lead": _("Laporkan. Kantor yang berwenang wajib menjawab."),
        "ways": ways(known),
        "steps": way(known)[1:],
    }


def _radio(known: Facts) -> dict[str, Any]:
    texts = []
    for seconds, text in ((30, short_text(known)), (60, long_text(known))):
        count = spoken(" ".join(text), known)
        told = {"words": wording.number(count), "seconds": wording.number(round(count / PACE))}
        texts.append(
            {
                "title": _("Naskah %(seconds)s detik") % {"seconds": seconds},
                "text": text,
                "count": _("%(words)s kata, sekitar %(seconds)s detik dengan tempo biasa.") % told,
            }
        )
    return {
        "intro": _("Untuk radio komunitas, pengeras suara, dan mobil keliling. Dibacakan apa adanya."),
        "texts": texts,
        "aloud_title": _("Cara membacanya"),
        "aloud": [(shown, aloud(shown)) for shown in (known.spoken, known.sms, "112")],
    }


def spoken(text: str, known: Facts) -> int:
    """Words as they are said: an address and a number take longer than they look."""
    for shown in (known.spoken, known.sms, "112"):
        text = text.replace(shown, aloud(shown))
    return len(text.split())


def short_text(known: Facts) -> list[str]:
    return [
        _("%(name)s, untuk warga %(place)s.") % _given(known),
        _("Jalan rusak? Lampu padam? Pelayanan lambat? Laporkan."),
        _("Buka %(address)s.") % _given(known),
        _sms(known),
        _("Nama Anda tidak pernah ditampilkan, dan kantor yang berwenang wajib menjawab."),
        _("Anda melihat sendiri siapa yang memegang laporan Anda."),
        _("Bahaya sekarang? Telepon 112."),
    ]


def long_text(known: Facts) -> list[str]:
    return [
        _("Bapak, Ibu, warga %(place)s.") % _given(known),
        _("Jalan di depan rumah rusak, lampu jalan padam, atau mengurus surat dipersulit?"),
        _("Sekarang ada satu pintu untuk semua kantor: %(name)s.") % _given(known),
        _("Buka %(address)s, ceritakan apa yang terjadi dan di mana. Tidak perlu akun.") % _given(known),
        _sms(known),
        _("Sulit mengetik? Datang ke kantor camat, petugas menuliskannya untuk Anda."),
        _("Laporan Anda sampai di kantor yang berwenang, dan tanggal jawabannya bisa Anda lihat sendiri."),
        _("Belum beres? Katakan belum beres, dan kantor itu mengerjakannya lagi."),
        _("Nama Anda tidak pernah ditampilkan. Petugas tidak pernah meminta uang."),
        _("Kalau ada bahaya sekarang, jangan menunggu: telepon 112."),
        _("%(name)s. Melapor, dijawab, dan terbaca semua orang.") % _given(known),
    ]


def _sms(known: Facts) -> str:
    if known.prefix:
        return _("Atau kirim SMS ke %(sms)s: tulis %(prefix)s, spasi, lalu ceritanya.") % _given(known)
    return _("Atau kirim SMS ke %(sms)s: ceritanya, dengan nama %(place)s.") % _given(known)


def _send(known: Facts) -> str:
    if known.prefix:
        return _("Kirim SMS ke %(sms)s: tulis %(prefix)s, spasi, lalu ceritanya.") % _given(known)
    return _("Kirim SMS ke %(sms)s: ceritanya, dengan nama %(place)s.") % _given(known)


def aloud(shown: str) -> str:
    """ "1708" → "satu, tujuh, nol, delapan"; "lapor.go.id/d/inhu" → "lapor titik go titik id garis miring …"."""
    if shown.isdigit():
        digits = _("nol satu dua tiga empat lima enam tujuh delapan sembilan").split()
        return ", ".join(digits[int(digit)] for digit in shown)
    signs = {".": _("titik"), "/": _("garis miring"), "-": _("strip"), ":": _("titik dua")}
    read = re.sub(r"[./:-]", lambda sign: f" {signs[sign[0]]} ", shown)
    return re.sub(r"\s+", " ", read).strip()


def _slides(known: Facts) -> dict[str, Any]:
    slides = [
        (
            _("Satu pintu untuk semua kantor"),
            [
                _("Dari desa dan kecamatan sampai dinas, kementerian, dan badan usaha negara."),
                _("Untuk masalah, usul, dan pertanyaan tentang layanan publik."),
                _("Tidak tahu kantornya? Laporannya dicarikan kantor yang berwenang."),
            ],
        ),
        (_("Cara melapor"), [f"{how}: {what}" for how, what in ways(known)]),
        (_("Begini jalannya"), way(known)),
        (
            _("Supaya cepat selesai"),
            [
                _("Sebut tempatnya: desa, jalan, dan patokannya."),
                _("Sebut kapan terjadi, dan sejak kapan."),
                _("Satu masalah, satu laporan. Sertakan foto kalau ada."),
            ],
        ),
        (_("Nama Anda aman"), safe()),
        (_("Kalau tidak dijawab"), unanswered()),
        (
            _("Bukan untuk keadaan darurat"),
            [
                _("Kebakaran, kecelakaan, orang sakit mendadak, kejahatan yang sedang terjadi: telepon 112."),
                _("Laporan dibaca petugas pada jam kerja, bukan dalam hitungan menit."),
            ],
        ),
    ]
    return {
        "headline": _("Melapor, dijawab, dan terbaca semua orang"),
        # What happens in turn is numbered.
        "slides": [(title, said, said == way(known)) for title, said in slides],
        "last": _("Coba sekarang"),
        "ways": ways(known),
    }


def _speech(known: Facts) -> dict[str, Any]:
    said = [
        _("Bapak, Ibu, dan saudara-saudara warga %(place)s yang saya hormati.") % _given(known),
        _("Hari ini saya tidak membawa janji. Saya membawa satu alamat dan satu nomor."),
        _(
            "Kalau jalan di depan rumah kita rusak, kalau lampu padam, kalau mengurus surat dipersulit, kita sering "
            "bingung harus bicara kepada siapa. Sekarang ada satu pintu: %(name)s."
        )
        % _given(known),
        _(
            "Caranya mudah. Buka %(address)s, atau pindai kode di selebaran ini. Tulis apa yang terjadi dan di mana. "
            "Tidak perlu akun."
        )
        % _given(known),
        " ".join(
            [
                _("Tidak punya internet?"),
                _send(known),
                _("Bisa juga datang ke kantor camat: petugas mengetikkannya untuk Bapak dan Ibu."),
            ]
        ),
        " ".join([*way(known)[1:3], _("Tanggalnya bisa dilihat sendiri oleh yang melapor.")]),
        " ".join([_("Takut melapor?"), *safe()]),
        " ".join([_("Dan kalau tidak dijawab?"), *unanswered()]),
        _("Kalau ada bahaya sekarang juga, jangan menunggu jawaban di sana. Telepon 112."),
        _("Laporan Bapak dan Ibu bukan keluhan. Itu cara kita bersama menjaga %(place)s. Terima kasih.")
        % _given(known),
    ]
    count = spoken(" ".join(said), known)
    return {
        "intro": _("Untuk musyawarah desa, posyandu, dan pertemuan warga."),
        "said": said,
        "count": _("%(words)s kata, sekitar %(minutes)s menit.")
        % {"words": wording.number(count), "minutes": wording.number(max(1, round(count / PACE / 60)))},
    }


def _given(known: Facts) -> dict[str, str]:
    return {
        "name": known.name,
        "place": known.place,
        "address": known.spoken,
        "sms": known.sms,
        "prefix": known.prefix,
    }


TITLES: Final[dict[Item, Callable[[Facts], str]]] = {
    Item.LEAFLET: lambda known: _("Selebaran %(name)s") % {"name": known.name},
    Item.WALL: lambda known: _("Poster %(name)s") % {"name": known.name},
    Item.BOARD: lambda known: _("Poster %(name)s") % {"name": known.name},
    Item.RADIO: lambda known: _("Naskah radio %(name)s") % {"name": known.name},
    Item.SLIDES: lambda known: _("Salindia %(name)s") % {"name": known.name},
    Item.SPEECH: lambda known: _("Pidato untuk pertemuan warga, %(name)s") % {"name": known.name},
}
BODIES: Final[dict[Item, Callable[[Facts], dict[str, Any]]]] = {
    Item.LEAFLET: _leaflet,
    Item.WALL: _poster,
    Item.BOARD: _poster,
    Item.RADIO: _radio,
    Item.SLIDES: _slides,
    Item.SPEECH: _speech,
}


def shown() -> Sequence[tuple[Item, str, str]]:
    """Each with its name and what it is for, as the page lists them."""
    return (
        (Item.LEAFLET, _("Selebaran A5"), _("Dua halaman, dicetak bolak-balik. Untuk loket, posyandu, dan pasar.")),
        (Item.WALL, _("Poster A3"), _("Untuk dinding kantor camat, puskesmas, terminal, dan pasar.")),
        (Item.BOARD, _("Poster A4"), _("Untuk papan pengumuman desa dan sekolah.")),
        (Item.RADIO, _("Naskah radio"), _("Tiga puluh dan enam puluh detik, dengan cara membaca alamat dan nomornya.")),
        (Item.SLIDES, _("Salindia"), _("Untuk rapat dan bimbingan teknis, layar lebar (16:9).")),
        (Item.SPEECH, _("Pidato"), _("Untuk musyawarah desa dan pertemuan warga, sekitar dua menit.")),
    )
