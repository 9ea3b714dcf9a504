"""The English catalogue, kept by pure Python: no gettext tools are needed on any machine.

    python -m tests.catalogue        take up new sentences, drop what nobody says any more, compile

Indonesian is the source; `lapor/locale/en/LC_MESSAGES/django.po` is the translation, `django.mo` what Django reads.
"""

from __future__ import annotations

import datetime
import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "lapor/locale/en/LC_MESSAGES/django.po"
APPS = ("agencies", "complaints", "routing", "lapor")
# Django's own keyword names; "1c,2" is context first, then the sentence.
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def empty() -> Catalog:
    """A catalogue with a header of ours; the date is fixed so that only sentences make a difference."""
    return Catalog(
        locale="en",
        domain="django",
        project="lapor",
        version="1",
        header_comment="# English, translated from the Indonesian source.",
        creation_date=datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC),
        revision_date=datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC),
        last_translator="lapor",
        language_team="lapor",
        msgid_bugs_address="lapor",
        fuzzy=False,
    )


def extracted() -> Catalog:
    """Every sentence the code and the templates say, and the API's schema, without translations."""
    from complaints.channels.api.views.about import sentences

    found = empty()
    for path in sorted(_sources()):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            text = templatize(text, origin=str(path))
        rows = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)  # type: ignore[arg-type]
        for _line, message, _comments, context in rows:
            if message:
                found.add(message, context=context, locations=[(str(path.relative_to(ROOT)), 0)])
    for sentence in sorted(sentences()):
        found.add(sentence, locations=[("complaints/channels/api/schema.py", 0)])
    return found


def translated() -> Catalog:
    """The catalogue as it is on disk; empty where there is none yet."""
    if not PO.exists():
        return empty()
    with PO.open("rb") as file:
        return read_po(file, locale="en", domain="django")


def compiled(catalogue: Catalog) -> bytes:
    """What django.mo holds for this catalogue."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def update() -> tuple[int, int]:
    """Bring the catalogue up to the sources, without guessing. Returns (sentences, untranslated)."""
    old, new = translated(), extracted()
    merged = empty()
    for message in new:
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple | list) else message.id
        before = old.get(key, context=message.context)
        if before is not None and isinstance(before.string, str) != isinstance(message.id, str):
            # It has become a pair of singular and plural, or is one no more.
            before = None
        # Only the file: line numbers would move with every edit.
        merged.add(
            message.id,
            string=before.string if before else "",
            context=message.context,
            locations=sorted(set(message.locations)),
        )
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, merged, sort_output=True, omit_header=False, width=110, include_lineno=False)
    PO.with_suffix(".mo").write_bytes(compiled(translated()))
    return len(merged), len(untranslated(merged))


def untranslated(catalogue: Catalog) -> list[str]:
    """Sentences without English, or marked fuzzy."""
    return [
        str(message.id) for message in catalogue if message.id and (message.fuzzy or not all(_strings(message.string)))
    ]


def _strings(string: object) -> list[str]:
    return [str(part) for part in string] if isinstance(string, tuple | list) else [str(string or "")]


def _sources() -> list[Path]:
    python = [p for app in APPS for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts]
    templates = [p for p in (ROOT / "templates").rglob("*") if p.suffix in (".html", ".txt")]
    return [*python, *templates]


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapor.settings")
    django.setup()
    total, missing = update()
    print(f"{total} kalimat, {missing} belum diterjemahkan")
