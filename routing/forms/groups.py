"""Forms of merging: two cases side by side, and many from a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actor import Actor
from complaints import privacy
from complaints.models import Complaint
from lapor.kit.widgets import RadioCards
from routing import groups

from .base import Unjudged, story_field
from .many import BulkForm

if TYPE_CHECKING:
    from routing.bulk import Line

LEAD_ERRORS = {
    "required": gettext_lazy("Pilih laporan utamanya"),
    "invalid_choice": gettext_lazy("Laporan ini tidak bisa menjadi laporan utama. Pilih yang lain."),
}


def told() -> str:
    """What the reporter of a merged case reads unless the officer writes something else: not a word of the lead, and in
    the portal's own language, whichever the officer reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("Masalah yang sama sudah dilaporkan dan sedang ditangani. Kabarnya kami kirim juga kepada Anda.")


def lead_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Laporan utama"),
        help_text=gettext_lazy("Yang lain digabung ke sini, dan pelapornya mendengar setiap jawaban laporan ini."),
        widget=RadioCards,
        error_messages=LEAD_ERRORS,
    )


def text_field() -> forms.CharField:
    return story_field(
        gettext_lazy("Penjelasan untuk pelapor"),
        gettext_lazy("Tulis penjelasan untuk pelapor"),
        help_text=gettext_lazy("Dibaca pelapor yang laporannya digabung. Jangan sebut isi laporan lain."),
    )


def offer_leads(field: forms.Field, cases: Sequence[Complaint], by: Actor) -> None:
    """These cases as cards, the oldest on top."""
    assert isinstance(field, forms.ChoiceField)
    ordered = sorted(cases, key=lambda case: (case.received_at, case.pk))
    field.widget = RadioCards(
        hints={
            case.number: _("%(number)s, %(office)s") % {"number": case.shown_number, "office": case.handler.shown_name}
            for case in ordered
        }
    )
    field.choices = [(case.number, str(privacy.row_title(case, by))) for case in ordered]


class PairForm(Unjudged):
    """Two cases that may be one: which of them leads, and what the other's reporter is told. `leads` are those that
    may; `proposes`: the desk above decides, and the case at hand is the one that goes."""

    acting = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    other_version = forms.IntegerField(widget=forms.HiddenInput)
    lead = lead_field()
    text = text_field()
    public_fields = ()
    publishes = False
    takes_files = False

    def __init__(
        self,
        pair: tuple[Complaint, Complaint],
        leads: Sequence[Complaint],
        by: Actor,
        data: MultiValueDict[str, Any] | None = None,
        *,
        proposes: bool = False,
    ) -> None:
        self.pair, self.by, self.proposes = pair, by, proposes
        self.known = {case.number: case for case in leads}
        super().__init__(data)
        default = groups.oldest_open(leads)
        self.initial = {
            "acting": by.membership.pk if by.membership else None,
            "version": pair[0].version,
            "other_version": pair[1].version,
            "lead": default.number if default else "",
            "text": told(),
        }
        if proposes:
            del self.fields["lead"]
            self.fields["text"].label = _("Mengapa sama?")
            self.fields["text"].help_text = _("Dibaca pelapor dan meja yang memutuskan.")
        else:
            offer_leads(self.fields["lead"], leads, by)

    @property
    def readers(self) -> str:
        return ""

    @property
    def submit_words(self) -> str:
        return _("Usulkan digabung") if self.proposes else _("Gabungkan laporan")

    def chosen(self) -> tuple[Complaint, Complaint, int]:
        """The case that is merged, the one that leads, and the version the first was read at."""
        first, second = self.pair
        if self.proposes or self.known[self.cleaned_data["lead"]].pk == second.pk:
            return first, second, self.cleaned_data["version"]
        return second, first, self.cleaned_data["other_version"]

    def renew(self, pair: tuple[Complaint, Complaint]) -> None:
        """What was typed stays; the next try is made on the cases as they are now."""
        data = MultiValueDict({name: self.data.getlist(name) for name in self.data})  # type: ignore[attr-defined]
        data["version"], data["other_version"] = str(pair[0].version), str(pair[1].version)
        self.data = data


class BulkMergeForm(BulkForm):
    lead = lead_field()
    text = text_field()

    def consider(self, lines: Sequence[Line]) -> None:
        cases = [line.case for line in lines if line.case is not None]
        self.known = {case.number: case for case in cases if case.is_open and case.duplicate_of_id is None}
        offer_leads(self.fields["lead"], list(self.known.values()), self.by)
        default = groups.oldest_open(cases)
        self.initial = {"lead": default.number if default else "", "text": told(), **self.initial}
        self.alone = len(cases) < 2
        # What waits for its reporter is merged into nothing, and may lead.
        self.beside = [
            f"{line.number}~{line.case.version}"
            for line in lines
            if line.why and line.case is not None and line.number in self.known
        ]

    def clean_lead(self) -> Complaint:
        if self.alone:
            raise forms.ValidationError(_("Pilih paling sedikit dua laporan"))
        return self.known[self.cleaned_data["lead"]]
