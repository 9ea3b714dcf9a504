"""The problems only this API has, and what the verbs of a case refuse, told as problems."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from complaints.privacy import NotVisible
from complaints.transitions import Incomplete, NotAllowed, Refusal, Stale, WrongStatus
from lapor.kit.problems import FORBIDDEN, INVALID, NOT_FOUND, FieldError, Problem, describe, kind

STALE = kind(
    "sudah-berubah",
    409,
    _("Laporan sudah berubah"),
    _("Tidak ada yang terjadi. Baca “current”, lalu ulangi dengan versi itu bila masih perlu."),
)
WRONG_STATUS = kind(
    "status-tidak-cocok",
    409,
    _("Tidak bisa dalam status ini"),
    _("Lihat “acts” pada laporan: hanya itu yang bisa dilakukan sekarang."),
)
VERSION_MISSING = kind(
    "versi-wajib",
    428,
    _("Sebut versi laporan yang Anda baca"),
    _("Kirim “version” di isi permintaan, atau kepala “If-Match” dengan ETag laporan."),
)
ONCE_MISSING = kind(
    "kunci-idempotensi-wajib",
    400,
    _("Idempotency-Key belum ada"),
    _("Buat satu UUID untuk setiap laporan dan kirim yang sama setiap kali mengulang, supaya tidak terkirim dua kali."),
)
ONCE_OTHER = kind(
    "kunci-idempotensi-terpakai",
    422,
    _("Idempotency-Key ini sudah dipakai untuk isi lain"),
    _("Ulangi dengan isi yang sama, atau buat kunci baru untuk laporan baru."),
)
OLD_CURSOR = kind(
    "kursor-lama",
    410,
    _("Kursor ini sudah terlalu lama"),
    _("Mulai lagi tanpa “sejak”: antrean dikirim utuh, lalu berlanjut."),
)


@describe.register
def _incomplete(error: Incomplete) -> Problem:
    found = FieldError(f"/{error.field}", str(error), "incomplete")
    return Problem(INVALID, _("Perbaiki isian yang disebut, lalu kirim lagi."), errors=[found])


@describe.register
def _not_visible(error: NotVisible) -> Problem:
    return Problem(NOT_FOUND, _("Di alamat ini tidak ada apa-apa untuk Anda."))


@describe.register
def _stale(error: Stale) -> Problem:
    return Problem(STALE, error.message)


@describe.register
def _wrong_status(error: WrongStatus) -> Problem:
    return Problem(WRONG_STATUS, error.message)


@describe.register(NotAllowed)
@describe.register(Refusal)
def _not_allowed(error: Refusal) -> Problem:
    return Problem(FORBIDDEN, error.message)
