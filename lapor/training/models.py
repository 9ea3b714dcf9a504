"""What training keeps for itself, in tables no other mode has. None leans on a table of the portal: those are laid anew
at each reset, and who takes part and what they have done stays."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone

from lapor.training import clock

LABEL = "latihan"


class State(models.Model):
    """One row: how far the clock was moved, where it is going, and from when the start is that everybody returns to."""

    shift = models.DurationField(default=datetime.timedelta)
    # The clock is on its way there, day by day, in the worker; None: it stands.
    heading_for = models.DateTimeField(null=True)
    # By this clock: when the kept start was laid.
    laid_at = models.DateTimeField(null=True)
    # By this clock: the last return to the start.
    began_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[State]] = models.Manager()

    class Meta:
        app_label = LABEL
        db_table = "latihan_keadaan"

    def __str__(self) -> str:
        return f"{self.shift}"

    @classmethod
    def read(cls) -> State:
        """The row, and this process follows it."""
        state = cls.objects.filter(pk=1).first() or cls.objects.get_or_create(pk=1)[0]
        clock.turn(state.shift)
        return state


class Participant(models.Model):
    """Somebody who learns; known by a cookie, and by whatever name they give themselves."""

    name = models.CharField(max_length=80, blank=True)
    since = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[Participant]] = models.Manager()

    class Meta:
        app_label = LABEL
        db_table = "latihan_peserta"

    def __str__(self) -> str:
        return self.name or f"Peserta {self.pk}"


class Letter(models.Model):
    """What would have left the portal; `door` says how: "email" or "webhook"."""

    door = models.CharField(max_length=12, default="email")
    to = models.CharField(max_length=500, db_index=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Letter]] = models.Manager()

    class Meta:
        app_label = LABEL
        db_table = "latihan_surat"

    def __str__(self) -> str:
        return self.subject


class Look(models.Model):
    """A page a participant opened, or an act that went through, once: what no event of a case tells."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="looks")
    # The part they played then; "" signed out.
    part = models.CharField(max_length=20, blank=True)
    page = models.CharField(max_length=80)
    about = models.CharField(max_length=40, blank=True)
    posted = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[Look]] = models.Manager()

    class Meta:
        app_label = LABEL
        db_table = "latihan_jejak"
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "part", "page", "about", "posted"], name="latihan_jejak_sekali"
            )
        ]

    def __str__(self) -> str:
        return self.page


class Exercise(models.Model):
    """A case laid out for one participant, by the name the lesson gives it. Gone with a reset."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="exercises")
    lesson = models.CharField(max_length=20)
    name = models.CharField(max_length=20)
    number = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[Exercise]] = models.Manager()

    class Meta:
        app_label = LABEL
        db_table = "latihan_bahan"
        constraints = [models.UniqueConstraint(fields=["participant", "lesson", "name"], name="latihan_bahan_sekali")]

    def __str__(self) -> str:
        return f"{self.lesson} {self.name}"


class Done(models.Model):
    """A step of a lesson that was really done."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="done")
    lesson = models.CharField(max_length=20)
    step = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[Done]] = models.Manager()

    class Meta:
        app_label = LABEL
        db_table = "latihan_langkah"
        constraints = [models.UniqueConstraint(fields=["participant", "lesson", "step"], name="latihan_langkah_sekali")]

    def __str__(self) -> str:
        return f"{self.lesson} {self.step}"


class Certificate(models.Model):
    """That somebody finished a lesson, as it was then: nothing in it changes. A corrected one takes its place."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="certificates")
    lesson = models.CharField(max_length=20)
    # Printed on it; whoever has the paper may check it by this.
    number = models.CharField(max_length=12, unique=True)
    # As the participant wrote them: nobody here knows better.
    name = models.CharField(max_length=80)
    office = models.CharField(max_length=120)
    # In Indonesian, as the lesson said it then: what was learnt, and the steps that were checked.
    title = models.CharField(max_length=200)
    steps = models.JSONField()
    # By the sun, not by the clock of training.
    issued_at = models.DateTimeField()
    is_replaced = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[Certificate]] = models.Manager()

    class Meta:
        app_label = LABEL
        db_table = "latihan_sertifikat"
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "lesson"],
                condition=models.Q(is_replaced=False),
                name="latihan_sertifikat_satu",
            )
        ]

    def __str__(self) -> str:
        return self.number
