"""Letters of the account itself: a code to sign in, to confirm an address, to choose a new password.

Somebody sits before the page and waits, and in five minutes the letter is worth nothing. So it goes out at once, and
where the mail server does not take it the page stands all the same and a worker tries again: after 5 s, 10 s, 20 s …,
each up to a fifth more or less. What waits is sealed, and lies nowhere but in the broker; whoever asks again gets a new
one.
"""

from __future__ import annotations

import json
import logging
import random
import smtplib
import time
from typing import Any, Final

from django.core.mail import EmailMessage, EmailMultiAlternatives

from lapor.kit.nudge import nudge
from lapor.kit.sealing import seal, unseal

log = logging.getLogger(__name__)

LASTS: Final = 5 * 60
FIRST_WAIT, LONGEST_WAIT = 5, 60


def silent() -> tuple[type[Exception], ...]:
    """What a server that is not there says, in any of the ways we send letters; all of it passes. Loaded when one was
    silent: a provider's calls are 5 MB, and whoever signs in would make each web worker carry them."""
    from anymail.exceptions import AnymailError

    return smtplib.SMTPException, OSError, AnymailError


def send(message: EmailMessage) -> None:
    """Try at once; never fails."""
    if not _is_out(message):
        sealed = seal(json.dumps(_told(message) | {"until": time.time() + LASTS}))
        nudge("agencies.tasks.send_code", sealed, 1)


def send_again(sealed: str, tries: int) -> int:
    """The same from a worker. Seconds until it is worth another try; 0: it is out, or nobody needs it any more."""
    told = json.loads(unseal(sealed))
    if time.time() >= told.pop("until"):
        log.error("a letter of an account was given up after %s tries", tries)
        return 0
    alternatives = told.pop("alternatives")
    message = EmailMultiAlternatives(**told)
    for content, kind in alternatives:
        message.attach_alternative(content, kind)
    return 0 if _is_out(message) else wait_after(tries)


def wait_after(tries: int) -> int:
    plain = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(tries - 1, 10)))
    return round(plain * random.uniform(0.8, 1.2))  # noqa: S311  spreading, not a secret


def _is_out(message: EmailMessage) -> bool:
    """Out, or refused for good: an address nobody has is nobody's to wait for."""
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _words in refused.recipients.values()]
        log.warning("a letter of an account was refused: %s", codes)
        return all(code >= 500 for code in codes)
    except silent() as error:
        log.warning("a letter of an account has to wait: %s", type(error).__name__)
        return False
    return True


def _told(message: EmailMessage) -> dict[str, Any]:
    return {
        "subject": str(message.subject),
        "body": str(message.body),
        "from_email": message.from_email,
        "to": list(message.to),
        "headers": dict(message.extra_headers),
        "alternatives": [[str(content), str(kind)] for content, kind in getattr(message, "alternatives", [])],
    }
