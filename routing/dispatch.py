"""Dispatch: the acts that need tree, case and stint together. Where a case goes is decided here and only here.

Each act finds the right office (staffed, existing, outside `not_for`: case.md section 5), then calls one verb of the
case. Stints follow the verb's event (`routing.stints`). Raises what the verbs raise, and Incomplete("agency", …) for
an office that can't take it.
"""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import succession, teams
from agencies.actor import Actor
from agencies.models import Agency, Role, User
from complaints.because import Because, because
from complaints.channels.counter.told import Told
from complaints.models import Category, Complaint, Event
from complaints.models.lifecycle.acting import PublicText
from complaints.notifications import send
from complaints.transitions import OPEN, Incomplete, NotAllowed, Status, ask_table
from lapor.kit.compiled import Blank, Compiled
from routing import destination, rules, stints
from routing.models import Disposition, Ground, Outcome, Suggestion

WORKER = Actor.system("worker")
SYSTEM = Actor.system("sweep")
VERIFY_MISSED = "VERIFY_MISSED"
# Rank of the row that says why a case was left to a desk; offices offered have 1 to 3.
LEFT = 9


# --- The worker ---


def forward_by_itself(complaint_id: int, *, now: datetime.datetime | None = None) -> Event | None:
    """Weigh a case nobody has weighed: forward it, place it, or leave it at the national desk, each with its reason.

    Runs twice harmlessly: a stint is weighed once, under the lock of its case. None: there was nothing to weigh.
    """
    now = now or timezone.now()
    with transaction.atomic():
        complaint = next(iter(_TO_WEIGH(case=complaint_id)), None)
        if complaint is None:
            return None
        stint = next(iter(_UNWEIGHED(case=complaint_id)), None)
        if stint is None or complaint.status != Status.SUBMITTED:
            return None
        stint.weighed_at = now
        stint.save(update_fields=["weighed_at"])
        today = complaint.today(now)
        _widen_exclusion(complaint, now)
        # About conduct it goes by that alone: no guess of its words or place leads anywhere, and none is offered.
        conduct = complaint.about_conduct or complaint.not_for is not None
        decision = _by_conduct(complaint, today) if conduct else destination.find(complaint, today)
        if not conduct:
            _keep_what_was_read(complaint, decision, today)
        complaint.take_as_read()
        # History is forwarded on the day it came: its promises are those of then.
        act_on = _away_from if conduct else _act_on
        event, why = act_on(complaint, decision, today, complaint.received_at if complaint.silent else now)
        _keep_suggestions(complaint, decision, event, why, now)
        _gather(complaint, today, complaint.received_at if complaint.silent else now)
        send.release(complaint, now=now)
        return event


_CASE = Blank("case", models.BigIntegerField())
_TO_WEIGH: Compiled[Complaint] = Compiled(
    lambda: (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("handler", "place", "not_for", "addressed_to", "category")
        .filter(pk=_CASE)
    )
)
_UNWEIGHED: Compiled[Disposition] = Compiled(lambda: Disposition.objects.unweighed().filter(complaint_id=_CASE))


def bring_in(complaint_id: int, told: Told | None, *, now: datetime.datetime | None = None) -> Event | None:
    """Weigh a case of a table, and take over what the table tells of it (None: nothing, it begins here).

    What is told to be over goes to the office it names, even one without officers by now; an open case goes where it
    can be worked on, and stays at a desk where its office is not sure or nobody looked at it yet.
    """
    now = now or timezone.now()
    with transaction.atomic():
        if told is None:
            return forward_by_itself(complaint_id, now=now)
        complaint = Complaint.objects.select_for_update(of=("self",)).select_related("handler").get(pk=complaint_id)
        office, today = complaint.addressed_to, complaint.today(now)
        if told.status is Status.SUBMITTED:
            return _leave_at_desk(complaint, today, now)
        if office is not None and (told.is_over or _is_staffed(office, complaint, today)):
            Disposition.objects.unweighed().filter(complaint=complaint).update(weighed_at=now)
            why = because("was_there", office=office.name)
            complaint.forward(office, by=WORKER, now=complaint.received_at, **_said(why))
        else:
            forward_by_itself(complaint_id, now=now)
            complaint = Complaint.objects.get(pk=complaint_id)
        waits = complaint.status == Status.SUBMITTED and not told.is_over and told.status is not Status.WAITING
        if told.status is Status.FORWARDED or waits:
            return None
        return complaint.inherit(
            told.verb, by=SYSTEM, words=told.words, reason=told.reason, ground=told.ground, now=now
        )


def _leave_at_desk(complaint: Complaint, today: datetime.date, now: datetime.datetime) -> Event | None:
    """Not verified where it came from: the desk above its office, else of its place, looks at it."""
    Disposition.objects.unweighed().filter(complaint=complaint).update(weighed_at=now)
    desk, named = complaint.handler, complaint.addressed_to
    if named is not None and named.is_desk(today, unseeing(complaint)):
        desk = named
    else:
        decision = destination.find(complaint, today)
        if not complaint.is_guarded:
            _keep_what_was_read(complaint, decision, today)
        near = decision.office or decision.district
        desk = _desk(near, complaint, today) if near is not None else desk
    if desk.pk == complaint.handler_id:
        return None
    return complaint.place_at(desk, by=WORKER, now=complaint.received_at, **_said(because("was_unverified")))


def _said(why: Because, **more: Any) -> dict[str, Any]:
    """For a verb: the reason as a sentence, and beside it what tells it to each reader in their own language."""
    return {"reason": why.sentence, "more": {**more, "because": why.kept}}


def _gather(complaint: Complaint, today: datetime.date, now: datetime.datetime) -> None:
    """Tag what a rule says belongs to a programme. Who more may ask to read a secret case is a person's decision."""
    if complaint.secret:
        return
    for match in rules.gathering(complaint, today):
        assert match.rule.programme is not None
        complaint.tag(match.rule.programme, by=WORKER, reason=match.reason_to_tag, now=now)


def _act_on(
    complaint: Complaint, decision: destination.Decision, today: datetime.date, now: datetime.datetime
) -> tuple[Event | None, Because]:
    """As far down as one is sure: forward to the office, else place at the desk where certainty ended. The event is
    None where it stays at the national desk; why is said in any case."""
    best = decision.guesses[0] if decision.guesses else None
    more = {"source": best.source, "score": best.score} if best else {}
    why, office, district = decision.because, decision.office, decision.district
    if office is not None:
        coordinator = _verifies_first(office)
        staffed = _is_staffed(office, complaint, today)
        if coordinator is None and staffed:
            return complaint.forward(office, by=WORKER, now=now, **_said(why, **more)), why
        if coordinator is None:
            more["unstaffed"] = office.pk
            why = because("unstaffed", office=office.name) + why
        desk = _desk(coordinator or office, complaint, today)
    elif district is not None:
        desk = _desk(district, complaint, today)
        if not desk.is_under(district):
            more["unstaffed"] = district.pk
            why = because("unstaffed", office=district.name) + why
    else:
        return None, why
    if desk.pk == complaint.handler_id:
        return None, why
    return complaint.place_at(desk, by=WORKER, now=now, **_said(why, **more)), why


def forward_unverified(complaint: Complaint, *, now: datetime.datetime | None = None) -> Event | None:
    """VERIFY passed at a *verify first* district: the worker forwards where it was sure, else the national desk gets
    it (case.md section 5). None: it lies elsewhere by now, or was treated so already."""
    now = now or timezone.now()
    with transaction.atomic():
        complaint._lock()
        today = complaint.today(now)
        if (
            complaint.status != Status.SUBMITTED
            or complaint.handler.parent_id is None
            or _verifies_first(complaint.handler) is None
            or complaint.events.filter(particulars__cause=VERIFY_MISSED).exists()
        ):
            return None
        conduct = complaint.not_for is not None or complaint.about_conduct
        office = (_by_conduct(complaint, today) if conduct else destination.find(complaint, today)).office
        late = because("verify_missed", desk=complaint.handler.name)
        if office is not None and _is_staffed(office, complaint, today) and not _excluded(office, complaint):
            why = late + because("forwarded_then", office=office.name)
            return complaint.forward(office, by=WORKER, now=now, **_said(why, cause=VERIFY_MISSED))
        why = late + because("unsure_then")
        return complaint.place_at(Agency.objects.root(), by=WORKER, now=now, **_said(why, cause=VERIFY_MISSED))


def _by_conduct(complaint: Complaint, today: datetime.date) -> destination.Decision:
    """A report about conduct: the pemda's inspectorate; none: the national desk, where it already lies."""
    inspectorate = inspectorate_for(complaint, today)
    if inspectorate is None:
        return destination.Decision(because=because("no_inspectorate"))
    why = because("conduct")
    guess = destination.Guess(inspectorate, Suggestion.Source.CONDUCT, 1.0, why)
    return destination.Decision(office=inspectorate, guesses=[guess], because=why)


def _away_from(
    complaint: Complaint, decision: destination.Decision, today: datetime.date, now: datetime.datetime
) -> tuple[Event | None, Because]:
    """Straight to whom `_by_conduct` names: no coordinator looks at it first."""
    if decision.office is None:
        return None, decision.because
    said = _said(decision.because, source=Suggestion.Source.CONDUCT.value)
    return complaint.forward(decision.office, by=WORKER, now=now, **said), decision.because


def inspectorate_for(complaint: Complaint, today: datetime.date) -> Agency | None:
    """The inspectorate that may look into it; None: the national desk must (case.md section 5)."""
    found = teams.inspectorate_of(complaint.not_for, complaint.place, today)
    return found if found is not None and _is_staffed(found, complaint, today) else None


def _chain(agency: Agency) -> list[Agency]:
    """The agency and everything above it, nearest first."""
    return list(Agency.objects.filter(pk__in=[*agency.ids_above, agency.pk]).order_by("-path_length"))


def _verifies_first(office: Agency) -> Agency | None:
    """The district whose coordinator looks at everything first; None: straight to the office."""
    return next((a for a in _chain(office) if a.verify_first), None)


def _keep_what_was_read(complaint: Complaint, decision: destination.Decision, today: datetime.date) -> None:
    """Beside what the reporter chose, for whoever looks for the same trouble: the place that was surely read, and of a
    case without a category the topic its words were surely of. Of a secret case nothing. At most two statements."""
    if complaint.secret:
        return
    found: dict[str, Any] = {}
    if decision.reading is not None and decision.reading.region is not None:
        [clue] = decision.reading.clues
        found["found_place"], found["found_certainty"] = decision.reading.region, clue.certainty
        found["found_words"] = ", ".join(clue.words)[:200]
    if complaint.category is None and decision.said is not None and decision.said.is_sure:
        found["found_topic"] = destination.topic_of(decision.said.first, today)
    if found:
        Complaint.objects.filter(pk=complaint.pk).update(**found)


def _keep_suggestions(
    complaint: Complaint, decision: destination.Decision, event: Event | None, why: Because, now: datetime.datetime
) -> None:
    """What was done by itself and what was left to a person both leave their reason: the guesses by rank, and what was
    left to a desk one row more (rank LEFT), about that desk."""
    rows = [
        Suggestion(
            agency=guess.agency,
            source=guess.source,
            score=guess.score,
            words=[word[:60] for word in guess.words[:12]],
            reason=guess.because.sentence,
            because=guess.because.kept,
            rule=guess.rule,
            verdict=Suggestion.Verdict.DONE
            if event is not None and event.handler_to_id == guess.agency.pk
            else Suggestion.Verdict.OFFERED,
            rank=rank,
        )
        for rank, guess in enumerate(decision.guesses[:3], start=1)
    ]
    if event is None or event.verb == "place":
        conduct = complaint.about_conduct or complaint.not_for is not None
        source = Suggestion.Source.CONDUCT if conduct else Suggestion.Source.PLACE
        rows.append(
            Suggestion(agency=complaint.handler, source=source, reason=why.sentence, because=why.kept, rank=LEFT)
        )
    for row in rows:
        row.complaint, row.category, row.made_at = complaint, complaint.category, now
    Suggestion.objects.bulk_create(rows)


# --- Acts of officers ---


def forward(
    complaint: Complaint,
    to: Agency,
    *,
    by: Actor,
    reason: str,
    kind: str | None = None,
    category: Category | None = None,
    supervised: bool | None = None,
    public: PublicText | None = None,
    hold: str = "",
    version: int | None = None,
    now: datetime.datetime | None = None,
) -> Event | None:
    """Verified: to the office that must answer, or *kelola*, to the own desk."""
    with transaction.atomic():
        _within_reach(complaint, to, by, now)
        event = complaint.forward(
            to,
            by=by,
            reason=reason,
            kind=kind,
            category=category,
            supervised=supervised,
            public=public,
            hold=hold,
            version=version,
            now=now,
        )
        _judge_suggestions(complaint, to)
    return event


def place(
    complaint: Complaint,
    to: Agency,
    *,
    by: Actor,
    reason: str,
    version: int | None = None,
    now: datetime.datetime | None = None,
) -> Event | None:
    """Leave a submitted case at another coordinator's desk."""
    with transaction.atomic():
        _within_reach(complaint, to, by, now)
        _must_be_desk(to, complaint, now)
        event = complaint.place_at(to, by=by, reason=reason, version=version, now=now)
        _judge_suggestions(complaint, to)
    return event


def move(
    complaint: Complaint,
    to: Agency,
    *,
    by: Actor,
    reason: str,
    version: int | None = None,
    now: datetime.datetime | None = None,
) -> Event | None:
    """Wrong office: by a coordinator at or above both. To the own desk it is *kelola*."""
    with transaction.atomic():
        _within_reach(complaint, to, by, now)
        if complaint.status == Status.SUBMITTED or (
            complaint.status == Status.WAITING and complaint.returns_to == Status.SUBMITTED
        ):
            _must_be_desk(to, complaint, now)
        # Whoever gets it is told that it can't hand it back.
        more = {"bound": True} if _is_bound(complaint) else {}
        event = complaint.move(to, by=by, reason=reason, version=version, now=now, more=more)
        _judge_suggestions(complaint, to)
    return event


def pass_on(
    complaint: Complaint,
    to: Agency,
    *,
    by: Actor,
    reason: str = "",
    version: int | None = None,
    now: datetime.datetime | None = None,
) -> Event | None:
    """To a unit of the handler's own subtree."""
    require_able(complaint, to, now)
    return complaint.pass_on(to, by=by, reason=reason, version=version, now=now)


def hand_back(
    complaint: Complaint,
    *,
    by: Actor,
    ground: str,
    reason: str,
    proposed: Agency | None = None,
    lead: Complaint | None = None,
    version: int | None = None,
    now: datetime.datetime | None = None,
) -> Event | None:
    """Not ours, or proposed for the archive (as the same as `lead`). The second refusal of a round lands, to be decided
    within a working day, at the lowest staffed desk above all who refused; from then on nobody of the round may hand it
    back."""
    if ground not in Ground.values:
        raise Incomplete("ground", _("Pilih alasan mengembalikan."))
    with transaction.atomic():
        complaint._lock()
        ask_table("hand_back", complaint, by)
        if complaint.handler.parent_id is None:
            raise NotAllowed(_("Pusat tidak bisa mengembalikan laporan."))
        stint = _open_stint(complaint)
        if stint.bound:
            raise NotAllowed(_("Laporan ini sudah dua kali dikembalikan dan wajib diselesaikan di sini."))
        refuses = ground == Ground.NOT_OURS and stint.verb != "pass_on"
        if ground == Ground.PROPOSE_ARCHIVE and _proposed_archive(complaint):
            raise NotAllowed(_("Usul arsip hanya bisa satu kali. Silakan jawab laporan ini."))
        before = stints.refusals(complaint) if refuses else []
        second = bool(before)
        to = _decider(complaint, before, now) if second else hand_back_target(complaint, now=now)
        if ground != Ground.NOT_OURS:
            proposed = None
        if proposed is not None:
            _may_be_named(complaint, proposed, now)
        return complaint.hand_back(
            to,
            by=by,
            ground=ground,
            reason=reason,
            proposed=proposed,
            decide=second,
            version=version,
            now=now,
            more={"refusal": refuses, "bound": second, **({"lead": lead.pk} if lead is not None else {})},
        )


def refusal_target(complaint: Complaint, *, now: datetime.datetime | None = None) -> tuple[Agency, bool]:
    """Where the case goes when the handler says that it is not theirs, and whether that is the second refusal."""
    stint = _open_stint(complaint)
    before = stints.refusals(complaint) if stint.verb != "pass_on" else []
    if not before:
        return hand_back_target(complaint, now=now), False
    return _decider(complaint, before, now), True


def _may_be_named(complaint: Complaint, proposed: Agency, now: datetime.datetime | None) -> None:
    """Raises Incomplete("proposed") for an office that can't be the answer to "whose is it then?"."""
    _must_exist(proposed, complaint.today(now), "proposed")
    if complaint.not_for is not None and proposed.is_under(complaint.not_for):
        raise Incomplete("proposed", _("Kantor itu tidak boleh membaca laporan ini."))
    if proposed.is_under(complaint.handler):
        raise Incomplete("proposed", _("Kantor itu bagian dari kantor Anda. Teruskan ke unit, jangan dikembalikan."))


def hand_back_target(complaint: Complaint, *, now: datetime.datetime | None = None) -> Agency:
    """The office strictly above whose officer sent it, if it is staffed and outside `not_for`; else the nearest
    staffed desk strictly above. What the worker sent no office sent: the coordinator decides, not the centre."""
    today = complaint.today(now)
    stint = _open_stint(complaint)
    sender = stint.from_agency if stint.by_id is not None else None
    if (
        sender is not None
        and complaint.handler.is_strictly_under(sender)
        and sender.is_active_on(today)
        and not _excluded(sender, complaint)
        and _is_staffed(sender, complaint, today)
        and (complaint.status != Status.SUBMITTED or sender.is_desk(today, unseeing(complaint)))
    ):
        return sender
    return Agency.objects.desk_above(complaint.handler, today, complaint.not_for, unseeing(complaint))


def exclude(
    complaint: Complaint,
    agency: Agency | None = None,
    *,
    by: Actor,
    officers: list[User] | None = None,
    version: int | None = None,
    now: datetime.datetime | None = None,
) -> Event | None:
    """Keep the case from an office (recorded as the pemda, where it is the seat of its coordinators) and move it out
    in the same transaction."""
    if agency is not None:
        seat_of = Agency.objects.filter(coordinators_at=agency).first()
        agency = seat_of or agency
    return complaint.exclude(agency, by=by, officers=officers, version=version, now=now)


def _widen_exclusion(complaint: Complaint, now: datetime.datetime) -> None:
    """A report about the seat of the coordinators is kept from their pemda: they would decide on themselves."""
    if complaint.not_for is not None and Agency.objects.filter(coordinators_at=complaint.not_for).exists():
        exclude(complaint, complaint.not_for, by=WORKER, now=now)


def look_at(complaint: Complaint, by: Actor, *, now: datetime.datetime | None = None) -> Disposition | None:
    """The open stint, None once the case is closed; the first look of anybody of the handling office is noted."""
    if complaint.status not in OPEN:
        return None
    stint = next(iter(_STINT(case=complaint.pk)), None)
    if stint is not None and stint.opened_at is None and by.agency is not None and by.agency.pk == stint.agency_id:
        stint.opened_at = now or timezone.now()
        Disposition.objects.open().filter(pk=stint.pk, opened_at__isnull=True).update(opened_at=stint.opened_at)
    return stint


_STINT: Compiled[Disposition] = Compiled(
    lambda: Disposition.objects.open().filter(complaint_id=_CASE).select_related("officer", "by", "from_agency")
)


# --- What the system must do when the ground moves ---


def move_out(
    complaint: Complaint, *, cause: str, why: Because, to: Agency | None = None, now: datetime.datetime | None = None
) -> Event | None:
    """By the system: the case can't stay where it is (UNSTAFFED, SUCCEEDED, NOT_FOR, DECIDE_MISSED).

    `to` is where it would go; None: where it is. What is unstaffed, ended or excluded passes it on upward.
    """
    today = complaint.today(now)
    target = landing(to or complaint.handler, complaint, today)
    if target.pk == complaint.handler_id:
        return None
    return complaint.move(target, by=SYSTEM, cause=cause, now=now, **_said(why))


def landing(office: Agency, complaint: Complaint, today: datetime.date) -> Agency:
    """Where a case meant for `office` really lands: there, or at the nearest staffed office above (submitted: desk),
    outside `not_for`, following succession."""
    if not office.is_active_on(today):
        office = succession.heir_of(office, today, **destination.what_it_is_about(complaint)) or office
    find = (
        Agency.objects.desk_at_or_above
        if complaint.status == Status.SUBMITTED or complaint.returns_to == Status.SUBMITTED
        else Agency.objects.staffed_at_or_above
    )
    if complaint.not_for is not None and office.is_under(complaint.not_for):
        return Agency.objects.desk_above(complaint.not_for, today, complaint.not_for, unseeing(complaint))
    return find(office, today, complaint.not_for, unseeing(complaint))


def follow_exclusion(complaint: Complaint, *, now: datetime.datetime | None = None) -> Event | None:
    """`not_for` was set: out of its subtree in the same transaction, to the inspectorate where there is one."""
    today = complaint.today(now)
    accused = complaint.not_for
    stays = accused is None or not complaint.handler.is_under(accused)
    if stays and (complaint.handler.parent_id is None or _is_staffed(complaint.handler, complaint, today)):
        return None
    inspectorate = inspectorate_for(complaint, today) if complaint.status != Status.SUBMITTED else None
    return move_out(complaint, cause="NOT_FOR", why=because("not_for"), to=inspectorate, now=now)


# --- Small questions ---


def today_at(office: Agency, now: datetime.datetime | None = None) -> datetime.date:
    """The calendar date at an office; the centre's is Jakarta's."""
    zone = office.region.zone if office.region else "Asia/Jakarta"
    return timezone.localtime(now or timezone.now(), ZoneInfo(zone)).date()


def _is_bound(complaint: Complaint) -> bool:
    return Disposition.objects.open().filter(complaint=complaint, bound=True).exists()


def _open_stint(complaint: Complaint) -> Disposition:
    return Disposition.objects.open().select_related("from_agency").get(complaint=complaint)


def unseeing(complaint: Complaint) -> list[User]:
    """Officers the case names: they staff nothing for it."""
    return list(complaint.not_seen_by.all()) if complaint.about_conduct and complaint.pk else []


def _excluded(office: Agency, complaint: Complaint) -> bool:
    return complaint.not_for is not None and office.is_under(complaint.not_for)


def _is_staffed(office: Agency, complaint: Complaint, today: datetime.date) -> bool:
    return office.is_staffed(today, unseeing(complaint))


def _desk(office: Agency, complaint: Complaint, today: datetime.date) -> Agency:
    return Agency.objects.desk_at_or_above(office, today, complaint.not_for, unseeing(complaint))


def _decider(complaint: Complaint, before: list[Disposition], now: datetime.datetime | None) -> Agency:
    """The lowest staffed desk above all who refused in this round, the present handler included."""
    today = complaint.today(now)
    refused = [stint.agency for stint in before]
    desks = Agency.objects.on_the_way_up(complaint.handler, with_itself=False, not_for=complaint.not_for)
    for desk in desks.active_on(today).desks_on(today, unseeing(complaint)):
        if all(office.is_strictly_under(desk) for office in refused):
            return desk
    return Agency.objects.root()


def _proposed_archive(complaint: Complaint) -> bool:
    return Disposition.objects.filter(
        complaint=complaint, round=complaint.round, outcome=Outcome.HANDED_BACK, ground=Ground.PROPOSE_ARCHIVE
    ).exists()


def require_able(complaint: Complaint, to: Agency, now: datetime.datetime | None) -> None:
    """Raises Incomplete("agency") unless the office exists, is staffed and may read the case."""
    today = complaint.today(now)
    _must_exist(to, today, "agency")
    if _excluded(to, complaint):
        raise Incomplete("agency", _("Kantor itu tidak boleh membaca laporan ini."))
    if to.parent_id is not None and not _is_staffed(to, complaint, today):
        raise Incomplete("agency", _("Belum ada petugas di %(office)s. Pilih kantor lain.") % {"office": to.name})


def _must_exist(office: Agency, today: datetime.date, field: str) -> None:
    if office.is_active_on(today):
        return
    if office.succeeded_by is not None:
        raise Incomplete(
            field,
            _("%(office)s sudah berakhir. Penerusnya: %(successor)s.")
            % {"office": office.name, "successor": office.succeeded_by.name},
        )
    raise Incomplete(field, _("%(office)s sudah tidak ada.") % {"office": office.name})


def _must_be_desk(to: Agency, complaint: Complaint, now: datetime.datetime | None) -> None:
    if not to.is_desk(complaint.today(now), unseeing(complaint)):
        raise Incomplete("agency", _("Laporan yang belum diperiksa hanya bisa dititipkan di meja koordinator."))


def _within_reach(complaint: Complaint, to: Agency, by: Actor, now: datetime.datetime | None) -> None:
    """A coordinator sends within the own subtree; the centre everywhere."""
    require_able(complaint, to, now)
    if by.agency is not None and by.role != Role.NATIONAL and not to.is_under(by.agency):
        raise Incomplete("agency", _("Pilih kantor di bawah %(office)s.") % {"office": by.agency.name})


def _judge_suggestions(complaint: Complaint, chosen: Agency) -> None:
    """What a person did with the guesses is their verdict."""
    rows = Suggestion.objects.filter(complaint=complaint)
    rows.filter(agency=chosen, verdict=Suggestion.Verdict.OFFERED).update(verdict=Suggestion.Verdict.ACCEPTED)
    rows.exclude(agency=chosen).filter(verdict=Suggestion.Verdict.DONE).update(verdict=Suggestion.Verdict.CORRECTED)
