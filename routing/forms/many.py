"""Forms of an act on many cases at once: no case of its own, the rest as on a case's page."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actor import Actor
from agencies.models import Agency, Role
from agencies.models.agency import AgencyQuerySet
from complaints.models.lifecycle.answers import DONE, SCHEDULE_LIMIT, SCHEDULED
from lapor.kit.widgets import DayField

from .base import PicksOffice, Unjudged, reason_field
from .standing import ArchiveForm
from .words import AnswerForm, NudgeForm, ResolveForm

if TYPE_CHECKING:
    from routing.bulk import Line


class BulkForm(Unjudged):
    """`acting`: as whom the page was opened."""

    acting = forms.IntegerField(widget=forms.HiddenInput, required=False)
    public_fields = ()
    publishes = False
    takes_files = False

    def __init__(
        self, by: Actor, today: datetime.date, data: MultiValueDict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.by, self.today = by, today
        super().__init__(data, **kwargs)
        self.initial = {**self.initial, "acting": by.membership.pk if by.membership else None}

    # Rows that go along though nothing can be done to them.
    beside: Sequence[str] = ()

    def consider(self, lines: Sequence[Line]) -> None:
        """The cases chosen, for a form that asks something about them."""


class BulkOfficeForm(PicksOffice, BulkForm):
    reason = reason_field(
        gettext_lazy("Mengapa kantor ini?"), help_text=gettext_lazy("Dibaca pelapor dan kantor penerima.")
    )
    field_order = ["agency", "cari", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cari"].label = _("Cari kantornya")
        self.offer_offices(self.today)

    def among(self) -> AgencyQuerySet:
        """The own subtree; the centre everywhere."""
        assert self.by.agency is not None
        return Agency.objects.all() if self.by.role == Role.NATIONAL else Agency.objects.under(self.by.agency)


class BulkArchiveForm(BulkForm):
    ground = ArchiveForm.base_fields["ground"]
    text = ArchiveForm.base_fields["text"]


class BulkNudgeForm(BulkForm):
    reason = NudgeForm.base_fields["reason"]


class BulkAnswerForm(BulkForm):
    """One answer to several. Nobody reads the masked text of each here, so none is published by it."""

    body = AnswerForm.base_fields["body"]
    parties_only = AnswerForm.base_fields["parties_only"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parties_only"].label = _("Hanya untuk para pelapornya, jangan diterbitkan")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return {**cleaned, "audience": "PARTIES" if cleaned.get("parties_only") else "PUBLIC"}


class BulkResolveForm(BulkAnswerForm):
    outcome = ResolveForm.base_fields["outcome"]
    unit = ResolveForm.base_fields["unit"]
    field_order = ["outcome", "body", "done_on", "unit", "promised_on", "parties_only"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"] = DayField(
            label=_("Selesai dikerjakan"),
            today=self.today,
            required=False,
            error_messages={"future": _("Tanggal selesai tidak bisa di masa depan.")},
        )
        self.fields["promised_on"] = DayField(
            label=_("Akan selesai paling lambat"), today=self.today, past_only=False, quick=False, required=False
        )
        for name in ("done_on", "promised_on", "unit"):
            self.fields[name].silent = True  # type: ignore[attr-defined]
        self.fields["body"].label = _("Penjelasan untuk pelapor")
        self.fields["body"].help_text = _("Apa yang sudah dikerjakan, atau mengapa tidak.")
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """What the verb would say of each case is said once, at its field."""
        cleaned = super().clean()
        outcome, promised = cleaned.get("outcome"), cleaned.get("promised_on")
        if outcome == DONE and not cleaned.get("done_on") and "done_on" not in self.errors:
            self.add_error("done_on", _("Isi tanggal pekerjaan selesai."))
        if outcome == DONE and not cleaned.get("unit", "").strip():
            self.add_error("unit", _("Sebut unit yang mengerjakan."))
        if outcome == SCHEDULED and promised is None and "promised_on" not in self.errors:
            self.add_error("promised_on", _("Isi tanggal yang dijanjikan."))
        if outcome == SCHEDULED and promised and not self.today < promised <= self.today + SCHEDULE_LIMIT:
            self.add_error("promised_on", _("Tanggal yang dijanjikan paling lama 12 bulan dari sekarang."))
        return cleaned
