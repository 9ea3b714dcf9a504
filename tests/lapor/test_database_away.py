"""The database goes away in the middle of a request: nothing typed is lost."""

import pytest
from django.db import OperationalError
from django.test import Client

from lapor import views

STORY = "Jembatan gantung di dusun kami putus sejak malam Minggu dan anak-anak tidak bisa ke sekolah."


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.ensure_connection", fail)
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper._cursor", fail)


@pytest.mark.usefixtures("away")
def test_a_page_that_needs_it_answers_503_and_says_when_to_come_back(client: Client) -> None:
    client.cookies["sessionid"] = "seseorang"
    page = client.get("/")
    assert page.status_code == 503
    assert page["Retry-After"] == str(views.RETRY_AFTER)
    assert "Portal sedang terganggu sebentar" in page.text


@pytest.mark.usefixtures("away")
def test_what_was_typed_is_on_the_page_ready_to_be_sent_again(client: Client) -> None:
    client.cookies["sessionid"] = "seseorang"
    page = client.post("/?x=1", {"isi": STORY, "judul": "<b>Putus</b>", "password": "rahasia-sekali"})
    assert page.status_code == 503
    assert STORY in page.text
    assert '<form method="post" action="/?x=1">' in page.text
    assert "&lt;b&gt;Putus&lt;/b&gt;" in page.text
    assert "rahasia-sekali" not in page.text


@pytest.mark.usefixtures("away")
def test_the_process_is_alive_but_not_ready(client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_any_other_error_is_an_honest_500(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("lapor.views.render", fail)
    page = client.get("/")
    assert page.status_code == 500
    assert "<h1>" in page.text
    assert "ZeroDivisionError" not in page.text
