"""What somebody wrote, without the letter they answered and what their program put below; never cut to nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.channels.email.quoting import own_words
from complaints.channels.email.readable import text_of_html, unflow

# How programs in Indonesia begin a quote. %s: the old letter, its lines marked with ">".
MARKED = [
    "Pada tanggal Sen, 25 Mei 2026 pukul 08.12 LAPOR! <balas+abc@kanal.test> menulis:\n\n%s",
    "Pada Sen, 25 Mei 2026 08.12, LAPOR! <balas+abc@kanal.test>\nmenulis:\n%s",
    "Pada 25 Mei 2026, pukul 08.12, LAPOR! <balas+abc@kanal.test> menulis:\n\n%s",
    "Pada Senin, 25 Mei 2026 08:12, LAPOR! menulis:\n%s",
    "On Mon, May 25, 2026 at 8:12 AM LAPOR! <balas+abc@kanal.test> wrote:\n%s",
    "On Mon, 25 May 2026 at 08:12, LAPOR!\n<balas+abc@kanal.test> wrote:\n\n%s",
    "2026-05-25 08:12 GMT+07:00 LAPOR! <balas+abc@kanal.test> menulis:\n%s",
    "%s",
]
# The same with the old letter bare underneath.
BARE = [
    "-----Pesan Asli-----\nDari: LAPOR!\nDikirim: Senin, 25 Mei 2026 08.12\nKepada: Sari\nPerihal: Laporan Anda\n\n%s",
    "-----Original Message-----\nFrom: LAPOR! [mailto:balas@kanal.test]\nSent: Monday\nTo: Sari\nSubject: x\n\n%s",
    (
        "________________________________\nDari: LAPOR! <balas+abc@kanal.test>\nDikirim: Senin, 25 Mei 2026 08.12\n"
        "Kepada: Sari <sari@contoh.test>\nSubjek: Laporan Anda\n\n%s"
    ),
    (
        "________________________________\nFrom: LAPOR! <balas+abc@kanal.test>\nSent: Monday, May 25, 2026 8:12:00 AM\n"
        "To: Sari <sari@contoh.test>\nSubject: Laporan Anda\n\n%s"
    ),
    "*Dari:* LAPOR! <balas+abc@kanal.test>\n*Tanggal:* Senin, 25 Mei 2026\n*Kepada:* Sari\n*Perihal:* Laporan\n\n%s",
    "-------- Pesan asli --------\nDari: LAPOR! <x@kanal.test>\nTanggal: 25/05/26 08.12 (GMT+07:00)\nKe: Sari\n\n%s",
    "Pada Senin, 25 Mei 2026 08.12.00 WIB, LAPOR! <balas+abc@kanal.test> menulis:\n\n%s",
    "---------- Pesan terusan ---------\nDari: LAPOR! <x@kanal.test>\nTanggal: Sen, 25 Mei 2026\nPerihal: x\n\n%s",
]
SIGNED = [
    "Dikirim dari iPhone saya",
    "Sent from my Galaxy",
    "Dapatkan Outlook untuk Android<https://aka.ms/x>",
    "-- \nSari\n0812",
]
OLD = "Halo Sari,\n\nini kabar tentang laporan Lubang besar.\n\nDi mana tepatnya lubang itu?\n-- \nLAPOR! https://kanal.test"


def marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


# Words without a sign that any program uses to begin a quote or a signature.
WORDS = st.text("abcdefghijklmnoprstuwy ABCDE.,?!0123456789\n", min_size=1, max_size=300).filter(
    lambda text: any(sign.isalpha() for sign in text)
)


def tidy(text: str) -> str:
    return own_words(text, history=False)


@given(WORDS, st.sampled_from(MARKED), st.sampled_from(["", *SIGNED]))
def test_what_stands_above_a_marked_quote_is_left_whole(words: str, way: str, signature: str) -> None:
    letter = f"{words}\n\n{signature}\n\n{way % marked(OLD)}"
    assert own_words(letter) == tidy(words)


@given(WORDS, st.sampled_from(BARE), st.sampled_from(["", *SIGNED]))
def test_what_stands_above_a_bare_old_letter_is_left_whole(words: str, way: str, signature: str) -> None:
    letter = f"{words}\n\n{signature}\n\n{way % OLD}"
    assert own_words(letter) == tidy(words)


@given(WORDS, st.sampled_from(MARKED))
def test_what_stands_below_a_marked_quote_is_left_whole(words: str, way: str) -> None:
    assert own_words(f"{way % marked(OLD)}\n\n{words}") == tidy(words)


@given(st.lists(WORDS, min_size=2, max_size=4))
def test_answers_between_the_lines_all_stay_in_their_order(answers: list[str]) -> None:
    letter = "\n".join(f"> Pertanyaan {n}?\n{answer}" for n, answer in enumerate(answers))
    shown = own_words(letter)
    place = 0
    for answer in answers:
        for line in (line.strip() for line in answer.splitlines()):
            if line:
                place = shown.index(line, place) + len(line)


@given(st.text(max_size=2000))
def test_whatever_it_is_it_is_never_cut_to_nothing_nor_added_to(text: str) -> None:
    shown = own_words(text)
    assert any(sign.isalnum() for sign in shown) == any(sign.isalnum() for sign in text)
    given_lines = {line.rstrip() for line in text.replace("\r\n", "\n").split("\n")}
    assert {line for line in shown.split("\n") if line} <= {line.strip() for line in given_lines} | given_lines


@given(
    st.lists(st.sampled_from([*(way % "" for way in MARKED + BARE), *SIGNED, marked(OLD), OLD, "Ya.", ""]), max_size=8)
)
def test_any_heap_of_quotes_and_signatures_leaves_something_and_settles(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    shown = own_words(text)
    assert any(sign.isalnum() for sign in shown) == any(sign.isalnum() for sign in text)


@pytest.mark.parametrize(
    "text",
    [
        "Pada hari Senin pejabat itu menulis:\nsurat palsu.\nTolong ditindak.",
        "Dari: kantor desa\nsaya menerima surat yang isinya aneh.",
        "Harga naik > 20 persen.\nTolong diawasi.",
        "Saya menulis dari kampung.\n---\nJalannya rusak.",
        "Dikirim dari kantor pos ke rumah saya, paketnya rusak.\nTolong diganti.",
    ],
)
def test_a_story_that_only_sounds_like_a_quote_is_left_alone(text: str) -> None:
    assert own_words(text) == text


def test_without_own_words_nothing_is_made_up_where_nothing_may_be() -> None:
    assert own_words(MARKED[0] % marked(OLD), or_all=False) == ""
    assert own_words("Dikirim dari iPhone saya") == "Dikirim dari iPhone saya"
    assert own_words("") == ""


# --- Lines broken for the way, and markup ---


@given(st.lists(st.text("abc de", min_size=1, max_size=120).map(str.strip).filter(bool), min_size=1, max_size=5))
def test_flowed_lines_come_together_again(paragraphs: list[str]) -> None:
    def flowed(text: str) -> str:
        words, lines = text.split(), [""]
        for word in words:
            if lines[-1] and len(lines[-1]) + len(word) > 20:
                lines.append("")
            lines[-1] += word + " "
        return "\n".join([*lines[:-1], lines[-1].rstrip()])

    text = "\n".join(flowed(paragraph) for paragraph in paragraphs)
    assert unflow(text) == "\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def test_a_flowed_quote_keeps_its_depth_and_a_signature_its_line() -> None:
    assert unflow("> satu \n> dua\nya \nbetul\n-- \nSari") == "> satu dua\nya betul\n-- \nSari"


@pytest.mark.parametrize("markup", ["<", "<!--", "&#", "<div>", "</p>", "<a href='x", "<![CDATA[", "<?xml", "<b\x00>"])
def test_markup_without_end_ends(markup: str) -> None:
    assert isinstance(text_of_html("<p>awal</p>" + markup * 20_000), str)


def test_what_is_hidden_stays_hidden_and_nothing_is_loaded() -> None:
    html = """<div style="display:none">rahasia</div><style>p{}</style><script>x()</script><p hidden>gaib</p>
    <p>terlihat<img src="https://lacak.test/p.gif"></p>"""
    assert text_of_html(html) == "terlihat"
