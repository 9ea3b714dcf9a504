"""The pages of the lane of disclosures: the way in, the talk by key, and that for everybody else it is not there."""

from __future__ import annotations

import re
from itertools import cycle, islice
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from agencies.actor import Actor
from agencies.models import Role, TeamMember
from complaints import attachments, disclosures
from complaints.models import Attachment, Complaint, Disclosure, Draft
from complaints.notifications import delivery
from lapor.kit.sessions import SessionStore
from tests.complaints.files import photo
from tests.disclosing import SECRET, STORY, Teams, decree_of, staffed, told
from tests.permissions import cast, rules
from tests.permissions.conftest import Some
from tests.permissions.test_nasty_values import address, parameters, patterns
from tests.world import LONG_AGO, World, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(world: World) -> Teams:
    return staffed(world)


def begun(world: World, client: Client, **more: Any) -> None:
    """A report about conduct, up to the last step."""
    client.post("/lapor/", {"place": world.sukasari.pk, "landmark": f"{SECRET}patok"})
    client.post(
        "/lapor/masalah/",
        {
            "kind": "PENGADUAN",
            "title": f"{SECRET}judul setoran",
            "story": STORY,
            "happened_on_pick": "today",
            "office": str(world.dinas_pu.pk),
            "conduct": "on",
            **more,
        },
    )


def sent(world: World, client: Client) -> tuple[str, str]:
    """Number and key of what was sent."""
    begun(world, client, file=SimpleUploadedFile(f"{SECRET}buku.jpg", photo(), "image/jpeg"))
    answer = client.post(
        "/lapor/pengungkapan/", {"name": f"{SECRET}nama", "contact": f"{SECRET}kontak", "understood": "on"}
    )
    assert answer.headers["Location"] == "/lapor/pengungkapan/"
    page = re.sub(r"<[^>]+>", " ", client.get("/lapor/pengungkapan/").content.decode())
    [key] = set(re.findall(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b", page))
    [number] = set(re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}\b", page))
    return number, key


# --- The way in ---


def test_the_choice_stands_where_a_report_about_conduct_is_checked(world: World, team: Teams) -> None:
    client = Client()
    begun(world, client)
    assert "/lapor/pengungkapan/" in client.get("/lapor/periksa/").content.decode()
    begun(world, client, conduct="")
    assert "/lapor/pengungkapan/" not in client.get("/lapor/periksa/").content.decode()
    assert client.get("/lapor/pengungkapan/").headers["Location"] == "/lapor/periksa/"


def test_without_a_team_the_choice_is_not_there(world: World) -> None:
    client = Client()
    begun(world, client)
    assert "/lapor/pengungkapan/" not in client.get("/lapor/periksa/").content.decode()
    assert client.post("/lapor/pengungkapan/", {"understood": "on"}).headers["Location"] == "/lapor/periksa/"
    assert not Disclosure.objects.exists()


def test_from_the_form_to_the_talk_by_key(world: World, team: Teams) -> None:
    client = Client()
    client.force_login(world.sari, backend="django.contrib.auth.backends.ModelBackend")
    number, key = sent(world, client)
    assert not Complaint.objects.exists()
    assert not Draft.objects.exists(), "nothing of what was typed is left"
    case = Disclosure.objects.get()
    [file] = Attachment.objects.filter(disclosure=case)
    assert (file.name, file.draft, file.complaint) == ("Berkas 1", None, None)
    assert client.get("/lapor/pengungkapan/").headers["Location"] == "/lapor/", "the key is shown once"
    assert SECRET not in client.get("/laporan-saya/").content.decode()
    # Another browser, later.
    other = Client()
    assert other.get("/pengungkapan/percakapan/").headers["Location"] == "/pengungkapan/buka/"
    assert other.post("/pengungkapan/buka/", {"number": number, "key": "0" * 16}).status_code == 200
    assert other.post("/pengungkapan/buka/", {"number": number, "key": key}).status_code == 302
    page = other.get("/pengungkapan/percakapan/")
    assert STORY in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert other.post("/pengungkapan/percakapan/", {"body": f"{SECRET}balas"}).status_code == 302
    assert f"{SECRET}balas" in other.get("/pengungkapan/percakapan/").content.decode()
    other.post("/pengungkapan/percakapan/", {"act": "lupakan"})
    case.refresh_from_db()
    assert case.identity_sealed == ""
    other.post("/pengungkapan/percakapan/", {"act": "tutup"})
    assert other.get("/pengungkapan/percakapan/").status_code == 302
    # By no other door.
    assert Client().post("/lacak/", {"number": number, "key": key}).status_code == 200
    assert Client().get(f"/laporan/{case.number}/").status_code == 404


def test_the_form_asks_to_understand_and_keeps_what_was_typed(world: World, team: Teams) -> None:
    client = Client()
    begun(world, client)
    page = client.post("/lapor/pengungkapan/", {"name": "Wulan"})
    assert "Centang dulu" in page.content.decode()
    assert "Wulan" in page.content.decode()
    assert not Disclosure.objects.exists()


def test_forms_pass_the_check_for_forgeries_as_a_browser_sends_them(world: World, team: Teams) -> None:
    """A page that forbids every referrer makes the browser say "Origin: null", and the form is refused."""
    case, _key = told(world)
    for client, address_of in (
        (Client(), "/pengungkapan/buka/"),
        (client_of(team.ina), f"/meja/wbs/{case.number}/"),
    ):
        policy = client.get(address_of).headers["Referrer-Policy"]
        assert policy == "same-origin", address_of


def test_a_forged_cookie_and_anothers_file_open_nothing(world: World, team: Teams) -> None:
    one, other = Client(), Client()
    sent(world, one)
    told(world)
    sent(world, other)
    mine, theirs = Attachment.objects.order_by("pk")
    Attachment.objects.update(state="CLEAN", sniffed_type="image/jpeg")
    assert one.get(f"/pengungkapan/percakapan/berkas/{mine.pk}/").status_code == 200
    assert one.get(f"/pengungkapan/percakapan/berkas/{theirs.pk}/").status_code == 404
    for client in (Client(), one, client_of(team.ina), client_of(world.ratna)):
        assert client.get(f"/berkas/{mine.pk}/").status_code == 404
    forged = Client()
    forged.cookies["pengungkapan"] = "eyJwayI6MX0:x:y"
    assert forged.get("/pengungkapan/percakapan/").status_code == 302


# --- The team's pages ---


def test_a_member_reads_writes_and_ends_it(world: World, team: Teams) -> None:
    case, key = told(world, now=timezone.now())
    client, home = client_of(team.ina), f"/meja/wbs/{case.number}/"
    assert home in client.get("/meja/wbs/").content.decode()
    assert SECRET not in client.get("/meja/wbs/").content.decode(), "the list names no text"
    page = client.get(home).content.decode()
    assert STORY in page
    assert f"{SECRET}nama" not in page
    assert client.post(home, {"act": "pesan", "body": "", "version": case.version}).status_code == 400
    assert client.post(home, {"act": "pesan", "body": "Kami periksa.", "version": case.version}).status_code == 302
    assert client.post(home, {"act": "tanya", "body": "Ada buktinya?", "version": case.version}).status_code == 400
    case.refresh_from_db()
    assert client.post(home, {"act": "selesai", "body": "Terbukti.", "version": case.version}).status_code == 400
    done = {"act": "selesai", "body": "Terbukti.", "finding": "PROVEN", "version": case.version}
    assert client.post(home, done).status_code == 302
    case.refresh_from_db()
    assert case.finding == "PROVEN"
    reporter = Client()
    reporter.post("/pengungkapan/buka/", {"number": case.number, "key": key})
    shown = reporter.get("/pengungkapan/percakapan/").content.decode()
    assert "Kami periksa." in shown
    assert "membaca pengungkapan Anda" in shown


def test_two_members_open_the_name_on_the_page(world: World, team: Teams) -> None:
    case, _key = told(world, now=timezone.now())
    home, ina, umar = f"/meja/wbs/{case.number}/", client_of(team.ina), client_of(team.umar)
    ina.post(home, {"act": "minta", "reason": "Harus ditemui."})
    look = case.identity_looks.get()
    for client in (ina, umar):
        assert f"{SECRET}nama" not in client.post(home, {"act": "nama"}, follow=True).content.decode()
    ina.post(home, {"act": "setuju", "look": look.pk})
    assert f"{SECRET}nama" not in ina.post(home, {"act": "nama"}, follow=True).content.decode()
    umar.post(home, {"act": "setuju", "look": look.pk})
    assert f"{SECRET}nama" not in umar.post(home, {"act": "nama"}, follow=True).content.decode()
    assert f"{SECRET}nama" in ina.post(home, {"act": "nama"}).content.decode()
    assert f"{SECRET}nama" not in ina.get(home).content.decode(), "each time anew"


def test_the_teams_page_is_for_those_who_appoint(world: World, team: Teams) -> None:
    head = world.officer("Kepala Inspektorat", world.inspektorat, Role.HEAD)
    agus = world.agus.user
    assert agus is not None
    for who, status in ((world.ratna, 200), (head, 200), (team.ina, 404), (world.wati, 404), (world.joko, 404)):
        assert client_of(who).get("/meja/wbs/tim/").status_code == status, who
    there = f"/meja/wbs/tim/?kantor={world.inspektorat.pk}"
    assert client_of(world.ratna).get(there).status_code == 200
    assert client_of(head).get(f"/meja/wbs/tim/?kantor={world.root.pk}").status_code == 404
    data = {"act": "angkat", "kantor": world.inspektorat.pk, "user": agus.pk, "decree": decree_of(world.inspektorat).pk}
    assert client_of(team.ina).post("/meja/wbs/tim/", data).status_code == 404
    assert client_of(head).post("/meja/wbs/tim/", {**data, "decree": ""}).status_code == 400
    assert client_of(head).post("/meja/wbs/tim/", data).status_code == 302
    delivery.send_due()
    assert {one.to[0] for one in mail.outbox} == {"ina.kartika@contoh.test", "umar.bakri@contoh.test"}


def test_members_alone_have_a_link_to_it_whether_there_is_anything_or_not(world: World, team: Teams) -> None:
    link = 'href="/meja/wbs/"'
    for _round in range(2):
        assert link in client_of(team.ina).get("/meja/").content.decode()
        for who in (world.agus, world.ratna, world.wati, world.joko):
            assert link not in client_of(who).get("/meja/").content.decode(), who
        told(world)
    agus = world.agus.user
    assert agus is not None
    asked = TeamMember.objects.create(
        user=agus,
        agency=world.inspektorat,
        decree=decree_of(world.inspektorat),
        starts_on=LONG_AGO,
        asked_for="SEAT",
    )
    assert link not in client_of(world.agus).get("/meja/").content.decode(), "nobody has agreed yet"
    assert client_of(world.agus).get("/meja/wbs/").status_code == 404
    asked.delete()


def test_two_persons_change_the_team_on_its_page(world: World, team: Teams) -> None:
    head = client_of(world.officer("Kepala Inspektorat", world.inspektorat, Role.HEAD))
    centre, there = client_of(world.ratna), f"/meja/wbs/tim/?kantor={world.inspektorat.pk}"
    umar = TeamMember.objects.get(user=team.umar.user)
    data = {"kantor": world.inspektorat.pk, "member": umar.pk}
    assert centre.post(there, {**data, "act": "akhiri", "reason": "Pindah tugas."}).status_code == 302
    assert "Pindah tugas." in head.get(there).content.decode()
    assert 'value="setuju"' not in centre.get(there).content.decode()
    assert 'value="setuju"' in head.get(there).content.decode()
    centre.post(there, {**data, "act": "setuju"})
    umar.refresh_from_db()
    assert umar.ends_on is None
    delivery.send_due()
    assert {one.to[0] for one in mail.outbox} == {"ina.kartika@contoh.test", "umar.bakri@contoh.test"}
    head.post(there, {**data, "act": "setuju"})
    umar.refresh_from_db()
    assert umar.ends_on == timezone.localdate()
    assert client_of(team.ina).post(there, {**data, "act": "batal"}).status_code == 404


def test_files_go_both_ways_in_the_talk(world: World, team: Teams, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    case, key = told(world, now=timezone.now())
    reporter, ina = Client(), client_of(team.ina)
    reporter.post("/pengungkapan/buka/", {"number": case.number, "key": key})
    file = SimpleUploadedFile(f"{SECRET}buku.jpg", photo(), "image/jpeg")
    assert reporter.post("/pengungkapan/percakapan/", {"body": "Ini.", "file": file}).status_code == 302
    broken = SimpleUploadedFile("buku.exe", b"MZ", "image/jpeg")
    refused = reporter.post("/pengungkapan/percakapan/", {"body": f"{SECRET}balas", "file": broken})
    assert refused.status_code == 400
    assert f"{SECRET}balas" in refused.content.decode()
    case.refresh_from_db()
    sent = {
        "act": "pesan",
        "body": "Terima kasih.",
        "version": case.version,
        "file": SimpleUploadedFile("a.jpg", photo()),
    }
    assert ina.post(f"/meja/wbs/{case.number}/", sent).status_code == 302
    theirs, ours = Attachment.objects.filter(disclosure=case).order_by("pk")
    assert (theirs.name, ours.name) == ("Berkas 1", "Berkas 2")
    Attachment.objects.update(state="CLEAN")
    for row in (theirs, ours):
        assert reporter.get(f"/pengungkapan/percakapan/berkas/{row.pk}/").status_code == 200
        assert f"/meja/wbs/{case.number}/berkas/{row.pk}/" in ina.get(f"/meja/wbs/{case.number}/").content.decode()
        assert client_of(team.gita).get(f"/meja/wbs/{case.number}/berkas/{row.pk}/").status_code == 404


# --- Everybody else ---


def others(world: World, team: Teams) -> dict[str, Client]:
    """All roles and scopes, the head of the inspectorate, the other team, and a member it names."""
    found = {role: client_of(one.who) if one.who else Client() for role, one in cast.viewers(world).items()}
    found["head of the inspectorate"] = client_of(world.officer("Kepala", world.inspektorat, Role.HEAD))
    found["member of the centre's team"] = client_of(team.gita)
    return found


def test_to_all_others_it_is_not_there(world: World, team: Teams) -> None:
    case, _key = told(world, now=timezone.now())
    file = Attachment(disclosure=case, name="Berkas 1", size=4, state="CLEAN", sniffed_type="image/jpeg")
    file.file.save("bukti", ContentFile(b"KNRI"))
    pages = (f"/meja/wbs/{case.number}/", f"/meja/wbs/{case.number}/berkas/{file.pk}/", "/meja/wbs/")
    acts = cycle(("pesan", "selesai", "minta", "setuju", "nama", "jauhkan", "pusat"))
    for role, client in others(world, team).items():
        officer = role not in ("public", "citizen")
        for page in pages:
            seen = client.get(page)
            if role == "member of the centre's team" and page == "/meja/wbs/":
                assert case.number not in seen.content.decode()
                continue
            assert seen.status_code == 404 if officer else seen.status_code in (302, 403), (role, page)
        for act in islice(acts, 2):
            seen = client.post(pages[0], {"act": act, "body": "Halo.", "reason": "x", "finding": "PROVEN"})
            assert seen.status_code == 404 if officer else seen.status_code in (302, 403), (role, act)
    assert case.events.count() == 1
    never = "7K4M9QXD2TB"
    for who in (world.ratna, world.wati, team.gita):
        client = client_of(who)
        real, none = client.get(f"/meja/wbs/{case.number}/"), client.get(f"/meja/wbs/{never}/")
        shapes = [
            re.sub(r'(nonce|value)="[^"]*"', "", page.content.decode()).replace(number, "N")
            for page, number in ((real, case.number), (none, never))
        ]
        assert shapes[0] == shapes[1], who


@pytest.mark.parametrize(
    "who", ["national", *(pytest.param(one, marks=pytest.mark.slow) for one in ("guest", "coordinator and head"))]
)
def test_no_page_of_the_portal_tells_a_word_of_it_to_anybody_else(
    world: World,
    team: Teams,
    who: str,
    some: Some,
    tmp_path: Any,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """Every address there is, asked by each who could hope for something (coordinator and head in turn), with the
    number and words to search by."""
    settings.MEDIA_ROOT = tmp_path
    reporter = Client()
    number, key = sent(world, reporter)
    case = Disclosure.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        attachments.check(Attachment.objects.get().pk)
    disclosures.write(case, f"{SECRET}jawab", by=team.ina)
    reporter.post("/pengungkapan/percakapan/", {"body": f"{SECRET}balas"})
    stand_in = Complaint(number=case.number)
    routes = sorted({route for name, route in patterns() if not rules.library(name)})
    assert len(routes) > 150
    asked = dict.fromkeys(("q", "nomor"), case.number) | {"cari": SECRET}
    assert set(asked) & set(parameters())
    head = world.officer("Kepala", world.inspektorat, Role.HEAD)
    clients = {
        "guest": [Client()],
        "national": [client_of(world.ratna)],
        "coordinator and head": [client_of(world.wati), client_of(head)],
    }[who]
    for n, route in some(enumerate(routes), who):
        page = clients[n % len(clients)].get(address(route, stand_in, str(case.pk)))
        text = b"".join(page) if page.streaming else page.content
        assert SECRET.lower() not in text.decode("utf-8", "replace").lower(), route
    for target in ("/meja/", "/laporan/", "/lacak/", "/statistik/", "/pengawasan/"):
        for client in clients:
            page = client.get(target, {**asked, "q": SECRET})
            assert case.shown_number not in page.content.decode(), target
    sessions = str([SessionStore().decode(one) for one in _sessions()])
    assert SECRET not in sessions
    assert key not in sessions
    assert number not in sessions


def _sessions() -> list[str]:
    return list(Session.objects.values_list("session_data", flat=True))


def test_the_counts_and_exports_of_offices_do_not_move(world: World, team: Teams) -> None:
    """The same pages before and after five disclosures."""
    pages = ("/pengawasan/", f"/pengawasan/{world.inspektorat.pk}/laporan/", "/statistik/", "/", "/instansi/")
    client = client_of(world.ratna)

    def shown() -> list[str]:
        return [re.sub(r'(nonce|value|action)="[^"]*"', "", client.get(page).content.decode()) for page in pages]

    shown()
    before = shown()
    for n in range(5):
        told(world, f"Cerita {n}.", now=timezone.now())
    assert [re.sub(r"\d\d\.\d\d", "", page) for page in shown()] == [re.sub(r"\d\d\.\d\d", "", page) for page in before]


def test_an_api_key_of_the_inspectorate_sees_none(world: World, team: Teams) -> None:
    case, _key = told(world)
    machine = Actor.officer(team.ina.membership) if team.ina.membership else None
    assert machine is not None
    assert Disclosure.objects.readable_by(machine).filter(pk=case.pk).exists(), "the control"
    assert not Disclosure.objects.readable_by(Actor.system("sweep")).exists()
    assert not Disclosure.objects.readable_by(Actor.reporter(world.sari)).exists()
