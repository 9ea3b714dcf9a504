"""What the acts' forms share: version and actor, the office picker, the text that becomes public."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django import forms
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actor import Actor
from agencies.models import Agency, Role
from agencies.models.agency import AgencyQuerySet
from complaints import privacy, publishing, uploads
from complaints.models import Attachment, Complaint
from complaints.models.lifecycle.acting import BODY_LIMIT, PublicText
from lapor.kit.widgets import RadioCards, Story
from routing import offices

# A sentence now or one translated when it is shown.
Words = Any
SEARCH = "cari_kantor"


class Unjudged(forms.Form):
    def forget_errors(self) -> None:
        """Show what was typed without judging it: the officer only searched for an office, or was overtaken."""
        self._errors = ErrorDict()


class ActForm(Unjudged):
    """Every act carries the version it was read at, the last event shown, and as whom it was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    acting = forms.IntegerField(widget=forms.HiddenInput, required=False)

    # Names of fields drawn together in the box of what the public will read.
    public_fields: ClassVar[tuple[str, ...]] = ("public_title", "public_body", "hold", "hold_reason")
    publishes = False
    # Photos and documents may go with it; the view keeps them and drops them again when the act is refused.
    takes_files = False
    accepts = uploads.ACCEPT

    def __init__(
        self, complaint: Complaint, by: Actor, data: MultiValueDict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.complaint, self.by = complaint, by
        self.attachments: list[Attachment] = []
        noun = kwargs.pop("noun", "")
        super().__init__(data, auto_id=f"{noun}-%s" if noun else "id_%s", **kwargs)
        self.initial = {
            **self.initial,
            "version": complaint.version,
            "acting": by.membership.pk if by.membership else None,
        }

    @property
    def file_id(self) -> str:
        return str(self.auto_id) % "file"

    @property
    def readers(self) -> str:
        """Who will read what is written, said just above the button."""
        return ""

    @property
    def submit_words(self) -> str:
        """What the button says where it is not the act's own word."""
        return ""

    def renew(self, version: int, seen: int | None) -> None:
        """What was typed stays; the next try is made on the case as it is now."""
        data = MultiValueDict({name: self.data.getlist(name) for name in self.data})  # type: ignore[attr-defined]
        data["version"], data["seen"] = str(version), str(seen or "")
        self.data = data


def reason_field(label: Words, *, help_text: Words = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={
            "required": gettext_lazy("Tulis alasannya"),
            "max_length": gettext_lazy("Alasannya terlalu panjang. Paling banyak 2.000 huruf."),
        },
    )


def story_field(label: Words, required: Words, *, help_text: Words = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=BODY_LIMIT,
        widget=Story(limit=BODY_LIMIT),
        error_messages={
            "required": required,
            "max_length": gettext_lazy("Terlalu panjang. Paling banyak 10.000 huruf."),
        },
    )


class PicksOffice(Unjudged):
    """Chooses an office: suggestions with one click, the rest by typing; also without script."""

    cari = forms.CharField(
        label=gettext_lazy("Cari kantor lain"),
        help_text=gettext_lazy("Tulis sebagian namanya, misalnya “kesehatan” atau “kec rengat”."),
        required=False,
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    agency = forms.ChoiceField(
        label=gettext_lazy("Kantor"),
        widget=RadioCards,
        error_messages={
            "required": gettext_lazy("Pilih kantornya"),
            "invalid_choice": gettext_lazy("Kantor ini tidak bisa dipilih di sini. Cari yang lain."),
        },
    )
    found_nothing = False
    small: ClassVar[bool] = False  # few offices: all of them are offered, nothing to search

    def offer_offices(self, today: datetime.date) -> None:
        """Fill the choices: what is offered, what was searched for, and what is already chosen."""
        among = self.among()
        if self.small:
            found = offices.describe(list(among.active_on(today).select_related("parent")[:60]), today)
            del self.fields["cari"]
        else:
            found = self.offers(among, today)
            typed = str(self.data.get("cari", "")) if self.is_bound else str(self.initial.get("cari", ""))
            matches = offices.search(among, typed, today, self.near())
            self.found_nothing = bool(typed.strip()) and not matches
            chosen = str(self.data.get("agency", "") if self.is_bound else self.initial.get("agency", ""))
            if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
                rows = among.filter(pk=chosen).select_related("parent", "succeeded_by")
                found += offices.describe(list(rows), today)
            found += matches
        known: dict[str, offices.Offer] = {}
        for offer in found:
            known.setdefault(str(offer.agency.pk), offer)
        self._offers = known
        field = self.fields["agency"]
        assert isinstance(field, forms.ChoiceField)
        choices = [(pk, offer.agency.name) for pk, offer in known.items()]
        widget = RadioCards(hints={pk: offer.hint for pk, offer in known.items()})
        extra = self.extra_choice()
        if extra is not None:
            choices.append((extra[0], extra[1]))
            widget.hints[extra[0]] = extra[2]
        field.widget = widget
        field.choices = choices

    def offered_name(self, value: str) -> str:
        """The office behind this value; "": it is not among what is offered."""
        return self._offers[value].agency.name if value in self._offers else ""

    def among(self) -> AgencyQuerySet:
        """Where one may look for an office."""
        raise NotImplementedError

    def near(self) -> str:
        """The region code of where one looks first; "": everywhere alike."""
        return ""

    def offers(self, among: AgencyQuerySet, today: datetime.date) -> list[offices.Offer]:
        """What is shown before anybody searches."""
        return []

    def extra_choice(self) -> tuple[str, str, str] | None:
        """Value, words and sentence of a choice that is no office."""
        return None

    def clean_agency(self) -> Agency | None:
        value = self.cleaned_data["agency"]
        return self._offers[value].agency if value in self._offers else None


class OfficeForm(PicksOffice, ActForm):
    """An act that sends the case somewhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_offices(self.complaint.today())

    def among(self) -> AgencyQuerySet:
        """The own subtree; the centre everywhere."""
        assert self.by.agency is not None
        return Agency.objects.all() if self.by.role == Role.NATIONAL else Agency.objects.under(self.by.agency)

    def near(self) -> str:
        return self.complaint.handler.region_id or self.complaint.place_id or ""

    def offers(self, among: AgencyQuerySet, today: datetime.date) -> list[offices.Offer]:
        reads = privacy.text_for(self.complaint, self.by) is privacy.Text.FULL
        return offices.suggested(self.complaint, among, today, guessed=reads)


class PublishingForm(ActForm):
    """An act after which the public may read the case: shows the masked text first (case.md section 5)."""

    public_title = forms.CharField(
        label=gettext_lazy("Judul"),
        max_length=160,
        error_messages={"required": gettext_lazy("Judul untuk umum tidak boleh kosong")},
    )
    public_body = forms.CharField(
        label=gettext_lazy("Cerita"),
        help_text=gettext_lazy("Nama, nomor, dan alamat rumah sudah disamarkan. Periksa lagi, lalu perbaiki di sini."),
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": gettext_lazy("Cerita untuk umum tidak boleh kosong")},
    )
    hold = forms.BooleanField(label=gettext_lazy("Tahan dulu, jangan terbitkan sekarang"), required=False)
    hold_reason = forms.CharField(
        label=gettext_lazy("Mengapa ditahan?"),
        help_text=gettext_lazy("Isi kalau Anda memilih tahan dulu."),
        required=False,
        max_length=500,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.publishes = self.will_publish()
        if not self.publishes:
            for name in self.public_fields:
                self.fields.pop(name, None)
            return
        self.order_fields([*[name for name in self.fields if name not in self.public_fields], *self.public_fields])
        title, body = masked(self.complaint)
        self.initial.setdefault("public_title", title)
        self.initial.setdefault("public_body", body)

    def will_publish(self) -> bool:
        """Nobody reads it yet, and it may be read."""
        case = self.complaint
        if case.secret or case.not_for_id is not None:
            return False
        return not case.is_published

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("hold"):
            # What is held back need not be ready.
            for name in ("public_title", "public_body"):
                self.errors.pop(name, None)
            if not cleaned.get("hold_reason", "").strip():
                self.add_error("hold_reason", _("Tulis mengapa belum diterbitkan"))
        return cleaned

    def publication(self) -> dict[str, Any]:
        """`public` and `hold` for the verb."""
        if not self.publishes:
            return {"public": None, "hold": ""}
        if self.cleaned_data.get("hold"):
            return {"public": None, "hold": self.cleaned_data["hold_reason"]}
        return {
            "public": PublicText(self.cleaned_data["public_title"], self.cleaned_data["public_body"]),
            "hold": "",
        }


def masked(complaint: Complaint) -> tuple[str, str]:
    """Title and story as the public would read them; nothing of a case the public will never read."""
    if complaint.secret or complaint.not_for_id is not None:
        return "", ""
    hide = privacy.names_to_hide(complaint)
    return publishing.preview(complaint, complaint.title, complaint.body, hide=hide)


def proposes(complaint: Complaint, by: Actor) -> bool:
    """What this officer answers waits for the head's approval."""
    return complaint.handler.approves_answers and by.role == Role.LIAISON
