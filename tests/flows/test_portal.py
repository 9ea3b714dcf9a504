"""The running portal itself: every part of it can fall and be brought back."""

import pytest

from agencies.models import User
from tests.portal import RunningPortal


def test_a_page_is_served_compressed(portal: RunningPortal) -> None:
    page = portal.client().get("/")
    assert page.status_code == 200
    assert page.headers["content-encoding"] == "br"
    assert "</html>" in page.text


def test_the_cast_is_in_its_database(portal: RunningPortal) -> None:
    assert User.objects.filter(email="sari@contoh.test").exists()


def test_the_database_restarted_under_it_is_a_503_and_then_a_page_again(portal: RunningPortal) -> None:
    portal.kill("postgres")
    assert portal.client().get("/readyz").status_code == 503
    portal.start("postgres")
    assert portal.client().get("/readyz").status_code == 200


@pytest.mark.parametrize("name", ["worker", "beat", "valkey", "web"])
def test_what_was_killed_comes_back(portal: RunningPortal, name: str) -> None:
    portal.kill(name)
    portal.start(name)
    assert portal.client().get("/readyz").status_code == 200
