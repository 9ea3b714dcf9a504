"""Two tabs, the worker and an impatient thumb send one draft in the same moment: one case, and all hear of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from complaints.models import Complaint, Draft
from tests.complaints.test_sending import sent
from tests.world import World, build

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture
def cast(own_database: str, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock():
        yield build()


@pytest.mark.slow
def test_twelve_posts_of_one_key_at_once_make_one_case(cast: World) -> None:
    key = str(uuid.uuid4())

    def once(_n: int) -> tuple[int, dict[str, Any]]:
        try:
            answer = sent(Client(), key)
            return answer.status_code, answer.json()
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(once, range(12)))
    assert sorted(code for code, _said in answers) == [200] * 11 + [201]
    assert len({(said["number"], said["key"]) for _code, said in answers}) == 1
    assert Complaint.objects.count() == 1
    assert Draft.objects.count() == 1
