"""The file nginx is deployed with, in a real nginx: what it says itself while the portal is away, full or flooded."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator

import httpx
import pytest

from lapor.embedded.process import free_port, own_port
from lapor.embedded.state import ROOT
from tests.missing import missing

PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def program() -> str:
    if PROGRAM is None:
        missing("nginx", "nginx")
    return PROGRAM


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one that runs with our file, and behind it nobody."""
    folder = tmp_path_factory.mktemp("nginx")
    port = free_port(own_port(27000, folder))
    conf = folder / "nginx.conf"
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in TEMPORARY)
    user = "user root;" if os.geteuid() == 0 else ""
    conf.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/log;\nevents {{}}\n"
        f"http {{\n{temporary}{understood(port)}\n}}\n"
    )
    command = [program(), "-p", str(folder), "-c", str(conf), "-e", str(folder / "log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        url = f"http://127.0.0.1:{port}"
        try:
            with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
                assert client.get(f"{url}/nginx-health").text == "ok\n"
            yield url
        finally:
            running.terminate()


def understood(port: int) -> str:
    """Our file for this machine. nginx knows `resolve` from 1.27.3 on; an older one is given the rest."""
    ours = (ROOT / "deploy" / "nginx.conf").read_text()
    ours = ours.replace("server web:8000 resolve;", "server 127.0.0.1:9;").replace(
        "listen 8080", f"listen 127.0.0.1:{port}"
    )
    return re.sub(r"^\s*(resolver|zone portal) .*$", "", ours, flags=re.MULTILINE)


def test_it_asks_anew_where_the_portal_is() -> None:
    """A name that stands in `server` without this is looked up once, at the start of nginx."""
    ours = (ROOT / "deploy" / "nginx.conf").read_text()
    assert re.search(r"^resolver 127\.0\.0\.11 valid=5s;", ours, re.MULTILINE)
    assert re.search(r"upstream portal \{\s+zone portal 64k;\s+server web:8000 resolve;", ours)


@pytest.mark.peers
def test_while_the_portal_is_away_it_says_when_to_come_back(nginx: str) -> None:
    answer = httpx.post(f"{nginx}/lapor/masalah/", data={"story": "Jembatan putus."})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "tulisan Anda masih ada" in answer.text
    assert "Go back" in answer.text


@pytest.mark.peers
def test_what_is_larger_than_five_files_is_refused_in_words(nginx: str) -> None:
    answer = httpx.post(f"{nginx}/lapor/masalah/", content=b"0" * 53 * 1024 * 1024)
    assert answer.status_code == 413
    assert "Paling banyak 5 berkas" in answer.text


@pytest.mark.peers
def test_a_flood_is_asked_to_wait_in_words(nginx: str) -> None:
    with httpx.Client() as client:
        answers = [client.get(f"{nginx}/lapor/") for _ in range(400)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0].headers["Retry-After"] == "60"
    assert "tunggu satu menit" in refused[0].text
