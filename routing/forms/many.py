"""Forms of an act on many cases at once: no case of its own, the rest as on a case's page."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actor import Actor
from agencies.models import Agency, Role
from agencies.models.agency import AgencyQuerySet

from .base import PicksOffice, Unjudged, reason_field
from .standing import ArchiveForm
from .words import NudgeForm


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
