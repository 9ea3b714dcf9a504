"""A telephone somebody typed in: nothing is sent there but one code, until they show that it is theirs.

Whoever holds the report's key types the code on its page; from then on the phone is a door like one that wrote to us:
letters go there, and STATUS, BALAS and STOP work from it. The code is made of the phone and the report and stored
nowhere; another phone has another code.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac

from django.conf import settings

from complaints import privacy
from complaints.models import Reporter
from lapor.kit.ratelimit import Bucket

LASTS = datetime.timedelta(days=14)
DIGITS = 6
# A code has a million forms and lives two weeks: by guessing one in some four hundred is found.
GUESSES = Bucket("phone-code", burst=5, hourly=6, strict=True)


def is_to_be_asked(reporter: Reporter) -> bool:
    """The phone is the only way to tell them, nobody showed yet that it is theirs, and it did not say STOP."""
    alone = reporter.phone_fingerprint and not reporter.email_fingerprint and not reporter.door
    if not alone or reporter.phone_confirmed_at is not None or reporter.erased_at is not None:
        return False
    return not Reporter.objects.filter(
        door_fingerprint=reporter.phone_fingerprint, door_closed_at__isnull=False
    ).exists()


def waits_for_a_code(reporter: Reporter, now: datetime.datetime) -> bool:
    return is_to_be_asked(reporter) and now - reporter.complaint.received_at < LASTS


def code_of(reporter: Reporter) -> str:
    said = f"phone:{reporter.pk}:{reporter.phone_fingerprint}".encode()
    mark = hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).digest()
    return f"{int.from_bytes(mark[:8], 'big') % 10**DIGITS:0{DIGITS}}"


class TooManyGuesses(Exception):
    """For now no code is looked at."""


def confirm(reporter: Reporter, typed: str, medium: str, now: datetime.datetime) -> bool:
    """Whether this is the code; if so letters go there. Raises TooManyGuesses."""
    if not GUESSES.take(str(reporter.pk)):
        raise TooManyGuesses
    digits = "".join(ch for ch in typed if ch.isascii() and ch.isdigit())
    if not waits_for_a_code(reporter, now) or not hmac.compare_digest(digits, code_of(reporter)):
        return False
    return privacy.confirm_phone(reporter, medium, now)
