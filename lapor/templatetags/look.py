"""The look's tags and filters, known to every template (settings: builtins).

Filters
    {{ n|number }} {{ n|number:1 }}          1.240 · 2,4 (argument: decimals)
    {{ d|long_day:zone }}                    Kamis, 4 Juni 2026
    {{ d|plain_day:zone }}                   4 Juni 2026
    {{ d|week_day:zone }}                    Kamis, 4 Juni
    {{ d|short_day:zone }}                   4 Juni
    {{ at|hour:zone }}                       08.12 WIB
    {{ at|moment:zone }}                     Senin, 25 Mei 2026, 08.12 WIB
    {{ at|short_moment:zone }}               25 Mei, 08.12 WIB
    {{ bytes|file_size }}                    340 KB
    {{ value|percent_of:whole }}             0…100, one decimal, with a point: for SVG attributes
`zone` is the zone of the place (name or tzinfo); without it Jakarta. Dates need none.

Tags
    {% styles "form" "case" %}               inlines those parts of static/css with the page's CSP nonce
    {% stylesheet "core" "form" "desk" %}    links them as one cached file (officers' pages)
    {% current "/laporan/" %}                 aria-current="page" where the page lies under that path
    {% current url nav %}                    the same, but only for the nearest of the links in `nav`
    {% at "/lapor/" %}                       that address, behind the door one came by
    {% shades %}                             the colours of a district's own site
    {% turn "you" "Giliran Anda" late %}…{% endturn %}    the turn panel; you, office or late
    {% map_files %}                          what js/map.js fetches once a map is opened, as attributes
    {% fold "Mengapa 4 Juni?" %}…{% endfold %}            a line that opens
    {% help %}                               what this page is for, told to the officer who is on it (routing.guide)
"""

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect
from django.template import Context
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from lapor import stylesheets
from lapor.kit import wording

register = template.Library()

Zone = str | tzinfo | None


@register.filter
def number(value: float | Decimal | str | None, decimals: int | None = None) -> str:
    return wording.number(value, decimals)


@register.filter
def long_day(value: date | datetime | None, zone: Zone = None) -> str:
    return wording.long_day(value, zone)


@register.filter
def plain_day(value: date | datetime | None, zone: Zone = None) -> str:
    return wording.plain_day(value, zone)


@register.filter
def week_day(value: date | datetime | None, zone: Zone = None) -> str:
    return wording.week_day(value, zone)


@register.filter
def short_day(value: date | datetime | None, zone: Zone = None) -> str:
    return wording.short_day(value, zone)


@register.filter
def hour(at: datetime | None, zone: Zone = None) -> str:
    return wording.hour(at, zone)


@register.filter
def moment(at: datetime | None, zone: Zone = None) -> str:
    return wording.moment(at, zone)


@register.filter
def short_moment(at: datetime | None, zone: Zone = None) -> str:
    return wording.short_moment(at, zone)


@register.filter
def file_size(size: int | None) -> str:
    return wording.file_size(size)


@register.filter
def percent_of(value: Any, whole: Any) -> str:
    """Share of `whole` in hundredths for an SVG attribute; 0 when either is missing, never above 100."""
    try:
        share = Decimal(str(value)) / Decimal(str(whole)) * 100
    except (InvalidOperation, ZeroDivisionError):
        return "0"
    return f"{max(Decimal(0), min(share, Decimal(100))):.1f}"


@register.filter
def first_input(field: BoundField) -> str:
    """The id an error link lands on: the first radio or checkbox of a group, of an empty one what is wrong; the first
    box of several."""
    widget, base = field.field.widget, field.auto_id
    if hasattr(widget, "first_input_id"):
        return str(widget.first_input_id(base))
    if isinstance(widget, RadioSelect):
        return f"{base}_0" if list(widget.choices) else f"{base}_error"
    return str(widget.id_for_label(base) or f"{base}_0")


@register.filter
def field_kind(field: BoundField) -> str:
    """How the pack draws it: a widget's own `kind` (cards, inline, rate, pick), tick, file, choices, plain."""
    widget = field.field.widget
    if own := getattr(widget, "kind", ""):
        return str(own)
    if isinstance(widget, CheckboxInput):
        return "tick"
    if isinstance(widget, FileInput):
        return "file"
    return "choices" if isinstance(widget, RadioSelect | CheckboxSelectMultiple) else "plain"


@register.filter
def text_limit(field: BoundField) -> int:
    """Letters the counter counts down from; 0: no counter."""
    return int(getattr(field.field.widget, "limit", 0))


@register.filter
def error_count(form: BaseForm) -> int:
    """How many sentences the summary lists."""
    return sum(len(errors) for errors in form.errors.values())


@register.simple_tag
def map_files() -> SafeString:
    """Where Leaflet, its look and, by LAPOR_PETA_UBIN, somebody's tiles lie."""
    look = " ".join(static(f"peta/{name}.css") for name in ("leaflet", "peta"))
    files = format_html(' data-leaflet="{}" data-look="{}"', static("peta/leaflet.js"), look)
    if not settings.PETA_UBIN:
        return files
    if settings.PETA_ARSIP:
        files += format_html(' data-archive="{}"', static("peta/pmtiles.js"))
    return files + format_html(' data-tiles="{}" data-credit="{}"', settings.PETA_UBIN, settings.PETA_SUMBER)


@register.simple_tag(takes_context=True)
def styles(context: Context, *parts: str) -> SafeString:
    """One style element with the named parts of static/css; the nonce is what the strict CSP asks for.

    A page made without a request (500, 503) has no nonce and links them instead.
    """
    nonce = str(getattr(context.get("request"), "csp_nonce", ""))  # lazy, and false until somebody reads it
    if not nonce:
        return stylesheet(*parts)
    return format_html('<style nonce="{}">{}</style>', nonce, mark_safe(stylesheets.text(*parts)))


@register.simple_tag
def stylesheet(*parts: str) -> SafeString:
    """One link to the named parts together, cached for a year under a name that changes with them."""
    names = "-".join(parts)
    href = reverse("stylesheet", kwargs={"parts": names, "version": stylesheets.version(*parts)})
    return format_html('<link rel="stylesheet" href="{}">', href)


@register.simple_tag(takes_context=True)
def current(context: Context, path: str, nav: Iterable[tuple[str, str, object]] = ()) -> SafeString:
    """Marks the link of the section we are in; the home page only matches itself. Of a `nav` whose sections lie in
    each other (/meja/ and /meja/aturan/) only the nearest is marked."""
    here = getattr(context.get("request"), "path_info", "")
    inside = here == path if path == "/" else here.startswith(path)
    if any(len(url) > len(path) and here.startswith(url) for _label, url, _count in nav or ()):
        inside = False
    return mark_safe(' aria-current="page"') if inside else SafeString("")


@register.simple_tag
def at(path: str) -> str:
    """An address as it stands behind the door one came by: "/lapor/", on a district's site "/d/inhu/lapor/"."""
    return f"{get_script_prefix().rstrip('/')}{path}"


@register.simple_tag(takes_context=True)
def shades(context: Context) -> SafeString:
    """The colours of the district whose site this is; nothing on the national portal and without a page's nonce."""
    request = context.get("request")
    site, nonce = getattr(request, "subsite", None), str(getattr(request, "csp_nonce", ""))
    if site is None or not nonce:
        return SafeString("")
    told = ";".join(f"{name}:{colour}" for name, colour in site.shades.items())
    return format_html('<style nonce="{}">:root{{{}}}</style>', nonce, mark_safe(told))


@register.simple_block_tag
def turn(content: str, whose: str, head: str, late: str = "") -> SafeString:
    """The panel that says whose turn it is: `you` turmeric, `office` teal, `late` red with the days in `late`."""
    lateness = format_html("<span>{}</span>", late) if late else ""
    return format_html(
        '<section class="turn turn-{}" aria-label="{}"><div class="head"><span>{}</span>{}</div>'
        '<div class="in">{}</div></section>',
        whose,
        head,
        head,
        lateness,
        content,
    )


@register.simple_block_tag
def fold(content: str, label: str, name: str = "", shown: object = False) -> SafeString:
    """Native details: opens without script; the same `name` keeps only one of several open. `shown`: open already."""
    grouped = format_html(' name="{}"', name) if name else ""
    return format_html(
        '<details class="fold"{}{}><summary>{}</summary><div>{}</div></details>',
        grouped,
        " open" if shown else "",
        label,
        content,
    )


@register.simple_tag(takes_context=True, name="help")
def page_help(context: Context, code: str = "") -> SafeString:
    """Help in place: one quiet line that opens, and leads to the guide of the officer's role. Nothing for citizens.
    A page that has another face for other offices names its own topic by `code`."""
    from routing.guide import topics  # by the first officer's page alone: not every process shows one

    request = context.get("request")
    acting, match = getattr(request, "acting", None), getattr(request, "resolver_match", None)
    if acting is None or match is None:
        return SafeString("")
    topic = topics.BY_CODE[code] if code else topics.topic_of(match.view_name, acting.role)
    if topic is None:
        return SafeString("")
    lines = format_html_join("", "<dt>{}</dt><dd>{}</dd>", topics.lines_of(topic))
    guide = f"{reverse('routing:guide', args=[topics.guide_for(topic, acting.role)])}#{topic.code}"
    return format_html(
        '<details class="fold help noprint"><summary>{}</summary><div><dl>{}</dl><p><a href="{}">{}</a></p></div>'
        "</details>",
        gettext("Bantuan halaman ini"),
        lines,
        guide,
        gettext("Buka panduan lengkap"),
    )
