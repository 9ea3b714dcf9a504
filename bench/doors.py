"""Ten thousand messages in a minute over all doors that are called (the web, SMS, WhatsApp, Telegram, email, the API,
Open311), with two web and two worker processes of a portal of its own (data in var/bench).

    .venv/bin/python bench/doors.py [MESSAGES, default 10000] [SECONDS, default 60]

One in twenty is sent twice. Prints how many a second were accepted, p50 and p95 of acceptance, how long the workers
took to understand and forward them all, cases opened a second, and that nothing was lost and nothing doubled. X, which
we ask, and the counter, where an officer types, are no doors that many call at once.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import random
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import filing_http
from bench.ground import ROOT, p

SECRET = secrets.token_urlsafe(32)
INBOX = "lapor@kanal.test"
STATE = ROOT / "var" / "bench"
CONNECTIONS = 48
TWICE = 20
STORY = "Lampu jalan nomor %d di depan balai desa padam sejak hari Senin."


@dataclass(frozen=True)
class Shot:
    """One request, ready to be written on the wire, and the door it knocks at."""

    door: str
    wire: bytes


class Peer(BaseHTTPRequestHandler):
    """Whoever is answered: says yes to every gateway's letter."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        body = json.dumps(
            {"ok": True, "id": uuid.uuid4().hex, "result": {"message_id": 1}, "messages": [{"id": uuid.uuid4().hex}]}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        return


def main(count: int, seconds: int) -> None:
    answering = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    threading.Thread(target=answering.serve_forever, daemon=True).start()
    peer = f"http://127.0.0.1:{answering.server_port}"
    environment = os.environ | {
        "LAPOR_STATE_DIR": str(STATE),
        "LAPOR_SMS_GATEWAY": "json",
        "LAPOR_SMS_SECRET": SECRET,
        "LAPOR_SMS_SEND_URL": f"{peer}/sms",
        "LAPOR_WHATSAPP_TOKEN": "t",
        "LAPOR_WHATSAPP_PHONE_ID": "1",
        "LAPOR_WHATSAPP_APP_SECRET": SECRET,
        "LAPOR_WHATSAPP_VERIFY_TOKEN": "v",
        "LAPOR_WHATSAPP_URL": f"{peer}/wa",
        "LAPOR_TELEGRAM_TOKEN": "t",
        "LAPOR_TELEGRAM_SECRET": SECRET,
        "LAPOR_TELEGRAM_URL": f"{peer}/tg",
        "LAPOR_EMAIL_INBOX": INBOX,
        "LAPOR_EMAIL_KEY": SECRET,
    }
    portal = subprocess.Popen([ROOT / "bin" / "run"], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        host, port = _address(portal)
        running = json.loads((STATE / "run" / "portal.json").read_text())["environment"]
        filing_http.prepare(STATE)
        with psycopg.connect(running["LAPOR_DATABASE_URL"], autocommit=True) as database:
            before = _counts(database)
            shots = _shots(count, host, port, _program(environment))
            random.Random(1708).shuffle(shots)
            took, waits, answers = asyncio.run(_knock(shots, host, port, seconds))
            print(f"{len(shots)} panggilan dalam {took:.1f} detik: {len(shots) / took:.0f} diterima per detik")
            for door in sorted(waits):
                _print(door, waits[door], took, dict(answers[door]))
            _print("semua", [wait for mine in waits.values() for wait in mine], took)
            drained = _drain(database)
            after = _counts(database)
            opened = after["cases"] - before["cases"]
            print(f"habis dipahami dan diteruskan {drained:.0f} detik sesudah yang terakhir diterima")
            print(f"{opened} laporan dibuka, {opened / (took + drained):.0f} per detik")
            came = after["arrivals"] - before["arrivals"]
            print(f"hilang: {count - came}   ganda: {max(0, came - count)}   dua dari satu pesan: {after['twice']}")
    finally:
        portal.send_signal(signal.SIGINT)
        portal.wait(30)
        answering.shutdown()


def _print(door: str, waits: list[float], took: float, answers: object = "") -> None:
    each = f"{len(waits):6} ({len(waits) / took:5.1f} per detik)"
    print(f"  {door:9} {each}   p50 {p(waits, 50):7.1f} ms   p95 {p(waits, 95):7.1f} ms   {answers}")


def _address(portal: subprocess.Popen[str]) -> tuple[str, int]:
    assert portal.stdout is not None
    for line in portal.stdout:
        if found := re.match(r"Siap: http://([\d.]+):(\d+)/", line):
            threading.Thread(target=portal.stdout.read, daemon=True).start()
            return found[1], int(found[2])
    raise SystemExit("Portal tidak dimulai.")


def _shots(count: int, host: str, port: int, program: str) -> list[Shot]:
    """Three in ten SMS, two WhatsApp, and one each on the web, by Telegram, email, the API and Open311; one in twenty
    twice."""
    shots = []
    service = _service(host, port)
    # Of the four pages of the web the one that makes the case; what was typed before lies in its draft.
    drafts = iter(filing_http.drafts(len(range(9, count, 10))))
    for nr in range(count):
        share = nr % 10
        if share < 3:
            shot = _sms(nr, host, port)
        elif share < 5:
            shot = _whatsapp(nr, host, port)
        elif share == 5:
            shot = _telegram(nr, host, port)
        elif share == 6:
            shot = _email(nr, host, port)
        elif share == 7:
            shot = _api(nr, host, port, program)
        elif share == 8:
            shot = _open311(nr, host, port, program, service)
        else:
            shot = Shot("web", filing_http.wire(next(drafts), host, port))
        shots.append(shot)
        if random.Random(nr).randrange(TWICE) == 0:
            # The gateway did not hear the answer: the same message in a call of its own.
            shots.append(_sms(nr, host, port) if shot.door == "sms" else shot)
    return shots


RUN = uuid.uuid4().hex[:8]


def _wire(method: str, path: str, host: str, port: int, body: bytes, **headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}:{port}", "Connection: keep-alive"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if "Content_Type" not in headers:
        lines.append("Content-Type: application/json")
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def _sms(nr: int, host: str, port: int) -> Shot:
    body = json.dumps({"id": f"{RUN}-{nr}", "from": f"+62812{nr:08}", "text": f"INHU {STORY % nr}"}).encode()
    path, stamp, nonce = "/kanal/sms/json/", str(int(time.time())), secrets.token_hex(8)
    signed = b"\n".join([stamp.encode(), nonce.encode(), b"POST", path.encode(), body])
    signature = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    headers = {"X_Lapor_Timestamp": stamp, "X_Lapor_Nonce": nonce, "X_Lapor_Signature": signature}
    return Shot("sms", _wire("POST", path, host, port, body, **headers))


def _whatsapp(nr: int, host: str, port: int) -> Shot:
    message = {"from": f"62813{nr:08}", "id": f"wamid.{RUN}{nr}", "type": "text", "text": {"body": STORY % nr}}
    body = json.dumps({"entry": [{"changes": [{"value": {"messages": [message]}}]}]}).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return Shot("whatsapp", _wire("POST", "/kanal/whatsapp/", host, port, body, X_Hub_Signature_256=signature))


def _telegram(nr: int, host: str, port: int) -> Shot:
    chat = {"id": 70_000_000 + nr, "type": "private"}
    update = {"update_id": int(RUN, 16) * 100_000 + nr, "message": {"message_id": 1, "chat": chat, "text": STORY % nr}}
    body = json.dumps(update).encode()
    wire = _wire("POST", "/kanal/telegram/", host, port, body, X_Telegram_Bot_Api_Secret_Token=SECRET)
    return Shot("telegram", wire)


def _api(nr: int, host: str, port: int, program: str) -> Shot:
    body = json.dumps({"body": STORY % nr}).encode()
    once = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{RUN}-{nr}"))
    headers = {"Authorization": f"Bearer {program}", "Idempotency_Key": once}
    return Shot("api", _wire("POST", "/api/v1/laporan/", host, port, body, **headers))


def _email(nr: int, host: str, port: int) -> Shot:
    letter = (
        f"Message-ID: <{RUN}-{nr}@contoh.test>\r\nFrom: Warga <warga{nr}@contoh.test>\r\nTo: {INBOX}\r\n"
        f"Subject: Lampu jalan nomor {nr}\r\n\r\n{STORY % nr}\r\n"
    ).encode()
    stamp = str(int(time.time()))
    mark = hmac.new(SECRET.encode(), stamp.encode() + b"." + letter, hashlib.sha256).hexdigest()
    headers = {"X_Lapor_Waktu": stamp, "X_Lapor_Tanda": mark, "Content_Type": "message/rfc822"}
    return Shot("email", _wire("POST", "/kanal/email/mentah/", host, port, letter, **headers))


def _service(host: str, port: int) -> str:
    with urllib.request.urlopen(f"http://{host}:{port}/open311/v2/services.json") as answer:
        return str(json.load(answer)[0]["service_code"])


def _open311(nr: int, host: str, port: int, program: str, service: str) -> Shot:
    said = {"api_key": program, "service_code": service, "address_id": "14.02", "description": STORY % nr}
    once = {"Idempotency_Key": f"{RUN}-{nr}", "Content_Type": "application/x-www-form-urlencoded"}
    return Shot("open311", _wire("POST", "/open311/v2/requests.json", host, port, urlencode(said).encode(), **once))


REGISTER = """
from agencies import clients
from agencies.actor import Actor
from agencies.models import Agency, Membership, Role
ratna = Membership.objects.filter(role=Role.NATIONAL).order_by("pk").first()
root = Agency.objects.get(parent=None)
name = "Tolok ukur %s"
print("KUNCI", clients.register(
    by=Actor.officer(ratna), agency=root, name=name, permissions=["file"], hourly_limit=clients.MOST_HOURLY)[1])
"""


def _program(environment: dict[str, str]) -> str:
    """The key of a system that may file as much as is ever allowed: a stranger's address would soon be told to wait."""
    asked: list[str | Path] = [ROOT / "bin" / "manage", "shell", "-c", REGISTER % RUN]
    told: subprocess.CompletedProcess[str] = subprocess.run(
        asked, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return told.stdout.split("KUNCI ")[1].split()[0]


async def _knock(
    shots: list[Shot], host: str, port: int, seconds: int
) -> tuple[float, dict[str, list[float]], dict[str, Counter[int]]]:
    """Every shot at its moment within `seconds`, over a few open connections; a wait counts from that moment on."""
    waits: dict[str, list[float]] = {}
    answers: dict[str, Counter[int]] = {}
    queue: asyncio.Queue[tuple[float, Shot] | None] = asyncio.Queue()
    began = time.perf_counter()

    async def knocker() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        while (item := await queue.get()) is not None:
            due, shot = item
            writer.write(shot.wire)
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
            waits.setdefault(shot.door, []).append((time.perf_counter() - due) * 1000)
            answers.setdefault(shot.door, Counter())[int(head.split(b" ", 2)[1])] += 1
        writer.close()

    knockers = [asyncio.create_task(knocker()) for _ in range(CONNECTIONS)]
    for nr, shot in enumerate(shots):
        due = began + seconds * nr / len(shots)
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        queue.put_nowait((due, shot))
    for _ in knockers:
        queue.put_nowait(None)
    await asyncio.gather(*knockers)
    return time.perf_counter() - began, waits, answers


def _drain(database: psycopg.Connection[tuple[int]]) -> float:
    """Until nothing waits to be understood and no report to be weighed."""
    began = time.perf_counter()
    while time.perf_counter() - began < 1200:
        waiting = database.execute("SELECT count(*) FROM complaints_arrival WHERE outcome = ''").fetchone()
        unweighed = database.execute(
            "SELECT count(*) FROM routing_disposition WHERE weighed_at IS NULL AND ended_at IS NULL"
        ).fetchone()
        if waiting == (0,) and unweighed == (0,):
            return time.perf_counter() - began
        time.sleep(0.5)
    raise SystemExit("Tidak habis dalam 20 menit.")


def _counts(database: psycopg.Connection[tuple[int]]) -> dict[str, int]:
    asked = {
        "arrivals": "SELECT count(*) FROM complaints_arrival WHERE outcome <> 'REFUSED'",
        "cases": "SELECT count(*) FROM complaints_complaint",
        "twice": "SELECT count(*) FROM (SELECT complaint_id FROM complaints_arrival WHERE outcome = 'OPENED' "
        "GROUP BY complaint_id HAVING count(*) > 1) twice",
    }
    counts = {}
    for name, query in asked.items():
        row = database.execute(query).fetchone()
        counts[name] = int(row[0]) if row else 0
    return counts


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(given[0] if given else 10_000, given[1] if len(given) > 1 else 60)
