"""Help in place and the guides: every officer's page has some, and the guides say the same."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message
from django.test import Client
from django.urls import reverse

from agencies.models import Role
from lapor.embedded.state import ROOT
from routing.guide import topics
from routing.guide.guides import GUIDES
from tests import catalogue
from tests.lapor.markup import Page
from tests.permissions import rules
from tests.world import World, client_of

# Those of officers that are no pages of their own: files, fragments, and buttons that lead back to where they stand.
NO_PAGE = {
    "agencies:decree_file",
    "complaints:outreach_file",
    "complaints:poster_file",
    "routing:beside",
    "routing:disclosure_file",
    "routing:evaluating_pack",
    "routing:evaluation_file",
    "routing:evaluation_pack",
    "routing:measure_file",
    "routing:referral_file",
    "routing:sample_proof",
}
OF_OTHERS = (
    "open", "filing by machines", "by key", "machines", "hooks", "by draft key", "by browser", "by token", "by code",
    "files", "trial", "case", "public case", "reporter", "discloser",
)  # fmt: skip
SENTENCE = re.compile(r"[.?!:](?:\s|$)")


def of_officers() -> set[str]:
    """Every url that has a rule and is not the public's, a machine's or a reporter's."""
    return {name for group, names in rules.CLASSES.items() if group not in OF_OTHERS for name in names} - {
        "complaints:mine"
    }


def test_every_page_of_officers_has_help_for_every_role() -> None:
    without = {
        name for name in of_officers() - NO_PAGE if any(topics.topic_of(name, role) is None for role in Role.values)
    }
    assert without == set(), "say in routing/guide what these pages are for"
    assert set(topics.BY_URL) - of_officers() == set(), "help for pages that are not there"


def test_help_is_a_few_plain_sentences_and_stands_in_a_guide() -> None:
    assert len(topics.BY_CODE) == len(topics.TOPICS)
    known = {guide.code for guide in GUIDES}
    for topic in topics.TOPICS:
        told = [topic.purpose, topic.first, topic.then, topic.clock]
        count = sum(len(SENTENCE.findall(said)) for said in told)
        assert 3 <= count <= 8, f"{topic.code}: {count}"
        assert all(said.endswith((".", "?")) for said in told if said), topic.code
        assert topic.guides, topic.code
        assert set(topic.guides) <= known, topic.code
        assert not re.search(r"\bSLA\b|\btiket\b", " ".join(told)), topic.code


NAMED = re.compile(r"“([^”]+)”")
TEACHING = ("routing/guide/", "lapor/training/lessons/")
# Said by the lock screen of a phone, and by a citizen.
NO_LABEL = {"Ada kabar", "dinas jalan"}


def test_what_guides_and_lessons_name_stands_on_the_pages_in_both_languages() -> None:
    kept = catalogue.translated()
    said: dict[str, str] = {}
    told: list[Message] = []
    for row in kept:
        files = [file for file, _line in row.locations]
        if any(not file.startswith(TEACHING) for file in files):
            said |= dict.fromkeys([row.id] if isinstance(row.id, str) else row.id, str(row.string))
        if any(file.startswith(TEACHING) for file in files) and not NO_LABEL & set(NAMED.findall(str(row.id))):
            told.append(row)
    assert len(told) > 500
    for row in told:
        labels = NAMED.findall(str(row.id))
        assert set(labels) <= set(said), f"{row.id}: no page says {set(labels) - set(said)}"
        english = [said[label] for label in labels]
        assert NAMED.findall(str(row.string)) == english, f"{row.string}: the pages say {english}"


def test_no_page_of_officers_hides_its_help() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        if '{% extends "base_desk.html" %}' not in text:
            continue
        named = re.findall(r"{% block help %}(?:{% help \"([a-z-]+)\" %})?{% endblock %}", text)
        assert text.count("block help") == len(named), path
        assert set(named) <= set(topics.BY_CODE), path
        assert "block layout" not in text or "block.super" in text, path


@pytest.mark.django_db
def test_it_is_closed_needs_no_script_and_leads_to_the_guide_of_the_role(world: World) -> None:
    for actor, guide, code in ((world.joko, "opd", "desk"), (world.wati, "kominfo", "desk-verify")):
        page = client_of(actor).get("/meja/").content.decode()
        assert page.count('<details class="fold help noprint"><summary>Bantuan halaman ini</summary>') == 1
        assert f'href="/panduan/{guide}/#{code}"' in page
    assert "Bantuan halaman ini" not in client_of(world.sari).get("/akun/").content.decode()
    assert "Bantuan halaman ini" in client_of(world.joko).get("/akun/").content.decode()


@pytest.mark.django_db
def test_the_guides_can_be_read_by_everybody_and_say_what_the_pages_say(client: Client, world: World) -> None:
    listed = client.get(reverse("routing:guides")).content.decode()
    for guide in GUIDES:
        assert f'href="/panduan/{guide.code}/"' in listed
        page = Page(client.get(f"/panduan/{guide.code}/").content.decode())
        ids = {element.attributes.get("id") for element in page.elements}
        assert {topic.code for topic in guide.pages()} <= ids
        assert {f"langkah-{n + 1}" for n in range(len(guide.chapters))} <= ids
    assert client.get("/panduan/tidak-ada/").status_code == 404
