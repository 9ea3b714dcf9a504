"""The one POST that makes a case asks the database for little: every citizen of a town may press Kirim at once."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.models import Complaint
from tests.complaints.test_submit import CHECK, at_check
from tests.world import World, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nudges")]


@pytest.mark.parametrize(("signed_in", "most"), [(False, 16), (True, 20)])
def test_filing_takes_few_statements(world: World, signed_in: bool, most: int) -> None:
    """With everything a report may name, and a letter to write; the transaction's begin and end are counted."""
    EmailAddress.objects.create(user=world.sari, email=world.sari.email, verified=True, primary=True)
    for _first_warms_up in range(2):
        browser = client_of(world.sari) if signed_in else Client()
        at_check(browser, world, category=str(world.cat_road.pk), office=str(world.dinas_pu.pk), office_text="Dinas PU")
        with CaptureQueriesContext(connection) as seen:
            sent = browser.post("/lapor/periksa/", CHECK | {"tell": "email", "email": world.sari.email})
        assert sent.headers["Location"] == "/lapor/selesai/"
    case = Complaint.objects.latest("pk")
    assert (case.category, case.addressed_to) == (world.cat_road, world.dinas_pu)
    assert (case.reporter.email_confirmed_at is not None) == signed_in, "an account has proved its address"
    assert len(seen) <= most, [query["sql"][:90] for query in seen.captured_queries]
