"""Whether a machine wrote this letter: out-of-office notices, lists, newsletters, our own letters come back.

What says so itself is refused, with the reason kept; what only looks so is held for a person. Neither is answered:
two machines that thank each other never stop (RFC 3834).
"""

from __future__ import annotations

import re
from enum import StrEnum

from django.utils.translation import gettext as _

from complaints.channels.email import addresses
from complaints.channels.email.mime import Mail


class Sign(StrEnum):
    SURE = "sure"
    LIKELY = "likely"


_BULK = re.compile(r"^(?:bulk|list|junk|auto_reply)\b", re.I)
_NO_REPLY = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|tidak[-_.]?(?:di)?balas|jangan[-_.]?(?:di)?balas|noreply)[^@]*@"
    r"|^(?:[^@]*[-_.+])?(?:no-?reply|donotreply)@",
    re.I,
)
_ROBOT = re.compile(r"^(?:mailer-daemon|postmaster|listserv|majordomo|mdaemon|bounces?(?:[-+=][^@]*)?)@", re.I)
_AWAY_SUBJECT = re.compile(
    r"^(?:\[?(?:auto(?:matic)?[- ]?(?:reply|response|answer)|auto|ooo|vacation|out[- ]of[- ](?:the[- ])?office)\b"
    r"|(?:balasan|jawaban|respons?) otomatis\b|(?:sedang )?(?:tidak|di luar) (?:di )?kantor\b)",
    re.I,
)
_AWAY_WORDS = re.compile(
    r"(?:saya|kami) (?:sedang |akan |saat ini )*"
    r"(?:cuti|dinas luar|tidak (?:berada )?di (?:tempat|kantor)|di luar kantor)"
    r"|(?:ini (?:adalah )?|email ini |pesan ini )(?:balasan|jawaban|dijawab|dibalas)(?: secara)? otomatis"
    r"|i(?:'m| am| will be) (?:currently |presently )?(?:out of (?:the )?office|on (?:annual )?leave|on vacation|away)"
    r"|this is an automat(?:ed|ic) (?:reply|response|message)|terima kasih\W+email anda (?:sudah|telah) kami terima",
    re.I,
)


def sign_of(mail: Mail, text: str, *, answers_us: bool) -> tuple[Sign, str] | None:
    """How sure it is that a machine wrote it, and the reason for the log; None: a person, as far as one can tell.

    `text` is what was written without quotes. `answers_us`: it was sent back to one of our letters, so that a notice
    of absence is not taken for a report about an absent official.
    """
    if addresses.are_ours(mail.sender):
        return Sign.SURE, _("surat dari alamat kami sendiri")
    automatic = mail.header("auto-submitted").partition(";")[0].strip().lower()
    if automatic and automatic != "no":
        return Sign.SURE, _("balasan otomatis (Auto-Submitted)")
    if mail.all("x-autoreply") or mail.all("x-autorespond") or mail.header("x-auto-reply-from"):
        return Sign.SURE, _("balasan otomatis")
    if "<>" in [value.replace(" ", "") for value in mail.all("return-path")]:
        return Sign.SURE, _("surat mesin: pengirim kosong")
    if _ROBOT.match(mail.sender):
        return Sign.SURE, _("surat mesin surat")
    if _BULK.match(mail.header("precedence")):
        return Sign.SURE, _("surat massal (Precedence)")
    if mail.header("list-id") or mail.header("list-unsubscribe"):
        return Sign.SURE, _("surat milis atau langganan")
    if answers_us and _AWAY_SUBJECT.match(plain_subject(mail.subject)):
        return Sign.SURE, _("balasan otomatis: sedang tidak di tempat")
    if answers_us and len(text) < 1500 and _AWAY_WORDS.search(text):
        return Sign.LIKELY, _("mungkin balasan otomatis")
    if mail.header("x-auto-response-suppress"):
        return Sign.LIKELY, _("mungkin surat mesin (X-Auto-Response-Suppress)")
    if is_no_reply(mail.sender):
        return Sign.LIKELY, _("dari alamat yang tidak bisa dibalas")
    return None


def is_no_reply(address: str) -> bool:
    """Nobody reads there: it is never answered."""
    return bool(_NO_REPLY.match(address) or _ROBOT.match(address))


_ANSWERED = re.compile(r"^\s*(?:(?:re|bls|balas|jawab|aw|antw|sv)\s*(?:\[\d+\])?\s*:\s*)+", re.I)


def plain_subject(subject: str) -> str:
    """Without the "Re:" that every answer carries."""
    return _ANSWERED.sub("", subject)
