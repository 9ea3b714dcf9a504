"""What an SMS says: commands only where no story could begin so, everything else a report, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.prefix_book import RESERVED, Book, Entry
from complaints.channels.sms import grammar
from complaints.channels.sms.grammar import COMMANDS, Said, Verb, parse
from complaints.number import new_number, read_number
from tests.world import ROOT

N = "7K4M9QXD2TT"
BOOK = Book([Entry("INHU", 1), Entry("KAB. NGANJUK", 2), Entry("Kumham", 3)])


def said(text: str) -> Said:
    return parse(text, BOOK.find)


def test_the_example_is_a_number() -> None:
    assert read_number(grammar.NUMBER) == N


@pytest.mark.parametrize(
    ("text", "verb", "number", "body"),
    [
        ("STATUS 7K4M-9QXD-2TT", Verb.STATUS, N, ""),
        ("status 7k4m9qxd2tt", Verb.STATUS, N, ""),
        ("Status: 7K4M 9QXD 2TT.", Verb.STATUS, N, ""),
        ("STATUS laporan no. 7K4M-9QXD-2TT", Verb.STATUS, N, ""),
        ("STATUS <7K4M-9QXD-2TT>", Verb.STATUS, N, ""),
        ("CEK 7K4M-9QXD-2TT", Verb.STATUS, N, ""),
        # SELESAI and 38G4 in one would pass for a number too.
        ("SELESAI 38G4-JWKZ-KAM", Verb.DONE, "38G4JWKZKAM", ""),
        ("7K4M-9QXD-2TT", Verb.STATUS, N, ""),
        ("STATUS", Verb.STATUS, "", ""),
        ("BALAS 7K4M-9QXD-2TT Di depan nomor 7.", Verb.REPLY, N, "Di depan nomor 7."),
        ("balas 7k4m 9qxd 2tt di depan", Verb.REPLY, N, "di depan"),
        ("7K4M-9QXD-2TT masih berlubang", Verb.REPLY, N, "masih berlubang"),
        ("BALAS 7K4M-9QXD-2TT", Verb.REPLY, N, ""),
        ("BALAS di depan nomor 7", Verb.REPLY, "", "di depan nomor 7"),
        ("SELESAI 7K4M-9QXD-2TT", Verb.DONE, N, ""),
        ("Selesai 7K4M-9QXD-2TT terima kasih", Verb.DONE, N, "terima kasih"),
        ("selesai, terima kasih", Verb.DONE, "", "terima kasih"),
        ("BELUM 7K4M-9QXD-2TT masih ada air", Verb.NOT_DONE, N, "masih ada air"),
        ("Belum", Verb.NOT_DONE, "", ""),
        ("SELESA 7K4M-9QXD-2TT", Verb.DONE, N, ""),
        ("STTAUS 7K4M-9QXD-2TT", Verb.STATUS, N, ""),
        ("BARU", Verb.NEW, "", ""),
        ("baru INHU jalan rusak", Verb.NEW, "", "INHU jalan rusak"),
        ("BANTU", Verb.HELP, "", ""),
        ("bantu status", Verb.HELP, "", ""),
        ("STOP", Verb.STOP, "", ""),
        ("stop lapor", Verb.STOP, "", ""),
        ("MULAI", Verb.START, "", ""),
        ("terima kasih banyak pak", Verb.THANKS, "", "terima kasih banyak pak"),
        ("ok", Verb.THANKS, "", "ok"),
        ("", Verb.EMPTY, "", ""),
        ("  \n ", Verb.EMPTY, "", ""),
        ("👍", Verb.EMPTY, "", ""),
        ("???", Verb.EMPTY, "", ""),
        ("RAHASIA STATUS 7K4M-9QXD-2TT", Verb.STATUS, N, ""),
    ],
)
def test_commands_as_people_type_them(text: str, verb: Verb, number: str, body: str) -> None:
    found = said(text)
    assert (found.verb, found.number, found.body) == (verb, number, body)


@pytest.mark.parametrize("typed", ["7K4M9QXD2TT", "7k4m-9qxd-2tt", "7K4M.9QXD.2TT", "7K4M 9QXD-2TT", "7K4M--9QXD--2TT"])
def test_a_number_in_any_hand(typed: str) -> None:
    assert said(f"STATUS {typed}").number == N


def test_a_letter_o_is_a_zero_and_an_i_a_one() -> None:
    for _n in range(50):
        number = new_number()
        typed = number.replace("0", "O").replace("1", "I").lower()
        assert said(f"status {typed}").number == number


@pytest.mark.parametrize(
    "text", ["STATUS 7K4M-9QXD-2T9", "status 7K4M 9QXD 2T9", "STATUS 081234567890", "SELESAI 7K4M"]
)
def test_what_was_meant_as_a_number_and_is_none_is_no_story(text: str) -> None:
    found = said(text)
    assert found.verb is not Verb.REPORT
    assert found.misread
    assert found.number == ""


@pytest.mark.parametrize(
    "text",
    [
        "Status tanah kami belum jelas sejak 2019",
        "Status KTP2023 saya di kecamatan belum jadi juga pak",
        "Belum ada air sejak kemarin",
        "Selesai sudah kesabaran warga di RT 3",
        "Bantu kami pak, rumah kebanjiran",
        "Stop pungli di sekolah anak saya",
        "Mulai kemarin air mati",
        "Jalan rusak di INHU",
        "Lapor pak, jalan rusak",
        "Lampu jalan di depan pasar mati. Terima kasih",
        "3 bulan air tidak mengalir",
        "Cek jembatan di desa kami mau roboh",
    ],
)
def test_stories_that_begin_like_commands_stay_whole(text: str) -> None:
    found = said(text)
    assert (found.verb, found.body, found.prefix) == (Verb.REPORT, text, None)
    assert not found.is_explicit


@pytest.mark.parametrize(
    ("text", "office", "anonymous", "secret", "body"),
    [
        ("INHU jalan rusak", 1, False, False, "jalan rusak"),
        ("LAPOR INHU jalan rusak", 1, False, False, "jalan rusak"),
        ("#lapor inhu: jalan rusak", 1, False, False, "jalan rusak"),
        ("KAB. NGANJUK lampu mati", 2, False, False, "lampu mati"),
        ("ANONIM INHU ada pungutan", 1, True, False, "ada pungutan"),
        ("INHU ANONIM ada pungutan", 1, True, False, "ada pungutan"),
        ("Rahasia. Inhu. Ada pungutan", 1, False, True, "Ada pungutan"),
        ("rahasia anonim kumham antrean lama", 3, True, True, "antrean lama"),
        ("ANONIM kumham RAHASIA antrean lama", 3, True, True, "antrean lama"),
        ("RAHASIA ada pungutan di loket", None, False, True, "ada pungutan di loket"),
        ("LAPOR RAHASIA INHU x y z", 1, False, True, "x y z"),
        ("INHU", 1, False, False, ""),
        ("ANONIM", None, True, False, ""),
    ],
)
def test_what_stands_before_a_story(text: str, office: int | None, anonymous: bool, secret: bool, body: str) -> None:
    found = said(text)
    assert found.verb is Verb.REPORT
    assert (found.prefix.entry.agency_id if found.prefix else None) == office
    assert (found.anonymous, found.secret, found.body) == (anonymous, secret, body)
    assert found.is_explicit


@pytest.mark.parametrize(
    ("text", "verb", "language"),
    [
        ("HELP", Verb.HELP, "en"),
        ("BANTU", Verb.HELP, "id"),
        ("REPLY 7K4M-9QXD-2TT in front of no. 7", Verb.REPLY, "en"),
        ("DONE 7K4M-9QXD-2TT", Verb.DONE, "en"),
        ("NOT DONE 7K4M-9QXD-2TT still there", Verb.NOT_DONE, "en"),
        ("TRACK 7K4M-9QXD-2TT", Verb.STATUS, "en"),
        ("ANONYMOUS INHU the bridge is broken", Verb.REPORT, "en"),
        ("SECRET INHU they asked for money", Verb.REPORT, "en"),
        ("REPORT INHU the bridge is broken", Verb.REPORT, "en"),
        ("INHU the bridge is broken", Verb.REPORT, "id"),
    ],
)
def test_two_languages(text: str, verb: Verb, language: str) -> None:
    found = said(text)
    assert (found.verb, found.language) == (verb, language)


# --- Properties ---

WORDS = st.sampled_from(
    [
        *(word for command in COMMANDS for word in (*command.words, *command.english)),
        "anonim", "RAHASIA", "lapor", "INHU", "INHO", "KAB.", "NGANJUK", "7K4M-9QXD-2TT", "7K4M9QXD2T9", "nomor",
        "jalan", "rusak", "terima", "kasih", "ok", "not", "12", "<", ">", "👍", "…", "\n", "\x00", "\ud800", "ﷺ", "",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=8).map(" ".join))


@given(TEXTS)
def test_no_text_breaks_it_and_nothing_said_is_dropped(text: str) -> None:
    found = said(text)
    assert isinstance(found.verb, Verb)
    assert found.text == text.strip()
    assert found.body in found.text or found.body == found.text
    if found.verb in (Verb.HELP, Verb.STOP, Verb.START, Verb.EMPTY):
        # What is not looked at any more holds at most three words of ours.
        assert sum(ch.isalpha() for ch in found.text) <= 30
    if found.verb in (Verb.STATUS, Verb.DONE, Verb.NOT_DONE) and not found.number and not found.misread:
        assert len(found.text.split()) <= 14
    if found.verb is Verb.REPORT and not found.is_explicit:
        assert found.body == found.text


@given(st.text(st.characters(categories=["L", "Zs"]), min_size=1, max_size=120))
def test_letters_alone_are_never_taken_for_a_number_they_do_not_spell(text: str) -> None:
    found = said(f"STATUS {text}")
    if found.number:
        assert read_number(found.number) == found.number


@given(TEXTS)
def test_the_same_words_say_the_same(text: str) -> None:
    assert said(text) == said(text)


# --- The table ---


def test_no_office_may_own_a_word_of_the_channel() -> None:
    missing = {word for word in grammar.reserved() if word not in RESERVED}
    assert missing == set()


def test_every_form_is_read_as_what_it_is() -> None:
    for command in COMMANDS:
        assert said(command.example).verb is command.verb, command
    for form, example, _meaning in grammar.REPORTS:
        found = said(example)
        assert found.verb is Verb.REPORT, example
        assert found.anonymous == ("ANONIM" in form)
        assert found.secret == ("RAHASIA" in form)
        assert (found.prefix is not None) == ("AWALAN" in form)


def test_the_paper_shows_the_table_as_it_is() -> None:
    paper = (ROOT / "docs" / "sms.md").read_text()
    for row in grammar.table():
        assert row in paper, row
