"""A rule of the coordinator: conditions and the office, and the text it is tried on."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Level, Programme, Region
from agencies.models.agency import AgencyQuerySet
from agencies.programme_forms import programme_choice
from complaints.channels import registry
from complaints.models import Category
from lapor.kit.widgets import DayField, Story
from routing import offices, rulebook
from routing.models import Rule

from .base import PicksOffice
from .turns import grouped_categories

# Chosen instead of an office.
TAGS_ONLY = "tidak"


class ConditionsForm(forms.Form):
    """What both a rule and a trial ask for: category and place, as far as the owner reaches."""

    category = forms.ChoiceField(label=gettext_lazy("Kategori"), required=False)
    region = forms.ChoiceField(label=gettext_lazy("Tempat"), required=False)

    def __init__(
        self, owner: Agency, today: datetime.date, data: MultiValueDict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.owner, self.today = owner, today
        super().__init__(data, **kwargs)
        category, region = self.fields["category"], self.fields["region"]
        assert isinstance(category, forms.ChoiceField)
        assert isinstance(region, forms.ChoiceField)
        category.choices = [("", _("Semua kategori")), *grouped_categories(today)[1:]]
        region.choices = [("", _("Semua tempat")), *((one.pk, one.name) for one in self.places())]

    def places(self) -> list[Region]:
        """One level below the owner's own region; the provinces for who has none."""
        current = Region.objects.current()
        below = (
            current.filter(parent_id=self.owner.region_id)
            if self.owner.region_id
            else current.filter(level=Level.PROVINSI)
        )
        return list(below.order_by("name"))

    def clean_category(self) -> Category | None:
        value = self.cleaned_data["category"]
        return Category.objects.filter(pk=value).first() if value else None

    def clean_region(self) -> Region | None:
        value = self.cleaned_data["region"]
        return Region.objects.filter(pk=value).first() if value else None


class RuleForm(PicksOffice, ConditionsForm):
    channel = forms.ChoiceField(label=gettext_lazy("Datang lewat"), required=False)
    named = forms.CharField(
        label=gettext_lazy("Pelapor menyebut kantor"),
        help_text=gettext_lazy("Nama lengkap atau nama pendeknya. Kosongkan kalau tidak perlu."),
        required=False,
        max_length=200,
    )
    words = forms.CharField(
        label=gettext_lazy("Kata"),
        help_text=gettext_lazy("Pisahkan dengan koma. Cukup satu yang ada di judul atau cerita."),
        required=False,
        max_length=1000,
    )
    note = forms.CharField(
        label=gettext_lazy("Mengapa aturan ini ada?"),
        help_text=gettext_lazy("Untuk rekan Anda kelak, misalnya nomor surat kesepakatan."),
        required=False,
        max_length=200,
    )

    def __init__(self, owner: Agency, today: datetime.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(owner, today, *args, **kwargs)
        self.fields["starts_on"] = DayField(
            label=_("Berlaku mulai"),
            today=today,
            past_only=False,
            quick=False,
            error_messages={"required": _("Isi tanggal mulainya")},
        )
        self.fields["ends_on"] = DayField(
            label=_("Sampai sebelum"), today=today, past_only=False, quick=False, required=False
        )
        self.initial.setdefault("starts_on", today)
        self.tags = Programme.objects.active_on(today).exists()
        if self.tags:
            self.fields["programme"] = programme_choice(
                label=_("Tandai program"),
                help_text=_("Laporan yang cocok ditandai, kecuali yang rahasia. Semua aturan yang menandai berlaku."),
                empty_label=_("Tanpa program"),
            )
        self.fields["agency"].label = _("Teruskan ke")
        channel = self.fields["channel"]
        assert isinstance(channel, forms.ChoiceField)
        channel.choices = [("", _("Semua saluran")), *((one.code, one.name) for one in registry.CHANNELS.values())]
        self.order_fields(
            [
                *("category", "region", "words", "channel", "named"),
                *("agency", "cari", "programme", "starts_on", "ends_on", "note"),
            ]
        )
        self.offer_offices(today)

    @classmethod
    def initial_of(cls, rule: Rule) -> dict[str, Any]:
        return {
            "category": rule.category_id or "",
            "region": rule.region_id or "",
            "words": ", ".join(rule.words),
            "channel": rule.channel,
            "named": rule.named.name if rule.named else "",
            "agency": str(rule.target_id) if rule.target_id else TAGS_ONLY,
            "programme": rule.programme_id,
            "starts_on": rule.starts_on,
            "ends_on": rule.ends_on,
            "note": rule.note,
        }

    def among(self) -> AgencyQuerySet:
        return Agency.objects.under(self.owner)

    def offers(self, among: AgencyQuerySet, today: datetime.date) -> list[offices.Offer]:
        """Offices other rules already send to, then the owner itself."""
        used = Rule.objects.filter(owner=self.owner).values("target")
        rows = list(among.active_on(today).filter(pk__in=used).select_related("parent").order_by("name")[:8])
        return offices.describe([*rows, *([] if self.owner in rows else [self.owner])], today)

    def extra_choice(self) -> tuple[str, str, str] | None:
        if not self.tags:
            return None
        return TAGS_ONLY, _("Tidak meneruskan"), _("Hanya menandai program; kantornya dicari seperti biasa.")

    def clean_words(self) -> list[str]:
        words = rulebook.read_words(self.cleaned_data["words"])
        if len(words) > rulebook.WORDS:
            raise forms.ValidationError(_("Paling banyak 20 kata dalam satu aturan."))
        if any(len(word) > rulebook.WORD_LENGTH for word in words):
            raise forms.ValidationError(_("Satu kata atau frasa paling panjang 60 huruf."))
        return words

    def clean_named(self) -> Agency | None:
        typed = " ".join(self.cleaned_data["named"].split())
        if not typed:
            return None
        called = Q(name__iexact=typed) | Q(short_name__iexact=typed) | Q(aliases__icontains=typed)
        found = [
            office
            for office in self.among().active_on(self.today).filter(called)
            if typed.casefold() in {name.casefold() for name in (office.name, office.short_name, *office.aliases)}
        ]
        if len(found) == 1:
            return found[0]
        facts = {"name": typed, "owner": self.owner.name}
        if found:
            raise forms.ValidationError(_("Ada beberapa kantor bernama “%(name)s”. Tulis nama lengkapnya.") % facts)
        raise forms.ValidationError(
            _("Tidak ada kantor bernama “%(name)s” di %(owner)s. Tulis persis seperti di daftar kantor.") % facts
        )

    def clean_agency(self) -> Agency | None:
        found = super().clean_agency()
        if found is not None and not found.is_active_on(self.today):
            raise forms.ValidationError(_("%(office)s sudah berakhir. Pilih penerusnya.") % {"office": found.name})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        asked = ("category", "region", "words", "channel", "named")
        if not self.errors and not any(cleaned[name] for name in asked):
            raise forms.ValidationError(
                _("Isi paling sedikit satu syarat: kategori, tempat, kata, saluran, atau kantor.")
            )
        if not self.errors and cleaned["agency"] is None and cleaned.get("programme") is None:
            self.add_error("programme", _("Pilih programnya, atau kantor tujuannya."))
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", _("Tanggal akhirnya harus sesudah tanggal mulai."))
        return cleaned

    def fields_of_rule(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "category": data["category"],
            "region": data["region"],
            "words": data["words"],
            "channel": data["channel"],
            "named": data["named"],
            "target": data["agency"],
            "programme": data.get("programme"),
            "starts_on": data["starts_on"],
            "ends_on": data["ends_on"],
            "note": data["note"],
        }


class TrialForm(ConditionsForm):
    text = forms.CharField(
        label=gettext_lazy("Judul atau cerita"),
        widget=Story({"rows": 3}),
        required=False,
        max_length=10_000,
    )
    field_order = ["text", "category", "region"]
