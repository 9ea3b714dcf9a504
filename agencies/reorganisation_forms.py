"""Forms of a plan of reorganisation and of each kind of its steps."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import areas, bidang, offices
from agencies.members import Refused
from agencies.models import Agency, Reorganisation, Step
from agencies.models.agency import Kind
from agencies.office_forms import LinesField
from lapor.kit.widgets import DayField, LongSelect, RadioInline

# How a step's address calls its kind.
NOUNS: dict[str, Step.Kind] = {
    "kantor-baru": Step.Kind.FOUND,
    "nama": Step.Kind.RENAME,
    "induk": Step.Kind.MOVE,
    "penyerahan": Step.Kind.GIVE,
    "akhir": Step.Kind.END,
}
_CHOOSE = {
    "required": gettext_lazy("Pilih kantornya."),
    "invalid_choice": gettext_lazy("Kantor itu tidak ada di daftar. Pilih yang lain."),
}


class PlanForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nama rencana"),
        max_length=120,
        help_text=gettext_lazy("Contoh: Penataan dinas 2027."),
        error_messages={"required": gettext_lazy("Tulis nama rencana.")},
    )
    day = DayField(
        today=timezone.localdate,
        past_only=False,
        quick=False,
        label=gettext_lazy("Berlaku mulai"),
        help_text=gettext_lazy("Sebelum hari ini tidak ada yang pindah, dan semuanya masih bisa diubah."),
        error_messages={"required": gettext_lazy("Tulis hari mulainya.")},
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("Dasar hukum"),
        max_length=200,
        help_text=gettext_lazy("Contoh: Perda 3/2026 tentang Perangkat Daerah."),
        error_messages={"required": gettext_lazy("Tulis dasar hukumnya.")},
    )


class StepForm(forms.Form):
    """Common to all kinds. Offices are those of the node's subtree; receivers also those the plan founds."""

    fields_of_step: ClassVar[tuple[str, ...]] = ()

    def __init__(self, plan: Reorganisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        living = Agency.objects.under(plan.node).active_on(timezone.localdate()).select_related("parent")
        if plan.node.parent_id is None:
            # The centre arranges its own bodies; a list of every office of the country would help nobody.
            living = living.filter(Q(parent=plan.node) | Q(pk=plan.node_id))
        self._offices = {str(one.pk): one for one in living.order_by("path_length", "name")}
        self._new = {f"baru-{one.pk}": one for one in plan.steps.filter(kind=Step.Kind.FOUND).order_by("pk")}
        node = str(plan.node_id)
        for name in ("office", "to"):
            field = self.fields.get(name)
            if not isinstance(field, forms.ChoiceField):
                continue
            field.widget = LongSelect()
            mine = [(pk, _named(one)) for pk, one in self._offices.items() if name == "to" or pk != node]
            new = [(key, _("%(name)s (kantor baru)") % {"name": one.name}) for key, one in self._new.items()]
            heirs = name == "to" and self.takes_new
            field.choices = [("", _("Pilih kantor")), *(new if heirs else []), *mine]

    takes_new = True

    def said(self) -> dict[str, Any]:
        """What the step's row says."""
        data = self.cleaned_data
        found: dict[str, Any] = {name: data[name] for name in self.fields_of_step if name in data}
        if "office" in self.fields:
            found["office"] = self._offices.get(data["office"])
        if "to" in self.fields:
            found["to"], found["to_new"] = self._offices.get(data["to"]), self._new.get(data["to"])
        return found

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


class _Names(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nama kantor"),
        max_length=200,
        error_messages={
            "required": gettext_lazy("Tulis nama kantor."),
            "max_length": gettext_lazy("Nama paling panjang 200 huruf."),
        },
    )
    short_name = forms.CharField(
        label=gettext_lazy("Nama pendek"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Contoh: Dinas PUPR."),
    )


class FoundForm(StepForm, _Names):
    fields_of_step = ("name", "short_name", "office_kind")
    takes_new = False
    office_kind = forms.ChoiceField(
        label=gettext_lazy("Jenis"),
        widget=RadioInline,
        error_messages={"required": gettext_lazy("Pilih jenis kantor.")},
    )
    to = forms.ChoiceField(label=gettext_lazy("Di bawah"), error_messages=_CHOOSE)
    field_order = ("name", "short_name", "office_kind", "to")

    def __init__(self, plan: Reorganisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(plan, *args, **kwargs)
        kinds = offices.kinds_below(plan.node)
        field = self.fields["office_kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in kinds]
        field.initial = kinds[0].value
        self.fields["to"].initial = str(plan.node_id)


class RenameForm(StepForm, _Names):
    fields_of_step = ("name", "short_name")
    office = forms.ChoiceField(label=gettext_lazy("Kantor yang berganti nama"), error_messages=_CHOOSE)
    field_order = ("office", "name", "short_name")

    def __init__(self, plan: Reorganisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(plan, *args, **kwargs)
        self.fields["name"].label = _("Nama baru")


class MoveForm(StepForm):
    takes_new = False
    office = forms.ChoiceField(label=gettext_lazy("Kantor yang pindah"), error_messages=_CHOOSE)
    to = forms.ChoiceField(
        label=gettext_lazy("Ke bawah"),
        help_text=gettext_lazy("Unit di bawahnya ikut pindah."),
        error_messages=_CHOOSE,
    )


class GiveForm(StepForm):
    fields_of_step = ("bidang", "places")
    office = forms.ChoiceField(label=gettext_lazy("Dari kantor"), error_messages=_CHOOSE)
    to = forms.ChoiceField(label=gettext_lazy("Ke kantor"), error_messages=_CHOOSE)
    bidang = forms.MultipleChoiceField(
        label=gettext_lazy("Bidang"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Kosong: semua bidang kantor itu, di tempat yang Anda tulis di bawah."),
    )
    places = LinesField(
        label=gettext_lazy("Hanya di tempat"),
        required=False,
        help_text=gettext_lazy("Satu per baris: kode kecamatan (14.02.01). Kosong: di semua tempat."),
    )

    def __init__(self, plan: Reorganisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(plan, *args, **kwargs)
        carried = {code for office in self._offices.values() for code in office.bidang}
        field = self.fields["bidang"]
        assert isinstance(field, forms.MultipleChoiceField)
        names = bidang.names()
        ranked = sorted((names.get(code, code), code) for code in carried)
        field.choices = [(code, name) for name, code in ranked]

    def clean_places(self) -> list[str]:
        try:
            return [one.pk for one in areas.read(self.cleaned_data["places"], self.plan.node.region)]
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused


class EndForm(StepForm):
    office = forms.ChoiceField(label=gettext_lazy("Kantor yang berakhir"), error_messages=_CHOOSE)
    to = forms.ChoiceField(
        label=gettext_lazy("Penerus"),
        help_text=gettext_lazy("Yang tidak Anda serahkan ke kantor lain sampai ke sini."),
        error_messages=_CHOOSE,
    )


FORMS: dict[Step.Kind, type[StepForm]] = {
    Step.Kind.FOUND: FoundForm,
    Step.Kind.RENAME: RenameForm,
    Step.Kind.MOVE: MoveForm,
    Step.Kind.GIVE: GiveForm,
    Step.Kind.END: EndForm,
}


def _named(office: Agency) -> str:
    """With the office above it, where that is no pemda: units of two offices may have one name."""
    above = office.parent
    return f"{office.name} ({above.shown_name})" if above is not None and office.kind == Kind.UNIT else office.name
