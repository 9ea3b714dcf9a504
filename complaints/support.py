"""Saya juga mengalami: following a published case instead of filing it once more.

Whoever asks shows first that the contact is theirs: by the account it was verified with, or by the button of a letter
that says nothing of the case. Only then are they counted, once a mailbox and case. Whether an address follows a case,
or is its reporter's, nobody learns by asking: to a guest the answer is always the same.
"""

from __future__ import annotations

import datetime

from django.db import connection, transaction

from agencies.models import User
from complaints import privacy
from complaints.models import Complaint, Supporter
from complaints.models.supporter import ASKED_LASTS, mark_of
from complaints.notifications import send
from complaints.transitions import OPEN
from lapor.kit.ratelimit import Bucket

# A household or an office behind one address; whoever wants a high number needs as many mailboxes, and hours.
ASKING = Bucket("support", burst=10, hourly=20, strict=True)
# Letters a day to an address that has not answered, over all cases.
ASKED_A_DAY = 3


def is_open_to_support(case: Complaint) -> bool:
    """Of a published case: somebody still works on it, and it is not merged into another."""
    return case.status in OPEN and not case.secret and case.not_for_id is None and case.duplicate_of_id is None


def count_of(case: Complaint) -> int:
    """Everybody counted once, those of merged cases too; 0 of a case that is not public."""
    return Supporter.objects.count_by_case([case.pk]).get(case.pk, 0)


def of_account(case: Complaint, user: User) -> Supporter | None:
    """By the verified address of this account."""
    if not privacy.has_proved(user, user.email):
        return None
    return Supporter.objects.counted().filter(complaint=case, fingerprint=mark_of(user.email)).first()


def add(case: Complaint, user: User, *, now: datetime.datetime) -> Supporter:
    """At once, for an account that has proved its address. The same person again changes nothing but that letters are
    wanted again."""
    assert privacy.has_proved(user, user.email)
    row = Supporter.objects.of_contact(case, user.email, language=user.language, now=now)
    return privacy.confirm_support(row, now)


def ask(case: Complaint, email: str, *, language: str, now: datetime.datetime) -> None:
    """One letter to this address, without a word of the case; nothing where it follows already, or was asked often."""
    mark = mark_of(email)
    with transaction.atomic(), connection.cursor() as cursor:
        # One at a time for one address, or two requests would both count two.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"support {mark}"])
        asked = Supporter.objects.filter(fingerprint=mark, asked_at__gt=now - datetime.timedelta(days=1))
        here = Supporter.objects.filter(fingerprint=mark, complaint=case).first()
        if here is not None and (here.confirmed_at is not None or here.asked_at > now - datetime.timedelta(hours=1)):
            return
        if asked.count() >= ASKED_A_DAY:
            return
        if here is not None:
            here.asked_at = now
            here.save(update_fields=["asked_at"])
        else:
            here = Supporter.objects.of_contact(case, email, language=language, now=now)
        send.ask_supporter(here, now)


def forget_unconfirmed(now: datetime.datetime, limit: int = 500) -> int:
    """What nobody confirmed is not kept; how many."""
    old = Supporter.objects.filter(confirmed_at__isnull=True, ended_at__isnull=True, asked_at__lt=now - ASKED_LASTS)
    rows = list(old.order_by("asked_at")[:limit])
    for row in rows:
        privacy.end_support(row, now)
    return len(rows)
