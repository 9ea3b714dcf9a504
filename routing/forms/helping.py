"""Other offices that help: what is asked of whom, and what they give."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency
from agencies.models.agency import AgencyQuerySet
from complaints import privacy
from complaints.models import Attachment, Contribution
from complaints.models.lifecycle.helping import LONGEST, SHOWN_LIMIT, TASK_LIMIT
from lapor.kit.widgets import RadioCards

from .base import ActForm, OfficeForm, reason_field, story_field

DAYS = 5


class InviteForm(OfficeForm):
    task = forms.CharField(
        label=gettext_lazy("Apa yang diminta?"),
        help_text=gettext_lazy("Satu tugas yang jelas. Dibaca kantor itu; pelapor tidak membacanya."),
        max_length=TASK_LIMIT,
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": gettext_lazy("Tulis apa yang diminta dari kantor itu"),
            "max_length": gettext_lazy("Tugasnya terlalu panjang. Paling banyak 2.000 huruf."),
        },
    )
    days = forms.IntegerField(
        label=gettext_lazy("Berapa hari kerja?"),
        min_value=1,
        max_value=LONGEST,
        widget=forms.TextInput({"inputmode": "numeric", "size": 4, "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), gettext_lazy("Tulis angka 1 sampai 60")
        ),
    )
    shown = forms.CharField(
        label=gettext_lazy("Dibaca pelapor dan umum"),
        help_text=gettext_lazy(
            "Beberapa kata saja, tanpa nama orang, misalnya “memindahkan tiang listrik”. Kosongkan kalau tidak perlu "
            "tampil."
        ),
        required=False,
        max_length=SHOWN_LIMIT,
        error_messages={"max_length": gettext_lazy("Terlalu panjang. Paling banyak 120 huruf.")},
    )
    shared = forms.MultipleChoiceField(
        label=gettext_lazy("Berkas yang boleh dilihat kantor itu"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Pilih dari berkas yang dikirim bersama laporan ini.")},
    )
    field_order = ["agency", "cari", "task", "days", "shared", "shown"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("days", DAYS)
        self.fields["agency"].label = _("Kantor mana?")
        self._files = _sent(self)
        if not self._files:
            del self.fields["shared"]
            return
        field = self.fields["shared"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(pk, _named(file)) for pk, file in self._files.items()]
        if self.complaint.anonymous:
            field.help_text = _(
                "Pelapor menyembunyikan namanya. Foto bisa menunjukkan rumah atau wajah: centang hanya yang perlu."
            )
        else:
            field.help_text = _("Hapus centang yang tidak perlu dilihat kantor itu.")
            self.initial.setdefault("shared", list(self._files))

    def clean_shared(self) -> list[Attachment]:
        return [self._files[pk] for pk in self.cleaned_data["shared"]]

    def among(self) -> AgencyQuerySet:
        return Agency.objects.filter(parent__isnull=False).exclude(pk=self.complaint.handler_id)

    @property
    def readers(self) -> str:
        return _("Kantor itu membaca cerita yang disamarkan dan tempatnya, bukan nama dan kontak pelapor.")


def _sent(form: ActForm) -> dict[str, Attachment]:
    """The files that came with the report, by id; none where the story asks for a reason first: their names may tell
    it."""
    if privacy.text_for(form.complaint, form.by) is not privacy.Text.FULL:
        return {}
    sent = form.complaint.attachments.filter(message=None).exclude(state=Attachment.State.REFUSED)
    return {str(file.pk): file for file in sent.order_by("pk")}


def _named(file: Attachment) -> SafeString:
    """Its name, and where to look at it first."""
    if file.state != Attachment.State.CLEAN:
        return format_html("{} {}", file.name, _("(sedang diperiksa)"))
    address = reverse("complaints:media", args=[file.pk])
    return format_html('{0} <a href="{1}" aria-label="{2} {0}">{2}</a>', file.name, address, _("lihat"))


class ShareForm(ActForm):
    agency = forms.ChoiceField(
        label=gettext_lazy("Dengan kantor mana?"),
        widget=RadioCards,
        error_messages={
            "required": gettext_lazy("Pilih kantornya"),
            "invalid_choice": gettext_lazy("Kantor ini tidak sedang diminta membantu."),
        },
    )
    shared = forms.MultipleChoiceField(
        label=gettext_lazy("Berkas yang dibagi"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Pilih berkasnya."),
            "invalid_choice": gettext_lazy("Pilih dari berkas yang dikirim bersama laporan ini."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = list(self.complaint.contributions.open().select_related("agency").prefetch_related("files"))
        self._offices = {str(one.agency_id): one.agency for one in open_ones}
        hints = {str(one.agency_id): _seen(one) for one in open_ones}
        field = self.fields["agency"]
        assert isinstance(field, forms.ChoiceField)
        field.widget = RadioCards(hints=hints)
        field.choices = [(pk, office.name) for pk, office in self._offices.items()]
        if len(self._offices) == 1:
            self.initial.setdefault("agency", next(iter(self._offices)))
        self._files = _sent(self)
        files = self.fields["shared"]
        assert isinstance(files, forms.MultipleChoiceField)
        files.choices = [(pk, _named(file)) for pk, file in self._files.items()]
        if self.complaint.anonymous:
            files.help_text = _(
                "Pelapor menyembunyikan namanya. Foto bisa menunjukkan rumah atau wajah: centang hanya yang perlu."
            )

    def clean_agency(self) -> Agency:
        return self._offices[self.cleaned_data["agency"]]

    def clean_shared(self) -> list[Attachment]:
        return [self._files[pk] for pk in self.cleaned_data["shared"]]

    @property
    def readers(self) -> str:
        return _("Hanya kantor itu yang melihatnya, selama diminta membantu.")


def _seen(task: Contribution) -> str:
    """What it sees already, by the names the files have here."""
    names = [file.name for file in task.files.all()]
    return _("Sudah melihat: %(files)s") % {"files": ", ".join(names)} if names else _("Belum melihat satu berkas pun.")


class ContributeForm(ActForm):
    takes_files = True
    body = story_field(
        gettext_lazy("Hasilnya"),
        gettext_lazy("Tulis apa yang sudah dikerjakan"),
        help_text=gettext_lazy("Apa yang dikerjakan, kapan, oleh unit mana. Foto boleh dilampirkan."),
    )

    @property
    def readers(self) -> str:
        return _("Dibaca %(office)s, yang menjawab pelapor. Pelapor tidak membacanya.") % {
            "office": self.complaint.handler.shown_name
        }


class DeclineForm(ActForm):
    reason = reason_field(
        gettext_lazy("Mengapa tidak bisa?"), help_text=gettext_lazy("Dibaca kantor yang meminta, bukan pelapor.")
    )


class UninviteForm(ActForm):
    agency = forms.ChoiceField(
        label=gettext_lazy("Kantor mana?"),
        widget=RadioCards,
        error_messages={
            "required": gettext_lazy("Pilih kantornya"),
            "invalid_choice": gettext_lazy("Kantor ini tidak sedang diminta membantu."),
        },
    )
    reason = reason_field(gettext_lazy("Mengapa tidak diperlukan lagi?"), help_text=gettext_lazy("Dibaca kantor itu."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = self.complaint.contributions.open().select_related("agency")
        self._offices = {str(one.agency_id): one for one in open_ones}
        field = self.fields["agency"]
        assert isinstance(field, forms.ChoiceField)
        field.widget = RadioCards(hints={pk: one.task for pk, one in self._offices.items()})
        field.choices = [(pk, one.agency.name) for pk, one in self._offices.items()]
        if len(self._offices) == 1:
            self.initial.setdefault("agency", next(iter(self._offices)))

    def clean_agency(self) -> Agency:
        return self._offices[self.cleaned_data["agency"]].agency
