"""A form whose token grew too old gives back what was typed; a form of somebody else's page gets nothing to send."""

from http import HTTPStatus

import pytest
from django.test import Client

from tests.lapor.markup import Page

pytestmark = pytest.mark.django_db

STORY = "Lampu di depan pasar mati sejak Senin, dan jalannya gelap sampai tikungan. "
TYPED = {"title": "Lampu mati", "story": STORY, "password": "rahasia-sekali", "csrfmiddlewaretoken": "x" * 64}


@pytest.fixture
def strict() -> Client:
    return Client(enforce_csrf_checks=True)


def test_what_was_typed_comes_back_and_can_be_sent_with_a_new_token(strict: Client) -> None:
    strict.cookies["csrftoken"] = "y" * 32
    response = strict.post("/komponen/?dari=uji", TYPED, headers={"Origin": "http://testserver"})
    assert response.status_code == HTTPStatus.FORBIDDEN
    html = response.content.decode()
    assert STORY in html
    page = Page(html)
    form = next(e for e in page.all("form") if e.attributes["action"] == "/komponen/?dari=uji")
    sent = {
        e.attributes["name"]: e.attributes.get("value", STORY)
        for e in page.all("input", "textarea")
        if form in e.inside and "name" in e.attributes
    }
    assert sent["title"] == "Lampu mati"
    assert sent["csrfmiddlewaretoken"] != "x" * 64
    assert strict.post(form.attributes["action"], sent).status_code == HTTPStatus.OK


def test_only_what_somebody_wrote_is_shown_as_written(strict: Client) -> None:
    """The signed name of a draft is as long as a story and goes along unseen."""
    token = "600b9d25c12e4310aa0b1a2b2d3eba9b:" + "x" * 43
    page = Page(strict.post("/", TYPED | {"draft": token}, headers={"Origin": "http://testserver"}).content.decode())
    assert [e.attributes["name"] for e in page.all("textarea")] == ["story"]
    assert [e.attributes["value"] for e in page.all("input") if e.attributes.get("name") == "draft"] == [token]


def test_a_password_is_never_given_back(strict: Client) -> None:
    response = strict.post("/komponen/", TYPED, headers={"Origin": "http://testserver"})
    assert "rahasia-sekali" not in response.content.decode()


@pytest.mark.parametrize("headers", [{"Origin": "https://jahat.example"}, {"Referer": "https://jahat.example/a"}, {}])
def test_a_foreign_form_gets_nothing_to_send(strict: Client, headers: dict[str, str]) -> None:
    response = strict.post("/komponen/", TYPED, headers=headers)
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "Lampu" not in response.content.decode()


def test_the_key_of_a_report_is_never_given_back_and_the_page_is_kept_nowhere(strict: Client) -> None:
    typed = {"number": "7K4M-9QXD-2TB", "key": "KUNC-1RAH-AS1A-XXXX"}
    response = strict.post("/lacak/", typed, headers={"Origin": "http://testserver"})
    page = response.content.decode()
    assert "7K4M-9QXD-2TB" in page
    assert "KUNC-1RAH" not in page
    assert "no-store" in response.headers["Cache-Control"]
