"""Who may see the case: tighten, loosen, exclude an office, redact the public copy, publish it."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from agencies.actor import Actor
from agencies.models import Agency, User
from complaints.models.contribution import Contribution
from complaints.models.event import Audience, Event
from complaints.transitions import Incomplete, NotAllowed

from .acting import PublicText, clean_text
from .promises import Promises

OFFER = _(
    "Laporan Anda tentang perilaku petugas, dan tetap kami periksa di sini. Kalau Anda tahu pelanggarannya dari dalam "
    "dan khawatir ketahuan, ada jalur terpisah: pengungkapan (WBS), %(address)s. Di sana hanya tim kecil yang "
    "membacanya, dan kabarnya hanya ada di halaman itu. Laporan ini tidak ikut pindah, karena yang sudah dibaca "
    "petugas tidak bisa disembunyikan lagi: tulislah di sana hanya yang belum Anda ceritakan di sini. Kami tidak tahu "
    "apakah Anda memakainya."
)


class Secrecy(Promises):
    def tighten(
        self,
        *,
        by: Actor,
        anonymous: bool = False,
        secret: bool = False,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Hide the name (anonim), the text (rahasia) or both. Anyone concerned may; the public copy goes at once."""
        case = self._case
        with self.acting("tighten", by=by, version=version, now=now) as change:
            what = [
                name
                for name, wanted, has in (
                    ("anonymous", anonymous, case.anonymous),
                    ("secret", secret, case.secret),
                )
                if wanted and not has
            ]
            if not what:
                raise Incomplete("what", _("Pilih apa yang ingin disembunyikan."))
            change.particulars["what"] = what
            case.anonymous = case.anonymous or anonymous
            case.secret = case.secret or secret
            change.fields |= {"anonymous", "secret"}
            if "anonymous" in what:
                # A photo may show whose house it is: who helps sees none any more. The lead may ask anew.
                Contribution.files.through.objects.filter(contribution__complaint=case).delete()
            if "secret" in what and case.duplicate_of_id is not None:
                # A merged case made secret leaves its group and stays archived (case.md section 5).
                change.particulars["unmerged_from"] = case.duplicate_of_id
                case.duplicate_of = None
                change.fields.add("duplicate_of")
        return change.event

    def loosen(
        self,
        *,
        by: Actor,
        anonymous: bool = False,
        secret: bool = False,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Show again what was hidden: the reporter alone may. Publishes nothing by itself."""
        case = self._case
        with self.acting("loosen", by=by, version=version, now=now) as change:
            what = [
                name
                for name, wanted, has in (
                    ("anonymous", anonymous, case.anonymous),
                    ("secret", secret, case.secret),
                )
                if wanted and has
            ]
            if not what:
                raise Incomplete("what", _("Pilih apa yang ingin dibuka."))
            change.particulars["what"] = what
            case.anonymous = case.anonymous and not anonymous
            case.secret = case.secret and not secret
            change.fields |= {"anonymous", "secret"}
        return change.event

    def exclude(
        self,
        agency: Agency | None = None,
        *,
        by: Actor,
        officers: list[User] | None = None,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Keep the case from an office's whole subtree (`not_for`) and from officers it names (`not_seen_by`).

        The root is never excluded. Where the case must go then is decided by `routing` in the same transaction.
        """
        case = self._case
        with self.acting("exclude", by=by, version=version, now=now, audience=Audience.OFFICERS) as change:
            if agency is None and not officers:
                raise Incomplete("agency", _("Pilih kantor atau petugas yang tidak boleh membacanya."))
            if agency is not None:
                if agency.parent_id is None:
                    raise Incomplete("agency", _("Pusat tidak bisa dikecualikan."))
                case.not_for = agency
                case.about_conduct = True
                change.fields |= {"not_for", "about_conduct"}
                change.particulars["not_for"] = agency.pk
            if officers:
                case.not_seen_by.add(*officers)
                case.about_conduct = True
                change.fields.add("about_conduct")
                change.particulars["not_seen_by"] = [user.pk for user in officers]
        return change.event

    def offer_lane(
        self, *, by: Actor, version: int | None = None, now: datetime.datetime | None = None
    ) -> Event | None:
        """Tell the reporter of a case about conduct, once and on its page alone, that there is the lane of disclosures
        (WBS). Nothing moves: what others have read does not become hidden. Nobody learns whether they go there."""
        case = self._case
        with self.acting("offer_lane", by=by, version=version, now=now, bumps=False) as change:
            if not case.about_conduct:
                raise NotAllowed(_("Jalur itu hanya untuk laporan tentang perilaku petugas atau pimpinan."))
            if case.events.filter(verb="offer_lane").exists():
                raise NotAllowed(_("Jalur itu sudah ditawarkan kepada pelapor ini."))
            # In the language of the country, whatever the officer reads in.
            with translation.override(settings.LANGUAGE_CODE):
                address = f"{settings.SITE_URL}{reverse('complaints:disclosure_info')}"
                self._say(change, str(OFFER) % {"address": address})
        return change.event

    def redact(
        self,
        public: PublicText,
        *,
        by: Actor,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Correct the masked copy; the case's own text stays as it was written."""
        with self.acting("redact", by=by, version=version, now=now, audience=Audience.OFFICERS, bumps=False) as change:
            self.public_text = PublicText(clean_text(public.title), clean_text(public.body))
            if not self.public_text.title or not self.public_text.body:
                raise Incomplete("public_body", _("Judul dan isi untuk umum tidak boleh kosong."))
        return change.event

    def publish(
        self,
        public: PublicText,
        *,
        by: Actor,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Let the masked copy out after *tahan dulu*."""
        with self.acting("publish", by=by, version=version, now=now, bumps=False) as change:
            self._offer_publication(change, public, "")
        return change.event
