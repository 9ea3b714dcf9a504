"""Every url, act, role and scope: nobody gets more than case.md section 6 gives them."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from itertools import cycle

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from agencies.actor import Actor
from agencies.models import Agency, Role
from agencies.permissions import TABLE as RIGHTS
from agencies.permissions import Capability, Scope, membership_may
from complaints.models import Attachment, Complaint, Event
from complaints.transitions import TABLE
from routing.models import Rule
from tests.permissions import cast, rules
from tests.permissions.cast import FULL, NOTHING, Viewer
from tests.permissions.conftest import Some, in_turn
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


# What an office may that was asked to help; of all else the case is not there.
HELPS = ("routing:contribute", "routing:decline")


def browser(viewer: Viewer) -> Client:
    return Client() if viewer.who is None else client_of(viewer.who)


def is_officer(viewer: Viewer) -> bool:
    return isinstance(viewer.who, Actor)


def test_every_url_has_exactly_one_rule() -> None:
    ours = [name for name in rules.every_url() if not rules.library(name)]
    ruled = [name for names in rules.CLASSES.values() for name in names]
    assert sorted(ruled) == sorted(set(ruled)), "two rules for one url"
    assert set(ours) - set(ruled) == set(), "urls without a rule: say in tests/permissions/rules.py who may open them"
    assert set(ruled) - set(ours) == set(), "rules without a url"


def test_every_act_of_the_table_that_an_officer_has_is_an_act_of_the_desk_or_named_here() -> None:
    of_others = {
        row.verb for row in TABLE.values() if {who.name for who in row.who} <= {"REPORTER", "SYSTEM", "WORKER"}
    }
    elsewhere = {"propose", "nudge", "regroup"}  # an answer that waits; the coordinator's page; the system
    elsewhere |= {"examine", "recommend", "heed", "weigh"}  # the Ombudsman's pages and the page of recommendations
    missing = set(TABLE) - of_others - elsewhere - {name.partition(":")[2] for name in rules.CASE_ACTS}
    assert missing == set()


def test_nobody_reads_more_of_a_case_than_the_table_gives(
    world: World, some: Some, made: dict[str, Complaint], viewers: dict[str, cast.Viewer]
) -> None:
    tried = 0
    for role, viewer in viewers.items():
        client = browser(viewer)
        for flavour, case in some(made.items(), role, of=2):
            answer = client.get(reverse("routing:case", args=[case.number]))
            page = answer.content.decode()
            told = f"{role} × {flavour}"
            expected = cast.text_of(role, viewer, flavour)
            if not is_officer(viewer):
                assert answer.status_code in (302, 403), told
            elif expected == NOTHING:
                assert answer.status_code == 404, told
            else:
                assert answer.status_code == 200, told
            assert (cast.STORY in page) == (expected in (FULL, cast.MASKED)), told
            assert cast.EMAIL not in page, f"{told}: a contact is shown only when asked for"
            if flavour == "anonymous":
                assert cast.NAME not in page, told
            tried += 1
    assert tried >= 19 * 2


@pytest.mark.slow
def test_nobody_opens_an_act_the_table_does_not_give(
    world: World, made: dict[str, Complaint], viewers: dict[str, cast.Viewer]
) -> None:
    """Every act as every viewer who reads anything of such cases, every act on every kind of case, every viewer on
    every kind of case: of all three together a fifth, in turn. To the others none of the cases is there: of them a
    third, in turn, for each act (the next test sends each act as each of them)."""
    flavours, tried, strange = list(made.items()), 0, strangers(viewers)
    for r, (role, viewer) in enumerate(viewers.items()):
        client = browser(viewer)
        for a, name in enumerate(sorted(rules.CASE_ACTS)):
            if role in strange and (r + a) % 3:
                continue
            flavour, case = flavours[(r + 2 * a) % len(flavours)]
            expected = cast.text_of(role, viewer, flavour)
            answer = client.get(reverse(name, args=[case.number]))
            told = f"{role} × {flavour} × {name}: {answer.status_code}"
            if not is_officer(viewer):
                assert answer.status_code in (302, 403), told
            elif expected == NOTHING or (role == cast.HELPER and name not in HELPS):
                assert answer.status_code == 404, told
            else:
                assert answer.status_code in (200, 302, 403, 409), told
            if expected == NOTHING:
                assert cast.STORY not in answer.content.decode(), told
            tried += 1
    assert tried >= (19 - len(strange)) * len(rules.CASE_ACTS) + len(strange) * len(rules.CASE_ACTS) // 4


def strangers(viewers: dict[str, cast.Viewer]) -> dict[str, cast.Viewer]:
    """Who reads nothing of any kind of case."""
    found = {
        role: viewer
        for role, viewer in viewers.items()
        if all(cast.text_of(role, viewer, flavour) == NOTHING for flavour in cast.FLAVOURS)
    }
    assert len(found) >= 7
    return found


def test_a_post_from_a_stranger_changes_nothing(
    world: World, some: Some, made: dict[str, Complaint], viewers: dict[str, cast.Viewer]
) -> None:
    before = Event.objects.count()
    # Every stranger tries every url, on the next case in turn.
    flavours = cycle(made.values())
    for role, viewer in strangers(viewers).items():
        client = browser(viewer)
        for name in some(sorted(rules.CASE_ACTS | rules.CASE_FOR_REPORTER), role):
            case = next(flavours)
            data = {"version": case.version, "body": "Saya orang lain.", "reason": "x", "agency": world.root.pk}
            answer = client.post(reverse(name, args=[case.number]), data)
            assert answer.status_code in (302, 403, 404), f"{role} × {name}: {answer.status_code}"
    assert Event.objects.count() == before
    for case in made.values():
        assert Complaint.objects.get(pk=case.pk).version == case.version


def test_a_secret_case_and_a_number_that_never_was_look_alike(
    world: World, made: dict[str, Complaint], viewers: dict[str, cast.Viewer]
) -> None:
    for role, viewer in viewers.items():
        if cast.text_of(role, viewer, "secret") != NOTHING:
            continue
        client = browser(viewer)
        for name in ("routing:case", "complaints:case"):
            real = client.get(reverse(name, args=[made["secret"].number]))
            never = client.get(reverse(name, args=["7K4M9QXD2TB"]))
            assert real.status_code == never.status_code, f"{role} × {name}"
            assert _shape(real.content, made["secret"].number) == _shape(never.content, "7K4M9QXD2TB"), role


def _shape(content: bytes, number: str) -> str:
    """The page without what differs each time: nonces, tokens and the number asked for."""
    text = content.decode().replace(number, "N")
    return re.sub(r'(nonce|value)="[^"]*"', r"\1", text)


@pytest.mark.parametrize(("name", "capability"), sorted(rules.OFFICERS.items()))
def test_pages_of_officers_open_to_those_with_the_right_alone(
    world: World, some: Some, name: str, capability: str, viewers: dict[str, cast.Viewer]
) -> None:
    """Asked are a guest, a citizen, and of each role, with and without a programme, one who may and two who may not,
    not always the same: whether one may hangs on nothing else (agencies.permissions)."""
    opened: Counter[tuple[object, ...]] = Counter()
    for role, viewer in in_turn(some(viewers.items(), name), name):
        if not isinstance(viewer.who, Actor):
            assert browser(viewer).get(reverse(name)).status_code in (302, 403), f"{role} × {name}"
            continue
        assert viewer.who.membership is not None
        membership = viewer.who.membership
        has = RIGHTS[rules.OFFICERS[name]].get(Role(membership.role))
        below = has is Scope.BELOW and not Agency.objects.filter(parent=membership.agency).exists()
        led = name in rules.LEADS_TO_THE_PROGRAMME and membership.programme_id and not membership.agency.parent_id
        wanted = (302 if name in rules.SENDS_ON or led else 200) if has is not None and not below else 403
        alike = (wanted, membership.role, membership.programme_id is None)
        if opened[alike] >= (2 if wanted == 403 else 1):
            continue
        opened[alike] += 1
        answer = browser(viewer).get(reverse(name))
        assert answer.status_code == wanted, f"{role} × {name}: {answer.status_code}"
        assert wanted != 200 or b'<details class="fold help' in answer.content, f"{name}: no help (routing/guide)"


def test_a_forged_token_opens_nothing(world: World, made: dict[str, Complaint]) -> None:
    for name in sorted(rules.BY_TOKEN):
        for token in ("x", "1:abc:def", "7K4M9QXD2TB"):
            answer = Client().get(reverse(name, args=[token]))
            assert cast.STORY not in answer.content.decode()
            assert answer.status_code in (200, 302, 403, 404, 405, 410), f"{name}: {answer.status_code}"


def test_a_file_is_guarded_like_its_case(
    world: World, some: Some, made: dict[str, Complaint], viewers: dict[str, cast.Viewer]
) -> None:
    everybody = viewers
    clients = {role: browser(viewer) for role, viewer in everybody.items()}
    for flavour, case in made.items():
        file = Attachment(
            complaint=case, name="bukti.jpg", size=4, state=Attachment.State.CLEAN, sniffed_type="image/jpeg"
        )
        file.file.save("bukti", ContentFile(b"KNRI"))
        for role, viewer in some(everybody.items(), flavour, of=3):
            answer = clients[role].get(reverse("complaints:media", args=[file.pk]))
            text = cast.text_of(role, viewer, flavour)
            # Who was asked to help sees the files the lead chose, and none was chosen here.
            full = text == FULL
            assert (answer.status_code == 200) == full, f"{role} × {flavour}: {answer.status_code}"
            if not full:
                assert answer.status_code == 404, f"{role} × {flavour}: {answer.status_code}"


def test_a_rule_of_another_node_is_not_found(world: World, some: Some, viewers: dict[str, cast.Viewer]) -> None:
    rule = Rule.objects.create(
        owner=world.pemkab, target=world.dinas_pu, words=["jembatan"], starts_on=datetime.date(2026, 1, 1)
    )
    for role, viewer in viewers.items():
        if viewer.who in (world.wati, world.ratna):
            continue
        client = browser(viewer)
        for name in some(sorted(rules.RULES_OF_A_NODE), role):
            answer = client.post(reverse(name, args=[rule.pk]), {"words": "diganti"})
            assert answer.status_code in (302, 403, 404, 405), f"{role} × {name}: {answer.status_code}"
    assert Rule.objects.get(pk=rule.pk).words == ["jembatan"]


@pytest.mark.parametrize(("name", "capability"), sorted(rules.OFFICE_FOR_OFFICERS.items()))
def test_pages_of_an_office_open_where_the_right_reaches_alone(
    world: World, some: Some, name: str, capability: Capability, viewers: dict[str, cast.Viewer]
) -> None:
    """Own office, subtree, sibling, stranger: who may not read the numbers finds no such office. Who may opens one of
    theirs, another on each page; whose role has the right nowhere asks for one office, another on each page."""
    offices = [
        world.root,
        world.pemkab,
        world.dinas_pu,
        world.bidang_jalan,
        world.dinas_kesehatan,
        world.dinas_pu_tetangga,
    ]
    posts = name.endswith("nudge")
    for role, viewer in viewers.items():
        client, opened = browser(viewer), False
        membership = viewer.who.membership if isinstance(viewer.who, Actor) else None
        rights = [RIGHTS[right] for right in (capability, Capability.SEE_NUMBERS)]
        somewhere = membership is not None and any(Role(membership.role) in right for right in rights)
        asked = in_turn(some(offices, role + name), role + name)
        for office in asked if somewhere else asked[:1]:
            address, told = reverse(name, args=[office.pk]), f"{role} × {office} × {name}"
            may = membership is not None and membership_may(membership, capability, office)
            if may and opened:
                continue
            answer = client.post(address, {"reason": ""}) if posts else client.get(address)
            if membership is None:
                assert answer.status_code in (302, 403), told
            elif may:
                opened = True
                assert answer.status_code in ((400, 404) if posts else (200, 302)), f"{told}: {answer.status_code}"
            elif membership_may(membership, Capability.SEE_NUMBERS, office):
                assert answer.status_code == 403, f"{told}: {answer.status_code}"
            else:
                assert answer.status_code == 404, f"{told}: {answer.status_code}"


def test_own_pages_ask_to_sign_in(world: World) -> None:
    for name in rules.OWN:
        assert Client().get(reverse(name)).status_code == 302, name


def test_the_reporters_acts_are_not_found_without_the_case_in_the_session(
    world: World, some: Some, made: dict[str, Complaint], viewers: dict[str, cast.Viewer]
) -> None:
    """A guest, a citizen and one officer of each role try each act, not always the same one: in which office they sit
    is not asked here."""
    for name in sorted(rules.CASE_FOR_REPORTER):
        tried = set()
        for role, viewer in some(in_turn(viewers.items(), name), name, of=3):
            kind = viewer.who.role if isinstance(viewer.who, Actor) else role
            if kind in tried:
                continue
            tried.add(kind)
            answer = browser(viewer).get(reverse(name, args=[made["open"].number]))
            assert answer.status_code in (302, 404, 405), f"{role} × {name}: {answer.status_code}"
            assert cast.STORY not in answer.content.decode()
