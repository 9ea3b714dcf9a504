"""/kelola/kategori/: the list reporters choose from, two levels. Of the centre."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import bidang
from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.loading.offices import BadTable
from agencies.members import Refused
from agencies.models import AuditEntry
from agencies.office_forms import MOST_TABLE, TableField
from agencies.permissions import Capability, may
from agencies.views.members import page
from complaints import categories
from complaints.models import Category, CategoryQuestion
from lapor.kit import wording
from lapor.kit.widgets import DayField

P = ParamSpec("P")
LEVEL_NAMES = {
    "": gettext_lazy("mana saja"),
    "pusat": gettext_lazy("pusat"),
    "provinsi": gettext_lazy("provinsi"),
    "kabkota": gettext_lazy("kabupaten/kota"),
    "bumn": gettext_lazy("BUMN"),
}


class CategoryForm(forms.Form):
    parent = forms.ModelChoiceField(
        label=gettext_lazy("Di bawah"),
        queryset=Category.objects.none(),
        required=False,
        empty_label=gettext_lazy("Tingkat pertama"),
        error_messages={"invalid_choice": gettext_lazy("Pilih kategori tingkat pertama yang masih berlaku.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Nama"),
        max_length=120,
        help_text=gettext_lazy("Dengan kata warga: “Jalan Berlubang”, bukan nama program."),
        error_messages={
            "required": gettext_lazy("Tulis nama kategori."),
            "max_length": gettext_lazy("Nama paling panjang 120 huruf."),
        },
    )
    bidang = forms.ChoiceField(
        label=gettext_lazy("Bidang"),
        help_text=gettext_lazy("Bersama tempatnya, bidang menunjuk kantor yang menjawab."),
        error_messages={
            "required": gettext_lazy("Pilih bidang."),
            "invalid_choice": gettext_lazy("Pilih bidang dari daftar."),
        },
    )
    level_hint = forms.ChoiceField(
        label=gettext_lazy("Biasanya dijawab"),
        choices=list(LEVEL_NAMES.items()),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Pilih tingkat dari daftar.")},
    )
    notice = forms.CharField(
        label=gettext_lazy("Pemberitahuan kepada pelapor"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Tampil kalau kategori ini dipilih, misalnya nomor darurat."),
        error_messages={"max_length": gettext_lazy("Pemberitahuan paling panjang 300 huruf.")},
    )

    def __init__(self, *args: Any, category: Category | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bidang"].choices = [("", _("Pilih bidang")), *bidang.names().items()]  # type: ignore[attr-defined]
        self.fields["level_hint"].silent = True  # type: ignore[attr-defined]
        parent = self.fields["parent"]
        parent.silent = True  # type: ignore[attr-defined]
        if category is not None:
            del self.fields["parent"]
        elif isinstance(parent, forms.ModelChoiceField):
            parent.queryset = Category.objects.on(timezone.localdate()).top()

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


class EndForm(forms.Form):
    ends_on = DayField(
        today=timezone.localdate,
        past_only=False,
        quick=False,
        label=gettext_lazy("Tidak bisa dipilih lagi mulai"),
        error_messages={"required": gettext_lazy("Tulis tanggalnya.")},
    )


class CategoryTableForm(forms.Form):
    table = TableField(label=gettext_lazy("Berkas CSV"), help_text=gettext_lazy("Kolom name dan bidang wajib ada."))


def only_centre(
    view: Callable[Concatenate[OfficerRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    @wraps(view)
    def inner(request: OfficerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        office = request.acting.agency
        if office.parent_id is not None or not may(request.user, Capability.MANAGE_CATEGORIES, office):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return officers_only(inner)


@only_centre
def listing(request: OfficerRequest) -> HttpResponse:
    """Both levels, and the form for one more."""
    form = CategoryForm(request.POST or None, initial={"parent": request.GET.get("di", "")})
    if request.method == "POST" and form.is_valid():
        try:
            added = categories.add(by=actor_of(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Kategori %(name)s ditambahkan.") % {"name": added.name})
            return redirect("complaints:categories")
    today = timezone.localdate()
    over = request.GET.get("berakhir") == "ya"
    rows = Category.objects.all() if over else Category.objects.exclude(ends_on__lte=today)
    context = {"form": form, "groups": _groups(list(rows), today), "over": over}
    return page(request, "complaints/categories.html", context)


def _groups(rows: list[Category], today: datetime.date) -> list[dict[str, Any]]:
    below: dict[int | None, list[dict[str, Any]]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(_line(row, today))
    shown = [{"top": line, "below": below.get(line["row"].pk, [])} for line in below.get(None, [])]
    return shown


def _line(row: Category, today: datetime.date) -> dict[str, Any]:
    ends = row.ends_on
    words = ""
    if ends is not None:
        words = _("berakhir %(day)s") if ends <= today else _("sampai %(day)s")
    return {
        "row": row,
        "bidang": bidang.names().get(row.bidang, row.bidang),
        "level": LEVEL_NAMES.get(row.level_hint, ""),
        "office": bidang.usual_office(row.bidang, row.level_hint),
        "until": words % {"day": wording.plain_day(ends)} if ends else "",
        "over": ends is not None and ends <= today,
    }


@only_centre
def change(request: OfficerRequest, pk: int) -> HttpResponse:
    """One category: its words and bidang, its end, and what was changed before."""
    category = get_object_or_404(Category.objects.select_related("parent"), pk=pk)
    ends = "akhiri" in request.POST
    posted = request.method == "POST"
    given = {"name": category.name, "bidang": category.bidang, "level_hint": category.level_hint}
    form = CategoryForm(
        request.POST if posted and not ends else None, category=category, initial=given | {"notice": category.notice}
    )
    end = EndForm(request.POST if ends else None, initial={"ends_on": category.ends_on})
    chosen: forms.Form = end if ends else form
    if posted and chosen.is_valid():
        try:
            if ends:
                gone = categories.end(category, by=actor_of(request), day=end.cleaned_data["ends_on"])
                said = _("%(count)d kategori berakhir pada tanggal itu.") % {"count": len(gone)}
            else:
                categories.change(category, by=actor_of(request), **form.cleaned_data)
                said = _("Perubahan disimpan. Laporan yang sudah ada tetap pada kategorinya.")
        except Refused as refused:
            chosen.add_error(refused.field if refused.field in chosen.fields else None, str(refused))
        else:
            messages.success(request, said)
            return redirect("complaints:categories")
    context = {
        "category": category,
        "form": form,
        "end": end,
        "failed": chosen,
        "line": _line(category, timezone.localdate()),
        "questions": CategoryQuestion.objects.current().filter(category=category).order_by("order"),
        "below": Category.objects.on(timezone.localdate()).filter(parent=category).count(),
        "entries": AuditEntry.objects.filter(subject_kind="category", subject_id=category.pk).select_related("who")[
            :20
        ],
    }
    return page(request, "complaints/category.html", context)


@only_centre
def load(request: OfficerRequest) -> HttpResponse:
    """First the dry run with every row that would be refused; the second click stores what was shown."""
    context: dict[str, Any] = {"form": CategoryTableForm(), "columns": categories.COLUMNS}
    text = ""
    if request.method == "POST" and "text" in request.POST:
        text = request.POST["text"][:MOST_TABLE]
    elif request.method == "POST":
        context["form"] = form = CategoryTableForm(request.POST, request.FILES)
        text = form.cleaned_data["table"] if form.is_valid() else ""
    if text:
        dry_run = "text" not in request.POST
        try:
            rows, refused = categories.read_table(text)
        except BadTable as bad:
            context["form"] = form = CategoryTableForm(request.POST, request.FILES)
            form.add_error("table" if not form.errors else None, str(bad))
        else:
            outcome = categories.load(rows, by=actor_of(request), dry_run=dry_run)
            outcome.refused = sorted([*refused, *outcome.refused], key=lambda one: one.line)
            if not dry_run:
                said = {"added": len(outcome.added), "changed": len(outcome.changed), "ended": len(outcome.ended)}
                messages.success(
                    request, _("Disimpan: %(added)d baru, %(changed)d berubah, %(ended)d berakhir.") % said
                )
                return redirect("complaints:categories")
            context |= {"outcome": outcome, "text": text, "any": outcome.added or outcome.changed or outcome.ended}
    return page(request, "complaints/categories_import.html", context)
