"""Whose turn it is: forward, place, move, pass on, hand back, start."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency
from agencies.models.agency import AgencyQuerySet
from complaints.models import Category, Kind
from lapor.kit.widgets import RadioCards, RadioInline
from routing import offices
from routing.models import Ground

from .base import ActForm, OfficeForm, PublishingForm, reason_field

# --- Whose turn ---


class ClassifiedForm(ActForm):
    """What the promise depends on: kind, whether it must be examined, and the field of work."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Jenis"),
        choices=Kind.choices,
        widget=RadioInline,
        error_messages={"required": gettext_lazy("Pilih jenis laporan")},
    )
    category = forms.ModelChoiceField(
        label=gettext_lazy("Kategori"),
        queryset=Category.objects.none(),
        required=False,
        empty_label=gettext_lazy("Belum dipilih"),
    )
    supervised = forms.BooleanField(
        label=gettext_lazy("Berkadar pengawasan"),
        help_text=gettext_lazy("Dugaan pungutan liar atau penyalahgunaan wewenang. Batas waktunya 60 hari kerja."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = self.complaint
        self.initial = {**self.initial, "kind": case.kind, "category": case.category_id, "supervised": case.supervised}
        field = self.fields["category"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Category.objects.on(case.today()).select_related("parent")
        field.choices = grouped_categories(case.today(), keep=case.category_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("supervised") and cleaned.get("kind") not in (None, Kind.PENGADUAN):
            self.add_error("supervised", _("Hanya pengaduan yang bisa berkadar pengawasan."))
        return cleaned


def grouped_categories(day: datetime.date, keep: int | None = None) -> list[tuple[Any, Any]]:
    """The two levels as a select shows them: every top with its own. One statement."""
    tops: dict[int, tuple[str, list[tuple[int, str]]]] = {}
    rows = list(Category.objects.on(day).order_by("parent__order", "order", "name"))
    for row in rows:
        if row.parent_id is None:
            tops[row.pk] = (row.name, [(row.pk, row.name)])
    for row in rows:
        if row.parent_id in tops:
            tops[row.parent_id][1].append((row.pk, row.name))
    return [("", _("Belum dipilih")), *[(name, children) for name, children in tops.values()]]


class ForwardForm(OfficeForm, ClassifiedForm, PublishingForm):
    reason = reason_field(
        gettext_lazy("Mengapa kantor ini?"), help_text=gettext_lazy("Dibaca pelapor dan kantor penerima.")
    )
    field_order = ["agency", "cari", "reason", "kind", "category", "supervised"]

    def offers(self, among: AgencyQuerySet, today: datetime.date) -> list[offices.Offer]:
        assert self.by.agency is not None
        own = offices.Offer(self.by.agency, _("Kelola: meja Anda sendiri yang menjawab."))
        return [*super().offers(among, today), own]


class PlaceForm(OfficeForm):
    reason = reason_field(gettext_lazy("Mengapa meja ini?"))
    field_order = ["agency", "cari", "reason"]

    def among(self) -> AgencyQuerySet:
        return super().among().exclude(pk=self.complaint.handler_id).desks_on(self.complaint.today())


class MoveForm(OfficeForm):
    reason = reason_field(
        gettext_lazy("Mengapa dipindahkan?"),
        help_text=gettext_lazy("Dibaca pelapor dan kantor penerima. Batas waktunya tidak mulai dari awal."),
    )
    field_order = ["agency", "cari", "reason"]

    def among(self) -> AgencyQuerySet:
        return super().among().exclude(pk=self.complaint.handler_id)


class PassOnForm(OfficeForm):
    small = True
    reason = reason_field(gettext_lazy("Pesan untuk unit"), required=False)
    field_order = ["agency", "reason"]

    def among(self) -> AgencyQuerySet:
        return Agency.objects.under(self.complaint.handler).exclude(pk=self.complaint.handler_id)


class HandBackForm(OfficeForm):
    ground = forms.ChoiceField(
        label=gettext_lazy("Mengapa dikembalikan?"),
        choices=[
            (Ground.NOT_OURS, gettext_lazy("Bukan wewenang kantor kami")),
            (Ground.PROPOSE_ARCHIVE, gettext_lazy("Usul diarsipkan")),
        ],
        widget=RadioCards(
            hints={
                Ground.NOT_OURS: gettext_lazy("Sebut kantor yang tepat di bawah, kalau Anda tahu."),
                Ground.PROPOSE_ARCHIVE: gettext_lazy(
                    "Bukan layanan publik, tidak jelas, sama dengan laporan lain, atau sedang di pengadilan."
                ),
            }
        ),
        error_messages={"required": gettext_lazy("Pilih mengapa dikembalikan")},
    )
    reason = reason_field(gettext_lazy("Jelaskan"), help_text=gettext_lazy("Dibaca pelapor dan meja yang memutuskan."))
    field_order = ["ground", "agency", "cari", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].required = False
        self.fields["agency"].label = _("Kantor yang tepat")
        self.initial.setdefault("agency", "tidak-tahu")

    def among(self) -> AgencyQuerySet:
        return Agency.objects.exclude(pk=self.complaint.handler_id)

    def extra_choice(self) -> tuple[str, str, str] | None:
        return ("tidak-tahu", _("Saya tidak tahu"), "")


class StartForm(PublishingForm):
    pass
