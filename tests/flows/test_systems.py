"""An agency's own system, from the coordinator's page to a signed webhook: real browser, real worker, real peer."""

from __future__ import annotations

import json
import urllib.request
import uuid
from typing import Any

from playwright.sync_api import Page
from standardwebhooks.webhooks import Webhook

from lapor.embedded.process import wait_until
from tests.browser import faults_of, signed_in
from tests.peers import listening
from tests.portal import RunningPortal

STORY = "Lampu jalan di depan balai desa mati sejak tiga malam."


def call(portal: RunningPortal, key: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """One request as the system sends it."""
    request = urllib.request.Request(
        f"{portal.url}/api/v1/{path}",
        data=json.dumps(body).encode() if body is not None else None,
        headers={
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
        },
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        said: dict[str, Any] = json.load(answer)
        return said


def _end_of_the_queue(portal: RunningPortal, key: str) -> str:
    """The cursor behind all that tests before this one left at the office."""
    page = call(portal, key, "antrean/")
    while page["items"]:
        page = call(portal, key, f"antrean/?sejak={page['cursor']}")
    return str(page["cursor"])


def test_a_system_is_connected_files_is_told_and_answers(portal: RunningPortal, page: Page) -> None:
    world = portal.world
    assert world is not None
    signed_in(page, portal, world.wati, f"/kelola/sistem/baru/?kantor={world.dinas_pu.pk}")
    assert faults_of(page) == []
    page.get_by_label("Nama sistem").fill(f"Aplikasi aduan {uuid.uuid4().hex[:6]}")
    for box in page.locator("input[name=permissions]").all():
        box.check()
    page.get_by_role("button", name="Buat kunci").click()
    assert faults_of(page) == []
    key = page.locator("code.secret").first.inner_text()
    page.get_by_role("link", name="Sudah saya simpan").click()
    assert faults_of(page) == []
    assert key not in page.content()
    with listening() as peer:
        page.get_by_role("link", name="Tambah webhook").click()
        page.get_by_label("Alamat yang diberi tahu").fill(f"{peer.url}/lapor")
        page.get_by_role("button", name="Daftarkan alamat").click()
        secret = page.locator("code.secret").inner_text()
        cursor = _end_of_the_queue(portal, key)
        filed = call(portal, key, "laporan/", {"body": STORY, "place": world.sukasari.pk})
        assert wait_until(lambda: bool(peer.heard), 30), "the worker forwards it and tells the system"
        (heard, *_more) = peer.heard
        told = Webhook(secret).verify(heard.body, heard.headers)
        assert told["data"]["number"] == filed["number"]
        since = call(portal, key, f"antrean/?sejak={cursor}")["items"]
        (item,) = [one for one in since if one["number"] == filed["number"]]
        assert item["verb"] == "forward"
        number, version = item["number"], item["case"]["version"]
        body = {"version": version, "body": "Kami periksa malam ini."}
        assert call(portal, key, f"antrean/{number}/tanggapan/", body)["status"]["lapor"] == "Dalam Proses"
        assert wait_until(lambda: any(b"laporan.answer" in one.body for one in peer.heard), 30)
    page.get_by_role("link", name="Sudah saya simpan").click()
    assert faults_of(page) == []
    assert peer.url in page.content()
