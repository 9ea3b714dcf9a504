"""Under which priority programmes a case is gathered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Programme
from complaints import privacy
from complaints.models import Tag
from lapor.kit.widgets import RadioCards

from .base import ActForm, reason_field


class ProgrammeForm(ActForm):
    """Chooses one of `offered`. Nothing is offered to who has not read the case: what it carries, or lacks, tells."""

    programme = forms.ChoiceField(
        label=gettext_lazy("Program"),
        error_messages={
            "required": gettext_lazy("Pilih programnya"),
            "invalid_choice": gettext_lazy("Pilih program dari daftar ini"),
        },
    )
    reason = reason_field(
        gettext_lazy("Alasan"), help_text=gettext_lazy("Dibaca petugas yang membuka laporan ini, bukan pelapor.")
    )
    nothing: Any = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reads = privacy.text_for(self.complaint, self.by) is privacy.Text.FULL
        self._programmes = {str(one.pk): one for one in self.offered()} if reads else {}
        field = self.fields["programme"]
        assert isinstance(field, forms.ChoiceField)
        field.widget = RadioCards(hints={pk: one.description for pk, one in self._programmes.items()})
        field.choices = [(pk, one.name) for pk, one in self._programmes.items()]
        if len(self._programmes) == 1:
            field.initial = next(iter(self._programmes))
        elif not self._programmes:
            field.help_text = self.nothing

    def offered(self) -> QuerySet[Programme]:
        raise NotImplementedError

    def clean_programme(self) -> Programme:
        return self._programmes[self.cleaned_data["programme"]]

    def _carried(self) -> QuerySet[Any, Any]:
        return Tag.objects.current().filter(complaint=self.complaint).values("programme")


class TagForm(ProgrammeForm):
    nothing = gettext_lazy("Tidak ada program lain yang berlaku sekarang.")

    def offered(self) -> QuerySet[Programme]:
        return Programme.objects.active_on(self.complaint.today()).exclude(pk__in=self._carried())

    @property
    def readers(self) -> str:
        return _("Pengawas program itu lalu membaca laporan ini tersamar, tanpa nama pelapor.")


class UntagForm(ProgrammeForm):
    nothing = gettext_lazy("Laporan ini tidak ditandai program mana pun.")

    def offered(self) -> QuerySet[Programme]:
        return Programme.objects.filter(pk__in=self._carried())
