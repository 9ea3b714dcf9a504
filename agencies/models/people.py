"""Users, and the memberships through which every right comes."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lapor.kit.compiled import Blank, Compiled
from lapor.kit.sealing import fingerprint

from .agency import Agency
from .programme import Programme


class Role(models.TextChoices):
    LIAISON = "LIAISON", _("Pejabat Penghubung")
    HEAD = "HEAD", _("Pimpinan, Sekretaris")
    COORDINATOR = "COORDINATOR", _("Admin Instansi")
    NATIONAL = "NATIONAL", _("Admin Nasional")
    OBSERVER = "OBSERVER", _("Pengawas")


class UserManager(BaseUserManager["User"]):
    def get(self, *args: Any, **wanted: Any) -> User:
        """By the primary key alone, which every request of somebody signed in asks for, in a statement spelt once."""
        # Among those of a relation Django looks with a class made of this one.
        if type(self) is not UserManager or args or wanted.keys() != {"pk"} or not isinstance(wanted["pk"], int):
            return super().get(*args, **wanted)
        for user in _USER(pk=wanted["pk"]):
            return user
        raise User.DoesNotExist

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. A citizen is a user without a membership; no account is shared."""

    email = models.EmailField(_("alamat surel"), unique=True)
    name = models.CharField(_("nama"), max_length=120, blank=True)
    language = models.CharField(max_length=5, default="id")
    # An officer's letters that can wait: in the morning with the others, or each at once.
    tells_at_once = models.BooleanField(default=False)
    # The letter of Monday morning, where a seat of theirs has one coming.
    weekly_letters = models.BooleanField(default=True, db_default=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    # The one membership a request acts through, set by the middleware; None: every current one counts.
    acting: Membership | None = None
    # Every current one, read by the same middleware; None: `seats` asks the table.
    held: list[Membership] | None = None

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def fingerprint(self) -> str:
        """What stands for this account beside a report: keyed, so that no copy of the database leads back from a
        report to who filed it."""
        return fingerprint(str(self.pk), "account")

    def seats(self) -> list[Membership]:
        """Every current membership with its office; one query, none in a request."""
        if self.held is not None:
            return self.held
        return list(Membership.objects.current().filter(user=self).select_related("agency", "programme"))

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


_USER: Compiled[User] = Compiled(lambda: User.objects.filter(pk=Blank("pk", models.BigIntegerField())))


class Decree(models.Model):
    """A surat keputusan on which memberships rest. One that is amended asks to confirm what rested on it."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="decrees")
    number = models.CharField(_("nomor"), max_length=80)
    decided_on = models.DateField(_("tanggal"))
    about = models.CharField(_("tentang"), max_length=300)
    amends = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="amended_by")
    file = models.FileField(upload_to="keputusan/", blank=True)

    class Meta:
        ordering = ["-decided_on"]
        constraints = [models.UniqueConstraint(fields=["agency", "number"], name="decree_number_once")]

    def __str__(self) -> str:
        return self.number


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, day: datetime.date | Blank | None = None) -> MembershipQuerySet:
        """Memberships in force on the day (None: today in Jakarta), of users who may still sign in."""
        day = day or timezone.localdate()
        return self.filter(starts_on__lte=day, user__is_active=True).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=day)
        )

    def appointed(self) -> MembershipQuerySet:
        """Without those of deputies, which end with a leave."""
        return self.filter(acting_for__isnull=True)


class Membership(models.Model):
    """Somebody's role at an office, from a day until a day. The only source of any right."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    starts_on = models.DateField(default=timezone.localdate)
    # First day on which it no longer holds: an act that ends it now writes today. None: it goes on.
    ends_on = models.DateField(null=True, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, null=True, blank=True, related_name="memberships")
    # When the coordinator last confirmed it; older than the decree that amends its own: to be confirmed.
    confirmed_on = models.DateField(null=True, blank=True)
    # An observer of one programme's cases only (KSP); None: no such limit.
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, db_index=False, related_name="observers"
    )
    # What the membership is called at this office: "Sekretaris", "Kepala Dinas"; blank: the role's own word.
    title = models.CharField(max_length=80, blank=True)
    # The membership of the officer who is away and whose role this one holds meanwhile; None: an appointment.
    acting_for = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="deputies")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["agency__name", "role", "user__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user", "agency", "role", "programme"],
                condition=Q(ends_on__isnull=True),
                nulls_distinct=False,
                name="membership_once",
            ),
            models.CheckConstraint(
                condition=Q(programme__isnull=True) | Q(role=Role.OBSERVER), name="membership_programme_is_observed"
            ),
            models.CheckConstraint(
                condition=Q(acting_for__isnull=True) | Q(ends_on__isnull=False), name="membership_deputy_has_an_end"
            ),
        ]
        indexes = [models.Index(fields=["agency", "role"], name="membership_agency_role")]

    def __str__(self) -> str:
        return f"{self.user}, {self.shown_role}, {self.agency}"

    @property
    def shown_role(self) -> str:
        """What it is called here; an observer's says of which programme, a deputy's that it is one."""
        role = self.title or str(Role(self.role).label)
        if self.acting_for_id is not None:
            return str(_("Plh. %(role)s")) % {"role": role}
        if self.programme is None:
            return role
        return str(_("%(role)s, program %(programme)s")) % {"role": role, "programme": self.programme.name}

    def is_current_on(self, day: datetime.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)
