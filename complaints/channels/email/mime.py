"""A letter as it came over the wire, read into a Mail: who, what about, its text, its files. Never raises.

The parser of the standard library takes anything when told to be lenient; what its headers and parts hold is decoded
here, because its own accessors stumble over half of what real programs send. Nothing is loaded from anywhere.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import collapse_rfc2231_value, getaddresses

from complaints.channels.contract import Incoming
from complaints.channels.email.readable import decode, text_of_html, unflow
from complaints.channels.email.wrappings import open_signed, open_tnef, take_uuencoded

# Deeper or wider than any letter a person wrote.
PARTS_LIMIT = 400
FILES_LIMIT = 20
TEXT_LIMIT = 200_000
HEADER_LIMIT = 4_000
# A picture in a signature: so few bytes, or so few pixels along its shorter side.
SMALL_FILE = 6_000
SMALL_SIDE = 96

# What parts of a message may raise whose bytes make no sense.
_BROKEN = (MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError, binascii.Error)


@dataclass(frozen=True)
class Bounce:
    """A delivery report (RFC 3464): which of our letters it is about, and whether it failed for good."""

    references: tuple[str, ...]
    failed: bool
    lasting: bool
    answer: str


@dataclass(frozen=True)
class Mail:
    """`text` is everything somebody could read in it, quotes and all. `locked`: it is encrypted. `readable`: its parts
    could be taken apart at all. `left_out`: files nobody asked for (logos), or more than we look at."""

    headers: tuple[tuple[str, str], ...]
    text: str = ""
    files: tuple[Incoming, ...] = ()
    left_out: int = 0
    bounce: Bounce | None = None
    invitation: str = ""
    locked: bool = False
    readable: bool = True

    def header(self, name: str) -> str:
        """The first header of this name, decoded, on one line; "" when there is none."""
        return next((value for key, value in self.headers if key == name.lower()), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name.lower()]

    @property
    def subject(self) -> str:
        return self.header("subject")

    @property
    def sender(self) -> str:
        """The one address in From, in small letters; "" when there is none, or several."""
        found = [address for _name, address in addresses(self.all("from"))]
        return found[0] if len(found) == 1 else ""

    @property
    def sender_name(self) -> str:
        """What they call themselves; "" where that is only the address again."""
        found = addresses(self.all("from"))
        name = found[0][0] if len(found) == 1 else ""
        return "" if "@" in name else name[:120]

    @property
    def recipients(self) -> list[str]:
        """Whom it went to, by what the letter says and what the last servers noted."""
        names = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc", "x-forwarded-to")
        return [address for name in names for _who, address in addresses(self.all(name))]

    @property
    def message_id(self) -> str:
        return next(iter(message_ids(self.header("message-id"))), "")

    @property
    def answers(self) -> list[str]:
        """The letters it belongs to: In-Reply-To, then References, the nearest first."""
        before = message_ids(" ".join(self.all("in-reply-to")))
        return list(dict.fromkeys([*before, *reversed(message_ids(" ".join(self.all("references"))))]))[:50]


def read(raw: bytes) -> Mail:
    """Take a letter apart as far as it goes."""
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(raw)
        reader = _Reader()
        reader.take(message)
    except (RecursionError, MemoryError, *_BROKEN):
        return Mail(headers_of(raw), readable=False)
    return Mail(
        headers=_headers(message),
        text=reader.text(),
        files=tuple(reader.files),
        left_out=reader.left_out,
        bounce=reader.bounce,
        invitation=reader.invitation,
        locked=reader.locked,
    )


def headers_of(raw: bytes) -> tuple[tuple[str, str], ...]:
    """The headers alone; () where not even they can be read."""
    try:
        return _headers(BytesHeaderParser(policy=policy.compat32).parsebytes(raw[:256_000]))
    except (RecursionError, *_BROKEN):
        return ()


def name_of(raw: bytes) -> str:
    """What tells this letter from every other: its Message-ID, without one a hash of the whole."""
    found = Mail(headers_of(raw)).message_id
    return found or "#" + hashlib.sha256(raw).hexdigest()


# Read as addresses before any name in them is decoded: a decoded name may hold commas and addresses of its own.
_ADDRESSED = frozenset(
    {
        *("from", "to", "cc", "reply-to", "sender", "return-path", "delivered-to", "x-original-to"),
        *("envelope-to", "x-envelope-to", "x-forwarded-to"),
    }
)


def _headers(message: Message) -> tuple[tuple[str, str], ...]:
    """As they stand, without the lenient parser's own guesses at raw bytes."""
    raw = list(message._headers)[:1000]  # type: ignore[attr-defined]
    return tuple(
        (name.lower(), (_plain if name.lower() in _ADDRESSED else header_text)(str(value))) for name, value in raw
    )


# --- Headers ---


def header_text(value: str) -> str:
    """A header as people read it: RFC 2047 undone, raw 8-bit bytes guessed, folded lines joined, no control signs."""
    text = _plain(value)
    if "=?" in text:
        try:
            # A word broken between two of its bytes is put together before it is read.
            pieces = decode_header(text)
            text = "".join(
                piece if isinstance(piece, str) else decode(piece, charset or "ascii") for piece, charset in pieces
            )
        except (HeaderParseError, binascii.Error, ValueError, LookupError):
            pass
    return _on_one_line(text)


def _plain(value: str) -> str:
    """Raw 8-bit bytes, which the parser hides in surrogates, as letters; on one line."""
    text = value[:HEADER_LIMIT]
    try:
        text = decode(text.encode("ascii", "surrogateescape"))
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return _on_one_line(text)


def _on_one_line(text: str) -> str:
    return re.sub(r" {2,}", " ", "".join(sign if sign.isprintable() else " " for sign in text)).strip()


_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_IDS = re.compile(r"<[^<>\s]{1,250}>")


def addresses(values: list[str]) -> list[tuple[str, str]]:
    """(name, address in small letters) of everybody named in these headers; what is no address is left out."""
    try:
        pairs = getaddresses(values[:20])
    except (*_BROKEN, IndexError):
        pairs = []
    found = [(header_text(name), address.strip().lower()) for name, address in pairs]
    good = [(name, address) for name, address in found if _ADDRESS.fullmatch(address)]
    if good:
        return good[:100]
    # Written as no standard allows; what looks like an address is one.
    return [("", address.lower()) for value in values[:20] for address in _ADDRESS.findall(value)][:100]


def message_ids(text: str) -> list[str]:
    return _IDS.findall(text[:HEADER_LIMIT])


# --- Parts ---


@dataclass
class _Reader:
    """Walks the parts once, in order, and takes what a person would see."""

    texts: list[str] = field(default_factory=list)
    files: list[Incoming] = field(default_factory=list)
    left_out: int = 0
    bounce: Bounce | None = None
    invitation: str = ""
    locked: bool = False
    _parts: int = 0

    def text(self) -> str:
        return "\n\n".join(text for text in (text.strip() for text in self.texts) if text)[:TEXT_LIMIT]

    def take(self, part: Message) -> None:
        self._parts += 1
        if self._parts > PARTS_LIMIT:
            self.left_out += 1
            return
        kind = _kind(part)
        if kind == "multipart/alternative":
            self._take_alternative(part)
        elif kind == "multipart/report":
            self._take_report(part)
        elif kind == "multipart/signed":
            for child in _children(part)[:1]:
                self.take(child)
        elif kind == "multipart/encrypted":
            self.locked = True
        elif kind.startswith("multipart/") and part.is_multipart():
            for child in _children(part):
                self.take(child)
        elif kind == "message/rfc822":
            for child in _children(part):
                self._take_forwarded(child)
        elif part.is_multipart():
            for child in _children(part):
                self.take(child)
        else:
            self._take_leaf(part, kind)

    def _take_alternative(self, part: Message) -> None:
        """The same in several ways: the plain one if it says anything, else the richest; files of all of them."""
        best = ""
        for child in _children(part):
            other = _Reader(_parts=self._parts)
            other.take(child)
            self._parts = other._parts
            self._adopt(other)
            text = other.text()
            if text and (not best or (_kind(child) == "text/plain" and len(text) > len(best) // 20)):
                best = text
        self.texts.append(best)

    def _adopt(self, other: _Reader) -> None:
        """Everything of another reader but its text."""
        for file in other.files:
            self._add(file)
        self.left_out += other.left_out
        self.bounce = self.bounce or other.bounce
        self.invitation = self.invitation or other.invitation
        self.locked = self.locked or other.locked

    def _take_forwarded(self, message: Message) -> None:
        other = _Reader(_parts=self._parts)
        other.take(message)
        self._parts = other._parts
        self._adopt(other)
        headers = dict(reversed(_headers(message)))
        top = [
            f"{label}: {header_text(headers[name])}"
            for label, name in (("Dari", "from"), ("Tanggal", "date"), ("Perihal", "subject"))
            if headers.get(name)
        ]
        inner = other.text()
        if inner or top:
            self.texts.append("\n".join(["---------- Pesan terusan ----------", *top, "", inner]))

    def _take_leaf(self, part: Message, kind: str) -> None:
        content, name = _content(part), _name(part)
        attached = _disposition(part) == "attachment"
        if kind == "application/ms-tnef" or name.lower() in ("winmail.dat", "win.dat"):
            found = open_tnef(content)
            if found is None:
                self._add(Incoming(name or "winmail.dat", content))
            else:
                if found.text and not self.text():
                    self.texts.append(found.text)
                for file in found.files:
                    self._add(file)
        elif kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
            self._take_envelope(content)
        elif kind in ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"):
            return
        elif kind == "text/calendar":
            self.invitation = self.invitation or _invitation(_words(part, content))
        elif kind == "text/html" and not attached:
            self.texts.append(text_of_html(_words(part, content)))
        elif kind.startswith("multipart/"):
            # Its boundary never came: what is there is read as it stands.
            self._take_plain(part, content)
        elif kind.startswith("text/") and not attached and not (name and kind != "text/plain"):
            self._take_plain(part, content)
        elif self._is_ornament(part, kind, content):
            self.left_out += 1
        elif content or name:
            self._add(Incoming(name or f"berkas.{kind.partition('/')[2][:10] or 'bin'}", content))

    def _take_plain(self, part: Message, content: bytes) -> None:
        text = _words(part, content)
        if _parameter(part, "format").lower() == "flowed":
            text = unflow(text, delsp=_parameter(part, "delsp").lower() == "yes")
        found = take_uuencoded(text)
        for file in found.files:
            self._add(file)
        self.texts.append(found.text)

    def _take_envelope(self, content: bytes) -> None:
        inner = open_signed(content)
        if inner is None:
            self.locked = True
            return
        self.take(BytesParser(policy=policy.compat32).parsebytes(inner))

    def _is_ornament(self, part: Message, kind: str, content: bytes) -> bool:
        """A logo, a line, a counting pixel: shown inside the letter, and too small to show a hole in a road."""
        if not kind.startswith("image/"):
            return False
        inline = _disposition(part) == "inline" or bool(part.get("Content-ID"))
        return inline and (len(content) < SMALL_FILE or _shorter_side(content) < SMALL_SIDE)

    def _add(self, file: Incoming) -> None:
        if len(self.files) >= FILES_LIMIT:
            self.left_out += 1
        else:
            self.files.append(file)

    def _take_report(self, part: Message) -> None:
        """Its first part is for people; the second says which letter to whom came to what (RFC 3464)."""
        references: list[str] = []
        fields: list[tuple[str, str]] = []
        for child in _inside(part):
            kind = _kind(child)
            if kind in ("message/delivery-status", "message/global-delivery-status"):
                for block in _children(child):
                    fields += _headers(block)
            elif kind in ("message/rfc822", "message/global"):
                for original in _children(child):
                    references += message_ids(
                        " ".join(value for name, value in _headers(original) if name == "message-id")
                    )
            elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
                references += Mail(headers_of(_content(child))).all("message-id")[:1]
            elif kind == "text/plain" and not self.texts:
                self._take_plain(child, _content(child))
        actions = [value.lower() for name, value in fields if name == "action"]
        statuses = [value for name, value in fields if name == "status"]
        said = [value for name, value in fields if name == "diagnostic-code"]
        if fields:
            failed = any(action.startswith("failed") for action in actions)
            self.bounce = Bounce(
                references=tuple(references),
                failed=failed,
                lasting=failed and any(status.startswith("5") for status in statuses),
                answer=" ".join([*statuses[:1], *said[:1]])[:300],
            )


def _inside(part: Message) -> Iterator[Message]:
    """The direct parts of a report, whatever they are wrapped in."""
    for child in _children(part):
        if _kind(child).startswith("multipart/"):
            yield from _children(child)
        else:
            yield child


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _kind(part: Message) -> str:
    try:
        return part.get_content_type()
    except _BROKEN:
        return "application/octet-stream"


def _disposition(part: Message) -> str:
    try:
        return part.get_content_disposition() or ""
    except _BROKEN:
        return ""


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name)
        return "" if value is None else str(collapse_rfc2231_value(value))
    except (*_BROKEN, IndexError):
        return ""


def _name(part: Message) -> str:
    """What the sender called the file, in whichever of the ways programs write it."""
    try:
        found = part.get_filename("") or ""
    except (*_BROKEN, IndexError):
        found = ""
    return header_text(found)


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except _BROKEN:
        content = str(part.get_payload()).encode("utf-8", "replace")
    return content if isinstance(content, bytes) else b""


def _words(part: Message, content: bytes) -> str:
    return decode(content, _parameter(part, "charset")).replace("\x00", "")


def _shorter_side(content: bytes) -> int:
    """In pixels, by the header alone; as if it were large when that can't be read."""
    import io
    import warnings

    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(content)) as picture:
                return min(picture.size)
        except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
            return SMALL_SIDE


_CALENDAR = (("SUMMARY", ""), ("DTSTART", "Mulai: "), ("LOCATION", "Tempat: "), ("DESCRIPTION", ""))


def _invitation(text: str) -> str:
    """What an invitation says to a person (RFC 5545, its lines unfolded)."""
    lines = re.sub(r"\r?\n[ \t]", "", text[:50_000]).splitlines()
    said = []
    for field_name, label in _CALENDAR:
        for line in lines:
            name, _colon, value = line.partition(":")
            if name.partition(";")[0].upper() == field_name and value.strip():
                plain = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
                said.append(label + plain.strip())
                break
    return "\n".join(said)
