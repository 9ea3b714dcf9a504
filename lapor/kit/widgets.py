"""Inputs of the look that Django does not have; templates/forms/lapor/field.html draws them.

Radios       a choice of one
RadioCards   a choice with a grey consequence under each sentence
RadioInline  short choices on one line
Rating       1 to 5
LongSelect   a select of hundreds, drawn fast
Story        a textarea that says how many letters are left
DayField     a date as Hari ini, Kemarin or three number boxes (native date inputs follow the browser's language)
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

TODAY, YESTERDAY, OTHER = "today", "yesterday", "other"


class Radios(forms.RadioSelect):
    """Without `required`: on a page nobody has touched yet a browser would tell screen readers that each is invalid.

    What may stay empty says so at its label; the field checks.
    """

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class RadioCards(Radios):
    kind = "cards"

    def __init__(self, attrs: dict[str, Any] | None = None, hints: Mapping[str, Any] | None = None) -> None:
        """`hints` maps a choice's value to the sentence that says what follows from it."""
        super().__init__(attrs)
        self.hints = dict(hints or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.hints.get(str(value), "")
        return option


class RadioInline(Radios):
    kind = "inline"


class Rating(Radios):
    kind = "rate"


class LongSelect(forms.Select):
    """A select drawn in one go: Django renders a template an option, which for hundreds of them takes longer than the
    whole page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        rows = [
            format_html('<optgroup label="{}">{}</optgroup>', label, self._options(inside, chosen))
            if isinstance(inside, list | tuple)
            else self._options([(label, inside)], chosen)
            for label, inside in self.choices
        ]
        flat = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", flat, SafeString("".join(rows)))

    def _options(self, choices: Iterable[Any], chosen: set[str]) -> SafeString:
        return format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((value, SafeString(" selected") if str(value) in chosen else "", label) for value, label in choices),
        )


class Story(forms.Textarea):
    """No maxlength: a browser would cut what was pasted without a word. The field checks, the counter warns."""

    def __init__(self, attrs: dict[str, Any] | None = None, limit: int = 0) -> None:
        super().__init__({"rows": 6, **(attrs or {})})
        self.limit = limit


class DayWidget(forms.MultiWidget):
    """Radio of three and three boxes; `quick=False` leaves the radio out (a date far back)."""

    template_name = "lapor/day.html"
    kind = "pick"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, quick: bool = True) -> None:
        self.quick = quick
        number = {"inputmode": "numeric", "autocomplete": "off"}
        choices = [(TODAY, _("Hari ini")), (YESTERDAY, _("Kemarin")), (OTHER, _("Tanggal lain"))]
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            "pick": Radios(choices=choices) if quick else forms.HiddenInput(),
            "day": forms.TextInput({**number, "maxlength": 2}),
            "month": forms.TextInput({**number, "maxlength": 2}),
            "year": forms.TextInput({**number, "maxlength": 4}),
        }
        super().__init__(widgets, attrs)

    def first_input_id(self, base: str) -> str:
        return f"{base}_0_0" if self.quick else f"{base}_1"

    def decompress(self, value: date | None) -> list[Any]:
        return [OTHER, value.day, value.month, value.year] if value else [None, None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        pick, *boxes = context["widget"]["subwidgets"]
        described = (attrs or {}).get("aria-describedby", "")
        for box in boxes:
            box["attrs"].pop("required", None)
            if described:
                box["attrs"]["aria-describedby"] = described
        context["widget"].update(pick=pick if self.quick else None, boxes=boxes)
        return context


class DayField(forms.MultiValueField):
    """Cleans to a date, or None when it may be empty.

    `today` says what today is at the place (a date or a function). Errors: required, incomplete, invalid (no such
    day), future (only with `past_only`).
    """

    default_error_messages = {
        "required": _("Pilih tanggal kejadian. Perkiraan boleh"),
        "incomplete": _("Lengkapi tanggal, bulan, dan tahun"),
        "invalid": _("Tanggal ini tidak ada di kalender. Periksa tanggal dan bulannya"),
        "future": _("Tanggal ini belum terjadi. Periksa bulan dan tahunnya"),
    }

    def __init__(
        self, *, today: date | Callable[[], date], past_only: bool = True, quick: bool = True, **kwargs: Any
    ) -> None:
        self._today, self.past_only = today, past_only
        fields = [forms.CharField(required=False) for _name in ("pick", "day", "month", "year")]
        kwargs.setdefault("widget", DayWidget(quick=quick))
        super().__init__(fields, require_all_fields=False, **kwargs)

    def today(self) -> date:
        return self._today() if callable(self._today) else self._today

    def clean(self, value: Any) -> date | None:
        pick, *boxes = [(part or "").strip() for part in ((value or [])[:4] + [""] * 4)[:4]]
        if pick == TODAY:
            return self.today()
        if pick == YESTERDAY:
            return self.today() - timedelta(days=1)
        if not any(boxes):
            if self.required or pick == OTHER:
                self._refuse("incomplete" if pick == OTHER else "required")
            return None
        if not all(boxes):
            self._refuse("incomplete")
        try:
            day, month, year = (int(box) for box in boxes)
            found = date(year, month, day)
        except (ValueError, OverflowError):
            self._refuse("invalid")
        if self.past_only and found > self.today():
            self._refuse("future")
        return found

    def _refuse(self, code: str) -> Any:
        raise forms.ValidationError(self.error_messages[code], code=code)
