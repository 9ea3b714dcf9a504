"""/kelola/kategori/<id>/pertanyaan/: what is asked about one category, typed as in Open311. Of the centre."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import OfficerRequest, actor_of
from agencies.members import Refused
from agencies.views.members import page
from complaints import questions
from complaints.models import Category, CategoryQuestion
from complaints.models.question import Datatype
from complaints.views.categories import only_centre


class QuestionForm(forms.Form):
    description = forms.CharField(
        label=gettext_lazy("Pertanyaannya"),
        max_length=200,
        help_text=gettext_lazy("Dengan kata warga: “Seberapa besar lubangnya?”"),
        error_messages={
            "required": gettext_lazy("Tulis pertanyaannya."),
            "max_length": gettext_lazy("Pertanyaan paling panjang 200 huruf."),
        },
    )
    datatype = forms.ChoiceField(
        label=gettext_lazy("Dijawab dengan"),
        choices=Datatype.choices,
        error_messages={
            "required": gettext_lazy("Pilih cara menjawabnya."),
            "invalid_choice": gettext_lazy("Pilih cara menjawab dari daftar."),
        },
    )
    choices = forms.CharField(
        label=gettext_lazy("Pilihan"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Satu di setiap baris. Hanya untuk “pilih satu” dan “pilih beberapa”."),
        error_messages={"max_length": gettext_lazy("Pilihannya terlalu banyak.")},
    )
    hint = forms.CharField(
        label=gettext_lazy("Petunjuk"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Tampil di bawah pertanyaan. Contoh: Seperti tertulis di papan."),
        error_messages={"max_length": gettext_lazy("Petunjuk paling panjang 200 huruf.")},
    )
    required = forms.BooleanField(label=gettext_lazy("Wajib dijawab"), required=False)

    def __init__(self, *args: Any, places: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("choices", "hint"):
            self.fields[name].silent = True  # type: ignore[attr-defined]
        if places > 1:
            self.fields["place"] = forms.TypedChoiceField(
                label=_("Ditanyakan ke-"),
                coerce=int,
                choices=[(number, str(number)) for number in range(1, places + 1)],
                error_messages={"invalid_choice": _("Pilih urutan dari daftar.")},
            )

    def clean_description(self) -> str:
        return " ".join(str(self.cleaned_data["description"]).split())

    def clean_hint(self) -> str:
        return " ".join(str(self.cleaned_data["hint"]).split())

    def clean_choices(self) -> list[str]:
        lines = [" ".join(line.split()) for line in str(self.cleaned_data["choices"]).splitlines()]
        found = [line for line in lines if line]
        if any(len(line) > 120 for line in found):
            raise forms.ValidationError(_("Satu pilihan paling panjang 120 huruf."))
        return found


@only_centre
def add(request: OfficerRequest, pk: int) -> HttpResponse:
    category = get_object_or_404(Category.objects.on(timezone.localdate()), pk=pk)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            questions.add(category, by=actor_of(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Pertanyaan ditambahkan. Pelapor berikutnya sudah ditanya."))
            return redirect("complaints:category", pk=category.pk)
    return page(request, "complaints/question.html", {"category": category, "form": form})


@only_centre
def change(request: OfficerRequest, pk: int, question: int) -> HttpResponse:
    """One question: asked otherwise, elsewhere in the order, or not any more."""
    asked = CategoryQuestion.objects.current().filter(category_id=pk).order_by("order")
    sisters = list(asked.select_related("category"))
    place = next((number for number, one in enumerate(sisters, start=1) if one.pk == question), 0)
    if not place:
        raise Http404
    row = sisters[place - 1]
    given: dict[str, Any] = {name: getattr(row, name) for name in ("description", "datatype", "hint", "required")}
    given |= {"choices": "\n".join(value["name"] for value in row.values), "place": place}
    ends = "akhiri" in request.POST
    form = QuestionForm(
        request.POST if request.method == "POST" and not ends else None, initial=given, places=len(sisters)
    )
    if ends or (request.method == "POST" and form.is_valid()):
        try:
            if ends:
                questions.end(row, by=actor_of(request))
                said = _("Pertanyaan itu tidak ditanyakan lagi. Jawaban yang sudah ada tetap tersimpan.")
            else:
                questions.change(row, by=actor_of(request), **form.cleaned_data)
                said = _("Perubahan disimpan. Jawaban lama tetap pada pertanyaan lamanya.")
        except Refused as refused:
            if ends:
                messages.error(request, str(refused))
                return redirect("complaints:category", pk=pk)
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, said)
            return redirect("complaints:category", pk=pk)
    return page(request, "complaints/question.html", {"category": row.category, "question": row, "form": form})
