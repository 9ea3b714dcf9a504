"""Supporter: somebody who has the same trouble as a published case and follows it instead of filing ("saya juga
mengalami").

Nobody's name. The contact is stored sealed and leaves this table through `complaints.privacy` alone; a keyed
fingerprint counts it once a case. No column leads to an account or to a report of theirs (docs/keputusan/0028).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from lapor.kit.sealing import fingerprint, seal

if TYPE_CHECKING:
    from .complaint import Complaint

# How long an address that never answered is kept.
ASKED_LASTS = datetime.timedelta(days=14)
# Mailboxes of these hosts are the same with and without dots in their names.
_DOTLESS = frozenset({"gmail.com", "googlemail.com"})

# One statement; the count of a lead holds those of the cases merged into it, one person once. A case without a masked
# copy has no number, and one that is closed to all now adds to nobody's.
_COUNT = """
SELECT lead, count(DISTINCT s.fingerprint)
FROM (SELECT id, id AS lead FROM unnest(%s::bigint[]) AS id
      UNION ALL
      SELECT id, duplicate_of_id FROM complaints_complaint
      WHERE duplicate_of_id = ANY(%s::bigint[]) AND NOT secret AND not_for_id IS NULL) joined
JOIN complaints_publication p ON p.complaint_id = lead
JOIN complaints_supporter s ON s.complaint_id = joined.id AND s.confirmed_at IS NOT NULL AND s.ended_at IS NULL
GROUP BY lead
"""


class SupporterQuerySet(models.QuerySet["Supporter"]):
    def counted(self) -> SupporterQuerySet:
        """Those who showed that the contact is theirs and did not take it back."""
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)

    def told(self) -> SupporterQuerySet:
        """Those of them who want the letters."""
        return self.counted().filter(stopped_at__isnull=True)

    def following(self, complaint_id: int) -> SupporterQuerySet:
        """Of this case and of those merged into it, as far as everybody may know of them."""
        merged = Q(complaint__duplicate_of=complaint_id, complaint__secret=False, complaint__not_for__isnull=True)
        return self.filter(Q(complaint=complaint_id) | merged)

    def leads(self, least: int) -> models.QuerySet[Any, Any]:
        """Ids of public cases with at least so many behind them, counted as `count_by_case` does."""
        return self.followed(least).values("lead")

    def followed(self, least: int) -> models.QuerySet[Any, Any]:
        """The same with how many: `lead`, `n`."""
        from .publication import Publication

        own = Q(complaint__duplicate_of__isnull=True)
        merged = Q(complaint__secret=False, complaint__not_for__isnull=True)
        found: Any = self.counted().filter(own | merged)
        found = found.annotate(lead=Coalesce("complaint__duplicate_of", "complaint"))
        public = Publication.objects.filter(complaint_id=OuterRef("lead"))
        counted = found.filter(Exists(public)).order_by().values("lead")
        leads: models.QuerySet[Any, Any] = counted.annotate(n=Count("fingerprint", distinct=True)).filter(n__gte=least)
        return leads

    def of_contact(self, complaint: Complaint, email: str, *, language: str, now: datetime.datetime) -> Supporter:
        """Whoever has this mailbox, at this case; new and unconfirmed if nobody was. The address is kept sealed:
        getting it out again is for `complaints.privacy` alone."""
        kept = {"email_sealed": seal(email.strip().lower()), "language": language, "asked_at": now}
        found, _made = self.get_or_create(complaint=complaint, fingerprint=mark_of(email), defaults=kept)
        return found

    def count_by_case(self, complaints: Collection[int]) -> dict[int, int]:
        """How many by case; a case nobody supports, or that is not public, is not among the keys."""
        if not complaints:
            return {}
        wanted = list(complaints)
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [wanted, wanted])
            return dict(cursor.fetchall())


class Supporter(models.Model):
    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="supporters")
    # Of the mailbox, however its address is spelt (`mailbox_of`); "" once it ended.
    fingerprint = models.CharField(max_length=64, blank=True)
    email_sealed = models.TextField(blank=True)
    language = models.CharField(max_length=5, default="id")
    # When the letter that asks "is this yours?" was last put out.
    asked_at = models.DateTimeField(default=timezone.now)
    # None: nobody showed yet that the contact is theirs; not counted, and told nothing.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # No more letters, by their wish or because the address refused; still counted.
    stopped_at = models.DateTimeField(null=True, blank=True)
    # Taken back, forgotten or never confirmed: nothing of the contact is left in the row.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SupporterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "fingerprint"], condition=~Q(fingerprint=""), name="support_once"
            )
        ]
        indexes = [
            # How often an address was asked lately, and the forgetting of a contact.
            models.Index(fields=["fingerprint", "asked_at"], condition=~Q(fingerprint=""), name="supporter_contact"),
            # What nobody confirmed, to be forgotten.
            models.Index(
                fields=["asked_at"],
                condition=Q(confirmed_at__isnull=True, ended_at__isnull=True),
                name="supporter_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"pendukung {self.pk}"

    @property
    def is_counted(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None


def mailbox_of(email: str) -> str:
    """One mailbox, one spelling: what follows a "+" is the reader's own note, and some hosts pass over dots."""
    name, _at, host = email.strip().lower().rpartition("@")
    name = name.partition("+")[0] or name
    return f"{name.replace('.', '') if host in _DOTLESS else name}@{'gmail.com' if host in _DOTLESS else host}"


def mark_of(email: str) -> str:
    """Its fingerprint, of a sort of its own: it matches no Reporter's, so the tables name nobody to each other."""
    return fingerprint(mailbox_of(email), of="support") if email.strip() else ""
