"""What was sent to a case's reporter, and what came of it: for the desk, and for the reporter. Never an address."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.channels.registry import medium_name
from complaints.models import Complaint, Notification

# What each letter told, in a few words.
TOLD: dict[str, Promise] = {
    "confirm": _("Memastikan alamat"),
    "submitted": _("Laporan diterima"),
    "forwarded": _("Diteruskan ke kantor"),
    "moved": _("Pindah kantor"),
    "handed_back": _("Dikembalikan kantor"),
    "started": _("Mulai ditangani"),
    "asked": _("Pertanyaan kantor"),
    "unasked": _("Pertanyaan dibatalkan"),
    "answered": _("Jawaban"),
    "resolved": _("Jawaban akhir"),
    "lapsed": _("Ditutup sistem"),
    "expired": _("Diarsipkan tanpa jawaban"),
    "archived": _("Diarsipkan"),
    "reopened": _("Dibuka lagi"),
    "redated": _("Batas waktu berubah"),
    "late": _("Terlambat"),
    "corrected": _("Keterlambatan dikoreksi"),
    "reminder": _("Pengingat"),
    "ombudsman": _("Hak mengadu ke Ombudsman"),
    "revealed": _("Identitas dibuka"),
    "referral": _("Kabar dari Ombudsman"),
    "reply": _("Balasan"),
    "officer_appointed": _("Pengangkatan petugas"),
    "officer_rise": _("Lonjakan laporan"),
    "officer_read": _("Giliran membaca jawaban"),
    "officer_eval_open": _("Evaluasi tahunan"),
    "officer_eval_soon": _("Evaluasi tahunan"),
    "officer_eval_score": _("Evaluasi tahunan"),
    "officer_eval_late": _("Evaluasi tahunan"),
    "officer_referral": _("Laporan untuk Ombudsman"),
    "officer_unreferred": _("Persetujuan ditarik"),
    "officer_heeded": _("Rekomendasi dijawab"),
    "officer_recommended": _("Rekomendasi Ombudsman"),
    "officer_wbs": _("Kabar untuk tim"),
    "officer_wbs_seat": _("Kabar untuk tim"),
    "officer_wbs_change": _("Kabar untuk tim"),
    "officer_wbs_team": _("Kabar untuk tim"),
    "officer_away": _("Kantor tanpa pengganti"),
    "officer_plan": _("Hasil penataan kantor"),
    "officer_week": _("Surat mingguan"),
    "officer_programmes": _("Surat mingguan program"),
    "decision": _("Keputusan petugas"),
    "alert": _("Kabar lewat email"),
    "alert_ask": _("Kabar lewat email"),
    "alert_link": _("Kabar lewat email"),
}


@dataclass(frozen=True)
class Sent:
    """One letter: what it told, by which medium, its state in words, since when, and the peer's last answer."""

    told: str
    medium: str
    state: str
    failed: bool
    at: datetime.datetime
    answer: str


def sent_about(complaint: Complaint, limit: int = 30) -> list[Sent]:
    """The newest letters to the reporter of this case. Two statements."""
    rows = (
        Notification.objects.filter(event__complaint=complaint, user=None, reporter=None, supporter=None)
        .exclude(state=Notification.State.SILENCED)
        .prefetch_related("attempts")
        .order_by("-pk")[:limit]
    )
    found = []
    for row in rows:
        attempts = list(row.attempts.all())
        last = attempts[-1] if attempts else None
        found.append(
            Sent(
                told=str(TOLD.get(row.letter, row.letter)),
                medium=medium_name(row.medium),
                state=str(Notification.State(row.state).label),
                failed=row.state == Notification.State.FAILED,
                at=row.sent_at or (last.at if last else row.created_at),
                answer="" if last is None or last.succeeded else last.answer,
            )
        )
    return found
