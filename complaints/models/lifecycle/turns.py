"""Whose turn it is: place, forward, pass on, hand back, move. Where to is decided above, in `routing.dispatch`."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from agencies import finding
from agencies.actor import Actor
from agencies.models import Agency, Level, Region
from complaints.models.clock import Clock, ClockKind
from complaints.models.event import Audience, Event
from complaints.models.reference import Category, Kind
from complaints.transitions import Incomplete, Status

from .acting import Change, PublicText, clean_text
from .promises import Promises, date_clock

if TYPE_CHECKING:
    from collections.abc import Mapping


class Turns(Promises):
    """The event carries what the stint needs; `routing` opens and ends stints by it."""

    def place_at(
        self,
        to: Agency,
        *,
        by: Actor,
        reason: str,
        version: int | None = None,
        now: datetime.datetime | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> Event | None:
        """Leave a case that is not yet verified at the desk of a coordinator (or the national one)."""
        with self.acting("place", by=by, version=version, now=now) as change:
            change.particulars |= {"reason": clean_text(reason), **(more or {})}
            self._hand_to(change, to)
            self._decided(change)
        return change.event

    def forward(
        self,
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
        more: Mapping[str, Any] | None = None,
    ) -> Event | None:
        """Verified: give the case to the office that must answer it; the two great promises start.

        `public` is the masked text the officer read (None: this act publishes nothing), `hold` the reason for
        *tahan dulu*.
        """
        case = self._case
        with self.acting("forward", by=by, version=version, now=now) as change:
            change.particulars |= {"reason": clean_text(reason), **(more or {})}
            self._classify(change, kind, category, supervised)
            self._hand_to(change, to)
            self._enter(change)
            self._decided(change)
            self._stop(change, ClockKind.VERIFY)
            self._start(change, ClockKind.RESPOND, agency=to)
            self._start(change, ClockKind.RESOLVE, agency=to)
            self._offer_publication(change, public, hold)
            case.forwarded_at = case.forwarded_at or change.now
            change.fields.add("forwarded_at")
        return change.event

    def pass_on(
        self,
        to: Agency,
        *,
        by: Actor,
        reason: str = "",
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Give the work to an office of the handler's own subtree; promise and status stay."""
        case = self._case
        with self.acting("pass_on", by=by, version=version, now=now) as change:
            if not to.is_strictly_under(case.handler):
                raise Incomplete("agency", _("Pilih unit di bawah kantor Anda."))
            change.particulars |= {"reason": clean_text(reason)}
            self._withdraw_pending(change)
            self._hand_to(change, to)
            self._decided(change)
        return change.event

    def hand_back(
        self,
        to: Agency,
        *,
        by: Actor,
        ground: str,
        reason: str,
        proposed: Agency | None = None,
        decide: bool = False,
        version: int | None = None,
        now: datetime.datetime | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> Event | None:
        """Not ours, or to be archived: the desk above decides. `decide` starts DECIDE there (the second refusal)."""
        with self.acting("hand_back", by=by, version=version, now=now) as change:
            text = clean_text(reason)
            if not text:
                raise Incomplete("reason", _("Tulis alasannya, supaya meja di atas bisa memutuskan."))
            change.particulars |= {
                "ground": ground,
                "reason": text,
                "proposed": proposed.pk if proposed else None,
                # By name for whoever reads the timeline; an office is no secret.
                **({"proposed_name": proposed.shown_name} if proposed else {}),
                **(more or {}),
            }
            self._withdraw_pending(change)
            self._hand_to(change, to)
            self._enter(change)
            if decide and ClockKind.DECIDE not in self._clocks():
                self._start(change, ClockKind.DECIDE, agency=to)
        return change.event

    def move(
        self,
        to: Agency,
        *,
        by: Actor,
        reason: str,
        cause: str = "",
        version: int | None = None,
        now: datetime.datetime | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> Event | None:
        """Wrong office: the case moves, the promises to the citizen run on.

        `cause` says why the system moves: SUCCEEDED, UNSTAFFED, NOT_FOR, DECIDE_MISSED; "" for a person.
        """
        case = self._case
        with self.acting("move", by=by, version=version, now=now) as change:
            text = clean_text(reason)
            if not text:
                raise Incomplete("reason", _("Tulis alasan memindahkan laporan ini."))
            change.particulars |= {"reason": text, "cause": cause, **(more or {})}
            self._withdraw_pending(change)
            self._hand_to(change, to)
            if case.status == Status.IN_PROGRESS:
                self._enter(change, Status.FORWARDED)
            elif case.status == Status.WAITING and case.returns_to == Status.IN_PROGRESS:
                case.returns_to = Status.FORWARDED
                change.fields.add("returns_to")
            self._decided(change)
        return change.event

    def start(
        self,
        *,
        by: Actor,
        public: PublicText | None = None,
        hold: str = "",
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Somebody at the office took it on."""
        with self.acting("start", by=by, version=version, now=now) as change:
            self._enter(change)
            self._decided(change)
            self._offer_publication(change, public, hold)
        return change.event

    def reclassify(
        self,
        *,
        by: Actor,
        reason: str,
        kind: str | None = None,
        category: Category | None = None,
        supervised: bool | None = None,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Another kind or category. RESOLVE is dated anew from its own first day with the new pair's budget, never
        earlier than already shown, except to the shorter one before any answer."""
        case = self._case
        with self.acting("reclassify", by=by, version=version, now=now) as change:
            change.particulars |= {"reason": clean_text(reason)}
            pair = (case.kind, case.supervised)
            self._classify(change, kind, category, supervised)
            resolve = self._clocks().get(ClockKind.RESOLVE)
            if resolve is not None and pair != (case.kind, case.supervised):
                self._redate_resolve(change, resolve)
        return change.event

    def locate(
        self, place: Region, *, by: Actor, version: int | None = None, now: datetime.datetime | None = None
    ) -> Event | None:
        """Say where it lies: what was read is confirmed or put right. What the reporter chose stays theirs; promises
        and the public copy stay as they are."""
        case = self._case
        with self.acting("locate", by=by, version=version, now=now, audience=Audience.OFFICERS) as change:
            if place.level == Level.PROVINSI:
                raise Incomplete("place", _("Sebuah provinsi terlalu luas. Tulis sekurangnya kabupaten atau kotanya"))
            change.particulars |= {"found_place": [case.found_place_id, place.pk], "place_name": finding.path(place)}
            case.found_place, case.found_certainty, case.found_words = place, None, ""
            change.fields |= {"found_place", "found_certainty", "found_words"}
        return change.event

    def _redate_resolve(self, change: Change, resolve: Clock) -> None:
        case = self._case
        standard = self._budget(ClockKind.RESOLVE, case.handler, resolve.started_on)
        answered = case.messages.filter(verb__in=("answer", "resolve"), state="SENT").exists()
        own = self._of_programme(ClockKind.RESOLVE, resolve.started_on, standard.working_days)
        days = own.working_days if own else standard.working_days
        if days < resolve.budget and answered:
            return
        shown = resolve.due_on
        resolve.budget, resolve.standard, resolve.programme_promise = days, standard, own
        if resolve.paused_on is None:
            date_clock(resolve, pauses=list(case.pauses.values_list("started_on", "ended_on")))
            if shown and resolve.due_on and resolve.due_on < shown and answered:
                resolve.due_on = shown
        resolve.save(update_fields=["budget", "standard", "programme_promise", "due_on", "provisional"])
        change.particulars["clocks"] = {"RESOLVE": resolve.due_on.isoformat() if resolve.due_on else None}

    def _classify(self, change: Change, kind: str | None, category: Category | None, supervised: bool | None) -> None:
        case = self._case
        if kind is not None and kind != case.kind:
            if kind not in Kind.values:
                raise Incomplete("kind", _("Pilih jenis laporan."))
            change.particulars["kind"] = [case.kind, kind]
            case.kind = kind
            if kind != Kind.PENGADUAN:
                case.happened_on, case.supervised = None, False
        if category is not None and category.pk != case.category_id:
            change.particulars["category"] = [case.category_id, category.pk]
            case.category = category
        if supervised is not None and supervised != case.supervised:
            if supervised and case.kind != Kind.PENGADUAN:
                raise Incomplete("supervised", _("Hanya pengaduan yang bisa berkadar pengawasan."))
            change.particulars["supervised"] = [case.supervised, supervised]
            case.supervised = supervised
        change.fields |= {"kind", "category", "supervised", "happened_on"}
