"""Before the Ombudsman: the reporter puts the case there and may take that back; the Ombudsman says what it does with
it and recommends; the office answers. Nothing here moves a status or a clock of the case.

The office learns that it was put there, and what is recommended to it. What the reporter wrote to the Ombudsman, what
the Ombudsman writes to the reporter, and whether a name went along, stand in rows it does not read and in no event.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import ombudsman
from agencies.actor import Actor
from agencies.models import Agency
from complaints import ombudsman_law
from complaints.models.clock import Clock
from complaints.models.event import Event
from complaints.models.referral import Recommendation, Referral, ReferralStep
from complaints.transitions import Incomplete, NotAllowed

from .acting import BODY_LIMIT, clean_text
from .promises import STATE, Promises

NOTE_LIMIT = 2_000
# So often one case is put there; each time its examiners get a letter.
TIMES = 3
# Which state may follow which.
_STEPS = {
    Referral.State.RECEIVED: (Referral.State.EXAMINED, Referral.State.DECLINED),
    Referral.State.EXAMINED: (Referral.State.FINISHED, Referral.State.DECLINED),
    Referral.State.RECOMMENDED: (Referral.State.FINISHED,),
}


def steps_after(state: str) -> tuple[str, ...]:
    """What an examiner may say next; a recommendation has its own form."""
    return tuple(str(one) for one in _STEPS.get(Referral.State(state), ()))


class Referring(Promises):
    # The office that an act of this instance is about, where that is not the handler (`heed`).
    asked_of: Agency | None = None

    def has_missed_promise(self) -> bool:
        """A promise of the state was missed, whatever came of it: the law's way to the Ombudsman is open."""
        return Clock.objects.filter(complaint=self._case, kind__in=STATE, overdue_noted_at__isnull=False).exists()

    def current_referral(self) -> Referral | None:
        return Referral.objects.current().filter(complaint=self._case).select_related("agency").first()

    def may_be_referred(self, now: datetime.datetime | None = None) -> Agency | None:
        """The Ombudsman, where the reporter may put the case before it now; None: not, or it is there already."""
        case = self._case
        before = list(Referral.objects.filter(complaint=case))
        if len(before) >= TIMES or any(one.is_current for one in before) or not self.has_missed_promise():
            return None
        office = ombudsman.office(self.today(now))
        if office is None or case.handler.is_under(office):
            return None
        return None if case.not_for is not None and office.is_under(case.not_for) else office

    def refer(
        self,
        *,
        by: Actor,
        consent: bool,
        with_identity: bool = False,
        note: str = "",
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Put the case before the Ombudsman: it may read it from now on, as long as the consent holds."""
        if not consent:
            raise Incomplete("consent", _("Centang dulu bahwa Anda setuju. Tanpa itu tidak ada yang dikirim."))
        text = clean_text(note)
        if len(text) > NOTE_LIMIT:
            raise Incomplete("note", _("Pesannya terlalu panjang. Paling banyak 2.000 huruf."))
        with self.acting("refer", by=by, version=version, now=now, bumps=False) as change:
            office = self.may_be_referred(change.now)
            if office is None:
                raise NotAllowed(_("Laporan ini belum bisa, atau sudah, diteruskan ke Ombudsman."))
            referral = Referral.objects.create(
                complaint=self._case,
                agency=office,
                with_identity=with_identity,
                note=text,
                made_at=change.now,
                due_on=ombudsman_law.due_on(ombudsman_law.FIRST_WORD, self.today(change.now)),
            )
            change.particulars["referral"] = referral.pk
        return change.event

    def unrefer(self, *, by: Actor, version: int | None = None, now: datetime.datetime | None = None) -> Event | None:
        """Take the consent back: from now on the Ombudsman reads nothing of it here."""
        with self.acting("unrefer", by=by, version=version, now=now, bumps=False) as change:
            last = Referral.objects.filter(complaint=self._case, withdrawn_at__isnull=True).order_by("-pk").first()
            if last is None:
                raise NotAllowed(_("Laporan ini tidak sedang di Ombudsman."))
            Referral.objects.filter(complaint=self._case, withdrawn_at__isnull=True).update(withdrawn_at=change.now)
            change.particulars["referral"] = last.pk
        return change.event

    @transaction.atomic
    def examine(
        self,
        referral: Referral,
        state: str,
        text: str,
        *,
        by: Actor,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """The Ombudsman says what it does with the case; the reporter reads `text`, and nobody else."""
        with self.acting("examine", by=by, now=now, bumps=False) as change:
            row = self._referred(referral, by)
            if state not in steps_after(row.state):
                raise Incomplete("state", _("Langkah itu tidak bisa diambil sekarang. Muat ulang halamannya."))
            said = clean_text(text)
            if not said and state in Referral.ENDED:
                raise Incomplete("text", _("Tulis penjelasan untuk pelapor."))
            if len(said) > BODY_LIMIT:
                raise Incomplete("text", _("Penjelasannya terlalu panjang. Paling banyak 10.000 huruf."))
            row.state = state
            row.first_word_at = row.first_word_at or change.now
            row.ended_at = change.now if state in Referral.ENDED else None
            row.save(update_fields=["state", "first_word_at", "ended_at"])
            change.particulars |= {"referral": row.pk, "step": state}
        assert change.event is not None
        ReferralStep.objects.create(referral=row, event=change.event, state=state, text=said, at=change.now)
        return change.event

    def recommend(
        self,
        referral: Referral,
        agency: Agency,
        body: str,
        *,
        by: Actor,
        due_on: datetime.date | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Ask something of the office that has the case, or of one above it, by a date."""
        case = self._case
        with self.acting("recommend", by=by, now=now, bumps=False) as change:
            row = self._referred(referral, by)
            if row.state not in (Referral.State.EXAMINED, Referral.State.RECOMMENDED):
                raise Incomplete("body", _("Nyatakan dulu bahwa laporan ini diperiksa."))
            if agency.pk not in {one.pk for one in self.may_be_recommended_to()}:
                raise Incomplete("agency", _("Pilih kantor dari daftar."))
            text = clean_text(body)
            if not text or len(text) > BODY_LIMIT:
                raise Incomplete("body", _("Tulis rekomendasinya, paling banyak 10.000 huruf."))
            today = self.today(change.now)
            due = due_on or ombudsman_law.due_on(ombudsman_law.HEED, today)
            if not today < due <= today + datetime.timedelta(days=366):
                raise Incomplete("due_on", _("Pilih tanggal sesudah hari ini, paling lama setahun."))
            made = Recommendation.objects.create(referral=row, agency=agency, body=text, made_at=change.now, due_on=due)
            row.state = Referral.State.RECOMMENDED
            row.first_word_at = row.first_word_at or change.now
            row.save(update_fields=["state", "first_word_at"])
            change.particulars |= {
                "referral": row.pk,
                "recommendation": made.pk,
                "to": agency.pk,
                "to_name": agency.shown_name,
                "due": due.isoformat(),
            }
        assert case.pk
        return change.event

    def may_be_recommended_to(self) -> list[Agency]:
        """The office that has the case and those above it below the centre, without what the case is kept from."""
        case = self._case
        path = Agency.objects.on_the_way_up(case.handler, with_itself=True, not_for=case.not_for)
        return list(path.filter(parent__isnull=False)) or [case.handler]

    def heed(
        self, recommendation: Recommendation, answer: str, *, by: Actor, now: datetime.datetime | None = None
    ) -> Event | None:
        """The head or coordinator of the office says what was done about it."""
        self.asked_of = recommendation.agency
        with self.acting("heed", by=by, now=now, bumps=False) as change:
            row = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
            if row.referral.complaint_id != self._case.pk or row.verdict or row.referral.withdrawn_at is not None:
                raise NotAllowed(_("Rekomendasi ini sudah tidak menunggu jawaban."))
            text = clean_text(answer)
            if not text or len(text) > BODY_LIMIT:
                raise Incomplete("answer", _("Tulis apa yang sudah dilakukan, paling banyak 10.000 huruf."))
            row.answer, row.answered_at = text, change.now
            row.save(update_fields=["answer", "answered_at"])
            change.particulars |= {"referral": row.referral_id, "recommendation": row.pk}
        return change.event

    def weigh(
        self, recommendation: Recommendation, verdict: str, *, by: Actor, now: datetime.datetime | None = None
    ) -> Event | None:
        """The Ombudsman says whether its recommendation was heeded: once it was answered, or its date has passed."""
        with self.acting("weigh", by=by, now=now, bumps=False) as change:
            row = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
            self._referred(row.referral, by, ended_too=True)
            if verdict not in Recommendation.Verdict.values:
                raise Incomplete("verdict", _("Pilih hasilnya."))
            if row.verdict:
                raise NotAllowed(_("Rekomendasi ini sudah dinilai."))
            if row.answered_at is None and self.today(change.now) <= row.due_on:
                raise NotAllowed(_("Kantornya masih punya waktu sampai tanggal yang Anda beri."))
            row.verdict, row.weighed_at = verdict, change.now
            row.save(update_fields=["verdict", "weighed_at"])
            change.particulars |= {"referral": row.referral_id, "recommendation": row.pk, "verdict": verdict}
        return change.event

    def _referred(self, referral: Referral, by: Actor, *, ended_too: bool = False) -> Referral:
        """The referral as it stands now, locked; of this case, and readable by who acts."""
        rows = Referral.objects.readable_by(by).filter(complaint=self._case, pk=referral.pk)
        row = rows.select_for_update(of=("self",)).first()
        if row is None or (row.ended_at is not None and not ended_too):
            raise NotAllowed(_("Laporan ini tidak sedang Anda periksa."))
        return row
