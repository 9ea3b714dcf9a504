"""What could name a private person in a free text, and the text without it.

Pure functions, no models, no look-ups: a number is found by its shape and by the word before it, a name by what
announces it ("nama saya", "atas nama", "Pak", "anak saya"). Every expression is bounded, so 10 kB take milliseconds.
Prices, dates, postcodes, coordinates, street names, offices and their short numbers (112, 1500400) are left alone.
The officer reads the result before it is public; this only has to leave them little to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

__all__ = ["LABELS", "Span", "mask", "spans"]

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, order=True)
class Span:
    """`text[start:end]` is of this `type`, a key of LABELS."""

    start: int
    end: int
    type: str


# What stands in the text afterwards. Part of a published Indonesian text, so not translated.
LABELS = {
    "NIK": "[NIK disamarkan]",
    "KK": "[nomor KK disamarkan]",
    "HP": "[nomor HP disamarkan]",
    "TEL": "[nomor telepon disamarkan]",
    "EMAIL": "[surel disamarkan]",
    "PLAT": "[plat nomor disamarkan]",
    "REK": "[nomor rekening disamarkan]",
    "NPWP": "[NPWP disamarkan]",
    "BPJS": "[nomor BPJS disamarkan]",
    "PASPOR": "[nomor paspor disamarkan]",
    "NOMOR": "[nomor disamarkan]",
    "ALAMAT": "[alamat disamarkan]",
    "NAMA": "[nama disamarkan]",
}


def mask(text: str, *, hide: Iterable[str] = (), keep: Set[str] = frozenset()) -> str:
    """The text with every span replaced by its label. Masking twice changes nothing more.

    `hide`: names known beforehand, masked wherever they stand; `keep`: types left alone.
    """
    parts: list[str] = []
    at = 0
    for span in spans(text, hide=hide):
        if span.type in keep:
            continue
        parts += [text[at : span.start], LABELS[span.type]]
        at = span.end
    return "".join([*parts, text[at:]])


def spans(text: str, *, hide: Iterable[str] = ()) -> list[Span]:
    """Every span, in order, none overlapping another; where two rules claim the same place the longer one stands."""
    found = [*_numbers(text), *_emails(text), *_plates(text), *_addresses(text), *_names(text)]
    numbers = sorted(found)
    found += _names_beside(text, numbers)
    said = [text[span.start : span.end] for span in found if span.type == "NAMA"]
    found += _names_again(text, said[:30])
    found += _names_again(text, [" ".join(name.split()) for name in hide if name.strip()], any_case=True)
    return _without_overlaps(found)


def _without_overlaps(found: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(found, key=lambda s: (s.start - s.end, s.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept)


# --- Numbers ---

_GROUPED = r"\d{10,18}|\d{3,8}(?:[ .-]\d{3,8}){1,5}"
# The word before a number says what it is; at most 30 letters lie between them.
_ANNOUNCED = [
    (kind, re.compile(rf"(?<!\w)(?:{words})(?!\w)(?P<between>[^\d\n]{{0,30}})(?P<number>{_GROUPED})(?!\d)", re.I))
    for kind, words in (
        ("KK", r"(?:no|nomor|nmr)?\.?\s?KK|kartu keluarga"),
        ("NIK", r"NIK|KTP|e-KTP|EKTP"),
        ("BPJS", r"BPJS|JKN|KIS|noka|kartu peserta"),
        ("NPWP", r"NPWP"),
        ("NOMOR", r"SIM|NIP|PLN|PDAM|NUPTK|NISN|NIM|id ?pel(?:anggan)?|nomor meter|no\.? meter|nomor pelanggan|IMEI"),
        (
            "REK",
            (
                r"rek|rekening|norek|virtual account|VA|bank|BRI|BNI|BCA|BSI|BTN|BJB|BPD|CIMB|Mandiri|Danamon"
                r"|Permata|kartu kredit|kartu debit|kartu ATM|(?:di)?transfer(?: ke)?"
            ),
        ),
    )
]
_BPJS_GROUPED = re.compile(
    r"(?<!\w)(?:BPJS|JKN|KIS|noka)(?!\w)[^\d\n]{0,30}(?P<number>\d{4}[ .-]\d{4}[ .-]\d{4}[ .-]\d)(?!\d)", re.I
)
# "0967929081 (BCA)": the bank may stand behind the number.
_BEFORE_A_BANK = re.compile(
    r"(?<![\d.,])\d{8,18}(?=[ ]?[(,/-]?[ ]?(?:bank|BRI|BNI|BCA|BSI|BTN|BJB|BPD|CIMB|Mandiri)(?!\w))"
)
_SIXTEEN = re.compile(r"(?<![\d.,])\d{16}(?!\d)")
_SIXTEEN_GROUPED = re.compile(r"(?<![\d.,])\d{4}(?:[ .-]\d{4}){3}(?!\d)|(?<![\d.,])\d{6}[ .-]\d{6}[ .-]\d{4}(?!\d)")
_EIGHTEEN = re.compile(r"(?<![\d.,])(?:19|20)\d{6}[ ]?\d{6}[ ]?[12][ ]?\d{3}(?!\d)")  # a civil servant's NIP
_NPWP = re.compile(r"(?<![\d.])\d{2}\.\d{3}\.\d{3}\.\d[-.]\d{3}\.\d{3}(?!\d)")
_PASSPORT = re.compile(
    r"(?<!\w)(?:paspor|passport|passpor)(?!\w)[^\d\n]{0,20}?(?P<number>\b[A-Z]{1,2} ?\d{6,7})(?!\d)", re.I
)
_MOBILE = re.compile(
    r"(?<![\d.,])(?:\+ ?62[ .-]?\(?0?\)?[ .-]?|\(\+62\)[ .-]?|(?<!\w)62[ -]?|\(?0)"
    r"8(?!00|04|09)\d{1,2}\)?(?:[ .-]{0,2}\d){6,10}(?!\d)"
)
_ANNOUNCED_MOBILE = re.compile(
    r"(?<!\w)(?:HP|WA|whatsapp|no\.? ?hp|nomor hp|telp|telepon|hubungi)(?!\w)[^\d\n]{0,12}(?P<number>8\d{8,11})(?!\d)",
    re.I,
)
_LANDLINE = re.compile(
    r"(?<![\d.,/])(?:\(0[2-79]\d{1,2}\)[ -]?|\+ ?62[ -]?\(?[2-79]\d{1,2}\)?[ -]|0[2-79]\d{1,2}[ -])"
    r"(?:\d{5,8}|\d{3,4}[ -]\d{3,4})(?![\d/])"
)
_ANNOUNCED_LANDLINE = re.compile(
    r"(?<!\w)(?:telp|tlp|telepon|telpon|tel|fax|faks|hubungi)(?!\w)[^\d\n]{0,15}(?P<number>0[2-79]\d{7,9})(?!\d)", re.I
)
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_MONEY_BEFORE = re.compile(r"(?:Rp|IDR|rupiah)\W{0,3}$", re.I)
_MONEY_AFTER = re.compile(r"\W{0,2}(?:rupiah|juta|miliar|milyar|triliun|,-)", re.I)
_RT_BEFORE = re.compile(r"(?:RT|RW)\W{0,3}$", re.I)
_KK_BEFORE = re.compile(r"(?:(?<!\w)KK|kartu keluarga)\W{0,4}$", re.I)


def _numbers(text: str) -> Iterator[Span]:
    for kind, pattern in _ANNOUNCED:
        for match in pattern.finditer(text):
            start, end = match.span("number")
            digits = re.sub(r"\D", "", match["number"])
            if 10 <= len(digits) <= 18 and not _is_money(text, start, end) and not _are_years(match["number"]):
                if kind in ("NIK", "KK") and _KK_BEFORE.search(text, max(0, start - 24), start):
                    yield Span(start, end, "KK")
                elif not _MOBILE.fullmatch(text, start, end):
                    yield Span(start, end, kind)
    for match in _BPJS_GROUPED.finditer(text):
        yield Span(*match.span("number"), "BPJS")
    for match in _BEFORE_A_BANK.finditer(text):
        if not _is_money(text, *match.span()):
            yield Span(*match.span(), "REK")
    for match in _SIXTEEN.finditer(text):
        if not _is_money(text, *match.span()):
            yield _identity(text, match)
    for match in _SIXTEEN_GROUPED.finditer(text):
        if _could_be_nik(re.sub(r"\D", "", match[0])) and not _is_money(text, *match.span()):
            yield _identity(text, match)
    for match in _EIGHTEEN.finditer(text):
        yield Span(*match.span(), "NOMOR")
    for match in _NPWP.finditer(text):
        yield Span(*match.span(), "NPWP")
    for match in _PASSPORT.finditer(text):
        yield Span(*match.span("number"), "PASPOR")
    for match in _MOBILE.finditer(text):
        start, end = match.span()
        if 9 <= len(re.sub(r"\D", "", match[0]).removeprefix("62").lstrip("0")) <= 12:
            # "(0812) 0000 7700" is taken whole, "(0812 0000 7700)" without its brackets.
            if text[start] == "(" and ")" not in match[0]:
                start += 1
            yield Span(start, end, "HP")
    for match in _ANNOUNCED_MOBILE.finditer(text):
        yield Span(*match.span("number"), "HP")
    for match in _LANDLINE.finditer(text):
        if not _RT_BEFORE.search(text, max(0, match.start() - 8), match.start()):
            yield Span(*match.span(), "TEL")
    for match in _ANNOUNCED_LANDLINE.finditer(text):
        yield Span(*match.span("number"), "TEL")


def _identity(text: str, match: re.Match[str]) -> Span:
    family = _KK_BEFORE.search(text, max(0, match.start() - 24), match.start())
    return Span(*match.span(), "KK" if family else "NIK")


def _could_be_nik(digits: str) -> bool:
    """Province 11 to 97, day of birth 1 to 31 (women: 41 to 71), month 1 to 12."""
    return 11 <= int(digits[:2]) <= 97 and 1 <= int(digits[6:8]) % 40 <= 31 and 1 <= int(digits[8:10]) <= 12


def _is_money(text: str, start: int, end: int) -> bool:
    """`Rp 1.250.000.000`, `125.000.000.000` and `1250000000 rupiah`."""
    return bool(
        _THOUSANDS.fullmatch(text, start, end)
        or _MONEY_BEFORE.search(text, max(0, start - 10), start)
        or _MONEY_AFTER.match(text, end)
    )


def _are_years(number: str) -> bool:
    groups = re.split(r"[ .-]", number)
    return len(groups) > 1 and all(len(group) == 4 and group[:2] in ("19", "20") for group in groups)


# --- Addresses of mail, plates, homes ---

_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}(?:@| ?[(\[] ?at ?[)\]] ?)"
    r"[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9-]{2,63}){1,5}"
)
_PREFIXES = (
    "AA|AB|AD|AE|AG|BA|BB|BD|BE|BG|BH|BK|BL|BM|BN|BP|DA|DB|DC|DD|DE|DG|DH|DK|DL|DM|DN|DP|DR|DS|DT|DW|EA|EB|ED|EE"
    "|KB|KH|KT|KU|PA|PB|PS|PG|PY|PT|A|B|D|E|F|G|H|K|L|M|N|P|R|S|T|W|Z"
)
_PLATE = re.compile(rf"(?<![\w.])(?:{_PREFIXES})[ -]?\d{{3,4}}[ -]?(?P<tail>[A-Z]{{1,3}})(?!\w)")
_ANNOUNCED_PLATE = re.compile(
    r"(?<!\w)(?:plat|plat nomor|pelat|berplat|berpelat|nopol|bernopol|no\.? ?pol|nomor polisi|nomor kendaraan)(?!\w)"
    rf"[^\w\n]{{0,4}}(?:nomor|no\.?|merah|hitam|kuning|putih)?[^\w\n]{{0,4}}"
    rf"(?P<plate>(?:{_PREFIXES})[ -]?\d{{1,4}}(?:[ -]?[A-Z]{{1,3}})?)(?!\w)",
    re.I,
)
# Beside a vehicle few digits are enough: "motor B 3 ABC".
_VEHICLE_PLATE = re.compile(
    r"(?<!\w)(?i:motor|mobil|truk|truck|bus|angkot|taksi|kendaraan|pikap|pick up)(?!\w)[ ]"
    rf"(?P<plate>(?:{_PREFIXES})[ -]?\d{{1,4}}[ -]?(?P<tail>[A-Z]{{1,3}}))(?!\w)"
)
_NOT_A_PLATE = frozenset(
    (
        "KM",
        "KG",
        "CM",
        "MM",
        "HA",
        "GR",
        "ML",
        "RT",
        "RW",
        "WIB",
        "WIT",
        "DI",
        "KE",
        "DAN",
        "INI",
        "ITU",
        "ADA",
        "PADA",
        "ORANG",
        "KK",
        "JT",
        "RB",
        "PCS",
        "VA",
        "KWH",
        "M",
        "T",
    )
)
_ADDRESS = re.compile(
    r"(?<!\w)"
    r"(?:alamat|alamatnya|beralamat|rumah saya|rumah kami|rumahnya|rumahku|tinggal|berdomisili|domisili|kediaman)"
    r"(?!\w)(?:\W{1,3}(?:rumah|saya|kami|lengkap|di|ada|tinggal|beliau|kandung|orang|tua)(?!\w)){0,3}\W{1,4}"
    r"(?P<address>(?:jl|jln|jalan|gg|gang|lorong|perum|perumahan|komp|komplek|kompleks|dusun|dsn|blok|kp|kampung)(?!\w)"
    # A number of a house, or where there is none the neighbourhood: a street and its RT are a handful of doors.
    r"[^\n;]{0,80}?(?<!\w)(?:(?:no|nomor|nmr)(?!\w)[. ]{0,2}[A-Za-z]{0,2}-?\d{1,4}[A-Za-z]?(?!\w)"
    r"(?:[ ,]{1,2}RT[ .]?\d{1,3}[ /,]{0,3}(?:RW)?[ .]?\d{1,3})?"
    r"|RT[ .:]{0,2}\d{1,3}(?:[ /,.]{1,3}(?:RW[ .:]{0,2})?\d{1,3})?(?!\w)))",
    re.I,
)


def _emails(text: str) -> Iterator[Span]:
    for match in _EMAIL.finditer(text):
        yield Span(match.start(), match.start() + len(match[0].rstrip(".-")), "EMAIL")


def _plates(text: str) -> Iterator[Span]:
    for match in _PLATE.finditer(text):
        if match["tail"] not in _NOT_A_PLATE:
            yield Span(*match.span(), "PLAT")
    for match in _VEHICLE_PLATE.finditer(text):
        if match["tail"] not in _NOT_A_PLATE:
            yield Span(*match.span("plate"), "PLAT")
    for match in _ANNOUNCED_PLATE.finditer(text):
        yield Span(*match.span("plate"), "PLAT")


def _addresses(text: str) -> Iterator[Span]:
    for match in _ADDRESS.finditer(text):
        yield Span(*match.span("address"), "ALAMAT")


# --- Names ---

_RELATION = (
    "anak|istri|isteri|suami|ibu|ayah|bapak|kakak|adik|adek|keponakan|nenek|kakek|tetangga|teman|saudara|sepupu|mertua"
    "|cucu|menantu|majikan|paman|bibi|orang tua|ortu|putra|putri"
)
# A name surely follows, even in small letters.
_FORM = re.compile(
    rf"(?<!\w)(?:nama (?:lengkap )?(?:saya|aku|{_RELATION})(?: (?:saya|kami))?(?: adalah)?"
    rf"|nama(?: (?:lengkap|pelapor|korban|pemilik|pemohon|peserta|siswa|pasien|terlapor|wali|kk"
    rf"|{_RELATION}))?(?= ?[:=])"
    r"|atas nama|a\. ?n\.?|an\.|a/n)(?!\w)[ \t]*[:=]?[ \t]*",
    re.I,
)
# A name follows if it is written like one.
_BERNAMA = re.compile(r"(?<!\w)(?:bernama|perkenalkan,? (?:nama )?saya|inisial|berinisial)(?!\w):?[ \t]+", re.I)
_TITLE = re.compile(
    r"(?<!\w)(?:Bapak|Bpk|Pak|Ibu|Bu|Sdr|Sdri|Saudara|Saudari|Sodara|Tn|Tuan|Ny|Nyonya|Nn|Nona|Mas|Mbak|Mba|Bang|Kak|H|Hj|KH"
    r"|Om|Tante|Haji|Hajah|Ustadz|Ustad|Ustadzah|dr|drg|Drs|Dra|Ir|Prof|Kyai|Kiai|Gus|Pdt|RT|RW)(?!\w)\.?[ \t]+",
    re.I,
)
_KIN = re.compile(
    rf"(?<!\w)(?:{_RELATION})(?:nya|ku| (?:saya|kami|kandung|angkat|perempuan|laki-laki)){{1,2}}(?!\w),?[ \t]+\(?", re.I
)
_I_AM = re.compile(r"(?<!\w)saya[ \t]+(?=\w)", re.I)
_SIGNED = re.compile(
    r"(?<!\w)(?:hormat (?:saya|kami)|salam hormat|salam|ttd|wassalam|wassalamualaikum(?: wr\.? ?wb\.?)?|pelapor"
    r"|terima ?kasih|trims|makasih)[ \t]*[,.:]?[ \t]*\n\s{0,20}(?=[^\W\d_])",
    re.I,
)
_WORD = re.compile(r"[^\W\d_][^\W\d_]*(?:['’-][^\W\d_]+)*\.?")
# What comes before a name of a street, a hospital or a school: those stay.
_OF_A_PLACE = re.compile(
    r"(?<!\w)(?:d?i?jalan|jl|jln|gang|gg|lorong|rs|rsud|rsup|rsu|rumah sakit|klinik|stadion|bandara|pasar|masjid|mesjid"
    r"|sd|sdn|smp|sma|smk"
    r"|universitas|kampus|terminal|gedung|yayasan|perumahan|komplek|kompleks|simpang|jembatan|taman|museum|makam|pelabuhan"
    r"|kelurahan|desa|kecamatan)\.?[ \t]+(?:[^\W\d_]+\.?[ \t]+)?$",
    re.I,
)
# A thing may be "bernama" too, or a firm.
_OF_A_THING = re.compile(
    r"(?<!\w)(?:jalan|sungai|desa|dusun|kampung|aplikasi|perusahaan|toko|program|kapal|pulau|gunung|perumahan|sekolah|situs|grup"
    r"|kelompok|tempat|kafe|produk)[ \t]+(?:yang[ \t]+)?$",
    re.I,
)
# Words that never begin or continue a person's name: offices, ranks, places, form words, common words. Ours.
_NOT_A_NAME = frozenset((DATA / "bukan_nama.txt").read_text(encoding="utf-8").split())
# Names people have, for texts in small letters: there a word is a name only if it is known as one.
_LISTED = [
    word
    for line in (DATA / "nama_lazim.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
]
_COMMON_NAMES = frozenset(word.lstrip("?") for word in _LISTED)
# Words as well: "bu indah", but also "indah sekali".
_ALSO_WORDS = frozenset(word[1:] for word in _LISTED if word.startswith("?"))
_LIKE_A_NAME = re.compile(r"[a-z]{2,}(?:yanto|wanto|nanto|janto|yono|jono|wono|ningsih|ningrum|uddin|syah)")
_DEGREES = frozenset(
    (
        "sh",
        "se",
        "mm",
        "mh",
        "st",
        "spd",
        "mpd",
        "skom",
        "ssos",
        "sip",
        "msi",
        "mt",
        "skm",
        "sag",
        "shi",
        "spog",
        "spa",
        "spb",
    )
)
_INSIDE = frozenset(("bin", "binti", "van", "alias", "als"))


def _names(text: str) -> Iterator[Span]:
    for match in _FORM.finditer(text):
        if match.end() < len(text) and (name := _name_at(text, match.end(), small_letters=True)):
            yield name
    for pattern, needed in ((_BERNAMA, 1), (_TITLE, 1), (_KIN, 1), (_I_AM, 2)):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 40) : match.start()]
            if _OF_A_PLACE.search(before) or (pattern is _BERNAMA and _OF_A_THING.search(before)):
                continue
            name = _name_at(text, match.end()) or _known_name_at(text, match.end())
            if name is None or (
                pattern is _TITLE
                and not _announces(match[0].strip(), before)
                and not _announces_friends(match[0].strip(), text[name.start : name.end])
            ):
                continue
            if len(text[name.start : name.end].split()) >= needed or _introduces(text, name.end):
                yield name
    for match in _SIGNED.finditer(text):
        name = _name_at(text, match.end())
        if name and text[name.end : name.end + 60].split("\n")[0].strip(" .,)") == "":
            yield name


_HUMBLE = re.compile(r"(?<!\w)(?:pak|bapak|bpk|ibu|bu|ketua)\.?[ \t]+$", re.I)


def _announces(title: str, before: str) -> bool:
    """ "H" only with its dot, "ir" and "mas" only with a capital; "RT" only after "Pak"."""
    word = title.rstrip(".")
    if word.upper() in ("RT", "RW"):
        return bool(_HUMBLE.search(before))
    if word.upper() in ("H", "HJ", "KH", "IR"):
        return title[0].isupper() and (title.endswith(".") or len(word) == 2)
    if (
        not word[0].isupper()
        and title.endswith(".")
        and len(word) < 6
        and word not in ("sdr", "sdri", "bpk", "dr", "drg")
    ):
        return False  # "ribet sekali, pak. Mohon …"
    return word[0].isupper() or word.lower() in (
        "pak",
        "bu",
        "bapak",
        "ibu",
        "bpk",
        "sdr",
        "sdri",
        "dr",
        "drg",
        "saudara",
        "mbak",
    )


_FRIENDLY = frozenset(
    ("mas", "mba", "mbak", "bang", "kak", "om", "tante", "haji", "hajah", "ustad", "ustadz", "saudari")
)


def _announces_friends(title: str, name: str) -> bool:
    """ "mas joko", but not "mas kawin": before a name that is known as one."""
    return title.rstrip(".").lower() in _FRIENDLY and _is_common(name.split()[0].lower())


_AFTER_A_NAME = re.compile(
    r",? (?:warga|dari|adalah|selaku|umur|usia|berumur|alamat|beralamat|NIK|ingin|hendak)(?!\w)", re.I
)


def _introduces(text: str, end: int) -> bool:
    """ "Saya Budi, …", "saya Budi dari …": one word is enough when it goes on like this."""
    return bool(_AFTER_A_NAME.match(text, end))


def _name_at(text: str, start: int, *, small_letters: bool = False) -> Span | None:
    """The name that begins exactly here: up to four words, or None. Two in small letters where nothing is capital."""
    at, end, words = start, start, 0
    shouting = small = False
    while words < 5 and (match := _WORD.match(text, at)):
        word = match[0].rstrip(".")
        plain = word.lower()
        if plain in _NOT_A_NAME or (words and plain in _DEGREES):
            break
        if plain in _INSIDE and words:
            pass
        elif word[0].isupper():
            loud = len(word) > 2 and word.isupper()
            if words == 0:
                shouting = loud
            elif small or (loud and not shouting):
                break  # "Budi Contoh KTP"
        elif small_letters and (words == 0 or small) and words < 3:
            small = True
        else:
            break
        words += 1
        end = match.start() + len(word)
        if match[0].endswith(".") and len(word) > 3:
            break  # a sentence ends here
        at = match.end()
        gap = re.compile(r"[ \t]{1,2}").match(text, at)
        if gap is None:
            break
        at = gap.end()
    if not words or (words == 1 and end - start < 3):
        return None
    return Span(start, end, "NAMA")


def _is_common(word: str) -> bool:
    return word in _COMMON_NAMES or _LIKE_A_NAME.fullmatch(word) is not None


def _known_name_at(text: str, start: int) -> Span | None:
    """A name in small letters that begins exactly here: up to three words, each of them known as a name."""
    at, end, said = start, start, list[str]()
    while len(said) < 3 and (match := _WORD.match(text, at)):
        word = match[0].rstrip(".")
        if not word.islower() or not (_is_common(word) or (said and word in _INSIDE)):
            break
        said.append(word)
        end = match.start() + len(word)
        gap = re.compile(r"[ \t]{1,2}").match(text, match.end())
        if gap is None or match[0].endswith("."):
            break
        at = gap.end()
    if not said or said[-1] in _INSIDE or (len(said) == 1 and said[0] in _ALSO_WORDS and not _introduces(text, end)):
        return None
    return Span(start, end, "NAMA")


_BESIDE = re.compile(r"(?:[^\W\d_]+\.?[ ]){1,3}[^\W\d_]+(?=[ ]?[,(:]{0,2}[ ]?(?:(?:NIK|HP|WA|No|No HP)\W{0,3})?$)")


def _names_beside(text: str, numbers: list[Span]) -> Iterator[Span]:
    """ "Siti Percobaan, NIK 1703…": capital words right before a number that is a person's."""
    for span in numbers:
        if span.type not in ("NIK", "HP"):
            continue
        from_ = max(0, span.start - 60)
        line = text[from_ : span.start].rpartition("\n")[2]
        from_ = span.start - len(line)
        match = _BESIDE.search(line)
        if match is None:
            continue
        words = list(_WORD.finditer(match[0]))
        while words and not _is_name_word(words[0][0]):
            words.pop(0)
        if len(words) >= 2 and all(_is_name_word(word[0]) for word in words):
            yield Span(from_ + match.start() + words[0].start(), from_ + match.start() + words[-1].end(), "NAMA")


def _is_name_word(word: str) -> bool:
    return word[0].isupper() and not (len(word) > 1 and word.isupper()) and word.rstrip(".").lower() not in _NOT_A_NAME


def _names_again(text: str, names: list[str], *, any_case: bool = False) -> Iterator[Span]:
    """A name said once is masked wherever it stands again: the whole, and its first word."""
    said: dict[str, None] = {}
    for whole in names:
        first = whole.split()[0].rstrip(".")
        said[whole] = None
        known = _is_common(first) and first not in _ALSO_WORDS
        if len(first) >= 4 and (first[0].isupper() or known) and first.lower() not in _NOT_A_NAME:
            said[first] = None
    for name in said:
        # A single word in small letters may be an ordinary word: "bunga", "melati".
        flags = re.I if any_case and " " in name else re.NOFLAG
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags):
            if not _OF_A_PLACE.search(text[max(0, match.start() - 40) : match.start()]):
                yield Span(*match.span(), "NAMA")
