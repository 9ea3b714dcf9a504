"""Forms about officers and the decrees they rest on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies import members
from agencies.actor import Actor
from agencies.models import Agency, AgencyQuerySet, Decree, Role
from agencies.programme_forms import programme_choice
from lapor.kit.widgets import DayField, RadioCards

HINTS = {
    Role.LIAISON.value: _("Menjawab laporan yang datang ke kantor ini."),
    Role.HEAD.value: _("Kepala atau sekretaris: menyetujui jawaban dan melihat pekerjaan petugasnya."),
    Role.COORDINATOR.value: _("Meneruskan dan memindahkan laporan semua kantor di bawahnya, dan mengatur petugasnya."),
    Role.NATIONAL.value: _("Memegang meja nasional, kalender, standar, dan daftar instansi."),
    Role.OBSERVER.value: _("Membaca tersamar, tanpa mengubah."),
}
MOST_FILE = 10 * 1024 * 1024


class AppointForm(forms.Form):
    """`offices` are those the actor may choose from; `agency` is the one already chosen, or None."""

    agency = forms.ModelChoiceField(
        label=_("Kantor"),
        queryset=Agency.objects.none(),
        empty_label=_("Pilih kantor"),
        error_messages={"required": _("Pilih kantornya."), "invalid_choice": _("Kantor itu bukan wewenang Anda.")},
    )
    email = forms.EmailField(
        label=_("Alamat email dinas"),
        help_text=_("Satu orang satu akun. Ia masuk dengan kode yang kami kirim ke alamat ini."),
        error_messages={
            "required": _("Tulis alamat email petugas."),
            "invalid": _("Alamat email itu belum lengkap. Contoh: nama@contoh.id."),
        },
    )
    name = forms.CharField(label=_("Nama"), max_length=120, error_messages={"required": _("Tulis nama petugas.")})
    role = forms.ChoiceField(
        label=_("Peran"), widget=RadioCards(hints=HINTS), error_messages={"required": _("Pilih satu peran.")}
    )
    title = forms.CharField(
        label=_("Jabatan"), max_length=80, required=False, help_text=_("Contoh: Kepala Dinas, Sekretaris.")
    )
    decree = forms.ModelChoiceField(
        label=_("Berdasarkan keputusan"),
        queryset=Decree.objects.none(),
        required=False,
        empty_label=_("Belum ada keputusan"),
    )

    def __init__(self, *args: Any, by: Actor, offices: AgencyQuerySet, agency: Agency | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = offices
        if agency is not None:
            field.queryset = offices.filter(pk=agency.pk)
            field.initial = agency.pk
            field.widget = forms.HiddenInput()
            roles = members.roles_to_give(by, agency)
        else:
            roles = [Role.LIAISON, Role.HEAD]
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(one.value, one.label) for one in roles]
        if agency is None or agency.parent_id is not None:
            self.fields["role"].initial = Role.LIAISON
        if Role.OBSERVER in roles:
            self.fields["programme"] = programme_choice(
                label=_("Program yang diawasi"),
                empty_label=_("Semua laporan di bawah kantor ini"),
                help_text=_("Untuk pengawas saja: ia hanya membaca laporan yang ditandai program itu."),
            )
        decree = self.fields["decree"]
        assert isinstance(decree, forms.ModelChoiceField)
        above = agency or by.agency
        if above is not None:
            decree.queryset = Decree.objects.filter(agency__in=[*above.ids_above, above.pk])
        self.order_fields(["agency", "email", "name", "role", "programme", "title", "decree"])

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class EndForm(forms.Form):
    reason = forms.CharField(
        label=_("Mengapa"),
        max_length=300,
        help_text=_("Contoh: pindah tugas, pensiun. Dicatat, tidak tampil untuk umum."),
        error_messages={"required": _("Tulis alasannya dengan singkat.")},
    )


class DecreeForm(forms.Form):
    number = forms.CharField(
        label=_("Nomor keputusan"),
        max_length=80,
        help_text=_("Contoh: KPTS 324/VII/2021."),
        error_messages={"required": _("Tulis nomor keputusan.")},
    )
    decided_on = DayField(
        today=timezone.localdate,
        label=_("Tanggal keputusan"),
        quick=False,
        error_messages={"required": _("Tulis tanggal keputusan.")},
    )
    about = forms.CharField(
        label=_("Tentang"), max_length=300, error_messages={"required": _("Tulis tentang apa keputusan itu.")}
    )
    amends = forms.ModelChoiceField(
        label=_("Mengubah keputusan"),
        queryset=Decree.objects.none(),
        required=False,
        empty_label=_("Tidak mengubah keputusan lain"),
        help_text=_("Petugas yang diangkat dengan keputusan lama lalu perlu Anda konfirmasi."),
    )
    file = forms.FileField(
        label=_("Berkas PDF"),
        required=False,
        error_messages={"empty": _("Berkas itu kosong."), "invalid": _("Berkas itu tidak terkirim utuh.")},
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amends = self.fields["amends"]
        assert isinstance(amends, forms.ModelChoiceField)
        amends.queryset = Decree.objects.filter(agency=agency)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file:
            if file.size > MOST_FILE:
                raise forms.ValidationError(_("Berkas paling besar 10 MB."))
            if file.read(5) != b"%PDF-":
                raise forms.ValidationError(_("Berkas itu bukan PDF."))
            file.seek(0)
        return file
