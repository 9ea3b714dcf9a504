"""A secret text is read after a reason, and every reading is written down: by no other page, act or search."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agencies.actor import Actor
from agencies.models import AuditEntry
from complaints.models import Attachment, Complaint, Message
from routing import dispatch
from routing.models import Suggestion
from tests.permissions import cast, rules
from tests.permissions.cast import REASON
from tests.permissions.conftest import Some
from tests.scenes import once
from tests.world import World, client_of

pytestmark = pytest.mark.django_db

WORDS = ("Kanarikisah", "Kanarijudul", "Kanaripatok", "Kanarijawab", "Kanaricatatan", cast.NAME, cast.EMAIL)


def looks(case: Complaint) -> int:
    return AuditEntry.objects.filter(subject_kind="complaint", subject_id=case.pk, what="look").count()


@once()
def secret(world: World, made: dict[str, Complaint]) -> Complaint:
    """With everything an officer may have written into it, an answer that waits for approval included."""
    case = made["secret"]
    Complaint.objects.filter(pk=case.pk).update(title="Kanarijudul", landmark="Kanaripatok")
    world.dinas_pu.approves_answers = True
    world.dinas_pu.save()
    case = Complaint.objects.get(pk=case.pk)
    case.start(by=world.joko)
    case.note("Kanaricatatan dari telepon.", by=world.joko)
    case.answer("Kanarijawab menunggu.", by=world.joko)
    assert Message.objects.get(complaint=case, verb="answer").state == Message.State.PENDING
    return Complaint.objects.get(pk=case.pk)


def addresses(case: Complaint) -> list[str]:
    acts = [reverse(name, args=[case.number]) for name in sorted(rules.CASE_ACTS)]
    page = reverse("routing:case", args=[case.number])
    return [
        *acts,
        *(f"{one}?cari=dinas" for one in acts),
        page,
        f"{page}?pelapor=tampil",
        f"{page}kehadiran/",
        "/meja/?q=kantor:semua",
        "/meja/?q=Kanarikisah",
        "/meja/?q=Kanarijudul kantor:semua",
        "/pengawasan/",
        f"/pengawasan/{case.handler_id}/",
        f"/pengawasan/{case.handler_id}/laporan/",
        "/meja/peta/?q=kantor:semua",
        "/meja/surat/",
        "/meja/pembukaan/",
    ]


def test_nothing_of_it_is_seen_before_a_reason(
    world: World, some: Some, secret: Complaint, viewers: dict[str, cast.Viewer]
) -> None:
    tried = 0
    for role, viewer in viewers.items():
        if viewer.secret != REASON or viewer.who is None:
            continue
        client = client_of(viewer.who)
        for address in some(addresses(secret), role):
            page = client.get(address).content.decode().replace("?q=Kanari", "").replace('value="Kanari', "")
            for word in WORDS:
                assert word not in page.replace("Kanarijudul kantor:semua", ""), f"{role} × {address}: {word}"
            tried += 1
    assert tried > 30
    assert looks(secret) == 0


@pytest.mark.slow
def test_nor_by_an_act_that_fails_or_comes_too_late(
    world: World, secret: Complaint, viewers: dict[str, cast.Viewer]
) -> None:
    """Each act by each of them, with one of the versions that no page showed, in turn."""
    versions = ("", "0", str(secret.version - 1))
    for r, (role, viewer) in enumerate(viewers.items()):
        if viewer.secret != REASON or viewer.who is None:
            continue
        client = client_of(viewer.who)
        for a, name in enumerate(sorted(rules.CASE_ACTS - {"routing:reveal"})):
            version = versions[(r + a) % 3]
            answer = client.post(reverse(name, args=[secret.number]), {"version": version})
            for word in WORDS:
                assert word not in answer.content.decode(), f"{role} × {name} × {version}: {word}"
    assert looks(secret) == 0


def test_with_a_reason_it_is_seen_and_written_down(world: World, secret: Complaint) -> None:
    """The control."""
    client = client_of(world.ratna)
    page = client.post(reverse("routing:case", args=[secret.number]), {"alasan": "Pemeriksaan rutin."})
    assert "Kanarikisah" in page.content.decode()
    assert looks(secret) == 1


@pytest.mark.slow
def test_nor_is_it_told_by_suggestions_names_of_files_or_what_others_did(world: World, secret: Complaint) -> None:
    office = world.dinas_kesehatan
    quoting = {"source": Suggestion.Source.MODEL, "reason": "Laporan menyebut “Kanarikisah”."}
    Suggestion.objects.create(complaint=secret, agency=office, **quoting)
    address = reverse("routing:move", args=[secret.number])
    clients = [client_of(who) for who in (world.wati, world.ratna)]
    filled = [client.get(f"{address}?kantor={office.pk}").content.decode() for client in clients]
    assert ["menyebut “Kanarikisah”" in page for page in filled] == [True, False], "the first is the control"
    Attachment.objects.create(complaint=secret, name="Kanariberkas.jpg", size=3, file="x", state="CLEAN")
    asking = [client.get(reverse("routing:invite", args=[secret.number])).content.decode() for client in clients]
    assert ["Kanariberkas" in page for page in asking] == [True, False]
    Complaint.objects.filter(pk=secret.pk).update(found_place=world.pasar_lama)
    placing = [client.get(reverse("routing:locate", args=[secret.number])).content.decode() for client in clients]
    assert [world.pasar_lama.name in page for page in placing] == [True, False]
    dispatch.move(secret, office, by=world.wati, reason="Kanarialasan petugas.")
    said = {"version": "0", "seen": "1", "agency": world.dinas_pu.pk, "reason": "Uji."}
    late = [client.post(address, said) for client in clients]
    assert [answer.status_code for answer in late] == [409, 409]
    assert ["Kanarialasan" in answer.content.decode() for answer in late] == [True, False]


@pytest.mark.slow
def test_every_page_that_shows_a_secret_text_to_its_handler_writes_it_down(world: World, secret: Complaint) -> None:
    for officer in (world.joko, world.wati):
        client = client_of(officer)
        for address in addresses(secret):
            before = looks(secret)
            page = client.get(address).content.decode()
            if "Kanarikisah berbunyi" in page:
                assert looks(secret) > before, f"{officer} × {address}"


def test_who_reads_masked_reads_no_landmark_no_note_and_no_file(
    world: World, some: Some, made: dict[str, Complaint]
) -> None:
    """An observer of an open case: the table says masked, and a landmark may name a home."""
    case = made["open"]
    body = "Kanarikisah. Saya Kanarinama Pelapor, HP 081200007744."
    Complaint.objects.filter(pk=case.pk).update(
        landmark="rumah saya Kanaripatok", body=body, addressed_text="Kanarituju"
    )
    Attachment.objects.create(complaint=case, name="Kanariberkas.jpg", size=3, file="x", state="CLEAN")
    case = Complaint.objects.get(pk=case.pk)
    case.start(by=world.joko)
    case.note("Kanaricatatan dari telepon.", by=world.joko)
    case.reply("Kanaribalasan: 081200007744.", by=Actor.reporter())
    hidden = ("081200007744", cast.NAME, cast.EMAIL, "Kanaripatok", "Kanarituju", "Kanariberkas", "Kanaricatatan")
    client = client_of(world.bayu)
    for address in some(addresses(case), "bayu", of=3):
        page = client.get(address).content.decode()
        for word in (*hidden, "Kanaribalasan"):
            assert word not in page, f"{address}: {word}"
