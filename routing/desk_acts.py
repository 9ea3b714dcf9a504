"""The acts of the desk: every row of the tables in `complaints.transitions` an officer has, with its page.

An act has a noun of its own in the address, a form, and one verb it calls. `offered` says which ones make sense for a
case now: what the table allows, less what would only be refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.actor import Actor
from agencies.models import Agency, Programme
from complaints import disclosures, privacy
from complaints.models import Attachment, Complaint, Contribution, Event, Message, Tag
from complaints.models.lifecycle.answers import ASKS_BEFORE_COORDINATOR, ROUNDS_BEFORE_COORDINATOR
from complaints.transitions import TABLE, Status, Who, standing
from lapor.kit.compiled import Blank, Compiled
from routing import dispatch, forms, groups, helping
from routing.models import Disposition

Run = Callable[[Complaint, Actor, Any], object]


@dataclass(frozen=True)
class Act:
    """`level`: 0 the main act, 1 beside it, 2 among "Tindakan lain", 3 has no button of its own (a composer)."""

    verb: str
    noun: str
    button: str | Promise
    heading: str | Promise
    submit: str | Promise
    done: str | Promise
    form: type[forms.ActForm]
    run: Run
    level: int = 1
    intro: str | Promise = ""

    @property
    def url_name(self) -> str:
        return f"routing:{self.verb}"


def _data(form: Any) -> dict[str, Any]:
    return dict(form.cleaned_data)


def _forward(case: Complaint, by: Actor, form: forms.ForwardForm) -> object:
    data = _data(form)
    return dispatch.forward(
        case,
        data["agency"],
        by=by,
        reason=data["reason"],
        kind=data["kind"],
        category=data["category"],
        supervised=data["supervised"],
        version=data["version"],
        **form.publication(),
    )


def _hand_back(case: Complaint, by: Actor, form: forms.HandBackForm) -> object:
    data = _data(form)
    return dispatch.hand_back(
        case,
        by=by,
        ground=data["ground"],
        reason=data["reason"],
        proposed=data["agency"],
        version=data["version"],
    )


def _answer(case: Complaint, by: Actor, form: forms.AnswerForm) -> object:
    data = _data(form)
    return case.answer(
        data["body"],
        by=by,
        files=form.attachments,
        audience=form.audience(),
        version=data["version"],
        **form.publication(),
    )


def _resolve(case: Complaint, by: Actor, form: forms.ResolveForm) -> object:
    data = _data(form)
    return case.resolve(
        data["body"],
        by=by,
        outcome=data["outcome"],
        done_on=data["done_on"],
        unit=data["unit"],
        promised_on=data["promised_on"],
        files=form.attachments,
        audience=form.audience(),
        version=data["version"],
        **form.publication(),
    )


def _reclassify(case: Complaint, by: Actor, form: forms.ReclassifyForm) -> object:
    data = _data(form)
    return case.reclassify(
        by=by,
        reason=data["reason"],
        kind=data["kind"],
        category=data["category"],
        supervised=data["supervised"],
        version=data["version"],
    )


def _tag(case: Complaint, by: Actor, form: forms.TagForm) -> object:
    return case.tag(form.cleaned_data["programme"], by=by, reason=form.cleaned_data["reason"])


def _untag(case: Complaint, by: Actor, form: forms.UntagForm) -> object:
    return case.untag(form.cleaned_data["programme"], by=by, reason=form.cleaned_data["reason"])


def _invite(case: Complaint, by: Actor, form: forms.InviteForm) -> object:
    data = _data(form)
    said = {name: data[name] for name in ("days", "shown")}
    return helping.invite(case, data["agency"], data["task"], by=by, files=data.get("shared", ()), **said)


def _to_office(act: Callable[..., object]) -> Run:
    def run(case: Complaint, by: Actor, form: forms.OfficeForm) -> object:
        data = _data(form)
        return act(case, data["agency"], by=by, reason=data["reason"], version=data["version"])

    return run


ACTS: tuple[Act, ...] = (
    Act(
        "forward",
        "disposisi",
        _("Teruskan ke kantor"),
        _("Teruskan ke kantor yang menjawab"),
        _("Teruskan laporan"),
        _("Diteruskan ke %(office)s."),
        forms.ForwardForm,
        _forward,
        0,
    ),
    Act(
        "start",
        "penanganan",
        _("Mulai kerjakan"),
        _("Mulai kerjakan laporan ini"),
        _("Mulai kerjakan"),
        _("Anda memegang laporan ini. Pelapor diberi tahu."),
        forms.StartForm,
        lambda case, by, form: case.start(by=by, version=form.cleaned_data["version"], **form.publication()),
        0,
        _("Pelapor diberi tahu bahwa laporannya sedang dikerjakan, dan nama Anda tercatat sebagai pemegang."),
    ),
    Act(
        "approve",
        "persetujuan",
        _("Setujui jawaban"),
        _("Setujui jawaban yang menunggu"),
        _("Setujui dan kirim"),
        _("Jawaban dikirim kepada pelapor."),
        forms.ApproveForm,
        lambda case, by, form: case.approve(by=by, version=form.cleaned_data["version"], **form.publication()),
        0,
    ),
    Act(
        "return",
        "perbaikan",
        _("Kembalikan jawaban"),
        _("Kembalikan jawaban kepada penulisnya"),
        _("Kembalikan jawaban"),
        _("Jawaban dikembalikan kepada penulisnya."),
        forms.ReturnForm,
        lambda case, by, form: case.return_answer(
            form.cleaned_data["reason"], by=by, version=form.cleaned_data["version"]
        ),
        1,
    ),
    Act(
        "ask",
        "pertanyaan",
        _("Minta keterangan pelapor"),
        _("Minta keterangan pelapor"),
        _("Kirim pertanyaan"),
        _("Pertanyaan dikirim. Batas waktu kantor berhenti selama menunggu."),
        forms.AskForm,
        lambda case, by, form: case.ask(
            form.cleaned_data["question"], by=by, files=form.attachments, version=form.cleaned_data["version"]
        ),
    ),
    Act(
        "unask",
        "pembatalan",
        _("Batalkan pertanyaan"),
        _("Batalkan pertanyaan kepada pelapor"),
        _("Batalkan pertanyaan"),
        _("Pertanyaan dibatalkan. Batas waktu kantor berjalan lagi."),
        forms.UnaskForm,
        lambda case, by, form: case.unask(by=by, version=form.cleaned_data["version"]),
        1,
        _("Keterangan ternyata tidak diperlukan. Batas waktu kantor berjalan lagi mulai hari ini."),
    ),
    Act(
        "answer",
        "tanggapan",
        _("Tulis tanggapan"),
        _("Tanggapan"),
        _("Kirim tanggapan"),
        _("Tanggapan dikirim."),
        forms.AnswerForm,
        _answer,
        3,
    ),
    Act(
        "resolve",
        "jawaban-akhir",
        _("Jawaban akhir"),
        _("Jawaban akhir"),
        _("Kirim jawaban akhir"),
        _("Jawaban akhir dikirim. Sekarang giliran pelapor menilai."),
        forms.ResolveForm,
        _resolve,
        3,
    ),
    Act(
        "note",
        "catatan",
        _("Catatan internal"),
        _("Catatan internal"),
        _("Simpan catatan"),
        _("Catatan disimpan."),
        forms.NoteForm,
        lambda case, by, form: case.note(form.cleaned_data["body"], by=by),
        3,
    ),
    Act(
        "pass_on",
        "unit",
        _("Teruskan ke unit"),
        _("Teruskan ke unit di bawah kantor ini"),
        _("Teruskan ke unit"),
        _("Diteruskan ke %(office)s."),
        forms.PassOnForm,
        _to_office(dispatch.pass_on),
        1,
        _("Status dan batas waktu kepada pelapor tidak berubah."),
    ),
    Act(
        "hand_back",
        "pengembalian",
        _("Bukan wewenang kami"),
        _("Kembalikan laporan"),
        _("Kembalikan laporan"),
        _("Dikembalikan ke %(office)s."),
        forms.HandBackForm,
        _hand_back,
    ),
    Act(
        "invite",
        "bantuan",
        _("Minta bantuan kantor lain"),
        _("Minta bantuan kantor lain"),
        _("Minta bantuan"),
        _("Permintaan bantuan dikirim. Yang menjawab pelapor tetap %(office)s."),
        forms.InviteForm,
        _invite,
        1,
        _("Kantor Anda tetap menjawab pelapor. Kantor itu mengerjakan satu tugas, dengan tanggalnya sendiri."),
    ),
    Act(
        "share",
        "berkas-bantuan",
        _("Bagikan berkas lain"),
        _("Bagikan berkas dengan kantor yang membantu"),
        _("Bagikan berkas"),
        _("Berkasnya dibagi. Kantor itu diberi tahu."),
        forms.ShareForm,
        lambda case, by, form: case.share(form.cleaned_data["agency"], form.cleaned_data["shared"], by=by),
        2,
        _("Tugas dan tanggalnya tidak berubah."),
    ),
    Act(
        "contribute",
        "hasil-bantuan",
        _("Kirim hasilnya"),
        _("Kirim hasil bantuan"),
        _("Kirim hasilnya"),
        _("Hasilnya dikirim ke %(office)s."),
        forms.ContributeForm,
        lambda case, by, form: case.contribute(form.cleaned_data["body"], by=by, files=form.attachments),
        3,
    ),
    Act(
        "decline",
        "penolakan-bantuan",
        _("Kami tidak bisa membantu"),
        _("Kami tidak bisa membantu"),
        _("Kirim alasannya"),
        _("%(office)s diberi tahu bahwa kantor Anda tidak bisa membantu."),
        forms.DeclineForm,
        lambda case, by, form: case.decline(form.cleaned_data["reason"], by=by),
        1,
    ),
    Act(
        "uninvite",
        "pembatalan-bantuan",
        _("Batalkan permintaan bantuan"),
        _("Batalkan permintaan bantuan"),
        _("Batalkan permintaan"),
        _("Permintaan bantuan dibatalkan. Kantor itu diberi tahu."),
        forms.UninviteForm,
        lambda case, by, form: case.uninvite(form.cleaned_data["agency"], by=by, reason=form.cleaned_data["reason"]),
        2,
    ),
    Act(
        "place",
        "titipan",
        _("Titipkan di meja lain"),
        _("Titipkan di meja koordinator lain"),
        _("Titipkan laporan"),
        _("Dititipkan di meja %(office)s."),
        forms.PlaceForm,
        _to_office(dispatch.place),
        1,
        _("Kalau daerahnya jelas tetapi kantornya belum: koordinator di sana yang memutuskan."),
    ),
    Act(
        "move",
        "pindahan",
        _("Pindahkan ke kantor lain"),
        _("Pindahkan ke kantor lain"),
        _("Pindahkan laporan"),
        _("Dipindahkan ke %(office)s."),
        forms.MoveForm,
        _to_office(dispatch.move),
        1,
    ),
    Act(
        "nudge",
        "pengingat",
        _("Ingatkan kantor"),
        _("Ingatkan kantor pemegang"),
        _("Kirim pengingat"),
        _("Pengingat dikirim ke %(office)s."),
        forms.NudgeForm,
        lambda case, by, form: case.nudge(by=by, reason=form.cleaned_data["reason"]),
        1,
    ),
    Act(
        "summon",
        "penjelasan",
        _("Minta penjelasan"),
        _("Minta penjelasan kantor pemegang"),
        _("Minta penjelasan"),
        _("Permintaan penjelasan dikirim ke %(office)s."),
        forms.SummonForm,
        lambda case, by, form: case.summon(
            by=by, reason=form.cleaned_data["reason"], due_on=form.cleaned_data["due_on"]
        ),
        2,
        _("Petugasnya menjelaskan di catatan internal sampai tanggal itu. Sampai dijelaskan, ia tampil di rapat."),
    ),
    Act(
        "reopen",
        "pembukaan",
        _("Buka kembali"),
        _("Buka kembali laporan"),
        _("Buka kembali"),
        _("Dibuka kembali di %(office)s."),
        forms.ReopenForm,
        lambda case, by, form: case.reopen(
            by=by, reason=form.cleaned_data["reason"], version=form.cleaned_data["version"]
        ),
        1,
    ),
    Act(
        "publish",
        "terbitan",
        _("Terbitkan sekarang"),
        _("Terbitkan untuk umum"),
        _("Terbitkan laporan"),
        _("Laporan terbit untuk umum."),
        forms.RedactForm,
        lambda case, by, form: case.publish(form.text(), by=by, version=form.cleaned_data["version"]),
        2,
        _("Periksa teksnya: siapa pun akan bisa membacanya."),
    ),
    Act(
        "redact",
        "samaran",
        _("Perbaiki salinan umum"),
        _("Perbaiki salinan untuk umum"),
        _("Simpan salinan umum"),
        _("Salinan untuk umum diperbaiki."),
        forms.RedactForm,
        lambda case, by, form: case.redact(form.text(), by=by, version=form.cleaned_data["version"]),
        2,
    ),
    Act(
        "reclassify",
        "klasifikasi",
        _("Ubah jenis atau kategori"),
        _("Ubah jenis atau kategori"),
        _("Simpan perubahan"),
        _("Jenis dan kategori diubah."),
        forms.ReclassifyForm,
        _reclassify,
        2,
    ),
    Act(
        "locate",
        "tempat",
        _("Tetapkan tempat"),
        _("Tetapkan tempat kejadian"),
        _("Simpan tempat"),
        _("Tempatnya dicatat."),
        forms.LocateForm,
        lambda case, by, form: case.locate(form.cleaned_data["place"], by=by, version=form.cleaned_data["version"]),
        2,
        _("Dipakai untuk mencari laporan yang sama, lonjakan, dan peta meja. Pilihan pelapor dan batas waktu tetap."),
    ),
    Act(
        "tighten",
        "rahasia",
        _("Rahasiakan"),
        _("Rahasiakan laporan"),
        _("Rahasiakan"),
        _("Laporan lebih dirahasiakan."),
        forms.TightenForm,
        lambda case, by, form: case.tighten(
            by=by,
            anonymous=form.cleaned_data.get("anonymous", False),
            secret=form.cleaned_data.get("secret", False),
            version=form.cleaned_data["version"],
        ),
        2,
    ),
    Act(
        "exclude",
        "pengecualian",
        _("Jauhkan dari kantor"),
        _("Jauhkan laporan dari kantor yang dilaporkan"),
        _("Jauhkan laporan"),
        _("Kantor itu tidak bisa lagi membaca laporan ini."),
        forms.ExcludeForm,
        lambda case, by, form: dispatch.exclude(
            case, form.cleaned_data["agency"], by=by, version=form.cleaned_data["version"]
        ),
        2,
        _("Untuk laporan tentang pimpinan: kantor itu dan semua unitnya tidak membacanya, dan laporan pindah."),
    ),
    Act(
        "offer_lane",
        "tawaran-wbs",
        _("Tawarkan jalur pengungkapan"),
        _("Tawarkan jalur pengungkapan (WBS) kepada pelapor"),
        _("Kirim tawaran"),
        _("Tawarannya ada di halaman laporan. Tidak ada surat yang dikirim."),
        forms.ActForm,
        lambda case, by, form: case.offer_lane(by=by, version=form.cleaned_data["version"]),
        2,
        _(
            "Laporan ini tidak dipindah: yang sudah dibaca petugas tidak menjadi tersembunyi. Pelapor membaca di "
            "halaman laporannya, tanpa surat, bahwa ada jalur yang hanya dibaca tim kecil. Ia sendiri yang memilih, "
            "dan tidak ada yang tahu apakah ia memakainya."
        ),
    ),
    Act(
        "tag",
        "program",
        _("Tandai program"),
        _("Tandai dengan program prioritas"),
        _("Tandai laporan"),
        _("Laporan ditandai."),
        forms.TagForm,
        _tag,
        2,
        _("Laporan program dikumpulkan di satu halaman, di mana pun ia ditangani. Yang rahasia tidak ikut tampil."),
    ),
    Act(
        "untag",
        "pelepasan",
        _("Lepas dari program"),
        _("Lepas dari program prioritas"),
        _("Lepas dari program"),
        _("Laporan dilepas dari program itu."),
        forms.UntagForm,
        _untag,
        2,
        _("Pengawas program itu tidak lagi bisa membacanya, dan hanya tahu bahwa laporan ini lepas."),
    ),
    Act(
        "merge",
        "gabungan",
        _("Gabungkan"),
        _("Gabungkan dengan laporan lain"),
        _("Gabungkan laporan"),
        _("Digabung. Pelapor mengikuti kabar laporan utama."),
        forms.MergeForm,
        lambda case, by, form: groups.merge(
            case,
            form.cleaned_data["lead"],
            by=by,
            text=form.cleaned_data["text"],
            version=form.cleaned_data["version"],
        ),
        2,
    ),
    Act(
        "unmerge",
        "pemisahan",
        _("Pisahkan dari laporan utama"),
        _("Pisahkan dari laporan utama"),
        _("Pisahkan laporan"),
        _("Dipisahkan. Sekarang di %(office)s, dengan sisa harinya."),
        forms.UnmergeForm,
        lambda case, by, form: case.unmerge(
            by=by, reason=form.cleaned_data["reason"], version=form.cleaned_data["version"]
        ),
        1,
        _("Ternyata masalah lain. Laporan terbuka lagi, dan batas waktunya berjalan dengan sisa harinya."),
    ),
    Act(
        "archive",
        "arsip",
        _("Arsipkan"),
        _("Arsipkan laporan"),
        _("Arsipkan laporan"),
        _("Laporan diarsipkan. Pelapor membaca penjelasan Anda."),
        forms.ArchiveForm,
        lambda case, by, form: case.archive(
            by=by,
            ground=form.cleaned_data["ground"],
            text=form.cleaned_data["text"],
            version=form.cleaned_data["version"],
        ),
        2,
    ),
    Act(
        "reveal",
        "identitas",
        _("Buka identitas pelapor"),
        _("Buka identitas pelapor"),
        _("Buka identitas"),
        _("Permintaan dicatat."),
        forms.RevealForm,
        lambda case, by, form: privacy.reveal(case, by=by, reason=form.cleaned_data["reason"]),
        2,
    ),
)
BY_NOUN = {act.noun: act for act in ACTS}
BY_VERB = {act.verb: act for act in ACTS}


def stands(act: Act, case: Complaint, by: Actor) -> bool:
    """The table has this row for this actor, whatever the status."""
    return not standing(case, by).isdisjoint(TABLE[act.verb].who)


def allowed(act: Act, case: Complaint, by: Actor) -> bool:
    """The table has this row for this actor, now."""
    return case.status in TABLE[act.verb].sources and stands(act, case, by)


def offered(case: Complaint, by: Actor) -> list[Act]:
    """The acts whose buttons make sense: what the table forbids is not shown, nor what would only be refused."""
    standings = standing(case, by)
    possible = [act for act in ACTS if standings & set(TABLE[act.verb].who) and case.status in TABLE[act.verb].sources]
    if not possible:
        return []
    facts = _Facts(case, by, standings)
    return [act for act in possible if facts.fits(act.verb)]


def _spell_facts() -> QuerySet[Any, Any]:
    here = OuterRef("pk")
    asked = Event.objects.filter(complaint_id=here, verb="ask", round=OuterRef("round"))
    tags = Tag.objects.current().filter(complaint_id=here)
    day: Any = Blank("day", models.DateField())
    # One level further in.
    held = Tag.objects.current().filter(complaint_id=OuterRef(here)).values("programme")
    programmes = Programme.objects.active_on(day).exclude(pk__in=held)
    return Complaint.objects.filter(pk=Blank("case", models.BigIntegerField())).values_list(
        Exists(Message.objects.filter(complaint_id=here, state=Message.State.PENDING)),
        Exists(Disposition.objects.open().filter(complaint_id=here, bound=True)),
        Exists(Agency.objects.filter(parent_id=OuterRef("handler_id"))),
        Exists(asked[ASKS_BEFORE_COORDINATOR - 1 :]),
        Exists(tags),
        Exists(programmes),
        Exists(Contribution.objects.open().filter(complaint_id=here)),
    )


_FACTS: Compiled[Any] = Compiled(_spell_facts)


class _Facts:
    """What the table does not know: read once a page, in one statement."""

    tagged: bool
    taggable: bool
    helped: bool

    def __init__(self, case: Complaint, by: Actor, stands: frozenset[Who]) -> None:
        self.case, self.by, self.stands = case, by, stands
        self.coordinates = Who.COORDINATOR in stands
        self.handles = Who.HANDLER in stands
        self.publishable = not case.secret and case.not_for_id is None
        ((
            self.pending, self.bound, self.has_units, self.asked_enough, self.tagged, self.taggable, self.helped,
        ),) = _FACTS(case=case.pk, day=case.today())  # fmt: skip

    def fits(self, verb: str) -> bool:
        case = self.case
        match verb:
            case "approve" | "return":
                return self.pending and (Who.HEAD in self.stands or self.coordinates)
            case "resolve":
                return case.round <= ROUNDS_BEFORE_COORDINATOR or self.coordinates
            case "ask":
                return not self.asked_enough or self.coordinates
            case "pass_on":
                return self.handles and self.has_units
            case "hand_back":
                return case.handler.parent_id is not None and not self.bound
            case "publish":
                return self.publishable and not case.is_published and case.forwarded_at is not None
            case "redact":
                return case.is_published
            case "tighten":
                return not (case.anonymous and case.secret)
            case "offer_lane":
                # Some team could read it, else the lane would promise what nobody keeps.
                told = case.about_conduct and not case.events.filter(verb="offer_lane").exists()
                return told and disclosures.is_offered(case.not_for, case.place)
            case "tag":
                return self.taggable
            case "untag":
                return self.tagged
            case "invite":
                return not case.is_guarded
            case "uninvite":
                return self.helped
            case "share":
                sent = case.attachments.filter(message=None).exclude(state=Attachment.State.REFUSED)
                return self.helped and not case.is_guarded and sent.exists()
            case "unmerge":
                return case.duplicate_of_id is not None
            case "nudge" | "summon":
                return not self.handles
            case "forward":
                return case.status == Status.SUBMITTED
            case "place":
                # A district has one desk, its own.
                return Who.NATIONAL in self.stands or self._knows_another_desk()
            case "move":
                # Before it is forwarded it goes from desk to desk alone, and that is what `place` offers.
                return case.status != Status.SUBMITTED
            case "reveal":
                return privacy.sight_of(case, self.by) in (privacy.Sight.REASON, privacy.Sight.TWO)
        return True

    def _knows_another_desk(self) -> bool:
        if self.by.agency is None:
            return False
        others = Agency.objects.under(self.by.agency).exclude(pk=self.case.handler_id)
        return others.desks_on(self.case.today()).exists()
