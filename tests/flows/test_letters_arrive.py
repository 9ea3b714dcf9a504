"""From the report to the letter and back by its link: real worker, real mail server, a browser's own steps."""

import re
from email.message import EmailMessage

import httpx
from django.utils import timezone

from complaints.models import Notification, Reporter
from tests.complaints.cases import report
from tests.portal import RunningPortal, eventually

A_MINUTE = 75


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(letter: EmailMessage) -> str:
    found = re.search(r"http://\S+/kabar/\S+", text_of(letter))
    assert found is not None
    return found[0]


def pressed(browser: httpx.Client, page: httpx.Response) -> httpx.Response:
    """The page's one form, sent as a browser would send it."""
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token is not None
    origin = f"{page.url.scheme}://{page.url.netloc.decode()}"
    return browser.post(str(page.url), data={"csrfmiddlewaretoken": token[1]}, headers={"Origin": origin})


def test_letters_whose_nudge_was_lost_arrive_within_a_minute_and_their_links_work(portal: RunningPortal) -> None:
    world = portal.world
    assert world is not None
    portal.mailbox.refuses["tak-ada@contoh.test"] = "550 5.1.1 no such user"
    with portal.seen_from_here():
        case = report(world, confirmed=False, email="hilang@contoh.test", user=None, now=timezone.now())
        report(world, confirmed=False, email="tak-ada@contoh.test", user=None, now=timezone.now())
    (letter,) = eventually(lambda: portal.mailbox.to("hilang@contoh.test"), A_MINUTE)
    assert letter["Subject"] == "Benarkah ini alamat Anda?"
    assert case.number not in text_of(letter)
    browser = portal.client()
    page = pressed(browser, browser.get(link_in(letter)))
    assert page.status_code == 200
    assert page.url.path == f"/laporan/{case.number}/"
    assert case.title in page.text
    with portal.seen_from_here():
        assert Reporter.objects.get(complaint=case).is_reachable
        # The address that does not exist was given up at once, and stopped nobody.
        eventually(lambda: Notification.objects.filter(state="FAILED").exists())
        assert Reporter.objects.get(complaint__title=case.title, unreachable_since__isnull=False)
    assert not portal.mailbox.to("tak-ada@contoh.test")
