"""Requests nobody's page would send: without the token of a form, by another method, towards another site, for a right
one does not have.
"""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.test import Client

from agencies.models import Membership, Role
from complaints.models import Attachment, Complaint, Draft, Event
from tests import filing
from tests.permissions.conftest import Some
from tests.permissions.test_nasty_values import address, ours
from tests.world import World, client_of

pytestmark = pytest.mark.django_db

ELSEWHERE = (
    "https://jahat.test/",
    "//jahat.test/",
    "///jahat.test",
    "/\\jahat.test",
    "\\\\jahat.test",
    "http:jahat.test",
    "javascript:alert(1)",
    "http://testserver@jahat.test/",
    "https:///jahat.test",
    "/\t/jahat.test",
    "\x00//jahat.test",
)


@pytest.fixture
def case(world: World) -> Complaint:
    case = filing.published(world)
    case.reporter.account_fingerprint = world.sari.fingerprint
    case.reporter.save()
    return case


def test_no_form_is_taken_without_its_token(world: World, case: Complaint, some: Some) -> None:
    """Of every url but the mail programs' "unsubscribe" (RFC 8058), which its signed token guards, and the share
    sheet's, which takes nothing."""
    events, tried = Event.objects.count(), 0
    clients = [Client(enforce_csrf_checks=True) for _who in range(2)]
    # A citizen and a coordinator, in turn.
    clients[0].cookies, clients[1].cookies = client_of(world.sari).cookies, client_of(world.wati).cookies
    for n, route in some(enumerate(ours()), "sari", of=3):
        client = clients[n % 2]
        target = address(route, case)
        answer = client.post(target, {"version": case.version, "body": "Dari situs lain.", "reason": "x"})
        if route.endswith("henti/"):
            assert answer.status_code == 404
            continue
        if route.startswith("kanal/"):
            # Gateways have no form: each call proves itself, and an unproved one is refused before it is read.
            assert answer.status_code in (400, 401, 403, 404, 405)
            continue
        if route.lstrip("^").startswith(("api/", "open311/")):
            # Machines have no form, and no cookie counts for them (tests/routing/test_machine_acts.py).
            assert answer.status_code in (400, 401, 404, 405, 415), f"{target}: {answer.status_code}"
            continue
        if route == "luring/bagikan/":
            # The phone's share sheet posts here without a page; nothing is taken.
            assert (answer.status_code, answer.content) == (302, b"")
            continue
        assert answer.status_code == 403, f"{target}: {answer.status_code}"
        assert "Dari situs lain" not in answer.content.decode(), "a foreign form is not offered for sending again"
        tried += 1
    assert tried > 50
    assert Event.objects.count() == events
    assert not Draft.objects.exists()


OTHERS = ("PATCH", "DELETE", "TRACE", "OPTIONS", "JEBAKAN")


@pytest.mark.parametrize("method", ["PUT", "HEAD", pytest.param("another", marks=pytest.mark.slow)])
def test_another_method_changes_nothing(world: World, case: Complaint, some: Some, method: str) -> None:
    """Every url by a citizen or by the centre, in turn; and by both, with two of the methods that nothing uses."""
    before = (Event.objects.count(), Membership.objects.count(), Complaint.objects.get(pk=case.pk).version)
    clients = [client_of(world.sari), client_of(world.ratna)]
    for n, route in some(enumerate(ours()), method):
        for k, client in enumerate(clients):
            if method != "another" and (n + k) % 2:
                continue
            by = OTHERS[(n + 2 * k) % len(OTHERS)] if method == "another" else method
            answer = client.generic(by, address(route, case), b"version=1&body=x&reason=x&alasan=x")
            assert answer.status_code < 500, f"{by} {route}"
            if by == "HEAD":
                assert b"".join(answer) == b"" or answer.status_code == 405
    after = (Event.objects.count(), Membership.objects.count(), Complaint.objects.get(pk=case.pk).version)
    assert after == before


@pytest.mark.parametrize("wanted", ELSEWHERE)
@pytest.mark.sampled
def test_nobody_is_sent_to_another_site(world: World, wanted: str) -> None:
    assert world.joko.user is not None
    world.joko.user.set_password("kata-sandi-joko-77")
    world.joko.user.save()
    EmailAddress.objects.create(user=world.joko.user, email=world.joko.user.email, verified=True, primary=True)
    officer, membership = client_of(world.joko), world.joko.membership
    assert membership is not None
    asked = [
        officer.post("/akun/peran/", {"membership": membership.pk, "next": wanted}),
        officer.post("/bahasa/", {"language": "en", "next": wanted}),
        officer.post("/bahasa/", {"language": "en"}, HTTP_REFERER=wanted.replace("\x00", "")),
        Client().post(
            "/akun/masuk/", {"login": world.joko.user.email, "password": "kata-sandi-joko-77", "next": wanted}
        ),
        Client().get("/akun/masuk/kode/", {"next": wanted}),
        officer.get("/akun/masuk/", {"next": wanted}),
        officer.post("/akun/keluar/", {"next": wanted}),
    ]
    for answer in asked:
        assert "jahat" not in answer.headers.get("Location", ""), answer.request["PATH_INFO"]
        assert not answer.headers.get("Location", "").startswith("javascript")
        assert f'href="{wanted}"' not in answer.content.decode()


def test_a_host_of_somebody_else_is_refused(world: World) -> None:
    """Letters and links never take their address from the request."""
    assert Client().get("/", HTTP_HOST="jahat.test").status_code == 400
    assert "jahat" not in Client().get("/lacak/", HTTP_X_FORWARDED_HOST="jahat.test").content.decode()


def test_signing_in_changes_the_session_and_leaving_ends_it(world: World) -> None:
    assert world.rudi.email
    client = Client()
    client.get("/akun/masuk/kode/")
    client.post("/akun/masuk/kode/", {"email": world.rudi.email})
    name = django_settings.SESSION_COOKIE_NAME
    before = client.cookies[name].value
    client.force_login(world.rudi, backend="django.contrib.auth.backends.ModelBackend")
    inside = client.cookies[name].value
    assert inside != before
    assert client.get("/akun/").status_code == 200
    client.post("/akun/keluar/")
    stolen = Client()
    stolen.cookies[name] = inside
    assert stolen.get("/akun/").status_code == 302


# --- rights nobody gives oneself ---


def appointed(client: Client, **values: Any) -> int:
    before = Membership.objects.count()
    form = {"email": "baru@contoh.test", "name": "Orang Baru", "role": Role.LIAISON.value, "title": "", "decree": ""}
    client.post("/petugas/baru/", {**form, **values})
    return Membership.objects.count() - before


def test_a_coordinator_gives_nobody_more_than_the_table_lets(world: World) -> None:
    client = client_of(world.wati)
    assert world.wati.user is not None
    own = world.wati.user.email
    refused: list[dict[str, Any]] = [
        {"agency": world.root.pk, "role": "NATIONAL"},
        {"agency": world.root.pk, "role": "OBSERVER"},
        {"agency": world.pemkab.pk, "role": "NATIONAL"},
        {"agency": world.pemkab.pk, "role": "COORDINATOR"},
        {"agency": world.dinas_pu.pk, "role": "NATIONAL"},
        {"agency": world.dinas_pu.pk, "role": "OBSERVER"},
        {"agency": world.dinas_pu.pk, "role": "LIAISON", "email": own},
        {"agency": world.dinas_pu.pk, "role": "LIAISON", "email": f" {own.upper()} "},
        {"agency": world.dinas_pu_tetangga.pk},
        {"agency": world.pemkab_tetangga.pk, "role": "COORDINATOR"},
        {"agency": world.pemprov.pk},
        {"agency": f"{world.dinas_pu.pk}", "role": ["LIAISON", "NATIONAL"]},
    ]
    for values in refused:
        assert appointed(client, **values) == 0, values
    # The control: what is hers to give, she gives.
    assert appointed(client, agency=world.dinas_pu.pk) == 1


def test_nobody_else_appoints_anybody(world: World) -> None:
    for who in (world.rudi, world.joko, world.hana, world.bayu):
        assert appointed(client_of(who), agency=world.dinas_pu.pk) == 0, who


def test_nobody_acts_through_anothers_membership(world: World) -> None:
    theirs = world.ratna.membership
    assert theirs is not None
    for who in (world.rudi, world.joko, world.wati):
        client = client_of(who)
        assert client.post("/akun/peran/", {"membership": theirs.pk}).status_code == 404
        session = client.session
        session["membership"] = theirs.pk
        session.save()
        assert client.get("/meja/surat/").status_code in (302, 403)


def test_a_right_ends_with_the_membership_though_the_page_is_open(world: World, case: Complaint) -> None:
    client, membership = client_of(world.joko), world.joko.membership
    assert membership is not None
    form = {"version": str(case.version), "acting": str(membership.pk), "body": "Kami sudah memeriksa tempatnya."}
    assert client.get(f"/meja/{case.number}/").status_code == 200
    Membership.objects.filter(pk=membership.pk).update(ends_on=membership.starts_on)
    events = Event.objects.count()
    answer = client.post(f"/meja/{case.number}/tanggapan/", form)
    assert answer.status_code == 403
    assert "Kami sudah memeriksa" in answer.content.decode()
    assert Event.objects.count() == events


def test_files_of_another_draft_stay_there(world: World) -> None:
    theirs = Draft.begin()
    theirs.keep("masalah", {"title": "Punya orang"})
    file = Attachment.objects.create(draft=theirs, name="a.jpg", size=3, file="lampiran/x")
    client = Client()
    client.post("/lapor/", {"place": world.sukasari.pk, "landmark": ""})
    for data in (
        {"hapus": str(file.pk)},
        {"hapus": [str(file.pk), "1"]},
        {"hapus": str(file.pk), "draft": str(theirs.token)},
        {"hapus": str(file.pk), "draft": theirs.token.hex},
        {"files": str(file.pk), "story": "Mengambil berkas orang lain.", "title": "x"},
    ):
        client.post("/lapor/masalah/", data)
    assert Attachment.objects.get(pk=file.pk).draft == theirs
