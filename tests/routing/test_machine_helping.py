"""Systems of offices on both sides of a task: the lead asks, whoever helps reads what it must, and gives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from complaints.models import Attachment, Complaint, Contribution, Event, Message
from routing import helping
from routing.delivery import outbox, webhook
from routing.models import Delivery, Endpoint
from routing.views.machine_helping import ACTS
from tests.complaints.api import Program, problem
from tests.complaints.files import photo
from tests.routing.machines import case_at, connected
from tests.routing.turns import SARI
from tests.world import World

pytestmark = pytest.mark.django_db

TASK = "Pindahkan tiang di depan pasar."
NEVER = "7K4M-9QXD-2TB"
State = Contribution.State


def invited(program: Program, case: Complaint, world: World, **more: Any) -> Any:
    said = {"agency": world.bumn.pk, "task": TASK, "days": 3, **more}
    return program.post(f"antrean/{case.shown_number}/bantuan/", said)


def photographed(case: Complaint) -> Attachment:
    file = Attachment(complaint=case, name="ktp-sari.jpg", size=4, state="CLEAN", sniffed_type="image/jpeg")
    file.file.save("bukti", ContentFile(b"KNRI"))
    return file


@pytest.fixture
def sides(world: World) -> tuple[Program, Program]:
    """Systems of the lead and of the office that is asked."""
    return connected(world)[1], connected(world, world.bumn)[1]


def test_the_lead_asks_and_the_other_reads_the_masked_story_and_gives(
    world: World, sides: tuple[Program, Program]
) -> None:
    lead, helper = sides
    case = case_at(world, body="Tiang miring, telepon saya 0812-0000-7700.", name="Sari Wulandari")
    file, other = photographed(case), photographed(case)
    assert invited(lead, case, world, files=[file.pk]).status_code == 200
    (listed,) = helper.get("bantuan/").json()["items"]
    assert (listed["number"], listed["task"], listed["late"]) == (case.shown_number, TASK, False)
    said = helper.get(f"bantuan/{case.shown_number}/").json()
    assert said["lead"]["id"] == world.dinas_pu.pk
    assert "Tiang miring" in said["story"]["body"]
    for hidden in ("0812", "Sari", "ktp"):
        assert hidden not in str(said), hidden
    (shared,) = said["files"]
    assert helper.get(f"bantuan/{case.shown_number}/berkas/{file.pk}/").status_code == 200
    problem(helper.get(f"bantuan/{case.shown_number}/berkas/{other.pk}/"), 404, "tidak-ada")
    assert shared["url"].endswith(f"/berkas/{file.pk}/")
    assert {one["verb"] for one in said["acts"]} == set(ACTS)
    sent = helper.client.post(
        f"/api/v1/bantuan/{case.shown_number}/berkas/",
        {"file": SimpleUploadedFile("tiang.jpg", photo(60, 40), "image/jpeg")},
        headers=helper.headers,
    )
    given = {"body": "Sudah dipindahkan.", "files": [sent.json()["id"]]}
    done = helper.post(f"bantuan/{case.shown_number}/hasil-bantuan/", given)
    assert (done.status_code, done.json()["state"], done.json()["acts"]) == (200, State.DONE, [])
    message = Message.objects.get(verb="contribute")
    assert (message.audience, message.attachments.count()) == ("OFFICERS", 1)
    after = helper.get(f"bantuan/{case.shown_number}/").json()
    assert (after["story"], after["files"], helper.get("bantuan/").json()["items"]) == (None, [], [])
    told = lead.get(f"antrean/{case.shown_number}/").json()
    assert [(one["office"]["id"], one["state"], one["message"]) for one in told["helpers"]] == [
        (world.bumn.pk, State.DONE, message.pk)
    ]


def test_one_that_cannot_says_why_and_one_not_needed_is_called_off(
    world: World, sides: tuple[Program, Program]
) -> None:
    lead, helper = sides
    case = case_at(world)
    none = lead.post(f"antrean/{case.number}/pembatalan-bantuan/", {"agency": world.bumn.pk, "reason": "x"})
    assert none.status_code in (400, 422)
    invited(lead, case, world)
    problem(helper.post(f"bantuan/{case.number}/penolakan-bantuan/", {"reason": " "}), 400, "isian-salah")
    assert helper.post(f"bantuan/{case.number}/penolakan-bantuan/", {"reason": "Bukan tiang kami."}).status_code == 200
    invited(lead, case, world)
    said = {"agency": world.bumn.pk, "reason": "Sudah beres."}
    assert lead.post(f"antrean/{case.number}/pembatalan-bantuan/", said).status_code == 200
    assert list(Contribution.objects.order_by("pk").values_list("state", flat=True)) == ["REFUSED", "WITHDRAWN"]


def test_what_is_missing_is_said_at_its_member(world: World, sides: tuple[Program, Program]) -> None:
    case = case_at(world)
    wrongs: list[dict[str, Any]] = [{"agency": 0}, {"task": " "}, {"days": 0}, {"days": 99}, {"files": [1]}, {"x": 1}]
    for wrong in wrongs:
        answer = invited(sides[0], case, world, **wrong)
        assert answer.status_code in (400, 422), wrong
        (error,) = answer.json()["errors"]
        assert next(iter(wrong)) in error["pointer"]
    assert not Contribution.objects.exists()


def test_for_all_others_and_without_leave_there_is_nothing(world: World, sides: tuple[Program, Program]) -> None:
    lead, helper = sides
    case = case_at(world)
    before = Event.objects.count()
    for program in (helper, lead):
        for number in (case.shown_number, NEVER):
            problem(program.get(f"bantuan/{number}/"), 404, "tidak-ada")
            problem(program.get(f"bantuan/{number}/berkas/1/"), 404, "tidak-ada")
            problem(program.post(f"bantuan/{number}/hasil-bantuan/", {"body": "Sudah."}), 404, "tidak-ada")
            problem(program.post(f"bantuan/{number}/penolakan-bantuan/", {"reason": "Tidak."}), 404, "tidak-ada")
    problem(invited(helper, case, world), 404, "tidak-ada")
    assert Event.objects.count() == before
    helping.invite(case, world.bumn, TASK, by=world.joko, days=3)
    reads = connected(world, world.bumn, "queue")[1]
    assert reads.get(f"bantuan/{case.number}/").status_code == 200
    problem(reads.post(f"bantuan/{case.number}/hasil-bantuan/", {"body": "Sudah."}), 403, "tidak-berwenang")
    problem(connected(world, world.bumn, "file")[1].get("bantuan/"), 403, "tidak-berwenang")
    problem(helper.get(f"antrean/{case.number}/"), 404, "tidak-ada")


def test_the_list_goes_on_where_a_page_ends(
    world: World, sides: tuple[Program, Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routing.views.machine_helping.PAGE", 2)
    cases = [case_at(world) for _ in range(3)]
    for days, case in zip((9, 2, 5), cases, strict=True):
        helping.invite(case, world.bumn, TASK, by=world.joko, days=days)
    first = sides[1].get("bantuan/").json()
    last = sides[1].get(f"bantuan/?kursor={first['next']}").json()
    listed = [one["number"] for one in [*first["items"], *last["items"]]]
    assert listed == [cases[n].shown_number for n in (1, 2, 0)]
    assert last["next"] is None
    problem(sides[1].get("bantuan/?kursor=lain"), 400, "isian-salah")


# --- What they hear ---


def heard(world: World, *offices: Any) -> dict[int, Endpoint]:
    return {
        office.pk: Endpoint.objects.create(client=connected(world, office)[0], kind="WEBHOOK", url="https://x.test")
        for office in offices
    }


def told_to(endpoint: Endpoint) -> list[tuple[str, bool, bool]]:
    rows = Delivery.objects.filter(endpoint=endpoint).select_related("event", "complaint", "endpoint__client")
    bodies = [json.loads(webhook.payload(row))["data"] for row in rows.order_by("pk")]
    return [(said["verb"], said["held"], said["help"]) for said in bodies if said["verb"] != "forward"]


def test_both_sides_hear_of_a_task_and_nobody_else(world: World) -> None:
    listening = heard(world, world.dinas_pu, world.bumn, world.dinas_kesehatan)
    case = case_at(world)
    helping.invite(case, world.bumn, TASK, by=world.joko, days=3, shown="memindahkan tiang")
    case.contribute("Sudah.", by=world.lina)
    assert told_to(listening[world.dinas_pu.pk]) == [("invite", True, False), ("contribute", True, False)]
    assert told_to(listening[world.bumn.pk]) == [("invite", False, True), ("contribute", False, True)]
    assert told_to(listening[world.dinas_kesehatan.pk]) == []
    row = Delivery.objects.filter(endpoint=listening[world.bumn.pk]).latest("pk")
    said = json.loads(webhook.payload(row))
    assert said["type"] == "laporan.contribute"
    assert (said["data"]["status"], TASK in json.dumps(said)) == (None, False)
    assert said["data"]["api_url"].endswith(f"/api/v1/bantuan/{case.shown_number}/")


def test_of_a_case_that_is_guarded_now_who_helped_hears_nothing(world: World) -> None:
    listening = heard(world, world.dinas_pu, world.bumn)
    case = case_at(world)
    helping.invite(case, world.bumn, TASK, by=world.joko, days=3)
    waiting = Delivery.objects.get(endpoint=listening[world.bumn.pk])
    assert outbox.may_still_know(waiting)
    case.tighten(by=SARI, secret=True)
    assert told_to(listening[world.bumn.pk]) == [("invite", False, True)]
    again = Delivery.objects.select_related("complaint__not_for", "endpoint__client__agency", "event")
    assert not outbox.may_still_know(again.get(pk=waiting.pk))


def test_a_feed_tells_what_is_asked_and_forgets_what_is_guarded(world: World, sides: tuple[Program, Program]) -> None:
    helper = sides[1]
    cursor = helper.get("antrean/").json()["cursor"]
    case, other = case_at(world), case_at(world)
    for one in (case, other):
        helping.invite(one, world.bumn, TASK, by=world.joko, days=3)
    other.tighten(by=SARI, secret=True)
    (item,) = helper.get(f"antrean/?sejak={cursor}").json()["items"]
    assert (item["number"], item["verb"], item["held"], item["case"]) == (case.shown_number, "invite", False, None)
    assert item["help"]["api_url"].endswith(f"/api/v1/bantuan/{case.shown_number}/")
    assert item["status"] is None
