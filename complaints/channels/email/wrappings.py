"""What other programs wrap a letter in: Outlook's winmail.dat, signed envelopes, uuencode. None of it raises."""

from __future__ import annotations

import binascii
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from complaints.channels.contract import Incoming
from complaints.channels.email.readable import decode, text_of_html

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Unwrapped:
    text: str
    files: Sequence[Incoming] = ()


def open_tnef(content: bytes) -> Unwrapped | None:
    """The text and files of a winmail.dat (MS-OXTNEF); None when it is none, or broken."""
    from tnefparse import TNEF

    try:
        tnef = TNEF(content, do_checksum=False)
        html, body = tnef.htmlbody, tnef.body
        text = body if isinstance(body, str) else decode(bytes(body or b""))
        if not text.strip() and html:
            text = text_of_html(html if isinstance(html, str) else decode(bytes(html)))
        files = []
        for item in tnef.attachments:
            name = item.long_filename() or item.name
            files.append(
                Incoming(name if isinstance(name, str) else decode(bytes(name or b"")), bytes(item.data or b""))
            )
    except Exception:
        # Whatever a stranger's bytes make the library do, the letter around them is read on.
        log.info("a winmail.dat could not be opened", exc_info=True)
        return None
    return Unwrapped(text.replace("\x00", "").strip(), files)


def open_signed(content: bytes) -> bytes | None:
    """What lies in an opaque S/MIME signature (CMS SignedData, RFC 5652); None when it is encrypted, or no CMS.

    The signature is not judged: From is no proof here, and neither is a certificate nobody chose to trust.
    """
    from pyasn1.codec.ber import decoder
    from pyasn1.error import PyAsn1Error
    from pyasn1_modules import rfc5652

    try:
        envelope, _rest = decoder.decode(content, asn1Spec=rfc5652.ContentInfo())
        if envelope["contentType"] != rfc5652.id_signedData:
            return None
        signed, _rest = decoder.decode(bytes(envelope["content"]), asn1Spec=rfc5652.SignedData())
        inner = signed["encapContentInfo"]["eContent"]
        return bytes(inner) if inner.hasValue() else None
    except (PyAsn1Error, ValueError, TypeError, IndexError, KeyError, RecursionError):
        return None


_BEGIN = re.compile(r"^begin [0-7]{3,4} (?P<name>\S.{0,200})$", re.M)


def take_uuencoded(text: str) -> Unwrapped:
    """The text without the files that stand in it uuencoded, and those files."""
    if not _BEGIN.search(text):
        return Unwrapped(text)
    files: list[Incoming] = []
    kept: list[str] = []
    lines = iter(text.splitlines())
    for line in lines:
        begin = _BEGIN.match(line)
        if begin is None:
            kept.append(line)
            continue
        taken, content = [line], bytearray()
        whole = False
        for row in lines:
            taken.append(row)
            if row.strip() == "end":
                whole = True
                break
            try:
                content += binascii.a2b_uu(row)
            except (binascii.Error, ValueError):
                break
        if whole and content:
            files.append(Incoming(begin["name"].strip(), bytes(content)))
        else:
            # No file after all: it stays what it was, text.
            kept += taken
    return Unwrapped("\n".join(kept), files)
