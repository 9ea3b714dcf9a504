"""The installed app: what its manifests say, which files its worker keeps, and when they have changed.

The worker is the hand-written static/js/sw.js with a few constants above it. Its version changes with every byte it
would keep, so a browser that asks again gets either the very same program or the whole new set.
"""

from __future__ import annotations

import hashlib
import json
import time
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies.models import Level, Region
from complaints import emergency
from complaints.forms import CheckForm, OfflinePlaceForm, QuestionsForm, StoryForm
from complaints.models import Category, CategoryQuestion
from lapor import stylesheets

SCRIPTS: Final = Path(settings.BASE_DIR) / "static" / "js"
STYLES: Final = ("core", "form", "submit", "ticket", "app")
# Pages of ours that open without a connection, by url name, and their template.
PAGES: Final = {
    "offline": "pages/offline.html",
    "offline-draft": "pages/offline_draft.html",
    "offline-desk": "pages/offline_desk.html",
    "offline-held": "pages/offline_held.html",
}
KEPT_SCRIPTS: Final = ("submit", "app", "drafts", "offline", "draft", "held", "counter", "place")
KEPT_ICONS: Final = ("mark.svg", "app-192.png", "alone-96.png")
# Of a field's sentences those that need no server: it is empty, it is too long.
SAID_HERE: Final = frozenset({"required", "max_length"})
PAPER, TEAL = "#fcfbf7", "#0b5a61"
# Seconds a process trusts what it counted last: lists of categories and places change a few times a year.
_TRUSTED = 300
_versions: dict[str, tuple[float, str]] = {}


# --- Manifests ---


def manifest() -> dict[str, Any]:
    """The citizens' app (https://www.w3.org/TR/appmanifest/)."""
    return {
        **_common(),
        "id": "/",
        "name": "LAPOR!",
        "short_name": "Lapor",
        "description": _("Laporkan masalah layanan pemerintah, juga tanpa sinyal, dan ikuti sampai dijawab."),
        "start_url": "/",
        "screenshots": [
            _screen("sempit-beranda", "720x1440", "narrow", _("Halaman depan")),
            _screen("sempit-lapor", "720x1440", "narrow", _("Melapor: lokasi")),
            _screen("lebar-beranda", "1280x800", "wide", _("Halaman depan")),
            _screen("lebar-laporan", "1280x800", "wide", _("Laporan warga")),
        ],
        "shortcuts": [
            _shortcut(_("Lapor"), "/lapor/"),
            _shortcut(_("Lacak"), "/lacak/"),
            _shortcut(_("Laporan saya"), "/laporan-saya/"),
            _shortcut(_("Draf di HP ini"), reverse("offline")),
        ],
        "share_target": {
            "action": reverse("share"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {
                "title": "title",
                "text": "text",
                "url": "url",
                "files": [{"name": "photo", "accept": ["image/*", ".jpg", ".jpeg", ".png", ".webp"]}],
            },
        },
    }


def desk_manifest() -> dict[str, Any]:
    """The officers' app: the same site, another door on the home screen."""
    return {
        **_common(),
        "id": "/meja/",
        "name": _("LAPOR! Meja petugas"),
        "short_name": _("Meja"),
        "description": _("Antrean laporan kantor Anda, jawaban, dan kabar laporan baru."),
        "start_url": "/meja/",
        "shortcuts": [_shortcut(_("Meja"), "/meja/"), _shortcut(_("Akun dan kabar"), "/akun/")],
    }


def _common() -> dict[str, Any]:
    return {
        "lang": get_language() or settings.LANGUAGE_CODE,
        "dir": "ltr",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": TEAL,
        "categories": ["government", "utilities"],
        "icons": [
            *(_icon(f"app-{size}.png", size, "any") for size in (192, 512)),
            *(_icon(f"maskable-{size}.png", size, "maskable") for size in (192, 512)),
        ],
    }


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    return {"src": static(f"icons/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _screen(name: str, sizes: str, form_factor: str, label: str) -> dict[str, str]:
    src = static(f"layar/{name}.png")
    return {"src": src, "sizes": sizes, "type": "image/png", "form_factor": form_factor, "label": label}


def _shortcut(name: str, url: str) -> dict[str, Any]:
    return {"name": name, "url": url, "icons": [_icon("app-192.png", 192, "any")]}


# --- The pages that open without a connection ---


def page(name: str, request: HttpRequest | None = None) -> str:
    """One of PAGES as text, in the active language: the same for everybody, signed in or not."""
    given: dict[str, Any] = {"user": AnonymousUser()}
    if name == "offline-draft":
        given |= _draft_form()
    return render_to_string(PAGES[name], given)


def _draft_form() -> dict[str, Any]:
    """The fields of the three steps on one page, unfilled, with what must be said of them without a server."""
    place, story, check = OfflinePlaceForm(), StoryForm(), CheckForm()
    near = Region.objects.current().filter(level__in=(Level.KABUPATEN, Level.KOTA))
    told: dict[str, dict[str, Any]] = {}
    for form in (place, story, check):
        for field_name, field in form.fields.items():
            sentences = {code: str(said) for code, said in field.error_messages.items() if code in SAID_HERE}
            told[field_name] = sentences | {"limit": getattr(field, "max_length", None)}
    asked = _asked(told)
    told["email"]["required"] = _("Tulis alamat email, atau pilih simpan sendiri nomor dan kuncinya")
    told["office_text"]["required"] = _("Tulis nama kantornya, supaya laporan ini tidak dibaca di sana")
    return {
        "place": place,
        "story": story,
        "check": check,
        "asked": asked,
        "services": [(service.value, service.number, service.shown) for service in emergency.Service],
        "danger": json.dumps(emergency.patterns(), ensure_ascii=False),
        "regencies": near.order_by("name").values_list("name", flat=True),
        "told": json.dumps(told, ensure_ascii=False),
    }


def _asked(told: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """What each category asks beside, so that a draft without a connection is asked like any other. One statement."""
    questions = list(
        CategoryQuestion.objects.current()
        .select_related("category")
        .filter(category__in=Category.objects.on(timezone.localdate()))
    )
    form = QuestionsForm(questions)
    for one in questions:
        if one.required:
            told[f"q{one.pk}"] = {"asked": _("“%(question)s” perlu dijawab") % {"question": one.description}}
    return [
        {
            "pk": category.pk,
            "about": category.name,
            "ids": ",".join(str(one.pk) for one in group),
            "fields": [form[f"q{one.pk}"] for one in group],
        }
        for category, among in groupby(questions, key=lambda one: one.category)
        for group in [list(among)]
    ]


# --- The worker ---


def files() -> list[str]:
    """Addresses of what the worker keeps beside the pages; collected ones carry a hash of their content."""
    return [
        reverse("stylesheet", kwargs={"parts": "-".join(STYLES), "version": stylesheets.version(*STYLES)}),
        *(static(f"js/{name}.js") for name in KEPT_SCRIPTS),
        *(static(f"icons/{name}") for name in KEPT_ICONS),
    ]


def version() -> str:
    """Twelve hexadecimal digits that change with anything the worker is or keeps, in the active language."""
    language = get_language() or settings.LANGUAGE_CODE
    counted_at, known = _versions.get(language, (0.0, ""))
    if not known or time.monotonic() - counted_at > _TRUSTED or settings.DEBUG:
        whole = hashlib.sha256(language.encode())
        for name in PAGES:
            whole.update(page(name).encode())
        for script in ("sw", *KEPT_SCRIPTS):
            whole.update((SCRIPTS / f"{script}.js").read_bytes())
        whole.update("".join(files()).encode())
        known = whole.hexdigest()[:12]
        _versions[language] = (time.monotonic(), known)
    return known


def worker() -> str:
    """The worker's program: constants, then static/js/sw.js. In the language of whoever asks."""
    language = get_language() or settings.LANGUAGE_CODE
    constants = {
        "VERSION": version(),
        "LANGUAGE": language,
        "FILES": files(),
        "PAGES": {reverse(name): f"{reverse(name)}?bahasa={language}" for name in PAGES},
        "DRAFTS": static("js/drafts.js"),
        "SHARE": reverse("share"),
        "NEWS": _("Ada kabar. Ketuk untuk membacanya."),
        "CALL": reverse("complaints:call", args=["-"]).removesuffix("-/"),
        "ADDRESS": reverse("complaints:device-address"),
        "ICONS": [static("icons/app-192.png"), static("icons/alone-96.png")],
    }
    lines = [f"const {name} = {json.dumps(value)};" for name, value in constants.items()]
    return "\n".join([*lines, (SCRIPTS / "sw.js").read_text(encoding="utf-8")])
