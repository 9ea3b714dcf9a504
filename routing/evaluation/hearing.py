"""The district's word in its evaluation, and the evaluator's: checked figures, evidence, points by the rubric,
objections and what was decided. Each only in its turn."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import AuditEntry, Decree
from agencies.permissions import Capability, membership_may
from complaints.models import Attachment
from complaints.transitions import Incomplete, NotAllowed
from routing.evaluation.indicators import INDICATORS
from routing.evaluation.method import MOST
from routing.models import Cycle, Evaluation, Evidence, Objection, Points

TEXT_LIMIT = 4_000
# Of one kind: an evaluator reads them all.
MOST_PIECES = 25
Stage = Cycle.Stage


def _locked(evaluation: Evaluation, by: Actor, capability: Capability, *stages: str) -> Evaluation:
    """The row, while its cycle is at one of these stages. The dates end a turn, whether or not the worker came."""
    if by.membership is None or not membership_may(by.membership, capability, evaluation.agency):
        raise NotAllowed(_("Anda tidak berwenang dalam evaluasi daerah ini."))
    cycle = Cycle.objects.select_for_update().get(pk=evaluation.cycle_id)
    if cycle.stage not in stages:
        raise NotAllowed(_("Tahap itu sudah lewat. Muat ulang halamannya untuk melihat tahap sekarang."))
    return Evaluation.objects.select_for_update(of=("self",)).select_related("agency", "cycle").get(pk=evaluation.pk)


def _in_time(evaluation: Evaluation, day: datetime.date, now: datetime.datetime) -> None:
    if timezone.localdate(now) > day:
        raise NotAllowed(_("Waktunya sudah habis. Yang sudah disampaikan tetap berlaku."))


# --- The district ---


@transaction.atomic
def check(evaluation: Evaluation, *, by: Actor, comment: str, now: datetime.datetime | None = None) -> Evaluation:
    """We looked at our figures; and what we say to them. May be said again until the date. Raises NotAllowed."""
    now = now or timezone.now()
    row = _locked(evaluation, by, Capability.ANSWER_EVALUATION, Stage.CHECK)
    _in_time(row, row.cycle.check_by, now)
    row.checked_at, row.checked_by, row.comment = now, by.user, comment.strip()[:TEXT_LIMIT]
    row.save(update_fields=["checked_at", "checked_by", "comment"])
    _changed(row)
    _audit("check", row, by, now)
    return row


def _changed(row: Evaluation) -> None:
    """What its head put their name to is no more what the district says."""
    row.signed_at = row.signed_by = None
    row.save(update_fields=["signed_at", "signed_by"])


@transaction.atomic
def sign(evaluation: Evaluation, *, by: Actor, now: datetime.datetime | None = None) -> Evaluation:
    """The head of the district read figures, evidence and comment, and puts their name to them. Raises NotAllowed."""
    now = now or timezone.now()
    row = _locked(evaluation, by, Capability.SIGN_EVALUATION, Stage.CHECK)
    _in_time(row, row.cycle.check_by, now)
    if row.checked_at is None:
        raise NotAllowed(_("Admin instansi belum menyatakan angkanya diperiksa. Tanda tangan menyusul sesudah itu."))
    if row.signed_at is None:
        row.signed_at, row.signed_by = now, by.user
        row.save(update_fields=["signed_at", "signed_by"])
        _audit("sign", row, by, now)
    return row


@transaction.atomic
def add_evidence(
    evaluation: Evaluation,
    *,
    by: Actor,
    kind: str,
    title: str,
    day: datetime.date,
    about: str = "",
    count: int | None = None,
    decree: Decree | None = None,
    file: Attachment | None = None,
    open: bool = False,
    now: datetime.datetime | None = None,
) -> Evidence:
    """`open`: everybody may open its file once the year is published. Raises NotAllowed, Incomplete(field)."""
    now = now or timezone.now()
    row = _locked(evaluation, by, Capability.ANSWER_EVALUATION, Stage.CHECK)
    _in_time(row, row.cycle.check_by, now)
    if kind not in Evidence.Kind.values:
        raise Incomplete("kind", _("Pilih macam buktinya."))
    if row.evidence.filter(kind=kind, withdrawn_at=None).count() >= MOST_PIECES:
        raise Incomplete("kind", _("Sudah cukup banyak bukti macam ini. Tarik satu dulu."))
    if not title.strip():
        raise Incomplete("title", _("Tulis nama buktinya."))
    if day > timezone.localdate(now):
        raise Incomplete("day", _("Tanggal ini belum tiba."))
    if decree is not None and not decree.agency.is_under(row.agency):
        raise Incomplete("decree", _("Keputusan itu bukan dari daerah ini."))
    assert by.user is not None
    made = Evidence.objects.create(
        evaluation=row,
        kind=kind,
        title=title.strip(),
        day=day,
        about=about.strip()[:TEXT_LIMIT],
        count=count,
        decree=decree,
        file=file,
        open=open,
        added_by=by.user,
        added_at=now,
    )
    _changed(row)
    _audit("evidence", row, by, now, {"evidence": made.pk})
    return made


@transaction.atomic
def withdraw(evidence: Evidence, *, by: Actor, now: datetime.datetime | None = None) -> Evidence:
    """Raises NotAllowed."""
    now = now or timezone.now()
    row = _locked(evidence.evaluation, by, Capability.ANSWER_EVALUATION, Stage.CHECK)
    _in_time(row, row.cycle.check_by, now)
    Evidence.objects.filter(pk=evidence.pk, withdrawn_at=None).update(withdrawn_at=now)
    _changed(row)
    _audit("withdraw_evidence", row, by, now, {"evidence": evidence.pk})
    return Evidence.objects.get(pk=evidence.pk)


@transaction.atomic
def object_to(
    evaluation: Evaluation, *, by: Actor, about: str, reason: str, now: datetime.datetime | None = None
) -> Objection:
    """Raises NotAllowed, Incomplete(field)."""
    now = now or timezone.now()
    row = _locked(evaluation, by, Capability.ANSWER_EVALUATION, Stage.OBJECT)
    _in_time(row, row.cycle.object_by, now)
    if about and about not in INDICATORS and about not in Evidence.Kind.values:
        raise Incomplete("about", _("Pilih yang Anda maksud dari daftar."))
    if not reason.strip():
        raise Incomplete("reason", _("Tulis apa yang keliru dan mengapa."))
    assert by.user is not None
    made = Objection.objects.create(evaluation=row, about=about, reason=reason.strip()[:TEXT_LIMIT], by=by.user, at=now)
    _audit("object", row, by, now, {"objection": made.pk})
    return made


# --- The evaluator ---


@transaction.atomic
def score(
    evaluation: Evaluation, *, by: Actor, kind: str, points: int, why: str, now: datetime.datetime | None = None
) -> Points:
    """By the rubric, with the reason: the district reads it. Raises NotAllowed, Incomplete(field)."""
    now = now or timezone.now()
    row = _locked(evaluation, by, Capability.PUBLISH_EVALUATIONS, Stage.SCORE, Stage.OBJECT, Stage.DECIDE)
    if kind not in Evidence.Kind.values:
        raise Incomplete("kind", _("Pilih macam buktinya."))
    if not 0 <= points <= MOST:
        raise Incomplete("points", _("Pilih nilainya dari rubrik."))
    if not why.strip():
        raise Incomplete("why", _("Tulis alasannya: daerah membacanya."))
    given = row.evidence.filter(kind=kind, withdrawn_at=None).exists()
    if points and not given:
        raise Incomplete("points", _("Daerah tidak menyampaikan bukti macam ini, jadi nilainya 0."))
    assert by.user is not None
    made = Points.objects.create(
        evaluation=row, kind=kind, points=points, why=why.strip()[:TEXT_LIMIT], by=by.user, at=now
    )
    _audit("score", row, by, now, {"kind": kind, "points": points})
    return made


@transaction.atomic
def decide(
    objection: Objection, *, by: Actor, decision: str, why: str, now: datetime.datetime | None = None
) -> Objection:
    """Once. Figures are never changed by it: they are what the events say. Raises NotAllowed, Incomplete(field)."""
    now = now or timezone.now()
    row = _locked(objection.evaluation, by, Capability.PUBLISH_EVALUATIONS, Stage.OBJECT, Stage.DECIDE)
    if decision not in Objection.Decision.values:
        raise Incomplete("decision", _("Pilih keputusannya."))
    if not why.strip():
        raise Incomplete("why", _("Tulis alasannya: daerah membacanya, dan ikut terbit."))
    mine = Objection.objects.filter(pk=objection.pk, decision="")
    if not mine.update(decision=decision, decided_why=why.strip()[:TEXT_LIMIT], decided_by=by.user, decided_at=now):
        raise NotAllowed(_("Keberatan ini sudah diputus."))
    _audit("decide", row, by, now, {"objection": objection.pk, "decision": decision})
    return Objection.objects.get(pk=objection.pk)


def _audit(what: str, row: Evaluation, by: Actor, now: datetime.datetime, after: dict[str, Any] | None = None) -> None:
    AuditEntry.objects.create(
        at=now,
        who=by.user,
        acting_as=by.agency,
        what=what,
        subject_kind="evaluation",
        subject_id=row.pk,
        after=after or {},
    )
