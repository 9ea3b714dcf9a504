"""What lies before a participant when a lesson begins: cases of their own, brought where the lesson wants them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from django.db import transaction
from django.utils import timezone

from agencies.actor import Actor
from agencies.models import Agency, Membership, Region, Role
from complaints import intake
from complaints.intake import Submission
from complaints.models import Complaint
from lapor.training import people
from lapor.training.lessons.lesson import Learner, Lesson
from lapor.training.models import Exercise
from lapor.training.people import Part

WORKER: Final = Actor.system("worker")
FINAL: Final = (
    "Sudah kami kerjakan hari ini dan kami periksa bersama perangkat desa. Kalau masih kurang, tekan belum beres."
)


def office(name: str) -> Agency:
    found = people.office_of(Part("", "", "", None, name, ""))
    assert found is not None, name
    return found


def forward(name: str) -> Callable[[Complaint], object]:
    return lambda case: case.forward(office(name), by=WORKER, reason="Bidang dan tempatnya menunjuk kantor ini.")


def place(case: Complaint) -> object:
    return case.place_at(office(""), by=WORKER, reason="Tidak ada kantor yang pasti untuk bidang ini.")


def propose(answer: str) -> Callable[[Complaint], object]:
    """The liaison's final answer, which waits for the head."""

    def bring(case: Complaint) -> None:
        forward(people.HEALTH)(case)
        by = liaison(case.handler)
        case.start(by=by)
        case.resolve(answer, by=by, outcome="DONE", done_on=timezone.localdate(), unit="Puskesmas")

    return bring


def liaison(seat: Agency) -> Actor:
    """Somebody of the office who is nobody's part."""
    held = (
        Membership.objects.current()
        .filter(agency=seat, role__in=[Role.LIAISON, Role.HEAD, Role.COORDINATOR])
        .exclude(user__email__endswith=f"@{people.DOMAIN}")
        .select_related("user", "agency")
    )
    found = sorted(held, key=lambda one: (one.role != Role.LIAISON, one.pk))
    return Actor.officer(found[0]) if found else Actor.officer(Membership.objects.current().get(role=Role.NATIONAL))


@transaction.atomic
def lay(learner: Learner, lesson: Lesson) -> None:
    """Whatever of the lesson this participant does not have; after a reset all of it anew."""
    there = set(
        Exercise.objects.filter(participant=learner.participant, lesson=lesson.slug).values_list("name", flat=True)
    )
    lesson.more(learner)
    if there.issuperset(one.name for one in lesson.laid):
        return
    pemda = office("")
    # Each in a place of its own, else every one of a room's cases looks like every other.
    places = list(Region.objects.current().filter(parent=pemda.region_id).order_by("pk"))
    for turn, one in enumerate(lesson.laid, learner.participant.pk * 3):
        if one.name in there:
            continue
        receipt = intake.receive(
            Submission(
                channel="web",
                external_id=f"latihan-{uuid.uuid4()}",
                title=f"{one.title} ({learner.participant})"[:160],
                body=one.body,
                kind=one.kind,
                place=places[turn % len(places)] if places else pemda.region,
                happened_on=timezone.localdate(),
                name="Warga karangan",
                email=f"warga-{learner.participant.pk}@{people.DOMAIN}",
            )
        )
        one.bring(receipt.complaint)
        Exercise.objects.create(
            participant=learner.participant, lesson=lesson.slug, name=one.name, number=receipt.complaint.number
        )


@transaction.atomic
def lay_anew(learner: Learner, lesson: Lesson) -> None:
    """Fresh cases, where a slip led somewhere from which no step can be done; what is done stays done."""
    Exercise.objects.filter(participant=learner.participant, lesson=lesson.slug).delete()
    lay(learner, lesson)
