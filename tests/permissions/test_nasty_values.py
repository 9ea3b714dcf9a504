"""Whatever stands in an address or a form, the portal answers with a page: never with a server error.

Urls come from the resolver, parameters from the source of the views, fields from the pages themselves: a new one is
tried without anybody adding it here.
"""

from __future__ import annotations

import inspect
import re
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters

from complaints.models import Complaint, Draft
from complaints.views.holding import CASES_COOKIE, DRAFT_COOKIE
from lapor.kit.text import row_id
from tests import filing
from tests.permissions import rules
from tests.permissions.conftest import Some, in_turn
from tests.scenes import once
from tests.world import ROOT, World, client_of

pytestmark = pytest.mark.django_db

# What breaks readers of text and numbers, by what reads it: those of a row go the same way or are refused alike.
KINDS: dict[str, tuple[str, ...]] = {
    "no text": ("\x00", "a\x00b", "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1")),
    "digits of elsewhere": ("²", "١٢", "²0"),
    "numbers no column holds": ("-1", "0", str(2**31), str(2**63), str(10**19)),
    "more digits than Python reads": ("9" * 5000, "2026" + "0" * 5000),
    "no numbers": ("", "1e999", "NaN"),
    "wildcards of SQL, LIKE and expressions": ("%", "_%'\"\\;--", "[(*+?{", "\\", "[" * 1999),
    "folders, line ends, tags": ("../../etc/passwd", "a\r\nSet-Cookie: x=y", "<script>alert(1)</script>"),
    "more than fits": ("x" * 3000, "🕳️" * 90),
    "forged cursors and days": ("Mg==", "fn5-fg", "0001-01-01~1"),
}
NASTY = tuple(value for values in KINDS.values() for value in values)


def of_each_kind(n: int) -> list[str]:
    """One nasty value of each kind; the others of a kind with the next `n`."""
    return [values[n % len(values)] for values in KINDS.values()]


@cache
def parameters() -> tuple[str, ...]:
    """Every name some view, form or search reads from an address."""
    found = {"page", "next"}
    for app in ("agencies", "complaints", "routing", "lapor"):
        for file in (ROOT / app).rglob("*.py"):
            found |= set(re.findall(r"(?:GET|query)(?:\.get|\.getlist)?[\[(]\"(\w+)\"", file.read_text()))
    return tuple(sorted(found))


def test_the_parameters_are_found_in_the_source() -> None:
    assert {"q", "setelah", "sesudah", "wilayah", "instansi", "tahun", "kantor", "hal", "lewat"} <= set(parameters())


def views(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Every url as (full name, route, view)."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern, route)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name, route, pattern.callback


def patterns() -> Iterator[tuple[str, str]]:
    """Every url as (full name, route)."""
    return ((name, route) for name, route, _view in views())


def address(route: str, case: Complaint, pk: str = "1") -> str:
    """The route with a real number and this id."""
    filled = route.replace("<str:number>", case.number).replace("<str:token>", "1:x")
    filled = filled.replace("<str:other>", case.number)
    filled = re.sub(r"<int:\w+>", pk, filled)
    filled = filled.replace(r"(?P<code>[0-9]{2}\.[0-9]{2})/batas\.json", "99.01/batas.json")
    filled = filled.replace(r"(?P<code>[0-9]{2}(?:\.[0-9]{2})?)/$", "99.01/")
    filled = filled.replace(r"laporan-(?P<month>\d{4}-\d{2})\.(?P<form>csv|json)", "laporan-2026-01.json")
    filled = (
        filled.replace("<slug:parts>", "base")
        .replace("<slug:code>", "sosial")
        .replace("<slug:level>", "pusat")
        .replace("<slug:kind>", "sk")
        .replace("<slug:noun>", "akhir")
        .replace("<slug:what>", "angka")
        .replace("<slug:item>.<str:language>", "radio.id")
        .replace("<str:version>", "1")
        .replace("<str:status>", "404")
    )
    return "/" + re.sub(r"^\^|\$$|\(\?P<\w+>[^)]+\)", lambda found: "a1" if found[0].startswith("(") else "", filled)


def our_views() -> dict[str, Callable[..., Any]]:
    """Each url of the portal's own and the view behind it."""
    return {route: inspect.unwrap(view) for name, route, view in views() if not rules.library(name)}


def ours() -> list[str]:
    return sorted(our_views())


@once()
def case(world: World) -> Complaint:
    case = filing.published(world)
    case.reporter.account_fingerprint = world.sari.fingerprint
    case.reporter.save()
    return case


@pytest.fixture
def browsers(world: World, case: Complaint) -> dict[str, Client]:
    """Nobody, its reporter, and one of each kind of officer."""
    return {
        "guest": Client(),
        "reporter": client_of(world.sari),
        "liaison": client_of(world.joko),
        "head": client_of(world.hana),
        "coordinator": client_of(world.wati),
        "national": client_of(world.ratna),
        "observer": client_of(world.bayu),
    }


def send(client: Client, method: str, target: str, data: dict[str, Any]) -> Any:
    """The answer. The test client raises what a server would answer with 500."""
    try:
        answer = client.post(target, data) if method == "post" else client.get(target, data)
    except Exception as error:
        raise AssertionError(f"{method} {target} {_brief(data)}: {type(error).__name__}: {error}") from error
    assert answer.status_code < 500, f"{method} {target} {_brief(data)}"
    return answer


def _brief(data: dict[str, Any]) -> str:
    return str({name: str(value)[:20] for name, value in data.items()})


# Not let in; where a form was sent, elsewhere is where one goes when it was taken.
SHUT = (401, 403, 404, 405)
REFUSED = (302, *SHUT)
# No key, no such method: whoever it is that is signed in.
ALIKE = (401, 405)


def together(names: Iterable[str], n: int) -> dict[str, str]:
    """Each name with another nasty value, so that in len(NASTY) rounds each name has had each."""
    return {name: NASTY[(n + place) % len(NASTY)] for place, name in enumerate(names)}


def test_no_query_brings_a_page_down(browsers: dict[str, Client], case: Complaint, some: Some) -> None:
    for n, route in some(enumerate(ours()), "guest", of=3):
        send(browsers["guest"], "get", address(route, case), together(parameters(), n))


@pytest.mark.slow
def test_no_query_of_somebody_signed_in_brings_a_page_down(browsers: dict[str, Client], case: Complaint) -> None:
    """Whoever is not let in leaves the query unread: they are asked in turn, until one is. What takes no GET, or asks
    for a machine's key, does so with all of them."""
    for n, route in enumerate(ours()):
        for k, who in enumerate(in_turn(("reporter", "liaison", "coordinator", "national"), route)):
            answer = send(browsers[who], "get", address(route, case), together(parameters(), n + 7 * (k + 1)))
            if answer.status_code not in REFUSED or answer.status_code in ALIKE:
                break


# Together they hide each other (a search for nothing reads no cursor): here each alone.
LISTS: dict[str, tuple[str, str, str]] = {
    "/laporan/": ("guest", "q wilayah instansi jenis kategori status urut setelah", "urut=terlambat"),
    "/langganan/": ("guest", "q wilayah instansi jenis kategori", ""),
    "/instansi/": ("guest", "q jenis hal", ""),
    "/statistik/": ("guest", "instansi dari sampai", ""),
    "/statistik/unduhan/bagian/": ("guest", "daerah instansi kategori dari sampai bentuk", "bentuk=json"),
    "/statistik/tidak-ditanggapi/": ("guest", "setelah instansi provinsi janji keadaan", ""),
    "/statistik/tidak-ditanggapi/umpan/": ("guest", "instansi provinsi janji keadaan", ""),
    "/statistik/tidak-ditanggapi/unduhan/": ("guest", "instansi provinsi janji keadaan bentuk", "bentuk=json"),
    "/lacak/": ("guest", "nomor", ""),
    "/meja/": ("coordinator", "q sesudah", "q=urut:terbaru"),
    "/petugas/": ("coordinator", "q hanya hal kantor saja", ""),
    "/petugas/baru/": ("coordinator", "kantor", ""),
    "/meja/aturan/baru/": ("coordinator", "cari agency", ""),
    "/kelola/model/": ("national", "sumber", ""),
    "/kelola/hari-libur/": ("national", "tahun", ""),
    "/pengawasan/": ("national", "kelompok cari hanya urut semua setelah", "semua=ya"),
}


# What is read as words, each list in its own way.
SEARCHES = ("q", "cari", "nomor")


@pytest.mark.slow
@pytest.mark.parametrize("target", LISTS)
def test_each_parameter_of_a_list_alone(browsers: dict[str, Client], target: str) -> None:
    """Each name with a value of each kind, alone or beside what else is asked; which of the kind, and which of both, in
    turn. What searches is tried with all of them."""
    who, names, beside = LISTS[target]
    assert set(names.split()) <= set(parameters()), "a name no view reads"
    key, _, with_it = beside.partition("=")
    for n, name in enumerate(names.split(), zlib.crc32(target.encode())):
        for k, value in enumerate(NASTY if name in SEARCHES else of_each_kind(n)):
            beside_it = {key: with_it} if key not in ("", name) and (n + k) % 2 else {}
            send(browsers[who], "get", target, {name: value} | beside_it)


@pytest.mark.slow
def test_no_path_brings_a_page_down(browsers: dict[str, Client], case: Complaint) -> None:
    """Each place of each url with what its converter lets through to the view, and with one in turn that it does not.
    Where one view stands behind many urls and reads the place for all of them, the first is tried with everything, the
    others with two values in turn. What takes no GET is sent the rest by POST."""
    values = ("\x00", "²", "0", str(2**63), "9" * 5000, "%", "../../etc/passwd", "a\r\nX: y", "🕳️")
    read = set()
    for n, (route, view) in enumerate(sorted(our_views().items())):
        for slot, kind in re.findall(r"(<(\w+):\w+>)", route):
            let_in = [value for value in values if re.fullmatch(get_converters()[kind].regex, value)]
            left_out = [value for value in values if value not in let_in]
            if (view, slot) in read:
                let_in = in_turn(let_in, route)[:2]
            read.add((view, slot))
            method = "get"
            for k, value in enumerate([*let_in, *left_out[n % len(left_out) :][:1]] if left_out else let_in):
                target = address(route.replace(slot, quote(value, safe="")), case)
                answer = send(browsers["national"], method, target, {})
                if answer.status_code == 401:
                    # A machine's key is asked for before the place is read.
                    break
                method = "post" if answer.status_code == 405 else method
                if (n + k) % 3 == 0:
                    send(browsers["guest"], method, target, {})


def fields_in(answer: Any) -> set[str]:
    """What the forms of this page send; nothing of what is no page."""
    if answer.status_code != 200 or "text/html" not in answer.get("Content-Type", ""):
        return set()
    return set(re.findall(r'name="([\w-]+)"', answer.content.decode())) - {"viewport", "csrfmiddlewaretoken"}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_no_form_brings_a_page_down(browsers: dict[str, Client], case: Complaint, part: int) -> None:
    """Asked in turn until one gets the page: its fields are what they all send, two who are let in and one who is not;
    where nobody gets one, all send what they like, unless it is a machine's key that they lack."""
    more = {"next", "text", "seen", "hapus", "membership", "arah", "agency", "reason"}
    for n, route in list(enumerate(route for route in ours() if "bahasa" not in route))[part::4]:
        target, fields, takes_get = address(route, case), set[str](), True
        let_in, refused = 0, 0
        for k, who in enumerate(in_turn(("reporter", "liaison", "head", "coordinator", "national"), route)):
            client, first = browsers[who], False
            if takes_get and not fields:
                page = client.get(target)
                fields, takes_get = fields_in(page), page.status_code not in ALIKE
                first = bool(fields)
            answer = send(client, "post", target, together(sorted(fields | more), n + 5 * k))
            inside = first or (bool(fields) and answer.status_code not in SHUT)
            let_in, refused = let_in + inside, refused + (not inside)
            if first and "version" in fields:
                for place in range(n, n + len(NASTY), 11):
                    # The version that stands, so that the verb itself reads the rest.
                    case.refresh_from_db()
                    known = {"version": str(case.version), "acting": ""}
                    send(client, "post", target, together(sorted(fields | more), place) | known)
            if answer.status_code in ALIKE or (let_in and refused and let_in + refused > 2):
                break


def read_by_hand(view: Callable[..., Any]) -> list[str]:
    """What this view takes out of what is sent by itself, beside any form."""
    return sorted(set(re.findall(r"POST(?:\.get|\.getlist)?[\[(]\"(\w+)\"", inspect.getsource(inspect.unwrap(view)))))


def by_hand() -> list[tuple[str, list[str]]]:
    """Every url whose view does so, and the names."""
    found = {route: read_by_hand(view) for name, route, view in views() if not rules.library(name)}
    return sorted((route, names) for route, names in found.items() if names)


def test_what_is_read_by_hand_is_found_in_the_source() -> None:
    assert {("petugas/baru/", "agency"), ("akun/peran/", "membership")} <= {
        (route, name) for route, names in by_hand() for name in names
    }


@pytest.mark.slow
def test_each_value_read_by_hand_alone(browsers: dict[str, Client], case: Complaint) -> None:
    """A value of each kind, from a coordinator, who is let in nearly everywhere."""
    for n, (route, names) in enumerate(by_hand()):
        for k, name in enumerate(names):
            for value in of_each_kind(n + k):
                send(browsers["coordinator"], "post", address(route, case), {name: value})


@pytest.mark.slow
def test_each_field_of_the_report_alone(world: World) -> None:
    client = Client()
    begun = {
        "/lapor/": {"query": "Sukasari", "place": world.sukasari.pk, "landmark": "Gang Melati"},
        "/lapor/masalah/": {
            "kind": "PENGADUAN",
            "title": "Pipa bocor di gang",
            "story": "Air bersih terbuang sejak Minggu lalu, warga sudah menutupnya dengan kain.",
            "happened_on_pick": "today",
        },
        "/lapor/periksa/": {"who": "officers", "read": "open", "tell": "self", "act": "simpan"},
    }
    for target, whole in begun.items():
        names = fields_in(client.get(target)) | whole.keys() | {"hapus", "act", "down", "draft", "searched"}
        for n, name in enumerate(sorted(names)):
            for value in of_each_kind(n):
                send(client, "post", target, {**whole, name: value})
        send(client, "post", target, whole)
    assert Draft.objects.exists()


def test_an_id_is_what_a_column_can_hold() -> None:
    assert row_id("17") == 17
    assert {row_id(value) for value in NASTY} == {0, 2**31}


def test_forged_cookies_and_tokens_read_as_none(world: World, case: Complaint, some: Some) -> None:
    values = (*NASTY, "a:b:c", f"{uuid.uuid4().hex}:x", "eyJ9:1:x", "." * 50)
    for value in some(values, "cookies", of=3):
        plain = re.sub(r"[^\x21-\x7e]|[;,\"\\]", "", value)[:3000]
        client = Client()
        for name in (CASES_COOKIE, DRAFT_COOKIE, "sessionid", "csrftoken", "bahasa", "messages"):
            client.cookies[name] = plain
        for target in ("/", "/lapor/", "/lapor/periksa/", "/lapor/selesai/", f"/laporan/{case.number}/", "/meja/"):
            send(client, "get", target, {})


# As a server hands them on: what a header held, read as latin-1.
HEADERS = ("ACCEPT_LANGUAGE", "USER_AGENT", "HX_REQUEST", "HX_TARGET", "COOKIE", "X_FORWARDED_FOR", "REFERER", "ORIGIN")


@pytest.mark.parametrize("who", ["guest", "coordinator"])
def test_no_header_brings_a_page_down(browsers: dict[str, Client], case: Complaint, some: Some, who: str) -> None:
    """Each of them by GET or POST, in turn; whoever else asks by the other."""
    client = browsers[who]
    for n, value in some(enumerate(NASTY), who, of=3):
        given = {f"HTTP_{name}": value.encode("utf-8", "surrogatepass").decode("latin-1") for name in HEADERS}
        targets = ("/", "/lapor/", "/laporan/?q=jalan", f"/laporan/{case.number}/", "/meja/", "/api/v1/publikasi/")
        for t, target in enumerate(targets):
            method = (client.get, client.post)[(n + t + (who == "guest")) % 2]
            try:
                answer = method(target, {"body": "x"}, **given)
            except Exception as error:
                raise AssertionError(f"{target} {value[:20]!r}: {type(error).__name__}: {error}") from error
            assert answer.status_code < 500, f"{target} {value[:20]!r}"


def test_a_view_that_trusts_its_parameter_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: were a view so careless, `send` would find it."""

    def trusting(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(int(request.GET["hal"])))

    [robots] = [one for one in get_resolver().url_patterns if getattr(one, "name", "") == "robots"]
    monkeypatch.setattr(robots, "callback", trusting)
    with pytest.raises(AssertionError, match="ValueError"):
        send(Client(), "get", "/robots.txt", {"hal": "9" * 5000})
