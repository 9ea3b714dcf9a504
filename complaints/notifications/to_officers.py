"""What officers are told. Never who reported, and of a secret case nothing but its number."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.actor import Side
from agencies.member_forms import HINTS
from agencies.middleware import TWO_STEPS
from agencies.models import AuditEntry, Leave, Membership, Reorganisation, Role, Step, User
from complaints import because, privacy, publishing
from complaints.models import Clock, ClockKind, Complaint, Contribution, Event
from complaints.notifications.letters import (
    Bold,
    Button,
    Letter,
    Line,
    Link,
    absolute,
    desk_url,
    line,
    sign_in_url,
)
from complaints.notifications.to_reporter import office_name, working_days
from lapor.kit import wording

# What can wait for the morning: all of it that waits for the same officer goes out as one letter.
GATHERED = frozenset({"officer_new", "officer_moved", "officer_replied"})
# An office's new cases come in one letter also to who wants all else at once.
ALWAYS_GATHERED = frozenset({"officer_new"})


@dataclass
class Told:
    event: Event
    complaint: Complaint
    user: User

    @property
    def number(self) -> str:
        return self.complaint.shown_number

    def promises(self) -> list[Line]:
        """What was promised to the reporter, nearest first."""
        labels = {
            ClockKind.VERIFY: _("Diteruskan paling lambat %(date)s."),
            ClockKind.RESPOND: _("Jawaban pertama paling lambat %(date)s."),
            ClockKind.RESOLVE: _("Jawaban akhir paling lambat %(date)s."),
            ClockKind.DECIDE: _("Keputusan wewenang paling lambat %(date)s."),
        }
        clocks = self.complaint.clocks.unstopped().filter(due_on__isnull=False).order_by("due_on")
        return [
            line(labels[ClockKind(clock.kind)], date=Bold(wording.long_day(clock.due_on)))
            for clock in clocks
            if clock.kind in labels
        ]

    def reason(self) -> list[Line]:
        text = because.told(self.event.particulars, plainly=False)
        return [line(_("Alasannya: %(reason)s"), reason=text)] if text and not self.complaint.secret else []

    def letter(self, heading: str, lines: list[Line]) -> Letter:
        return Letter(
            heading=heading,
            over=_("Laporan %(number)s") % {"number": self.number},
            greeting=greeting(self.user),
            lines=[line(_("laporan: %(title)s."), title=Bold(title_of(self.complaint))), *lines],
            buttons=[Button(_("Buka di meja"), desk_url(self.complaint))],
            to_officer=True,
        )


def write(letter: str, event: Event, user: User) -> Letter | None:
    return LETTERS[letter](Told(event, event.complaint, user))


def gathered(items: Sequence[tuple[str, Event]], user: User) -> Letter:
    """The morning letter: what is new since the last one, (letter, event) one line each, most pressing kind first."""
    kinds: dict[str, list[Event]] = {}
    for letter, event in items:
        kinds.setdefault(letter, []).append(event)
    heading = (
        ngettext("%(count)s laporan baru untuk kantor Anda", "%(count)s laporan baru untuk kantor Anda", len(items))
        if set(kinds) == {"officer_new"}
        else ngettext("%(count)s kabar untuk kantor Anda", "%(count)s kabar untuk kantor Anda", len(items))
    )
    return Letter(
        heading=heading % {"count": wording.number(len(items))},
        greeting=greeting(user),
        lines=[_in_short(letter, event) for letter in MORNING_ORDER for event in kinds.get(letter, [])],
        buttons=[Button(_("Buka meja"), desk_url())],
        after=[line(_("Yang mendesak selalu kami kirim langsung. Mau semuanya langsung? Atur di halaman akun."))],
        to_officer=True,
    )


MORNING_ORDER = ("officer_replied", "officer_moved", "officer_new")


def _in_short(letter: str, event: Event) -> Line:
    sentence = {
        "officer_replied": _("%(number)s, %(title)s: pelapor menulis."),
        "officer_moved": _("%(number)s, %(title)s: sekarang di %(office)s."),
    }.get(letter, _("%(number)s, %(title)s, di %(office)s."))
    given = {"number": Bold(event.complaint.shown_number), "title": title_of(event.complaint)}
    if "%(office)s" in sentence:
        given["office"] = office_name(event.complaint.handler)
    return line(sentence, **given)


def greeting(user: User) -> str:
    return _("Yth. %(name)s,") % {"name": user.name} if user.name else _("Yth. petugas,")


def title_of(complaint: Complaint) -> str:
    """As the public would read it: a letter lies in a mailbox, and who reported is read on the desk alone."""
    if complaint.secret:
        return _("laporan rahasia")
    return publishing.preview(complaint, complaint.title, "", hide=privacy.names_to_hide(complaint))[0]


def moved(told: Told) -> Letter:
    event, before, more = told.event, office_name(told.event.handler_from), list[Line]()
    if event.verb == "hand_back":
        first = line(_("Dikembalikan oleh %(office)s. Sekarang Anda yang memutuskan."), office=before)
        more = _named(told)
    elif event.verb == "reopen" and event.side == Side.REPORTER.value:
        first = line(_("Pelapor membukanya lagi. Batas waktunya mulai dari awal."))
    elif event.verb == "reopen":
        first = line(_("Laporan ini dibuka lagi. Batas waktunya mulai dari awal."))
    elif event.verb == "unmerge":
        first = line(_("Laporan ini dipisahkan dari laporan lain. Batas waktunya berjalan lagi dengan sisa harinya."))
    else:
        first = line(_("Sebelumnya di %(office)s."), office=before)
        if event.particulars.get("bound"):
            more = [line(_("Dua kantor sudah mengembalikannya, jadi tidak bisa dikembalikan lagi."))]
    return told.letter(
        _("Laporan %(number)s sekarang di meja Anda") % {"number": told.number},
        [first, *more, *told.reason(), *told.promises()],
    )


def _named(told: Told) -> list[Line]:
    """Which office they say it is; of a secret case that is read on its page."""
    named = told.event.particulars.get("proposed_name")
    if not named or told.complaint.secret:
        return []
    return [line(_("Menurutnya wewenang %(office)s."), office=Bold(named))]


def decide(told: Told) -> Letter:
    """The second refusal: this desk has one working day, and what it says stands."""
    return told.letter(
        _("Putuskan hari kerja ini: laporan %(number)s") % {"number": told.number},
        [
            line(_("%(office)s juga menolaknya. Ini penolakan kedua."), office=office_name(told.event.handler_from)),
            *_named(told),
            *told.reason(),
            line(_("Anda yang memutuskan kantornya. Kantor itu tidak bisa mengembalikannya lagi.")),
            line(_("Kalau batasnya lewat, laporan naik ke pusat.")),
            *told.promises(),
        ],
    )


# --- Offices that help ---


def _task(told: Told) -> Contribution | None:
    rows = Contribution.objects.select_related("agency", "message")
    return rows.filter(pk=told.event.particulars.get("contribution") or 0).first()


def _due(task: Contribution) -> Line:
    return line(_("Paling lambat %(date)s."), date=Bold(wording.long_day(task.due_on)))


def help_asked(told: Told) -> Letter | None:
    task = _task(told)
    if task is None or not task.is_open:
        return None  # called off meanwhile
    return told.letter(
        _("%(office)s minta bantuan kantor Anda") % {"office": office_name(told.complaint.handler)},
        [
            line(_("Yang diminta: %(task)s"), task=task.task),
            _due(task),
            line(
                _("Hasilnya dikirim lewat meja. Yang menjawab pelapor tetap %(lead)s."),
                lead=office_name(told.complaint.handler),
            ),
        ],
    )


def help_came(told: Told) -> Letter | None:
    """To the lead: what was asked for is there, or won't come."""
    task = _task(told)
    if task is None:
        return None
    office = office_name(task.agency)
    if told.event.verb == "contribute":
        return told.letter(
            _("%(office)s mengirim hasil bantuan: laporan %(number)s") % {"office": office, "number": told.number},
            [line(_("Bacalah di meja, dan kutip ke jawaban Anda kalau perlu.")), *told.promises()],
        )
    return told.letter(
        _("%(office)s tidak membantu: laporan %(number)s") % {"office": office, "number": told.number},
        [*told.reason(), line(_("Minta kantor lain, atau jawab tanpa itu.")), *told.promises()],
    )


def help_files(told: Told) -> Letter | None:
    task = _task(told)
    if task is None or not task.is_open:
        return None
    return told.letter(
        _("Berkas baru untuk bantuan Anda: laporan %(number)s") % {"number": told.number},
        [
            line(
                _("%(office)s membagi berkas laporan itu dengan kantor Anda."),
                office=office_name(told.event.acting_agency),
            ),
            line(_("Yang diminta: %(task)s"), task=task.task),
            _due(task),
        ],
    )


def help_ended(told: Told) -> Letter | None:
    task = _task(told)
    if task is None:
        return None
    return told.letter(
        _("Bantuan tidak diperlukan lagi: laporan %(number)s") % {"number": told.number},
        [line(_("Yang dulu diminta: %(task)s"), task=task.task), *told.reason()],
    )


def help_due(told: Told) -> Letter | None:
    """A rung of a task's own ladder: to the office that helps, to the lead, to its coordinator."""
    task = _task(told)
    if task is None or not task.is_open:
        return None
    office, late = office_name(task.agency), told.event.particulars.get("step") != Contribution.Told.SOON
    heading = (
        _("%(office)s terlambat membantu: laporan %(number)s")
        if late
        else _("Bantuan %(office)s segera jatuh tempo: laporan %(number)s")
    )
    return told.letter(
        heading % {"office": office, "number": told.number},
        [
            line(_("Yang diminta: %(task)s"), task=task.task),
            _due(task),
            line(
                _("Batas waktu kepada pelapor berjalan sendiri, di %(lead)s."), lead=office_name(told.complaint.handler)
            ),
        ],
    )


def contested(told: Told) -> Letter:
    return told.letter(
        _("Belum beres, kata pelapor: laporan %(number)s") % {"number": told.number},
        [line(_("Pelapor menolak jawaban akhir. Laporan ini terbuka lagi di meja Anda.")), *told.promises()],
    )


def replied(told: Told) -> Letter:
    if told.event.verb == "complete":
        return told.letter(
            _("Pelapor sudah menjawab: laporan %(number)s") % {"number": told.number},
            [line(_("Keterangan yang diminta sudah ada. Batas waktu berjalan lagi.")), *told.promises()],
        )
    return told.letter(_("Pesan baru dari pelapor: laporan %(number)s") % {"number": told.number}, told.promises())


def due_soon(told: Told) -> Letter | None:
    clock = Clock.objects.unstopped().filter(pk=told.event.particulars.get("clock"), due_on__isnull=False).first()
    if clock is None:
        return None  # answered meanwhile
    left = working_days(int(told.event.particulars.get("days", 1)))
    return told.letter(
        _("Tinggal %(left)s: laporan %(number)s") % {"left": left, "number": told.number}, told.promises()
    )


def nudged(told: Told) -> Letter:
    return told.letter(
        _("%(office)s mengingatkan laporan %(number)s")
        % {"office": office_name(told.event.acting_agency), "number": told.number},
        [*told.reason(), *told.promises()],
    )


def proposed(told: Told) -> Letter:
    """An answer waits for whoever approves; what it says is read on the page."""
    return told.letter(
        _("Jawaban menunggu persetujuan Anda: laporan %(number)s") % {"number": told.number},
        [
            line(_("Sebelum Anda menyetujuinya pelapor tidak melihatnya, dan batas waktu tetap berjalan.")),
            *told.promises(),
        ],
    )


def returned(told: Told) -> Letter:
    return told.letter(
        _("Jawaban Anda dikembalikan: laporan %(number)s") % {"number": told.number},
        [
            *told.reason(),
            line(_("Tulisan Anda masih ada di halaman laporan: perbaiki, lalu kirim lagi.")),
            *told.promises(),
        ],
    )


def summoned(told: Told) -> Letter:
    """Its account is asked for: what exactly is read on the page, if the case is secret."""
    day = datetime.date.fromisoformat(str(told.event.particulars["due_on"]))
    return told.letter(
        _("Jelaskan keadaan laporan %(number)s") % {"number": told.number},
        [
            line(
                _("%(office)s meminta penjelasan kantor Anda paling lambat %(date)s."),
                office=office_name(told.event.acting_agency),
                date=Bold(wording.long_day(day)),
            ),
            *told.reason(),
            line(_("Tulis di catatan internal laporan itu, atau jawab pelapornya.")),
            *told.promises(),
        ],
    )


def account_due(told: Told) -> Letter | None:
    """The day passed and the account did not come."""
    asked = Event.objects.filter(pk=told.event.particulars["asked"]).select_related("acting_agency").first()
    if asked is None:
        return None
    day = datetime.date.fromisoformat(str(told.event.particulars["due_on"]))
    return told.letter(
        _("Penjelasan belum ada: laporan %(number)s") % {"number": told.number},
        [
            line(
                _("%(office)s meminta penjelasan kantor Anda paling lambat %(date)s. Sampai hari ini belum ada."),
                office=office_name(asked.acting_agency),
                date=Bold(wording.long_day(day)),
            ),
            line(_("Tulis di catatan internal laporan itu, atau jawab pelapornya.")),
            *told.promises(),
        ],
    )


def referred(told: Told) -> Letter:
    """To the office that has it: where the case was put, and nothing of what the reporter wrote or agreed to there."""
    return told.letter(
        _("Diteruskan ke Ombudsman: laporan %(number)s") % {"number": told.number},
        [
            line(_("Pelapor meneruskannya ke Ombudsman karena sebuah janji lewat batas waktunya.")),
            line(_("Laporan ini tetap di meja Anda, dan batas waktunya tetap berjalan.")),
            *told.promises(),
        ],
    )


def late(told: Told) -> Letter | None:
    """A rung of the ladder: to the office itself, then to those above it."""
    clock = Clock.objects.unstopped().filter(pk=told.event.particulars.get("clock")).select_related("missed_by").first()
    if clock is None or clock.due_on is None:
        return None
    office = office_name(clock.missed_by or told.complaint.handler)
    what = {
        ClockKind.VERIFY: _("Belum diteruskan. Batasnya %(date)s."),
        ClockKind.RESPOND: _("Belum ada jawaban pertama. Batasnya %(date)s."),
        ClockKind.RESOLVE: _("Belum ada jawaban akhir. Batasnya %(date)s."),
        ClockKind.DECIDE: _("Belum ada keputusan wewenang. Batasnya %(date)s."),
    }.get(ClockKind(clock.kind), _("Batasnya %(date)s."))
    return told.letter(
        _("%(office)s terlambat: laporan %(number)s") % {"office": office, "number": told.number},
        [
            line(what, date=Bold(wording.long_day(clock.due_on))),
            line(_("Pelapor sudah kami beri tahu. Keterlambatan ini tampil di daftar yang belum dijawab.")),
        ],
    )


def reveal(told: Told) -> Letter:
    """To the other national admins: somebody asks to see an anonymous reporter."""
    letter = told.letter(
        _("Persetujuan Anda diminta: identitas pelapor %(number)s") % {"number": told.number},
        [
            line(
                _("%(name)s meminta membuka identitas pelapor anonim. Ia menunggu persetujuan admin nasional kedua."),
                name=str(told.event.actor.name if told.event.actor else ""),
            ),
            line(_("Permintaan gugur sesudah 24 jam. Alasannya ada di halaman permintaan.")),
        ],
    )
    return replace(letter, buttons=[Button(_("Lihat permintaan"), desk_url() + "pembukaan/")])


def by_seat(letter: str, membership: Membership) -> Letter | None:
    """What somebody is told by their seat and about no case: "officer_rise:12". None: a letter nobody writes."""
    name, _colon, about = letter.partition(":")
    if name == "officer_appointed":
        return appointed(membership)
    if name in BY_SEAT:
        return BY_SEAT[name](membership, int(about))
    if name not in NOTICES:
        return None
    heading, sentence, button, address = NOTICES[name]
    return Letter(
        heading=str(heading),
        over=membership.agency.name,
        greeting=greeting(membership.user),
        lines=[line(str(sentence))],
        buttons=[Button(str(button), settings.SITE_URL + address.replace("*", about))],
        to_officer=True,
    )


# Heading, sentence, button and address ("*": what the letter is about). They say that there is something, not what:
# a mailbox is read by others too.
NOTICES: dict[str, tuple[Promise, Promise, Promise, str]] = {
    "officer_rise": (
        gettext_lazy("Lonjakan laporan di daerah Anda"),
        gettext_lazy(
            "Sebuah topik di satu kecamatan tiba-tiba jauh lebih sering dilaporkan daripada biasanya. Lihat laporannya,"
            " lalu catat apa yang Anda lakukan."
        ),
        gettext_lazy("Lihat lonjakannya"),
        "/pengawasan/lonjakan/*/",
    ),
    "officer_read": (
        gettext_lazy("Ada jawaban untuk Anda baca"),
        gettext_lazy("Anda mendapat giliran menilai jawaban kantor. Yang lewat waktunya diteruskan ke pembaca lain."),
        gettext_lazy("Lihat giliran Anda"),
        "/evaluasi/mutu/",
    ),
    "officer_wbs": (
        gettext_lazy("Ada yang baru untuk tim Anda"),
        gettext_lazy("Buka meja Anda untuk melihatnya. Surat ini sengaja tidak menyebut apa pun."),
        gettext_lazy("Buka meja"),
        "/meja/wbs/",
    ),
    "officer_wbs_seat": (
        gettext_lazy("Tim Anda bertambah anggota"),
        gettext_lazy("Seseorang ditunjuk menjadi anggota tim pengungkapan kantor Anda. Lihat daftarnya."),
        gettext_lazy("Buka meja"),
        "/meja/wbs/",
    ),
    "officer_wbs_change": (
        gettext_lazy("Tim Anda akan berubah"),
        gettext_lazy(
            "Seseorang minta anggota tim pengungkapan kantor Anda diganti, ditambah, atau diakhiri. Perubahannya baru "
            "berlaku kalau orang kedua menyetujui. Tidak semestinya? Beri tahu pimpinan Anda dan pusat hari ini juga."
        ),
        gettext_lazy("Buka meja"),
        "/meja/wbs/",
    ),
    "officer_wbs_team": (
        gettext_lazy("Tim pengungkapan perlu anggota"),
        gettext_lazy("Ada yang menunggu tim pengungkapan, dan belum ada dua anggota yang bisa membacanya."),
        gettext_lazy("Tunjuk anggota"),
        "/meja/wbs/tim/",
    ),
    "officer_eval_open": (
        gettext_lazy("Evaluasi tahunan dibuka untuk daerah Anda"),
        gettext_lazy("Periksa angka daerah Anda, sampaikan buktinya, dan tulis komentar sebelum batas waktunya."),
        gettext_lazy("Buka evaluasi"),
        "/evaluasi/*",
    ),
    "officer_eval_soon": (
        gettext_lazy("Waktu memeriksa angka evaluasi hampir habis"),
        gettext_lazy("Daerah Anda belum menyatakan sudah memeriksa angkanya. Sesudah batas waktu, angkanya berlaku."),
        gettext_lazy("Periksa sekarang"),
        "/evaluasi/*",
    ),
    "officer_eval_score": (
        gettext_lazy("Nilai evaluasi daerah Anda sudah ada"),
        gettext_lazy("Lihat nilai dan alasannya. Yang menurut Anda keliru bisa disampaikan sebagai keberatan."),
        gettext_lazy("Lihat nilainya"),
        "/evaluasi/*",
    ),
    "officer_eval_late": (
        gettext_lazy("Evaluasi tahunan menunggu pusat"),
        gettext_lazy("Sebuah tahap evaluasi tahunan sudah lewat tanggalnya, dan gilirannya ada pada Anda."),
        gettext_lazy("Buka evaluasi"),
        "/evaluasi/kelola/*",
    ),
    "officer_referral": (
        gettext_lazy("Ada laporan untuk Ombudsman"),
        gettext_lazy("Seorang pelapor meneruskan laporannya, dengan persetujuannya. Bukalah untuk membacanya."),
        gettext_lazy("Buka laporan itu"),
        "/pengawasan/ombudsman/*/",
    ),
    "officer_unreferred": (
        gettext_lazy("Persetujuan ditarik"),
        gettext_lazy("Seorang pelapor menarik persetujuannya. Laporannya tidak bisa lagi dibaca Ombudsman di sini."),
        gettext_lazy("Lihat daftarnya"),
        "/pengawasan/ombudsman/",
    ),
    "officer_heeded": (
        gettext_lazy("Rekomendasi Ombudsman dijawab"),
        gettext_lazy("Sebuah kantor menjawab rekomendasi. Bacalah, lalu nilai pelaksanaannya."),
        gettext_lazy("Lihat daftarnya"),
        "/pengawasan/ombudsman/",
    ),
    "officer_recommended": (
        gettext_lazy("Rekomendasi Ombudsman untuk kantor Anda"),
        gettext_lazy("Ombudsman meminta sesuatu dari kantor Anda, dengan tanggal. Bacalah dan jawab di meja."),
        gettext_lazy("Buka rekomendasi"),
        "/meja/rekomendasi/",
    ),
}


# Of each role: its guide on this portal, and its lesson on the one for training; "": it has none of its own there.
STUDY = {
    Role.LIAISON: ("opd", "admin-opd"),
    Role.HEAD: ("pimpinan", "pimpinan"),
    Role.COORDINATOR: ("kominfo", "kominfo"),
    Role.NATIONAL: ("pusat", "evaluator"),
    Role.OBSERVER: ("pusat", ""),
}


def appointed(membership: Membership) -> Letter:
    """To somebody newly appointed: to what, by which decree, and how to come in. No password is in it, nor a link that
    opens anything by itself."""
    if membership.acting_for_id is not None:
        return deputised(membership)
    office, role = membership.agency, str(Role(membership.role).label)
    what = {"role": Bold(membership.shown_role), "office": Bold(office.name)}
    by = AuditEntry.objects.filter(subject_kind="membership", subject_id=membership.pk, what="appoint").first()
    begins = membership.starts_on
    lines = [
        line(_("Anda sekarang %(role)s di %(office)s."), **what)
        if begins <= timezone.localdate()
        else line(_("Mulai %(day)s Anda %(role)s di %(office)s."), day=Bold(wording.long_day(begins)), **what),
        line(str(HINTS[membership.role])),
    ]
    if membership.title:
        lines.append(line(_("Di LAPOR! peran itu bernama %(role)s."), role=role))
    if membership.decree is not None:
        decree = {
            "number": Bold(membership.decree.number),
            "day": wording.long_day(membership.decree.decided_on),
            "about": membership.decree.about,
        }
        lines.append(line(_("Dasarnya keputusan %(number)s, %(day)s, tentang %(about)s."), **decree))
    else:
        lines.append(line(_("Nomor keputusannya belum dicatat. Minta admin instansi mencatatnya.")))
    if by is not None and by.who is not None:
        given = {"name": by.who.name or by.who.email, "office": by.acting_as.name if by.acting_as else ""}
        lines.append(line(_("Yang mengangkat Anda: %(name)s, %(office)s."), **given))
    lines.append(
        line(
            _("Untuk masuk, tulis alamat %(email)s ini, lalu salin kode yang kami kirim ke sini. Tidak perlu sandi."),
            email=Bold(membership.user.email),
        )
    )
    if settings.MFA_REQUIRED_OF_OFFICERS and membership.role in TWO_STEPS:
        lines.append(line(_("Untuk peran ini Anda memasang langkah kedua di ponsel sesudah masuk pertama kali.")))
    lines.append(_where_to_learn(Role(membership.role)))
    return Letter(
        heading=_("Anda diangkat sebagai %(role)s") % {"role": membership.shown_role},
        over=office.name,
        greeting=greeting(membership.user),
        lines=lines,
        buttons=[Button(_("Masuk dengan kode"), sign_in_url())],
        after=[line(_("Bukan Anda, atau Anda tidak tahu soal ini? Jangan masuk, dan beri tahu admin instansi itu."))],
        to_officer=True,
    )


def _where_to_learn(role: Role) -> Line:
    code, lesson = STUDY[role]
    guide = Link(absolute(f"/panduan/{code}/"))
    if not settings.TRAINING_URL:
        return line(_("Cara kerjanya, langkah demi langkah, ada di panduan peran Anda: %(guide)s"), guide=guide)
    lessons = f"{settings.TRAINING_URL}/latihan/pelajaran/"
    return line(
        _("Sebelum mulai, baca panduan peran Anda di %(guide)s dan berlatihlah dengan laporan karangan di %(lessons)s"),
        guide=guide,
        lessons=Link(f"{lessons}{lesson}/" if lesson else lessons),
    )


def deputised(membership: Membership) -> Letter:
    """To a deputy: whose place they take, from when to when."""
    assert membership.acting_for is not None
    assert membership.ends_on is not None
    office, absent = membership.agency, membership.acting_for
    days = {
        "first": Bold(wording.long_day(membership.starts_on)),
        "last": Bold(wording.long_day(membership.ends_on - datetime.timedelta(days=1))),
    }
    who = {"name": Bold(str(absent.user)), "role": absent.shown_role, "office": office.name}
    return Letter(
        heading=_("Anda menggantikan %(name)s selama cuti") % {"name": absent.user},
        over=office.name,
        greeting=greeting(membership.user),
        lines=[
            line(_("%(name)s (%(role)s, %(office)s) cuti."), **who),
            line(_("Anda penggantinya mulai %(first)s sampai %(last)s. Sesudah itu berakhir sendiri."), **days),
            line(
                _("Selama itu kabar untuknya datang kepada Anda, dan riwayat menyebut bahwa Anda bertindak untuknya.")
            ),
            line(_("Untuk bertindak sebagai pengganti, pilih peran itu di halaman akun.")),
        ],
        buttons=[Button(_("Masuk dengan kode"), sign_in_url())],
        after=[
            line(_("Tidak bisa menggantikan? Beri tahu rekan itu atau admin instansi; ia bisa menunjuk orang lain."))
        ],
        to_officer=True,
    )


def away(membership: Membership, about: int) -> Letter | None:
    """Nobody will be at an office: to whoever goes away, and to whoever appoints there."""
    leave = Leave.objects.select_related("membership__user", "membership__agency").filter(pk=about).first()
    today = timezone.localdate()
    if leave is None or leave.lent_id is not None or leave.is_over(today):
        return None
    own = leave.membership_id == membership.pk
    said = {
        "name": Bold(str(leave.membership.user)),
        "office": Bold(leave.membership.agency.name),
        "first": Bold(wording.long_day(leave.starts_on)),
        "last": Bold(wording.long_day(leave.last_day)),
    }
    first = (
        line(
            _("Anda cuti %(first)s sampai %(last)s, dan pada hari-hari itu tidak ada orang lain di %(office)s."), **said
        )
        if own
        else line(_("%(name)s cuti %(first)s sampai %(last)s. Tidak ada orang lain di %(office)s."), **said)
    )
    page = f"{settings.SITE_URL}/akun/cuti/" if own else f"{settings.SITE_URL}/petugas/cuti/"
    return Letter(
        heading=_("Belum ada pengganti di %(office)s") % {"office": leave.membership.agency.name},
        greeting=greeting(membership.user),
        lines=[first, line(_("Laporan tetap di sana dan batas waktunya tetap berjalan. Tunjuk seorang pengganti."))],
        buttons=[Button(_("Tunjuk pengganti"), page)],
        to_officer=True,
    )


def carried_out(membership: Membership, about: int) -> Letter | None:
    """A plan of reorganisation was carried out: to the coordinators of its node."""
    plan = Reorganisation.objects.filter(pk=about).first()
    if plan is None:
        return None
    failed = plan.steps.filter(state=Step.State.FAILED).count()
    done = ngettext("%(count)s langkah dijalankan.", "%(count)s langkah dijalankan.", plan.steps.count() - failed)
    lines = [line(done, count=wording.number(plan.steps.count() - failed))]
    if failed:
        words = ngettext(
            "%(count)s langkah tidak bisa dijalankan; alasannya ada di halamannya. Selesaikan sendiri.",
            "%(count)s langkah tidak bisa dijalankan; alasannya ada di halamannya. Selesaikan sendiri.",
            failed,
        )
        lines.append(line(words, count=Bold(wording.number(failed))))
    lines.append(line(_("Petugas kantor yang berakhir tidak ikut pindah: angkat mereka di kantor yang baru.")))
    return Letter(
        heading=_("Penataan “%(plan)s” sudah dijalankan") % {"plan": plan.name},
        greeting=greeting(membership.user),
        lines=lines,
        buttons=[Button(_("Lihat hasilnya"), f"{settings.SITE_URL}/kelola/penataan/{plan.pk}/")],
        to_officer=True,
    )


AWAY, CARRIED_OUT = "officer_away", "officer_plan"
# By the name of the letter; an app above registers its own here (routing.weekly).
BY_SEAT: dict[str, Callable[[Membership, int], Letter | None]] = {AWAY: away, CARRIED_OUT: carried_out}


def new(told: Told) -> Letter:
    return gathered([("officer_new", told.event)], told.user)


LETTERS: dict[str, Callable[[Told], Letter | None]] = {
    "officer_moved": moved,
    "officer_contested": contested,
    "officer_replied": replied,
    "officer_due_soon": due_soon,
    "officer_nudged": nudged,
    "officer_summoned": summoned,
    "officer_account_due": account_due,
    "officer_proposed": proposed,
    "officer_returned": returned,
    "officer_late": late,
    "officer_reveal": reveal,
    "officer_new": new,
    "officer_decide": decide,
    "officer_help_asked": help_asked,
    "officer_help_came": help_came,
    "officer_help_files": help_files,
    "officer_help_ended": help_ended,
    "officer_help_due": help_due,
    "officer_referred": referred,
}
