"""A short conversation by chat: story, place, photo, check, number. The same for every messenger.

Pure but for the search of a place: a state and what was said give the next state and what to say. Whoever writes has
a cheap phone and a thumb: one question a message, three buttons at most, every question can be skipped but the story.
Words that work at any time: BANTU, BATAL, STATUS <nomor>, STOP.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from agencies.finding import find_places, path
from agencies.models import Region
from complaints import emergency
from complaints.channels.contract import Add, Converse, Hush, Incoming, Open, Reading
from complaints.intake import Submission
from complaints.models import Arrival, Complaint, Talk
from complaints.models.lifecycle.acting import BODY_LIMIT, clean_text
from complaints.number import read_number
from complaints.transitions import Status

PHOTOS = 5
CHOICES = 3
# A story of fewer letters is a greeting or a slip of the thumb: it is asked for once more.
SHORT = 15


class Step(StrEnum):
    STORY = "story"
    PLACE = "place"
    PHOTO = "photo"
    CHECK = "check"
    WHOSE = "whose"


@dataclass(frozen=True)
class Said:
    """One message: words, a pressed button (its id), a point (latitude, longitude), photos by their ids at the peer."""

    text: str = ""
    pressed: str = ""
    point: tuple[float, float] | None = None
    photos: Sequence[str] = ()


@dataclass(frozen=True)
class Finished:
    """What the conversation gathered, ready to become a Submission."""

    story: str
    place: Region | None = None
    landmark: str = ""
    point: tuple[float, float] | None = None
    photos: Sequence[str] = ()
    anonymous: bool = False
    secret: bool = False


@dataclass(frozen=True)
class Turn:
    """What comes next: a `state` to remember (None: forget it), words and buttons to say, and what is finished."""

    words: str = ""
    buttons: Sequence[tuple[str, str]] = ()
    state: Mapping[str, Any] | None = None
    finished: Finished | None = None
    # An addition to this report of theirs.
    adds_to: Complaint | None = None
    addition: str = ""
    photos: Sequence[str] = ()
    # They want no more news by this account.
    hushes: bool = False


@dataclass
class _Talk:
    """The state while it is worked on; JSON in the end."""

    step: str = Step.STORY
    story: str = ""
    place: str = ""
    landmark: str = ""
    point: list[float] | None = None
    photos: list[str] = field(default_factory=list)
    who: str = ""
    choices: list[str] = field(default_factory=list)
    asked_twice: bool = False

    def kept(self) -> dict[str, Any]:
        return dict(vars(self))


def answer(state: Mapping[str, Any] | None, said: Said, *, cases: Sequence[Complaint] = ()) -> Turn:
    """The next turn. `cases`: the open reports that came by this very account; none of them is secret.

    Never raises; whatever it does not understand is part of the story or asked once more.
    """
    text = clean_text(said.text)
    talk = _open(state)
    word = text.upper().rstrip("!. ")
    if word in ("BANTU", "HELP", "MENU"):
        return Turn(_help(), state=talk.kept() if state else None)
    if word in ("BATAL", "BERHENTI", "CANCEL") or said.pressed == "cancel":
        words = _("Dibatalkan. Tidak ada yang terkirim. Mau melapor lagi? Tulis saja ceritanya.")
        return Turn(words, state=None)
    if word in ("STOP", "HENTI"):
        return Turn(_("Kabar lewat sini kami hentikan. Laporan Anda tetap berjalan."), state=None, hushes=True)
    asked = re.fullmatch(r"(?i)status\s+(\S.*)", text)
    if asked:
        return Turn(standing_of(asked[1], cases), state=talk.kept() if state else None)
    if state is None:
        return _begin(talk, text, said, cases)
    match talk.step:
        case Step.WHOSE:
            return _whose(talk, text, said, cases)
        case Step.PLACE:
            return _place(talk, text, said)
        case Step.PHOTO:
            return _photo(talk, text, said)
        case Step.CHECK:
            return _check(talk, text, said)
        case _:
            return _story(talk, text, said)


# --- The questions, in their order ---


def _begin(talk: _Talk, text: str, said: Said, cases: Sequence[Complaint]) -> Turn:
    if cases and (text or said.photos):
        talk.step, talk.story = Step.WHOSE, text
        talk.photos = list(said.photos)[:PHOTOS]
        talk.choices = [case.number for case in cases[: CHOICES - 1]]
        buttons = [(number, _("Tambahan %(number)s") % {"number": _shown(number)[:9]}) for number in talk.choices]
        return Turn(
            _("Pesan ini tambahan untuk laporan Anda, atau laporan baru?"),
            [*buttons, ("new", _("Laporan baru"))],
            talk.kept(),
        )
    return _story(talk, text, said)


def _whose(talk: _Talk, text: str, said: Said, cases: Sequence[Complaint]) -> Turn:
    chosen = said.pressed or (read_number(text) or "")
    case = next((one for one in cases if one.number == chosen), None)
    if case is not None:
        words = _("Sudah kami tambahkan ke laporan %(number)s.") % {"number": case.shown_number}
        return Turn(words, adds_to=case, addition=talk.story, photos=talk.photos)
    if said.pressed == "new" or "baru" in text.lower():
        story, photos, talk = talk.story, talk.photos, _Talk()
        return _story(talk, story, Said(text=story, photos=photos))
    buttons = [(number, _("Tambahan %(number)s") % {"number": _shown(number)[:9]}) for number in talk.choices]
    return Turn(_("Tekan salah satu tombol, atau tulis BARU."), [*buttons, ("new", _("Laporan baru"))], talk.kept())


def _story(talk: _Talk, text: str, said: Said) -> Turn:
    talk.photos = [*talk.photos, *said.photos][:PHOTOS]
    if said.point:
        talk.point = list(said.point)
    talk.story = "\n".join(part for part in (talk.story, text) if part)[:BODY_LIMIT]
    if not talk.story or (len(talk.story) < SHORT and not talk.asked_twice):
        talk.asked_twice = bool(talk.story)
        talk.step = Step.STORY
        return Turn(
            _("Ini LAPOR!, kanal pengaduan warga. Ceritakan masalahnya: apa, di mana, sejak kapan."), (), talk.kept()
        )
    talk.step = Step.PLACE
    words = _("Di kelurahan, desa, atau kecamatan mana? Kirim lokasi, atau tulis namanya.")
    alarm = emergency.notice(emergency.read(talk.story), "id")
    return Turn("\n\n".join(part for part in (alarm, words) if part), [("skip", _("Lewati"))], talk.kept())


def _place(talk: _Talk, text: str, said: Said) -> Turn:
    if said.point:
        talk.point = list(said.point)
        return _ask_photo(talk)
    if said.photos:
        talk.photos = [*talk.photos, *said.photos][:PHOTOS]
    if said.pressed == "skip" or text.lower() in ("lewati", "tidak tahu", "skip"):
        return _ask_photo(talk)
    chosen = said.pressed or _by_number(text, talk.choices)
    region = Region.objects.current().filter(pk=chosen).first() if chosen in talk.choices else None
    if region is None and text:
        found = find_places(text, CHOICES)
        talk.landmark = text[:200]
        if len(found) == 1:
            region = found[0]
        elif found:
            talk.choices = [one.pk for one in found]
            listed = "\n".join(f"{nr}. {path(one)}" for nr, one in enumerate(found, start=1))
            words = _("Yang mana?\n%(places)s\nTekan tombolnya, atau tulis nama yang lebih lengkap.") % {
                "places": listed
            }
            return Turn(words, [(one.pk, one.name[:20]) for one in found], talk.kept())
        else:
            # Not known to us: their words go with the report, and nobody is asked for ever.
            return _ask_photo(talk)
    if region is None:
        return Turn(_("Kirim lokasi, tulis nama tempatnya, atau tekan Lewati."), [("skip", _("Lewati"))], talk.kept())
    talk.place, talk.choices = region.pk, []
    return _ask_photo(talk)


def _by_number(text: str, choices: Sequence[str]) -> str:
    """ "2" is the second of what was listed; anything else is none of them."""
    return choices[int(text) - 1] if text in [str(nr) for nr in range(1, len(choices) + 1)] else ""


def _ask_photo(talk: _Talk) -> Turn:
    talk.step = Step.PHOTO
    return Turn(_("Ada foto? Kirim sekarang, paling banyak 5."), [("done", _("Tidak ada"))], talk.kept())


def _photo(talk: _Talk, text: str, said: Said) -> Turn:
    if said.photos:
        talk.photos = [*talk.photos, *said.photos][:PHOTOS]
        if len(talk.photos) < PHOTOS:
            return Turn(_("Foto diterima. Kirim lagi, atau lanjut."), [("done", _("Lanjut"))], talk.kept())
    elif said.pressed != "done" and text and text.lower() not in ("tidak", "tidak ada", "lanjut", "ga ada", "gak ada"):
        # They are still telling.
        talk.story = f"{talk.story}\n{text}"[:BODY_LIMIT]
        return Turn(_("Sudah kami tambahkan. Ada foto?"), [("done", _("Tidak ada"))], talk.kept())
    return _ask_check(talk)


def _ask_check(talk: _Talk) -> Turn:
    talk.step = Step.CHECK
    region = Region.objects.filter(pk=talk.place).first() if talk.place else None
    where = path(region) if region else talk.landmark or (_("lokasi dari HP") if talk.point else _("tidak disebut"))
    asked = _(
        "Periksa dulu:\n%(story)s\n\nTempat: %(place)s\nFoto: %(photos)d\n\n"
        "Tulis ANONIM kalau nama dan nomor Anda harus tertutup juga bagi petugas, "
        "RAHASIA kalau isinya hanya untuk petugas."
    )
    words = asked % {"story": talk.story[:600], "place": where, "photos": len(talk.photos)}
    if talk.who:
        words += "\n" + _("Pilihan Anda: %(who)s.") % {"who": talk.who}
    return Turn(words, [("send", _("Kirim")), ("cancel", _("Batal"))], talk.kept())


def _check(talk: _Talk, text: str, said: Said) -> Turn:
    lowered = text.lower()
    if said.pressed == "send" or lowered in ("kirim", "ya", "iya", "ok", "oke", "y", "benar", "betul"):
        region = Region.objects.current().filter(pk=talk.place).first() if talk.place else None
        return Turn(
            finished=Finished(
                story=talk.story,
                place=region,
                landmark="" if region else talk.landmark,
                point=(talk.point[0], talk.point[1]) if talk.point else None,
                photos=talk.photos,
                anonymous="ANONIM" in talk.who,
                secret="RAHASIA" in talk.who,
            )
        )
    words = [word for word in ("ANONIM", "RAHASIA") if word.lower() in lowered]
    if words:
        talk.who = ", ".join(sorted({*words, *(talk.who.split(", ") if talk.who else [])}))
        return _ask_check(talk)
    if text:
        talk.story = f"{talk.story}\n{text}"[:BODY_LIMIT]
    talk.photos = [*talk.photos, *said.photos][:PHOTOS]
    return _ask_check(talk)


# --- What works at any time ---


def _help() -> str:
    return _(
        "LAPOR! meneruskan laporan Anda ke kantor yang berwenang.\n"
        "Melapor: tulis saja ceritanya.\n"
        "STATUS <nomor>: keadaan laporan.\n"
        "BATAL: berhenti melapor. STOP: tidak mau kabar lagi.\n"
        "Keadaan darurat: telepon 112."
    )


def standing_of(typed: str, cases: Sequence[Complaint]) -> str:
    """State and date of a report that came by this account; every other number is answered alike."""
    stored = read_number(typed)
    case = next((one for one in cases if one.number == stored), None)
    if case is None:
        return _("Laporan dengan nomor itu tidak ditemukan di akun ini. Periksa nomornya, atau buka halaman lacak.")
    return _("Laporan %(number)s: %(state)s.") % {
        "number": case.shown_number,
        "state": str(Status(case.status).label).lower(),
    }


def _open(state: Mapping[str, Any] | None) -> _Talk:
    """A state of another version, or none, begins anew."""
    known = {name: value for name, value in (state or {}).items() if name in _Talk.__dataclass_fields__}
    return _Talk(**known)


def _shown(number: str) -> str:
    return f"{number[:4]}-{number[4:8]}-{number[8:]}"


# --- For every messenger ---


def reading_of(
    arrival: Arrival,
    said: Said,
    *,
    medium: str,
    fetch: Callable[[Sequence[str]], Sequence[Incoming]],
    phone: str = "",
) -> Reading:
    """What a message of a talk means for the pipeline. `fetch` brings photos by their ids at the peer, when the report
    is sent; `phone` is the sender's number where the account is one."""
    account = arrival.sender_fingerprint
    state = Talk.objects.state_of(arrival.channel, account, arrival.received_at)
    turn = answer(state, said, cases=cases_of(medium, account))
    if turn.hushes:
        return Hush(turn.words)
    if turn.finished is not None:
        done = turn.finished
        submission = Submission(
            channel=arrival.channel,
            external_id=arrival.external_id,
            body=done.story,
            place=done.place,
            landmark=done.landmark,
            latitude=done.point[0] if done.point else None,
            longitude=done.point[1] if done.point else None,
            anonymous=done.anonymous,
            secret=done.secret,
            phone=phone,
            door=(medium, arrival.sender),
        )
        return Open(submission, fetch(done.photos) if done.photos else ())
    if turn.adds_to is not None:
        files = fetch(turn.photos) if turn.photos else ()
        return Add(turn.adds_to, turn.addition or _("(foto)"), files=files, reply=turn.words)
    return Converse(turn.words, turn.buttons, turn.state)


def cases_of(medium: str, account: str) -> list[Complaint]:
    """The open reports that came by this account, newest first; a secret one is not among them, for a phone is often
    shared."""
    if not account:
        return []
    found = Complaint.objects.open().filter(
        reporter__door=medium, reporter__door_fingerprint=account, reporter__erased_at=None, secret=False
    )
    return list(found.order_by("-received_at", "-pk")[:5])
