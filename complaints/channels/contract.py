"""What a channel is: how its messages are read, how its reporters are answered, and whether it is switched on.

Every channel folder has the same rooms: `channel` (what it is), `inbound` (raw → Reading), `outbound` (its Door),
`views` and `urls` where something calls us, tests and samples. docs/kanal.md shows how to add one.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from complaints.intake import Submission

if TYPE_CHECKING:
    from agencies.models import Agency, Membership
    from complaints.models import Arrival, Complaint, Reporter

# --- What a channel understood ---


@dataclass(frozen=True)
class Incoming:
    """A file that came along: what the sender called it, and its bytes. Checked like any upload."""

    name: str
    content: bytes


class Act(StrEnum):
    """What somebody says about their case. REPLY finds its own meaning: while the office waits, it completes."""

    REPLY = "reply"
    ACCEPT = "accept"
    CONTEST = "contest"
    REOPEN = "reopen"


# What a reply may hold and delivery fills in when it goes out: the number of the case its message came to, and a short
# link into that case ("" for one of which a shared phone may learn nothing).
NUMBER, LINK = "{nomor}", "{tautan}"


@dataclass(frozen=True)
class Open:
    """A new report. The pipeline fills in which arrival it is; its letter `submitted` is the reply, and `reply` is said
    beside it. `text`: the message as it was sent, for the pen, should it be held after all. `settles`: see Add."""

    submission: Submission
    files: Sequence[Incoming] = ()
    reply: str = ""
    text: str = ""
    settles: Sequence[Arrival] = ()


@dataclass(frozen=True)
class Add:
    """Said about a case by its reporter, whom the channel knows by its own means. `reply` confirms it; "": nothing.

    `settles`: messages not yet understood, or held, that are part of this one and come to the same: the other pieces
    of a long SMS, a text whose sender was asked which report it is for.
    """

    complaint: Complaint
    body: str
    act: Act = Act.REPLY
    files: Sequence[Incoming] = ()
    reply: str = ""
    settles: Sequence[Arrival] = ()


@dataclass(frozen=True)
class Hold:
    """Nobody but a person can tell: the pen shows `text` with what is suggested. `why` is one of Arrival.Hold."""

    why: str
    text: str
    complaint: Complaint | None = None
    agency: Agency | None = None
    reply: str = ""
    settles: Sequence[Arrival] = ()


@dataclass(frozen=True)
class Refuse:
    """Not for us at all (a machine's own mail, our own letter come back), with the reason for the log."""

    reason: str
    reply: str = ""


@dataclass(frozen=True)
class Tell:
    """A question that is answered at once: help, the state of a report. `complaint`: the one it was about."""

    reply: str
    complaint: Complaint | None = None
    settles: Sequence[Arrival] = ()


@dataclass(frozen=True)
class Hush:
    """Its sender wants no more letters by this door, for none of their reports; `resume`: wants them again."""

    reply: str
    resume: bool = False


@dataclass(frozen=True)
class Wait:
    """Not to be understood yet, a part of it is on its way: read again at `until`, or with the part."""

    until: datetime.datetime


@dataclass(frozen=True)
class Converse:
    """One turn of a talk that goes on: `state` is remembered, or forgotten when None; buttons are (id, label)."""

    reply: str
    buttons: Sequence[tuple[str, str]] = ()
    state: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class FromOfficer:
    """What an officer writes back to a letter about a case, proved by what that letter alone carried: in whose name
    (`membership`), and the `version` of the case they had read. Whether it is still theirs to answer is asked above."""

    complaint: Complaint
    membership: Membership
    version: int
    body: str
    files: Sequence[Incoming] = ()


def not_sent(why: str, said: str) -> str:
    """The letter back to an officer whose answer was not taken: what happened, and what they wrote, to be used again.

    What a reply fills in for its reader is taken out of it: that link would be the reporter's.
    """
    plain = said.replace(LINK, "").replace(NUMBER, "")
    quoted = "\n".join(f"> {line}" if line else ">" for line in plain.splitlines())
    told = [_("Jawaban Anda belum dikirim kepada pelapor."), why]
    return "\n\n".join([*told, _("Yang Anda tulis:"), quoted] if said else told)


@dataclass(frozen=True)
class Returned:
    """A letter of ours came back: `reference` is the one it went out with. `lasting`: that address works no more."""

    reference: str
    answer: str
    lasting: bool


Reading = Open | Add | Hold | Refuse | Tell | Converse | Hush | Wait | FromOfficer | Returned


# --- How a channel answers ---


class DoorSilent(Exception):
    """Nobody answered, or the peer said that it is at fault itself; no address is to blame. `after`: it asked us to
    wait so long."""

    def __init__(self, answer: str, *, after: datetime.timedelta | None = None) -> None:
        super().__init__(answer)
        self.after = after


class DoorRefused(Exception):
    """This address, or this letter, was refused; `lasting` if for good."""

    def __init__(self, answer: str, *, lasting: bool) -> None:
        super().__init__(answer)
        self.lasting = lasting


class NobodyThere(Exception):
    """Nobody can be told at this address any more, and nobody is to blame: a phone that was given away."""


@dataclass(frozen=True)
class Parcel:
    """A letter ready to go out by any door, in the reader's language; each door takes what it can carry.

    `text` and `html` are the whole letter, `short` at most 160 GSM-7 characters, `words` what a chat shows (the whole
    letter without greeting and foot). `reference` is ours and the same at every try. `answers` is the peer's own id
    of the message this replies to, where there is one; `thread` one of ours that all letters about a case to the same
    reader share. `reply_to` is where an answer finds the case by itself.
    """

    address: str
    subject: str
    text: str
    html: str = ""
    short: str = ""
    words: str = ""
    buttons: Sequence[tuple[str, str]] = ()
    headers: dict[str, str] = field(default_factory=dict)
    reference: str = ""
    answers: str = ""
    thread: str = ""
    reply_to: str = ""
    language: str = "id"
    # What must reach the reader whatever the room, as whom to call in danger; "" mostly. A narrow door sends it as a
    # message of its own where it does not fit behind `short`.
    alert: str = ""
    # What may be pressed instead of typed: (id, label).
    choices: Sequence[tuple[str, str]] = ()
    # The letter's name and whether the case is one of which a shared or public place may learn nothing.
    letter: str = ""
    guarded: bool = False


class Door(Protocol):
    """An open way out, kept over the letters of one run."""

    def send(self, parcel: Parcel) -> str:
        """Hand one letter to the peer; returns the peer's own id of it or "". Raises DoorSilent, DoorRefused,
        NobodyThere."""

    def close(self) -> None:
        """Idempotent; never raises."""


# --- The channel itself ---


@dataclass(frozen=True)
class Channel:
    """One way to be heard.

    `read` understands a kept Arrival; it may fetch (media) but writes nothing, and may run twice. None: the channel
    calls `intake.receive` itself. `medium` names its door in Notification.medium and Reporter.door; `door` opens it.
    `missing` names the settings without which the channel is off, `unheard` those without which it only sends.
    `urls` is a module included at /kanal/<code>/.
    `keeps` is how long raw messages are kept after they were understood. `narrow`: its door carries short messages that
    cost money each, so the first letter waits until the worker weighed the report and tells of both.
    """

    code: str
    name: str | Promise
    read: Callable[[Arrival], Reading] | None = None
    medium: str = ""
    # Its letters ring a telephone: they keep the quiet hours.
    rings: bool = False
    door: Callable[[], Door] | None = None
    # What the peer counts a letter as, for the monthly figures; None: one.
    units: Callable[[Parcel], int] | None = None
    missing: Callable[[], Sequence[str]] = tuple
    narrow: bool = False
    unheard: Callable[[], Sequence[str]] = tuple
    urls: str = ""
    # For the pen: the files of a held message, and what its channel adds to a report opened from it.
    files: Callable[[Arrival], Sequence[Incoming]] | None = None
    as_submission: Callable[[Arrival, Submission], Submission] | None = None
    # Whoever files by it is shown the key of their report; elsewhere the links of letters are the way in.
    shows_key: bool = False
    # Its addresses are telephone numbers: one that was only typed in is confirmed by a code sent there.
    dials: bool = False
    # Its messages are turns of a talk (channels.chat): one account's are read in their order, one at a time.
    converses: bool = False
    # Everybody reads what it answers: of an anonymous or secret report it says nothing.
    is_public: bool = False
    # Asks the peer for what is new and keeps it; run by the clock while the channel is on. How many came.
    pull: Callable[[], int] | None = None
    keeps: datetime.timedelta = datetime.timedelta(days=90)

    # The address at which a reporter, or an officer, answers a letter about their case; "" where there is none.
    reply_to: Callable[[Reporter], str] | None = None
    officer_reply_to: Callable[[Membership, Complaint], str] | None = None

    @property
    def is_on(self) -> bool:
        return not self.missing()

    @property
    def hears(self) -> bool:
        """Messages come in by it, and not only letters out."""
        return self.is_on and not self.unheard()
