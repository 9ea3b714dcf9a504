"""Complaint: one report (laporan) of any kind, from receipt to its end."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.actor import Actor
from agencies.models import Agency, Region, SubSite, User
from complaints.number import shown_number
from complaints.transitions import OFFICES_TURN, OPEN, REPORTERS_TURN, Status
from lapor.kit.standing import never_deleted

from .event import Event
from .lifecycle import Lifecycle
from .reference import Category, Kind
from .visibility import not_kept_from, seen_by, untagged_from

# Code of where a case lies that is not secret: `Complaint.lies_at_id` for statements.
LIES_AT = Coalesce("found_place_id", "place_id")


class AddressedBy(models.TextChoices):
    """Whose word it is that a case is addressed to an office. Blank: the reporter named it."""

    PREFIX = "PREFIX", _("awalan SMS")
    KEY = "KEY", _("kunci API")
    SUBSITE = "SUBSITE", _("situs daerah")


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def open(self) -> ComplaintQuerySet:
        return self.filter(status__in=OPEN)

    def visible_to(self, actor: Actor, *, on_request: bool = False) -> ComplaintQuerySet:
        """What this actor may open, in one statement (before it one for the user's offices, which a request knows);
        `on_request`: also what asks for a reason first."""
        return self.filter(seen_by(actor, on_request=on_request))

    def left_by(self, actor: Actor) -> ComplaintQuerySet:
        """Cases the actor's office once had, or that carried the observer's programme: they may read the event that
        these left, unless they are secret."""
        office = actor.agency
        if office is None:
            return self.none()
        if actor.programme_id is not None:
            gone = untagged_from(actor.programme_id) & Q(handler__path__startswith=office.path, secret=False)
            return self.filter(not_kept_from(actor), gone)
        return self.filter(
            not_kept_from(actor),
            Exists(Event.objects.filter(complaint=OuterRef("pk"), handler_from=office).exclude(handler_to=office)),
            secret=False,
        ).exclude(handler=office)

    def public(self) -> ComplaintQuerySet:
        """Those with a masked copy."""
        return self.filter(publication__isnull=False)

    def held_by(self, agency: Agency) -> ComplaintQuerySet:
        return self.filter(handler=agency)

    def held_under(self, agency: Agency) -> ComplaintQuerySet:
        """Held by the agency or anything below it."""
        return self.filter(handler__path__startswith=agency.path)

    def overdue(self, today: datetime.date) -> ComplaintQuerySet:
        """Open cases with an office's promise that has passed."""
        return self.open().filter(due_on__lt=today)


class Complaint(Lifecycle, models.Model):
    """A case. Its verbs stand in `lifecycle.py`; status, handler and clocks change nowhere else but in
    `routing.dispatch`. Who is behind it stands in Reporter and nowhere else."""

    # 10 random Crockford characters and a check character, without hyphens (complaints.number).
    number = models.CharField(max_length=11, unique=True)
    key_hash = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.PENGADUAN)
    # Berkadar pengawasan: a person's decision, with its event.
    supervised = models.BooleanField(default=False)
    title = models.CharField(max_length=160)
    body = models.TextField()
    happened_on = models.DateField(null=True, blank=True)
    place = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    landmark = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    # Where it lies and what it is about by another's word than the reporter's (ADR 0055): what the worker read and was
    # sure of, or the place an officer set. `found_certainty` 0 to 1, None: nothing read, or an officer said so;
    # `found_words` spoke for the place, "" for a point. Shown inside alone, to whoever reads the whole text.
    found_place = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    found_certainty = models.FloatField(null=True, blank=True)
    found_words = models.CharField(max_length=200, blank=True, default="", db_default="")
    found_topic = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # The reporter's guess: an agency where it names one, else their words for the desk to read.
    addressed_to = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    addressed_text = models.CharField(max_length=200, blank=True)
    # Not a guess but certain (case.md section 5): what stood for the office; `addressed_text` is then how it was typed.
    addressed_by = models.CharField(max_length=8, choices=AddressedBy.choices, blank=True)
    # The district's own site it was filed on; None: the national portal. Only read from the case.
    subsite = models.ForeignKey(SubSite, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # A channel's code, or what a table of the past calls the way it came.
    channel = models.CharField(max_length=40)
    anonymous = models.BooleanField(default=False)
    secret = models.BooleanField(default=False)
    about_conduct = models.BooleanField(default=False)
    # The case is never at, to, or readable in the subtree of this office. Never the root.
    not_for = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    not_seen_by = models.ManyToManyField(User, blank=True, related_name="+")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.SUBMITTED)
    handler = models.ForeignKey(Agency, models.PROTECT, related_name="complaints")
    # Where a waiting case returns to; blank unless waiting.
    returns_to = models.CharField(max_length=12, choices=Status.choices, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    # The nearest date of its unstopped, unpaused clocks; None: none has a date. Desks sort by it.
    due_on = models.DateField(null=True, blank=True)
    # Every reporter's message and officer's act moves it: "newest activity".
    changed_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(default=timezone.now)
    # When it first had an office that must answer it; None: never verified.
    forwarded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    archive_ground = models.CharField(max_length=20, blank=True)
    rating_answer = models.PositiveSmallIntegerField(null=True, blank=True)
    rating_result = models.PositiveSmallIntegerField(null=True, blank=True)
    rating_reason = models.TextField(blank=True)
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    # Imported as history: no letters, no ladder.
    silent = models.BooleanField(default=False)
    # What it was called where it came from, an SP4N-LAPOR! tracking id above all; blank for one that began here.
    former_number = models.CharField(max_length=40, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan")
        verbose_name_plural = _("laporan")
        constraints = [
            models.CheckConstraint(
                condition=Q(rating_answer__isnull=True) | Q(rating_answer__range=(1, 5)),
                name="complaint_rating_answer_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(rating_result__isnull=True) | Q(rating_result__range=(1, 5)),
                name="complaint_rating_result_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(happened_on__isnull=True) | Q(kind=Kind.PENGADUAN), name="complaint_only_pengaduan_happened"
            ),
            models.CheckConstraint(
                condition=Q(supervised=False) | Q(kind=Kind.PENGADUAN), name="complaint_only_pengaduan_supervised"
            ),
            models.CheckConstraint(
                condition=~Q(status="waiting") | ~Q(returns_to=""), name="complaint_waiting_knows_where_from"
            ),
        ]
        indexes = [
            # The desk: one office's open cases, nearest promise first.
            models.Index(fields=["handler", "due_on", "id"], condition=Q(status__in=OPEN), name="complaint_desk"),
            # Its two halves, for the counts of what is late or near, and of what waits for the reporter.
            models.Index(
                fields=["handler", "due_on", "id"], condition=Q(status__in=OFFICES_TURN), name="complaint_offices_turn"
            ),
            models.Index(
                fields=["handler", "due_on", "id"],
                condition=Q(status__in=REPORTERS_TURN),
                name="complaint_reporters_turn",
            ),
            # The coordinator's and the centre's lists over many offices.
            models.Index(fields=["due_on", "id"], condition=Q(status__in=OPEN), name="complaint_open_due"),
            models.Index(fields=["handler", "-changed_at", "-id"], name="complaint_handler_newest"),
            # Open cases at a place, newest first: which of them are like another (complaints.likeness).
            models.Index(
                fields=["place", "-received_at"],
                condition=Q(status__in=OPEN, duplicate_of__isnull=True),
                name="complaint_open_there",
            ),
            # The same of those whose place was found: for likeness, and for the past of a sudden rise.
            models.Index(
                fields=["found_place", "-received_at"],
                condition=Q(found_place__isnull=False),
                name="complaint_found_there",
            ),
            # The week on the home page.
            models.Index(fields=["received_at"], name="complaint_received"),
            models.Index(fields=["duplicate_of"], condition=Q(duplicate_of__isnull=False), name="complaint_duplicates"),
            models.Index(fields=["not_for"], condition=Q(not_for__isnull=False), name="complaint_not_for"),
            # Somebody who knows only the old number.
            models.Index(fields=["former_number"], condition=~Q(former_number=""), name="complaint_former_number"),
        ]
        triggers = never_deleted("complaint")

    def __str__(self) -> str:
        return self.shown_number

    @property
    def shown_number(self) -> str:
        """As it is printed and read aloud: 7K4M-9QXD-2TB."""
        return shown_number(self.number)

    @property
    def lies_at_id(self) -> str | None:
        """Code of where it lies: found, else chosen (LIES_AT). Of a secret case chosen alone: what its text says is
        compared with nothing."""
        return self.place_id if self.secret else self.found_place_id or self.place_id

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_guarded(self) -> bool:
        """Secret, or about an officer: it is shared with no other office, and lies on no list beside its own desk."""
        return self.secret or self.about_conduct or self.not_for_id is not None

    def is_helped_by(self, office: Agency) -> bool:
        """The office was asked for something that it has not given yet. One query where that may be; none where a list
        has fetched the tasks of all its cases."""
        if self.pk is None or self.is_guarded or not self.is_open:
            return False
        if "contributions" in getattr(self, "_prefetched_objects_cache", {}):
            return any(
                task.agency_id == office.pk and task.state == task.State.OPEN for task in self.contributions.all()
            )
        return self.contributions.open().filter(agency=office).exists()

    @property
    def is_published(self) -> bool:
        """It has a masked copy. Asked once an instance: good for a page; an act asks anew (`publishing.has_copy`)."""
        return hasattr(self, "publication")

    @property
    def zone(self) -> str:
        """IANA zone of the place of the report; unknown: Jakarta (case.md section 4)."""
        return self.place.zone if self.place else "Asia/Jakarta"

    @property
    def reporter_is_reachable(self) -> bool:
        """A letter with content can reach the reporter."""
        from .reporter import Reporter

        try:
            return self.reporter.is_reachable
        except Reporter.DoesNotExist:
            return False
