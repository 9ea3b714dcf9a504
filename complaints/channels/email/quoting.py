"""What somebody wrote in this letter, without the letter they answered and the lines their program put below.

Only for showing: the letter itself is kept whole. Whatever is uncertain stays, and a letter is never cut to nothing.
Programs quote in three ways: every line behind ">", below a line that says who wrote when, or as a block of Dari/From
lines with the old letter bare underneath.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# How many quoted lines stay above an answer written between them: what it answers.
CONTEXT = 3
# A line that says who wrote when is broken over at most so many.
WRAPPED = 4
# Signs of a phone stand within so many lines of the end.
TAIL = 6

# "Pada tanggal Sen, 25 Mei 2026 pukul 08.12 LAPOR! <…> menulis:" and its kin; one line once the breaks are gone.
_WROTE = re.compile(
    r"^>*\s*(?:(?:pada|tanggal|on|op|le|am|el)\b.{6,400}?|.{0,120}<[^<>\s]{1,120}@[^<>\s]{1,120}>.{0,60})"
    r"\b(?:menulis|tulis|wrote|schreef|a écrit|schrieb|escribió)\s*:?\s*$",
    re.I,
)
_BEGINS = re.compile(r"^\s*(?:pada|tanggal|on|op|le|am|el)\b", re.I)
_OLD_LETTER = re.compile(
    r"^\s*[-_]{2,}\s*(?:original (?:message|appointment)|forwarded message|forwarded by .*|begin forwarded message"
    r"|(?:pesan|surat) asli|pesan (?:yang )?(?:di)?terus(?:an|kan)|reply message)\s*[-_]*\s*$"
    r"|^\s*begin forwarded message:\s*$|^\s*mulai pesan (?:yang )?diteruskan:\s*$",
    re.I,
)
_LINE = re.compile(r"^\s*_{8,}\s*$")
_FIELD = re.compile(
    r"^\s*\*?(dari|from|dikirim|sent|tanggal|date|kepada|to|untuk|cc|tembusan|perihal|subjek|subject|hal|reply-to)\*?"
    r"\s*:\*?\s*\S",
    re.I,
)
_SENDER = re.compile(r"^\s*\*?(?:dari|from)\*?\s*:", re.I)
_DEVICE = re.compile(
    r"^\s*(?:(?:di|ter)kirim (?:dari|melalui|menggunakan|lewat) "
    r"|sent (?:from|via|using) (?:my |mail|outlook|yahoo|samsung|gmail|the )"
    r"|(?:dapatkan|get|unduh) (?:outlook|aplikasi|bluemail) |(?:virus-free|bebas virus)\b)",
    re.I,
)
_WORD = re.compile(r"\w")


def own_words(text: str, *, history: bool = True, or_all: bool = True) -> str:
    """The letter without signature and, where `history`, without what it answers. Where nothing would be left: all of
    it, or with `or_all` False nothing."""
    whole = text.replace("\r\n", "\n").strip("\n")
    lines = whole.split("\n")
    kept = _without_history(lines) if history else lines
    kept = _without_signature(kept)
    cut = _tidy(kept)
    if _WORD.search(cut):
        return cut
    return _tidy(lines) if or_all else ""


def _without_history(lines: Sequence[str]) -> list[str]:
    block = _bare_block(lines)
    return _without_quotes(lines if block is None else lines[:block])


def _bare_block(lines: Sequence[str]) -> int | None:
    """Where an old letter begins that is not marked line by line; None: nowhere."""
    for place, line in enumerate(lines):
        if _OLD_LETTER.match(line) and not line.startswith(">"):
            return place
        if _SENDER.match(line):
            fields = sum(1 for other in lines[place : place + 8] if _FIELD.match(other))
            if fields >= 3:
                above = place - 1
                while above >= 0 and not lines[above].strip():
                    above -= 1
                return above if above >= 0 and _LINE.match(lines[above]) else place
        if (end := _attribution(lines, place)) is not None:
            after = next((other for other in lines[end:] if other.strip()), "")
            if after and not after.lstrip().startswith(">"):
                # Who wrote when, and the old letter bare below.
                return place
    return None


def _attribution(lines: Sequence[str], place: int) -> int | None:
    """The line after "On … wrote:", which may be broken over several; None where there is none."""
    if not lines[place].strip() or len(lines[place]) > 600:
        return None
    if _WROTE.match(lines[place]):
        return place + 1
    if not _BEGINS.match(lines[place]):
        return None
    for count in range(2, WRAPPED + 1):
        part = lines[place : place + count]
        if len(part) < count or not part[-1].strip():
            return None
        if _WROTE.match(" ".join(piece.strip() for piece in part)):
            return place + count
    return None


def _without_quotes(lines: Sequence[str]) -> list[str]:
    """Own lines; of quotes only the last ones above an answer that is written between them."""
    pieces: list[tuple[bool, list[str]]] = []  # (quoted, lines)
    place = 0
    while place < len(lines):
        end = _attribution(lines, place)
        if end is not None:
            place = end
            continue
        quoted = lines[place].lstrip().startswith(">")
        blank = not lines[place].strip()
        if pieces and (blank or pieces[-1][0] == quoted):
            pieces[-1][1].append(lines[place])
        else:
            pieces.append((quoted, [lines[place]]))
        place += 1
    own = [number for number, (quoted, piece) in enumerate(pieces) if not quoted and _says_something(piece)]
    if not own:
        return []
    between = len([number for number in own if number and pieces[number - 1][0]]) > 1
    kept: list[str] = []
    for number, (quoted, piece) in enumerate(pieces):
        if not quoted:
            kept += piece
        elif between and number + 1 in own:
            said = [line for line in piece if line.strip("> \t")]
            kept += ["", *said[-CONTEXT:], ""]
    return kept


def _without_signature(lines: Sequence[str]) -> list[str]:
    """Cut below "-- " and drop what a phone adds, as long as something is left above."""
    kept = list(lines)
    for place, line in enumerate(kept):
        if line in ("-- ", "--") and _says_something(kept[:place]):
            kept = kept[:place]
            break
    while kept and not kept[-1].strip():
        kept.pop()
    for place in range(max(0, len(kept) - TAIL), len(kept)):
        rest = [line for line in kept[place:] if line.strip()]
        if rest and all(_DEVICE.match(line) or _is_link(line) for line in rest) and _DEVICE.match(rest[0]):
            if _says_something(kept[:place]):
                kept = kept[:place]
            break
    return kept


def _is_link(line: str) -> bool:
    return bool(re.match(r"^\s*<?\(?https?://\S+\s*$", line))


def _says_something(lines: Sequence[str]) -> bool:
    return any(_WORD.search(line) and not _DEVICE.match(line) for line in lines)


def _tidy(lines: Sequence[str]) -> str:
    """No blanks at line ends, at most one empty line between paragraphs."""
    out: list[str] = []
    for line in (line.rstrip() for line in lines):
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip()
