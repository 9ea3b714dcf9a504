"""What a lesson is made of: its steps, the cases laid out for it, and who learns.

A check reads the case that was laid out for this participant, its events, and what their own account did elsewhere;
nobody can tick a step, and nobody's act counts for somebody else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise

from agencies.actor import Actor
from agencies.models import User
from complaints.models import Complaint, Event, Kind
from lapor.training import people
from lapor.training.models import Exercise, Look, Participant
from lapor.training.people import Part


@dataclass
class Learner:
    """One participant in one part."""

    participant: Participant
    part: Part

    @cached_property
    def user(self) -> User:
        return people.account(self.participant, self.part)

    @cached_property
    def cases(self) -> dict[str, Complaint]:
        """What was laid out for this lesson, by its name."""
        numbers = dict(
            Exercise.objects.filter(participant=self.participant, lesson=self.part.slug).values_list("number", "name")
        )
        return {numbers[case.number]: case for case in Complaint.objects.filter(number__in=numbers)}

    @cached_property
    def own(self) -> Complaint | None:
        """The newest report of a citizen."""
        return Complaint.objects.visible_to(Actor.reporter(self.user)).order_by("-pk").first()

    def acted(self, name: str, *verbs: str, **particulars: object) -> bool:
        """Whether this account did one of them on the case, with these particulars."""
        case = self.cases.get(name)
        found = {f"particulars__{key}": value for key, value in particulars.items()}
        return case is not None and case.events.filter(verb__in=verbs, actor=self.user, **found).exists()

    def said(self, *verbs: str) -> Event | None:
        """What happened to a citizen's own report."""
        return self.own.events.filter(verb__in=verbs).order_by("-pk").first() if self.own else None

    def looks(self, *pages: str, posted: bool = False) -> list[Look]:
        """What they opened or sent in this part; a citizen may do it signed out."""
        parts = [self.part.slug, *([] if self.part.role else [""])]
        found = Look.objects.filter(participant=self.participant, part__in=parts, page__in=pages, posted=posted)
        return list(found.order_by("-at"))

    def opened(self, name: str) -> bool:
        case = self.cases.get(name)
        return case is not None and any(same(look.about, case.number) for look in self.looks("routing:case"))

    def address(self, name: str) -> str:
        case = self.cases.get(name)
        return reverse("routing:case", args=[case.number]) if case else reverse("routing:desk")


def same(about: str, number: str) -> bool:
    return about.replace("-", "").upper() == number


Check = Callable[[Learner], bool]
Where = Callable[[Learner], str]


@dataclass(frozen=True)
class Step:
    """`missing`: what to say while the check fails. `helper`: the name of what the machine plays on request."""

    code: str
    title: str | Promise
    how: str | Promise
    missing: str | Promise
    check: Check
    where: Where
    helper: str | Promise = ""


@dataclass(frozen=True)
class Laid:
    """A case laid out: its name, what it says, and where it is brought."""

    name: str
    title: str
    body: str
    bring: Callable[[Complaint], object]
    kind: str = Kind.PENGADUAN


@dataclass(frozen=True)
class Lesson:
    """`title`: what one learns, as the certificate says it; `more`: what it needs besides cases."""

    part: Part
    title: str | Promise
    intro: str | Promise
    steps: tuple[Step, ...]
    laid: tuple[Laid, ...] = ()
    more: Callable[[Learner], object] = field(default=lambda learner: None)

    @property
    def slug(self) -> str:
        return self.part.slug


def to(name: str, *args: object) -> Where:
    return lambda learner: reverse(name, args=args)
