"""What a log may hold: never a token, never a word of a report (case.md section 6)."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as ours
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import get_resolver

from lapor.embedded.portal import programs
from lapor.embedded.state import ROOT, State
from lapor.kit.logs import Discreet, discreet
from tests import filing
from tests.world import World

LOGGING: dict[str, Any] = ours.LOGGING


@pytest.fixture
def line() -> Any:
    """What the portal's own handler would write, of everything logged meanwhile."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(Discreet())
    handler.setFormatter(logging.Formatter(LOGGING["formatters"]["line"]["format"]))
    logging.getLogger().addHandler(handler)
    yield out
    logging.getLogger().removeHandler(handler)


def test_the_portals_handler_is_discreet() -> None:
    assert LOGGING["handlers"]["console"]["filters"] == ["discreet"]
    assert LOGGING["root"]["handlers"] == ["console"]


def test_a_refused_link_is_logged_without_its_token(client: Client, line: io.StringIO) -> None:
    client.get("/kabar/RAHASIA~1abc~tanda/")
    client.put("/kabar/RAHASIA~1abc~tanda/henti/")
    client.put("/langganan/RAHASIA~1abc~tanda/")
    client.get("/akun/sandi/lupa/kunci/1-RAHASIA-tanda/x/")
    assert "/kabar/…" in line.getvalue()
    assert "RAHASIA" not in line.getvalue()


def addresses_with_a_token() -> set[str]:
    """An example of each address of the portal that holds a token or a key."""

    def walk(patterns: Any, before: str) -> Iterator[str]:
        for one in patterns:
            here = before + str(one.pattern)
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns, here)
            elif re.search(r"<(str:)?(token|key)>", here):
                yield "/" + re.split(r"[<(]", here)[0].replace("^", "") + "RAHASIA/"

    return set(walk(get_resolver().url_patterns, ""))


def test_no_address_with_a_token_is_logged_with_it() -> None:
    found = addresses_with_a_token()
    assert {"/kabar/RAHASIA/", "/langganan/RAHASIA/", "/akun/sandi/lupa/kunci/RAHASIA/"} <= found
    assert [path for path in found if "RAHASIA" in discreet(f"Method Not Allowed (PUT): {path}")] == []


def test_what_is_not_there_takes_one_line(client: Client, line: io.StringIO) -> None:
    client.get("/tidak-ada/")
    assert line.getvalue() == "WARNING django.request Not Found: /tidak-ada/\n"


def test_without_the_filter_the_token_would_be_there(
    client: Client, line: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: Django does write the path."""
    monkeypatch.setattr("lapor.kit.logs.discreet", str)
    client.get("/kabar/RAHASIA~1abc~tanda/")
    assert "RAHASIA" in line.getvalue()


def test_a_fault_keeps_its_traceback(line: io.StringIO) -> None:
    logging.getLogger("django.request").error("Internal Server Error: /", exc_info=ValueError("keliru"))
    assert "ValueError: keliru" in line.getvalue()


@pytest.mark.django_db
def test_a_refused_row_is_logged_without_its_words(world: World, line: io.StringIO) -> None:
    case = filing.filed(world, "Kanarikisah yang tidak boleh\ndibaca di catatan.")
    with pytest.raises(IntegrityError, match="DETAIL") as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE complaints_complaint SET number = NULL WHERE id = %s", [case.pk])
    logging.getLogger("uji").error("gagal: %s", refused.value, exc_info=refused.value)
    assert "null value in column" in line.getvalue()
    assert "Kanarikisah" not in line.getvalue()
    assert case.number not in line.getvalue()


def test_the_rest_of_a_line_stays() -> None:
    said = "Not Found: /laporan/7K4M9QXD2TB/"
    assert discreet(said) == said
    assert discreet('File "/a/b.py", line 3, in f') == 'File "/a/b.py", line 3, in f'
    assert discreet("Not Found: /laporan/?q=nama+saya") == "Not Found: /laporan/?…"


def test_whom_a_worker_calls_and_with_what_is_logged_nowhere(line: io.StringIO) -> None:
    """A gateway of SMS is called by an address with the number and the words in it, a messenger by one with a token."""
    with httpx.Client(transport=httpx.MockTransport(lambda _asked: httpx.Response(202))) as gateway:
        gateway.get("https://gerbang.test/cgi-bin/sendsms", params={"to": "+6281200007700", "text": "Kode: 123456"})
    assert line.getvalue() == ""
    for told, kept in (
        (
            "gagal: https://gerbang.test/cgi-bin/sendsms?password=x&to=%2B628",
            "gagal: https://gerbang.test/cgi-bin/sendsms?…",
        ),
        ("gagal: https://api.test/bot123456:AAE-x_y/sendMessage", "gagal: https://api.test/bot…/sendMessage"),
        ("sudah benar? ya", "sudah benar? ya"),
    ):
        assert discreet(told) == kept


def test_the_web_server_keeps_no_list_of_visitors(tmp_path: Path) -> None:
    assert not any("access-log" in word for word in programs(State(tmp_path), {}, 8000)["web"].command)


# --- nginx, Kannel and PostgreSQL ---


def test_nginx_writes_neither_addresses_nor_tokens() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text()
    [form] = re.findall(r"log_format \w+ (.*?);", nginx, re.DOTALL)
    for word in ("remote_addr", "request_uri", "$request ", '$request"', "referer", "args", "cookie", "user_agent"):
        assert word not in form, word
    # Without a line of its own the image's format would hold, with the address and the whole request.
    assert re.search(r"^ {4}access_log \S+ quiet;", nginx, re.MULTILINE)
    assert re.search(r"^ {4}error_log \S+ crit;", nginx, re.MULTILINE)
    said = dict(re.findall(r"^ +~(\S+) +(\S+);", nginx, re.MULTILINE))
    told = ("/s/7K4M9QXD2TBAB", "/kabar/abc~x/", "/langganan/abc~x/", "/panggilan/abc~x/")
    for path in (*addresses_with_a_token(), *told, *(f"/d/inhu{path}" for path in told)):
        assert any(re.match(pattern, path) for pattern in said), path


def test_kannel_writes_no_message_into_its_log() -> None:
    """By itself smsbox tells at INFO to whom it sends what."""
    compose = (ROOT / "deploy" / "sms.yml").read_text()
    for box in ("bearerbox", "smsbox"):
        assert f'command: ["{box}", "-v", "2", ' in compose
    assert not re.search(r"^(access-log|log-file) =", (ROOT / "docs" / "sms.md").read_text(), re.MULTILINE)


def test_postgresql_repeats_no_row_in_its_log(tmp_path: Path) -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    embedded = (ROOT / "lapor" / "embedded" / "postgres.py").read_text()
    for name, value in (("log_error_verbosity", "terse"), ("log_min_error_statement", "panic")):
        assert f'"{name}={value}"' in compose
        assert f'"{name}": "{value}"' in embedded
