"""The lane of disclosures (WBS): take one in, who may read it, its talk, its dates, and who it was.

Nothing else opens what a disclosure sealed. Every reading by a member and every step towards a name writes an
AuditEntry in the same transaction, without a word of the text, and the reporter reads the list. No letter ever goes to
the reporter: a letter in a mailbox or on a phone is what gives people away; they come back with number and key.
"""

from __future__ import annotations

import datetime
import hmac
import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import calendar, teams
from agencies.actor import Actor, Side
from agencies.models import Agency, AuditEntry, Holiday, Membership, Region, Role, TeamMember, User
from complaints.models import (
    Attachment,
    Disclosure,
    DisclosureEvent,
    DisclosureWord,
    IdentityLook,
    KeptFrom,
    Kind,
    ServiceStandard,
)
from complaints.models.lifecycle.acting import BODY_LIMIT, clean_text
from complaints.notifications import send
from complaints.number import hash_key, new_key, new_number
from complaints.privacy import APPROVED_WITHIN, LOOK_LASTS, Look
from complaints.transitions import Incomplete, NotAllowed, Stale, WrongStatus
from lapor.kit.sealing import InvalidToken, seal, unseal

# Working days after a missed date until the centre's team takes it over.
CLIMBS_AFTER = 5
# Below this a number tells of somebody.
FEWEST_COUNTED = 5
# Files of one disclosure, over all its talk.
MOST_FILES = 40
LETTER, UNTEAMED = "officer_wbs", "officer_wbs_team"
SEAT, CHANGE = "officer_wbs_seat", "officer_wbs_change"
State = Disclosure.State


@dataclass(frozen=True)
class Told:
    """What was written, opened."""

    title: str
    body: str
    landmark: str = ""
    happened_on: datetime.date | None = None


@dataclass(frozen=True)
class Who:
    """Who it was, as far as they said."""

    name: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Said:
    """One message of the talk, opened."""

    body: str
    own: bool
    asks: bool
    name: str
    at: datetime.datetime
    files: list[Attachment] = field(default_factory=list)


# --- Taking one in ---


def is_offered(accused: Agency | None, place: Region | None, now: datetime.datetime | None = None) -> bool:
    """Some team could read it: else the lane would promise what nobody keeps."""
    if accused is None:
        return False
    return team_for(accused, place, timezone.localdate(now or timezone.now()), "") is not None


def team_for(accused: Agency, place: Region | None, day: datetime.date, text: str) -> Agency | None:
    """The inspectorate's team where two of it may read this, else the centre's; None: neither."""
    root = Agency.objects.root()
    if accused.pk == root.pk:
        return None
    for office in (teams.inspectorate_of(accused, place, day), root):
        if office is not None and _may_read(office, accused, text, day) >= teams.FEWEST:
            return office
    return None


def _may_read(office: Agency, accused: Agency, text: str, day: datetime.date) -> int:
    return teams.readers(office, accused, named_in(office, text, day), day).count()


def named_in(office: Agency, text: str, day: datetime.date) -> set[int]:
    """Members of this team whose whole name stands in the text, in whatever order: better one reader too few."""
    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    sitting = TeamMember.objects.current(day).filter(agency=office).select_related("user")
    return {one.user_id for one in sitting if words and _parts(one.user.name) and _parts(one.user.name) <= words}


def _parts(name: str) -> set[str]:
    """Of a name what tells people apart: not the titles, nor single letters."""
    return {part for part in re.findall(r"[^\W\d_]+", name.casefold()) if len(part) > 2}


@transaction.atomic
def receive(
    told: Told,
    *,
    accused: Agency,
    place: Region | None = None,
    who: Who | None = None,
    files: Sequence[Attachment] = (),
    token: uuid.UUID | None = None,
    now: datetime.datetime | None = None,
) -> tuple[Disclosure, str]:
    """Take it in, and its key; the same token twice is the same one, and the key then "". Raises Incomplete.

    Without any team it waits at the centre, unread, and those who appoint are told.
    """
    now = now or timezone.now()
    token = token or uuid.uuid4()
    if not told.body.strip():
        raise Incomplete("body", _("Tulis apa yang terjadi."))
    if accused.parent_id is None:
        raise Incomplete("office", _("Pilih kantornya dulu."))
    known = Disclosure.objects.filter(token=token).first()
    if known is not None:
        return known, ""
    zone = ZoneInfo(place.zone if place else "Asia/Jakarta")
    today = timezone.localtime(now, zone).date()
    text = f"{told.title} {told.body}"
    key = new_key()
    first_days, end_days = _days("RESPOND", today), _days("RESOLVE", today)
    first = _later(place, today, first_days)
    disclosure = Disclosure.objects.create(
        number=new_number(),
        key_hash=hash_key(key),
        token=token,
        words_sealed=_seal(
            title=clean_text(told.title),
            body=clean_text(told.body),
            landmark=clean_text(told.landmark),
            happened_on=told.happened_on.isoformat() if told.happened_on else "",
        ),
        identity_sealed=_seal(name=who.name.strip(), contact=who.contact.strip())
        if who and (who.name.strip() or who.contact.strip())
        else "",
        place=place,
        not_for=accused,
        team=team_for(accused, place, today, text) or Agency.objects.root(),
        received_at=now,
        changed_at=now,
        counted_from=today,
        first_days=first_days,
        end_days=end_days,
        first_due_on=first,
        end_due_on=_later(place, today, end_days),
        due_on=first,
    )
    for office in (disclosure.team, Agency.objects.root()):
        for user in named_in(office, text, today):
            KeptFrom.objects.get_or_create(disclosure=disclosure, user_id=user)
    _attach(disclosure, files)
    _happened(disclosure, "receive", Side.REPORTER, now=now)
    _tell_team(disclosure, now)
    return disclosure, key


def by_key(number: str, key: str) -> Disclosure | None:
    """The one this number and key open; asked in the same time whether there is one or not."""
    found = Disclosure.objects.filter(number=number).select_related("team", "place", "not_for").first()
    wanted, given = found.key_hash if found is not None else "0" * 64, hash_key(key)
    return found if hmac.compare_digest(wanted, given) and found is not None else None


# --- Reading ---


def open_words(disclosure: Disclosure) -> Told:
    """For its reporter, and inside; a member reads by `read`."""
    said = _unseal(disclosure.words_sealed)
    day = str(said.get("happened_on", ""))
    return Told(
        title=str(said.get("title", "")),
        body=str(said.get("body", "")),
        landmark=str(said.get("landmark", "")),
        happened_on=datetime.date.fromisoformat(day) if day else None,
    )


@transaction.atomic
def read(disclosure: Disclosure, *, by: Actor, now: datetime.datetime | None = None) -> Told:
    """One page view of a member, written down. Raises NotAllowed."""
    _must_read(disclosure, by)
    _audit(disclosure, by, "look", {"looks": ["text"]}, now or timezone.now())
    return open_words(disclosure)


def talk(disclosure: Disclosure, *, reporter: bool) -> list[Said]:
    """What was said, in order, each with its files. Two statements."""
    files: dict[int, list[Attachment]] = {}
    for file in Attachment.objects.filter(disclosure=disclosure, disclosure_word__isnull=False):
        files.setdefault(file.disclosure_word_id or 0, []).append(file)
    return [
        Said(
            body=str(_unseal(word.words_sealed).get("body", "")),
            own=(word.side == DisclosureWord.Side.REPORTER) == reporter,
            asks=word.asks,
            name=_("Pelapor")
            if word.side == DisclosureWord.Side.REPORTER
            else (word.team.name if reporter else f"{word.author}, {word.team.name}")
            if word.team
            else "",
            at=word.written_at,
            files=files.get(word.pk, []),
        )
        for word in disclosure.words.select_related("author", "team")
    ]


def files_of(disclosure: Disclosure) -> list[Attachment]:
    """Those that came with it."""
    return list(Attachment.objects.filter(disclosure=disclosure, disclosure_word=None))


_LOOKS: dict[str, Promise] = {
    "look": gettext_lazy("membaca pengungkapan Anda"),
    "identity_asked": gettext_lazy("meminta membuka nama Anda"),
    "identity_approved": gettext_lazy("menyetujui pembukaan nama Anda"),
    "identity_opened": gettext_lazy("melihat nama Anda"),
}


def who_looked(disclosure: Disclosure) -> list[Look]:
    """For the reporter: who opened it or asked for the name, newest first; one line a person, day and thing."""
    reasons = {look.pk: str(_unseal(look.reason_sealed).get("body", "")) for look in disclosure.identity_looks.all()}
    entries = (
        AuditEntry.objects.filter(subject_kind="disclosure", subject_id=disclosure.pk, what__in=list(_LOOKS))
        .select_related("who", "acting_as")
        .order_by("at", "pk")
    )
    lines: dict[tuple[int | None, datetime.date, str, int], Look] = {}
    for entry in entries:
        asked = int((entry.after or {}).get("identity_look", 0))
        day = timezone.localtime(entry.at, ZoneInfo(disclosure.zone)).date()
        lines.setdefault(
            (entry.who_id, day, entry.what, asked),
            Look(
                at=entry.at,
                who=str(entry.who.name) if entry.who else "",
                office=entry.acting_as.shown_name if entry.acting_as else "",
                what=_LOOKS[entry.what],
                reason=reasons.get(asked, ""),
            ),
        )
    return list(reversed(lines.values()))


# --- The talk ---


@transaction.atomic
def write(
    disclosure: Disclosure,
    body: str,
    *,
    by: Actor,
    asks: bool = False,
    files: Sequence[Attachment] = (),
    version: int | None = None,
    now: datetime.datetime | None = None,
) -> Disclosure:
    """A member writes to the reporter; `asks`: and waits for an answer."""
    now = now or timezone.now()
    case = _locked(disclosure, version)
    _must_read(case, by)
    _must_be_open(case)
    _say(case, body, by, now, asks=asks, files=files)
    today = _today(case, now)
    case.first_word_at = case.first_word_at or now
    case.state = State.EXAMINED
    if asks and case.asked_on is None:
        # What was promised stands still from today; it goes on where it stood.
        case.asked_on = today
    _keep(case, "ask" if asks else "write", by, now)
    return case


@transaction.atomic
def reply(
    disclosure: Disclosure, body: str, *, files: Sequence[Attachment] = (), now: datetime.datetime | None = None
) -> Disclosure:
    """The reporter writes. What was ended is opened again: a wrong goes on longer than a file."""
    now = now or timezone.now()
    case = _locked(disclosure, None)
    if case.state == State.WITHDRAWN:
        raise WrongStatus(_("Pengungkapan ini sudah Anda cabut."))
    by = Actor.reporter()
    _say(case, body, by, now, files=files)
    today = _today(case, now)
    verb = "reply"
    if case.state == State.ENDED:
        verb, case.state, case.finding = "reopen", State.EXAMINED, ""
        case.first_word_at = None
        case.counted_from = today
        case.first_days, case.end_days = _days("RESPOND", today), _days("RESOLVE", today)
        case.first_due_on = _later(case.place, today, case.first_days)
        case.end_due_on = _later(case.place, today, case.end_days)
    _resume(case, today)
    _keep(case, verb, by, now)
    _tell_team(case, now)
    return case


@transaction.atomic
def withdraw(disclosure: Disclosure, *, now: datetime.datetime | None = None) -> Disclosure:
    """By the reporter: it ends, and who they were is forgotten."""
    now = now or timezone.now()
    case = _locked(disclosure, None)
    _must_be_open(case)
    case.state, case.identity_sealed, case.asked_on = State.WITHDRAWN, "", None
    _keep(case, "withdraw", Actor.reporter(), now)
    return case


@transaction.atomic
def forget_identity(disclosure: Disclosure, *, now: datetime.datetime | None = None) -> Disclosure:
    """By the reporter: name and contact go, the rest stays."""
    case = _locked(disclosure, None)
    case.identity_sealed = ""
    _keep(case, "forget_identity", Actor.reporter(), now or timezone.now())
    return case


@transaction.atomic
def finish(
    disclosure: Disclosure,
    body: str,
    *,
    finding: str,
    by: Actor,
    files: Sequence[Attachment] = (),
    version: int | None = None,
    now: datetime.datetime | None = None,
) -> Disclosure:
    """Examined: what was found, in words for the reporter."""
    now = now or timezone.now()
    case = _locked(disclosure, version)
    _must_read(case, by)
    _must_be_open(case)
    if finding not in Disclosure.Finding.values:
        raise Incomplete("finding", _("Pilih hasil pemeriksaannya."))
    _say(case, body, by, now, files=files)
    case.first_word_at = case.first_word_at or now
    case.state, case.finding, case.asked_on = State.ENDED, finding, None
    _keep(case, "finish", by, now, {"finding": finding})
    return case


@transaction.atomic
def keep_from(disclosure: Disclosure, member: User, *, by: Actor, now: datetime.datetime | None = None) -> Disclosure:
    """A member is named in it, or too near: to them it does not exist any more. With fewer than two readers left it
    goes to the centre's team."""
    now = now or timezone.now()
    case = _locked(disclosure, None)
    _must_read(case, by)
    if not TeamMember.objects.current().filter(agency=case.team, user=member).exists():
        raise Incomplete("member", _("Pilih anggota tim ini."))
    KeptFrom.objects.get_or_create(disclosure=case, user=member)
    _keep(case, "keep_from", by, now)
    _find_readers(case, now)
    return case


@transaction.atomic
def hand_up(disclosure: Disclosure, *, by: Actor, now: datetime.datetime | None = None) -> Disclosure:
    """An inspectorate's team gives it to the centre's. What was promised runs on."""
    now = now or timezone.now()
    case = _locked(disclosure, None)
    _must_read(case, by)
    _must_be_open(case)
    if not _to_centre(case, by, now):
        raise NotAllowed(_("Tim pusat belum bisa menerimanya."))
    return case


# --- Who it was ---


def has_identity(disclosure: Disclosure) -> bool:
    return bool(disclosure.identity_sealed)


@transaction.atomic
def ask_identity(
    disclosure: Disclosure, *, by: Actor, reason: str, now: datetime.datetime | None = None
) -> IdentityLook:
    """A member asks to see who it was; another must say yes within a day."""
    now = now or timezone.now()
    case = _locked(disclosure, None)
    _must_read(case, by)
    assert by.user is not None
    assert by.agency is not None
    if not case.identity_sealed:
        raise NotAllowed(_("Pelapor tidak meninggalkan nama."))
    if not clean_text(reason):
        raise Incomplete("reason", _("Tulis alasannya. Pelapor akan membacanya."))
    if waiting_look(case, now) is not None:
        raise NotAllowed(_("Sudah ada permintaan yang menunggu persetujuan."))
    look = IdentityLook.objects.create(
        disclosure=case,
        asked_by=by.user,
        team=by.agency,
        reason_sealed=_seal(body=clean_text(reason)[:500]),
        asked_at=now,
    )
    _audit(case, by, "identity_asked", {"identity_look": look.pk}, now)
    _tell_team(case, now, but=by.user)
    return look


def waiting_look(disclosure: Disclosure, now: datetime.datetime | None = None) -> IdentityLook | None:
    """The request that may still be granted."""
    since = (now or timezone.now()) - APPROVED_WITHIN
    found = disclosure.identity_looks.filter(approved_at__isnull=True, asked_at__gte=since)
    return found.select_related("asked_by").first()


def reason_of(look: IdentityLook) -> str:
    return str(_unseal(look.reason_sealed).get("body", ""))


@transaction.atomic
def approve_identity(
    disclosure: Disclosure, *, by: Actor, look: int, now: datetime.datetime | None = None
) -> IdentityLook:
    """The second person's word: another member, never the asker, who may read this disclosure too."""
    now = now or timezone.now()
    case = _locked(disclosure, None)
    _must_read(case, by)
    assert by.user is not None
    row = IdentityLook.objects.select_for_update().filter(pk=look, disclosure=case).first()
    if row is None or row.approved_at is not None or now > row.asked_at + APPROVED_WITHIN:
        raise NotAllowed(_("Permintaan ini sudah lewat 24 jam atau sudah disetujui."))
    if row.asked_by_id == by.user.pk:
        raise NotAllowed(_("Permintaan Anda sendiri harus disetujui anggota lain."))
    row.approved_by, row.approved_at = by.user, now
    row.save(update_fields=["approved_by", "approved_at"])
    _audit(case, by, "identity_approved", {"identity_look": row.pk}, now)
    return row


def granted_look(disclosure: Disclosure, by: Actor, now: datetime.datetime | None = None) -> IdentityLook | None:
    """This member's own request, granted within the last day."""
    if by.user is None:
        return None
    since = (now or timezone.now()) - LOOK_LASTS
    return disclosure.identity_looks.filter(asked_by=by.user, approved_at__gt=since).first()


@transaction.atomic
def identity(disclosure: Disclosure, *, by: Actor, now: datetime.datetime | None = None) -> Who:
    """Who it was, for the one who asked and was granted it; each time written down. Raises NotAllowed."""
    now = now or timezone.now()
    _must_read(disclosure, by)
    look = granted_look(disclosure, by, now)
    if look is None:
        raise NotAllowed(_("Nama pelapor dibuka hanya dengan persetujuan anggota kedua."))
    _audit(disclosure, by, "identity_opened", {"identity_look": look.pk}, now)
    said = _unseal(disclosure.identity_sealed)
    return Who(str(said.get("name", "")), str(said.get("contact", "")))


# --- What the date brings ---


def watch(now: datetime.datetime | None = None) -> dict[str, int]:
    """Each hour: readers that left, dates that passed. A second run at the same instant finds nothing."""
    now = now or timezone.now()
    counts = dict.fromkeys(("moved", "missed", "returned", "climbed"), 0)
    for pk in list(Disclosure.objects.open().values_list("pk", flat=True)):
        with transaction.atomic():
            case = _locked(Disclosure(pk=pk), None)
            if not case.is_open:
                continue
            counts["moved"] += _find_readers(case, now)
            today = _today(case, now)
            if case.due_on is None or today <= case.due_on:
                continue
            if case.asked_on is not None:
                # The reporter stayed silent. It is never closed for that: the team decides with what it has.
                _resume(case, today)
                _keep(case, "unanswered", Actor.system("sweep"), now)
                _tell_team(case, now)
                counts["returned"] += 1
                continue
            if case.missed_on != case.due_on:
                case.missed_on = case.due_on
                _keep(case, "missed", Actor.system("sweep"), now, {"due_on": case.due_on.isoformat()})
                _tell_team(case, now)
                counts["missed"] += 1
            if case.team.parent_id is not None and today > _later(case.place, case.due_on, CLIMBS_AFTER):
                counts["climbed"] += _to_centre(case, Actor.system("sweep"), now)
    if Disclosure.objects.open().exists() and not _centre_reads(timezone.localdate(now)):
        _alarm(now)
    return counts


@transaction.atomic
def redate(now: datetime.datetime | None = None) -> int:
    """The calendar has changed: what is promised is counted anew from its own first day. A date that was told never
    comes nearer. How many moved."""
    now = now or timezone.now()
    moved = 0
    for pk in list(Disclosure.objects.open().filter(counted_from__isnull=False).values_list("pk", flat=True)):
        case = _locked(Disclosure(pk=pk), None)
        if not case.is_open or case.counted_from is None or case.due_on is None:
            continue
        told = (case.first_due_on, case.end_due_on, case.due_on)
        case.first_due_on = max(told[0], _later(case.place, case.counted_from, case.first_days))
        case.end_due_on = max(told[1], _later(case.place, case.counted_from, case.end_days))
        _date(case)
        case.due_on = max(told[2], case.due_on)
        if (case.first_due_on, case.end_due_on, case.due_on) != told:
            # Nobody's open form is stale for that.
            case.save(update_fields=["first_due_on", "end_due_on", "due_on"])
            _happened(case, "redate", Side.SYSTEM, now=now, particulars={"before": told[2].isoformat()})
            moved += 1
    return moved


def _find_readers(case: Disclosure, now: datetime.datetime) -> int:
    """Where fewer than two of its team may read it: to the centre's, or an alarm to those who appoint."""
    today = _today(case, now)
    if _readers(case, case.team, today).count() >= teams.FEWEST:
        return 0
    if case.team.parent_id is not None and _to_centre(case, Actor.system("sweep"), now):
        return 1
    _alarm(now)
    return 0


def _to_centre(case: Disclosure, by: Actor, now: datetime.datetime) -> int:
    root = Agency.objects.root()
    today = _today(case, now)
    text = " ".join((open_words(case).title, open_words(case).body))
    for user in named_in(root, text, today):
        KeptFrom.objects.get_or_create(disclosure=case, user_id=user)
    if case.team_id == root.pk or _readers(case, root, today).count() < teams.FEWEST:
        return 0
    case.team = root
    _keep(case, "hand_up", by, now)
    _tell_team(case, now)
    return 1


def _readers(case: Disclosure, team: Agency, day: datetime.date) -> Any:
    unseeing = set(KeptFrom.objects.filter(disclosure=case).values_list("user_id", flat=True))
    return teams.readers(team, case.not_for, unseeing, day)


def _centre_reads(day: datetime.date) -> bool:
    return TeamMember.objects.current(day).filter(agency__parent=None).count() >= teams.FEWEST


def _alarm(now: datetime.datetime) -> None:
    """Once a day, to every national admin: that a team is missing, and nothing more."""
    day = timezone.localdate(now)
    for member in Membership.objects.current(day).filter(role=Role.NATIONAL).select_related("user"):
        send.tell_member(member, f"{UNTEAMED}:{day.isoformat()}", now)


def lacks_readers(now: datetime.datetime | None = None) -> bool:
    """Something waits that no two persons may read. Yes or no: not how much."""
    now = now or timezone.now()
    cases = Disclosure.objects.open().select_related("team", "not_for", "place")
    return any(_readers(case, case.team, _today(case, now)).count() < teams.FEWEST for case in cases)


# --- What the centre may know ---


@dataclass(frozen=True)
class Totals:
    """Of the country, up to the end of last month; None: too few to be told. Rounded down to five, so that two months
    tell nothing of what lies between them."""

    received: int | None
    ended: int | None
    open: int | None


def totals(now: datetime.datetime | None = None) -> Totals:
    now = timezone.localtime(now or timezone.now(), ZoneInfo("Asia/Jakarta"))
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = Disclosure.objects.filter(received_at__lt=month).aggregate(
        received=Count("pk"), open=Count("pk", filter=Q(state__in=Disclosure.OPEN))
    )
    received, still = found["received"], found["open"]
    parts = (still, received - still)
    # A part that may be told would tell the other by what is left.
    told = all(one >= FEWEST_COUNTED for one in parts)
    return Totals(
        received=_rounded(received) if received >= FEWEST_COUNTED else None,
        open=_rounded(parts[0]) if told else None,
        ended=_rounded(parts[1]) if told else None,
    )


def _rounded(count: int) -> int:
    return count - count % FEWEST_COUNTED


# --- Inside ---


def _locked(disclosure: Disclosure, version: int | None) -> Disclosure:
    case = (
        Disclosure.objects.select_for_update(of=("self",))
        .select_related("team", "place", "not_for")
        .get(pk=disclosure.pk)
    )
    if version is not None and version != case.version:
        raise Stale(_("Pengungkapan ini baru saja diubah orang lain."))
    return case


def _must_read(disclosure: Disclosure, by: Actor) -> None:
    if not Disclosure.objects.readable_by(by).filter(pk=disclosure.pk).exists():
        raise NotAllowed(_("Anda tidak berwenang."))


def _must_be_open(case: Disclosure) -> None:
    if not case.is_open:
        raise WrongStatus(_("Pengungkapan ini sudah selesai."))


def _say(
    case: Disclosure,
    body: str,
    by: Actor,
    now: datetime.datetime,
    *,
    asks: bool = False,
    files: Sequence[Attachment] = (),
) -> None:
    text = clean_text(body)
    if not text:
        raise Incomplete("body", _("Tulis pesannya dulu."))
    if len(text) > BODY_LIMIT:
        raise Incomplete("body", _("Pesannya terlalu panjang. Paling banyak 10.000 huruf."))
    side = DisclosureWord.Side.REPORTER if by.side is Side.REPORTER else DisclosureWord.Side.TEAM
    if files and Attachment.objects.filter(disclosure=case).count() + len(files) > MOST_FILES:
        raise Incomplete("body", _("Berkasnya terlalu banyak. Paling banyak 40 untuk satu pengungkapan."))
    word = DisclosureWord.objects.create(
        disclosure=case,
        side=side,
        words_sealed=_seal(body=text),
        author=by.user,
        team=by.agency,
        asks=asks,
        written_at=now,
    )
    _attach(case, files, word)


def _attach(case: Disclosure, files: Sequence[Attachment], word: DisclosureWord | None = None) -> None:
    """They belong to it from now on, and to nothing else. What a file was called may tell who sent it."""
    there = Attachment.objects.filter(disclosure=case).count() if files else 0
    for n, file in enumerate(files, start=there + 1):
        Attachment.objects.filter(pk=file.pk, complaint=None, message=None, disclosure=None).update(
            disclosure=case, disclosure_word=word, draft=None, name=_("Berkas %(n)s") % {"n": n}
        )


def _resume(case: Disclosure, today: datetime.date) -> None:
    """The reporter is waited for no more: the working days of waiting do not count."""
    if case.asked_on is None:
        return
    waited = calendar.working_days_between(case.asked_on, today, _holidays(case.place, case.asked_on))
    if waited:
        case.end_days += waited
        case.end_due_on = _later(case.place, case.end_due_on, waited)
    case.asked_on = None


def _keep(
    case: Disclosure, verb: str, by: Actor, now: datetime.datetime, particulars: dict[str, Any] | None = None
) -> None:
    """Write the case, dated for whoever's turn it is, and its one event."""
    _date(case)
    case.version += 1
    case.changed_at = now
    case.save()
    _happened(case, verb, by.side, now=now, user=by.user, particulars=particulars)


def _date(case: Disclosure) -> None:
    if not case.is_open:
        case.due_on = None
    elif case.asked_on is not None:
        case.due_on = _later(case.place, case.asked_on, _days("UNREACHED", case.asked_on))
    else:
        case.due_on = case.first_due_on if case.first_word_at is None else case.end_due_on


def _happened(
    case: Disclosure,
    verb: str,
    side: Side,
    *,
    now: datetime.datetime,
    user: User | None = None,
    particulars: dict[str, Any] | None = None,
) -> None:
    DisclosureEvent.objects.create(
        disclosure=case,
        verb=verb,
        side=side.value,
        actor=user,
        team=case.team,
        at=now,
        particulars={
            "state": case.state,
            "due_on": case.due_on.isoformat() if case.due_on else "",
            **(particulars or {}),
        },
    )


def _audit(disclosure: Disclosure, by: Actor, what: str, after: dict[str, Any], now: datetime.datetime) -> None:
    AuditEntry.objects.create(
        at=now,
        who=by.user,
        acting_as=by.agency,
        what=what,
        subject_kind="disclosure",
        subject_id=disclosure.pk,
        after=after,
    )


def _tell_team(case: Disclosure, now: datetime.datetime, *, but: User | None = None) -> None:
    """One letter a day to each who may read it: that there is something, and nothing more."""
    day = timezone.localdate(now)
    users = {one.user_id for one in _readers(case, case.team, _today(case, now))} - {but.pk if but else 0}
    seats = Membership.objects.current(day).filter(agency=case.team, user__in=users).order_by("user", "pk")
    for member in {seat.user_id: seat for seat in seats.select_related("user")}.values():
        send.tell_member(member, f"{LETTER}:{day.isoformat()}", now)


def _today(case: Disclosure, now: datetime.datetime) -> datetime.date:
    return timezone.localtime(now, ZoneInfo(case.zone)).date()


def _days(kind: str, day: datetime.date) -> int:
    """What the country promises for a report that must be examined, as for every other (ServiceStandard)."""
    return ServiceStandard.objects.all_in_force(Kind.PENGADUAN, True, None, day)[kind].working_days


def _holidays(place: Region | None, since: datetime.date) -> frozenset[datetime.date]:
    return Holiday.objects.kept_in(place).filter(date__gte=since).days()


def _later(place: Region | None, day: datetime.date, count: int) -> datetime.date:
    return calendar.add_working_days(day, count, _holidays(place, day))


def _seal(**said: str) -> str:
    return seal(json.dumps(said))


def _unseal(token: str) -> dict[str, Any]:
    """A token whose key is gone reads as empty: the page still works."""
    try:
        return dict(json.loads(unseal(token) or "{}"))
    except (InvalidToken, ValueError):
        return {}


def tell_of_member(member: TeamMember, now: datetime.datetime | None = None) -> None:
    """Somebody new sits in the team, is to sit there or is to go: all who sit there learn it, whoever is to go too,
    before anything changes for anybody."""
    now = now or timezone.now()
    day = timezone.localdate(now)
    sitting = TeamMember.objects.current(day).filter(agency=member.agency).values("user")
    letter = SEAT if not member.asked_for and (member.ends_on is None or member.ends_on > day) else CHANGE
    about = f"{member.pk}-{member.asked_for or member.ends_on or ''}"
    told = Membership.objects.current(day).filter(Q(user__in=sitting) | Q(user=member.user_id), agency=member.agency)
    for seat in told.select_related("user"):
        if seat.user_id != member.user_id or member.asked_for == TeamMember.Asked.END or member.ends_on is not None:
            send.tell_member(seat, f"{letter}:{about}", now)
