"""Pictures and documents as people send them, and as nobody should."""

from __future__ import annotations

import io
import struct
import zlib

import pikepdf
from PIL import Image, PngImagePlugin

PLACE_OF_A_HOME = b"rumah Sari di Gang Melati"


def photo(width: int = 640, height: int = 480, *, orientation: int = 1, format: str = "JPEG") -> bytes:
    """Left half red, right half blue; with EXIF that tells camera, place and an orientation."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[0x010E] = PLACE_OF_A_HOME.decode()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[1] = "S"
    out = io.BytesIO()
    extra = {"xmp": b"<x:xmpmeta>" + PLACE_OF_A_HOME + b"</x:xmpmeta>"} if format in ("JPEG", "WEBP") else {}
    if format == "PNG":
        told = PngImagePlugin.PngInfo()
        told.add_text("Comment", PLACE_OF_A_HOME.decode())
        picture.save(out, format, pnginfo=told, exif=exif)
    else:
        picture.save(out, format, exif=exif, **extra)
    return out.getvalue()


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few hundred bytes whose header promises 900 megapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def document(*, locked: str = "") -> bytes:
    """A page with author, XMP, a script that runs when opened, and a file folded in."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(300, 300))
    pdf.docinfo["/Author"] = PLACE_OF_A_HOME.decode()
    with pdf.open_metadata() as meta:
        meta["dc:creator"] = [PLACE_OF_A_HOME.decode()]
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('hai')"))
    pdf.Root.OpenAction = pdf.make_indirect(script)
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=pikepdf.Array([0, 0, 9, 9]),
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe")),
    )
    pdf.pages[0].obj["/Annots"] = pikepdf.Array([pdf.make_indirect(note)])
    pdf.attachments["rahasia.txt"] = PLACE_OF_A_HOME
    out = io.BytesIO()
    pdf.save(
        out,
        compress_streams=False,
        encryption=pikepdf.Encryption(owner=locked, user=locked) if locked else False,
    )
    return out.getvalue()
