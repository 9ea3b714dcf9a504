"""What is said: questions, answers, notes, reminders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import ClockKind, Message, ServiceStandard
from complaints.models.event import Audience
from complaints.models.lifecycle.answers import DONE, REFUSED, SCHEDULED
from lapor.kit.widgets import DayField, RadioCards

from .base import ActForm, PublishingForm, proposes, reason_field, story_field

# --- What is said ---


class AskForm(ActForm):
    takes_files = True
    question = story_field(
        gettext_lazy("Pertanyaan kepada pelapor"),
        gettext_lazy("Tulis apa yang perlu dilengkapi pelapor"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = self.complaint
        standards = ServiceStandard.objects.all_in_force(case.kind, case.supervised, case.handler, case.today())
        if case.reporter_is_reachable:
            words = _("Selama menunggu, batas waktu kantor berhenti. Pelapor punya %(n)s hari kerja.")
            days = standards[ClockKind.REPORTER].working_days
        else:
            words = _(
                "Selama menunggu, batas waktu kantor berhenti. Pelapor belum bisa kami surati: ia membacanya kalau "
                "membuka laporannya sendiri, dan punya %(n)s hari kerja."
            )
            days = standards["UNREACHED"].working_days
        self.fields["question"].help_text = words % {"n": days}

    @property
    def readers(self) -> str:
        return _("Dibaca pelapor saja. Nama Anda ikut tampil.")


class UnaskForm(ActForm):
    pass


class AnswerForm(PublishingForm):
    takes_files = True
    body = story_field(
        gettext_lazy("Tanggapan"),
        gettext_lazy("Tulis tanggapannya"),
        help_text=gettext_lazy("Apa yang sudah dan akan dikerjakan, oleh siapa, kapan kabar berikutnya."),
    )
    parties_only = forms.BooleanField(
        label=gettext_lazy("Hanya untuk pelapor, jangan diterbitkan"),
        help_text=gettext_lazy("Pilih kalau tanggapan ini menyebut hal pribadi."),
        required=False,
    )
    field_order = ["body", "parties_only"]

    def will_publish(self) -> bool:
        return super().will_publish() and not proposes(self.complaint, self.by)

    @property
    def readers(self) -> str:
        case = self.complaint
        if proposes(case, self.by):
            return _("Belum dibaca siapa pun sampai pimpinan menyetujui.")
        if case.secret or case.not_for_id is not None:
            return _("Dibaca pelapor saja. Nama Anda ikut tampil.")
        return _("Dibaca pelapor, dengan nama Anda, dan semua orang, atas nama %(office)s.") % {
            "office": case.handler.shown_name
        }

    @property
    def submit_words(self) -> str:
        return _("Minta persetujuan pimpinan") if proposes(self.complaint, self.by) else ""

    def audience(self) -> str:
        return "PARTIES" if self.cleaned_data["parties_only"] else "PUBLIC"


class ResolveForm(AnswerForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Bagaimana akhirnya?"),
        choices=[
            (DONE, gettext_lazy("Sudah dikerjakan")),
            (SCHEDULED, gettext_lazy("Dijadwalkan")),
            (REFUSED, gettext_lazy("Tidak bisa dikerjakan")),
        ],
        widget=RadioCards(
            hints={
                DONE: gettext_lazy("Sebut tanggal selesai dan unit yang mengerjakan."),
                SCHEDULED: gettext_lazy("Sebut tanggalnya, paling lama 12 bulan lagi. Pelapor menagihnya sesudah itu."),
                REFUSED: gettext_lazy("Tulis dengan jujur mengapa tidak, dan apa yang bisa dilakukan pelapor."),
            }
        ),
        error_messages={"required": gettext_lazy("Pilih bagaimana laporan ini diselesaikan")},
    )
    unit = forms.CharField(
        label=gettext_lazy("Dikerjakan oleh"),
        help_text=gettext_lazy("Unit atau tim, bukan nama orang."),
        required=False,
        max_length=120,
    )
    field_order = ["outcome", "body", "done_on", "unit", "promised_on", "parties_only"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = self.complaint.today()
        late = {
            "required": _("Isi tanggalnya"),
            "future": _("Tanggal selesai tidak bisa di masa depan."),
        }
        self.fields["done_on"] = DayField(
            label=_("Selesai dikerjakan"), today=today, required=False, error_messages=late
        )
        self.fields["promised_on"] = DayField(
            label=_("Akan selesai paling lambat"),
            today=today,
            past_only=False,
            quick=False,
            required=False,
            error_messages=late,
        )
        for name in ("done_on", "promised_on"):
            self.fields[name].silent = True  # type: ignore[attr-defined]
        self.fields["unit"].silent = True  # type: ignore[attr-defined]
        self.fields["body"].label = _("Penjelasan untuk pelapor")
        self.fields["body"].error_messages["required"] = _("Tulis penjelasan untuk pelapor")
        self.fields["body"].help_text = _("Apa yang sudah dikerjakan, atau mengapa tidak.")
        self.order_fields([*self.field_order, *self.public_fields])


class ApproveForm(PublishingForm):
    @property
    def readers(self) -> str:
        case = self.complaint
        waiting = case.messages.filter(state=Message.State.PENDING).values_list("audience", flat=True).first()
        if case.secret or case.not_for_id is not None or waiting != Audience.PUBLIC:
            return _("Dibaca pelapor saja, dengan nama penulisnya.")
        return _("Dibaca pelapor, dengan nama penulisnya, dan semua orang, atas nama %(office)s.") % {
            "office": case.handler.shown_name
        }


class ReturnForm(ActForm):
    reason = reason_field(gettext_lazy("Apa yang perlu diperbaiki?"), help_text=gettext_lazy("Dibaca penulisnya saja."))


class NoteForm(ActForm):
    body = story_field(
        gettext_lazy("Catatan"),
        gettext_lazy("Tulis catatannya"),
        help_text=gettext_lazy("Hanya dibaca petugas. Pelapor dan warga tidak melihatnya."),
    )


class SummonForm(ActForm):
    reason = reason_field(
        gettext_lazy("Apa yang perlu dijelaskan kantor ini?"),
        help_text=gettext_lazy("Dikirim ke petugasnya dan tercatat. Jangan menulis nama pelapor."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"] = DayField(
            label=_("Paling lambat"),
            today=self.complaint.today(),
            past_only=False,
            quick=False,
            error_messages={"required": _("Isi tanggalnya")},
        )


class NudgeForm(ActForm):
    reason = reason_field(
        gettext_lazy("Apa yang perlu diperhatikan kantor ini?"),
        help_text=gettext_lazy("Dikirim ke petugasnya dan tercatat."),
    )
