"""The addresses made for one reader: what they hold, what they tell, who else can make one."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints import privacy
from complaints.channels.email import addresses
from complaints.models import Complaint
from tests.complaints.cases import NOW, at, later, report
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heard")]


def token(address: str) -> str:
    (found,) = addresses.tokens_of([address])
    return found


def test_a_reporters_address_finds_the_case_again(world: World) -> None:
    case = report(world)
    address = addresses.for_reporter(case.reporter, NOW)
    ticket = addresses.ticket_of(token(address), later(days=30))

    assert re.fullmatch(r"balas\+[a-z2-7]{32}@kanal\.test", address)
    assert ticket is not None
    assert (ticket.reporter, ticket.complaint, ticket.is_old) == (case.reporter, case, False)


def test_it_grows_old_after_its_time(world: World) -> None:
    made = token(addresses.for_reporter(report(world).reporter, NOW))
    old = addresses.ticket_of(made, NOW + addresses.REPORTER_LASTS + datetime.timedelta(days=2))
    assert old is not None
    assert old.is_old


def test_a_new_address_makes_the_old_one_void(world: World) -> None:
    case = report(world)
    made = token(addresses.for_reporter(case.reporter, NOW))
    privacy.set_contacts(case.reporter, name="Sari", email="sari.baru@contoh.test")
    assert addresses.ticket_of(made, NOW) is None

    erased = report(world)
    made = token(addresses.for_reporter(erased.reporter, NOW))
    privacy.erase(erased.reporter, NOW)
    assert addresses.ticket_of(made, NOW) is None


def test_two_cases_of_one_reporter_have_nothing_in_common_that_shows(world: World) -> None:
    first, second = (token(addresses.for_reporter(report(world).reporter, NOW)) for _n in range(2))
    assert len(first) == len(second) == 32
    same = sum(one == other for one, other in zip(first, second, strict=True))
    assert same < 12, "no counter, no date, no prefix shows through"


def test_another_key_makes_and_takes_none_of_them(world: World, settings: Any) -> None:
    made = token(addresses.for_reporter(report(world).reporter, NOW))
    settings.SECRET_KEY = "kunci lain " * 6
    assert addresses.ticket_of(made, NOW) is None


def test_every_changed_sign_makes_it_wrong(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    joko = world.joko.membership
    assert joko is not None
    for made in (token(addresses.for_reporter(case.reporter, NOW)), token(addresses.for_officer(joko, case, NOW))):
        for place, sign in enumerate(made):
            forged = made[:place] + ("b" if sign != "b" else "c") + made[place + 1 :]
            assert addresses.ticket_of(forged, NOW) is None, place


def test_an_officers_address_names_membership_case_and_the_version_they_read(world: World) -> None:
    case = Complaint.objects.get(pk=at(report(world), world.dinas_pu).pk)
    joko, hana = world.joko.membership, world.hana.membership
    assert joko is not None
    assert hana is not None
    address = addresses.for_officer(joko, case, NOW)
    ticket = addresses.ticket_of(token(address), later(days=6))

    assert re.fullmatch(r"balas\+[a-z2-7]{48}@kanal\.test", address)
    assert len(address.partition("@")[0]) <= 64, "longer no server takes"
    assert ticket is not None
    assert (ticket.membership, ticket.complaint, ticket.version, ticket.is_old) == (joko, case, case.version, False)
    assert address != addresses.for_officer(hana, case, NOW)
    late = addresses.ticket_of(token(address), later(days=7, hours=2))
    assert late is not None
    assert late.is_old


def test_an_officers_address_is_bound_to_their_mailbox(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    joko = world.joko.membership
    assert joko is not None
    made = token(addresses.for_officer(joko, case, NOW))
    joko.user.email = "joko.pindah@contoh.test"
    joko.user.save()
    assert addresses.ticket_of(made, NOW) is None


@settings(max_examples=30)
@given(st.text(max_size=64))
def test_whatever_stands_after_the_plus_it_is_nobodys(text: str) -> None:
    assert addresses.ticket_of(text, NOW) is None


@pytest.mark.parametrize(
    "recipients", [["balas@kanal.test"], ["lapor+x@kanal.test"], ["balas+x@lain.test"], ["xbalas+x@kanal.test"], [""]]
)
def test_only_our_own_reply_address_holds_a_token(recipients: list[str]) -> None:
    assert addresses.tokens_of(recipients) == []


def test_without_an_inbox_no_address_is_made(world: World, settings: Any) -> None:
    case = report(world)
    joko = world.joko.membership
    assert joko is not None
    settings.LAPOR_EMAIL_INBOX = ""
    assert addresses.for_reporter(case.reporter) == addresses.for_officer(joko, case) == ""
    assert addresses.unheard() == ["LAPOR_EMAIL_INBOX"]
    settings.LAPOR_EMAIL_INBOX, settings.LAPOR_EMAIL_KEY = "lapor@kanal.test", ""
    assert addresses.unheard() == ["LAPOR_IMAP_URL"]
