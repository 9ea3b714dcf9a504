"""English is complete: every sentence has one, and what Django reads is what was written."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import gettext, override

from tests import catalogue

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{\w+\}")


def test_every_sentence_is_translated() -> None:
    known = {(_key(m.id), m.context) for m in catalogue.translated() if m.id}
    said = {(_key(m.id), m.context) for m in catalogue.extracted() if m.id}
    assert said - known == set(), "new sentences: python -m tests.catalogue, then translate"
    assert known - said == set(), "nobody says these any more: python -m tests.catalogue"
    assert catalogue.untranslated(catalogue.translated()) == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = []
    for message in catalogue.translated():
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[-1]
        english = [message.string] if isinstance(message.string, str) else list(message.string or ())
        if set(PLACEHOLDER.findall(source)) != set(PLACEHOLDER.findall(english[-1])):
            wrong.append(source)
    assert wrong == []


def test_what_django_reads_is_compiled_from_it() -> None:
    assert catalogue.PO.with_suffix(".mo").read_bytes() == catalogue.compiled(catalogue.translated())


@pytest.mark.parametrize(("language", "said"), [("id", "Belum terverifikasi"), ("en", "Not verified yet")])
def test_the_portal_speaks_both(language: str, said: str) -> None:
    with override(language):
        assert gettext("Belum terverifikasi") == said


def _key(message: object) -> str:
    return message if isinstance(message, str) else str(message[0])  # type: ignore[index]
