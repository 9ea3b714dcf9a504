"""A district's badge and figure for its own site: honest when few reported, in a frame, without cookie and script."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from agencies.models import Agency
from routing import figures
from routing.models import OfficeMonth
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


def promised(agency: Agency, **counts: int) -> None:
    month = figures.first_of(timezone.localdate(), 0)
    OfficeMonth.objects.create(agency=agency, month=month, secret=False, **counts)
    cache.clear()


def get(client: Client, agency: Agency, what: str = "") -> Any:
    return client.get(f"/sematan/{agency.pk}/{what}")


def test_they_tell_what_the_public_page_tells(client: Client, world: World) -> None:
    promised(world.dinas_pu, in_time=24, late=4, overdue=4)
    badge = get(client, world.pemkab, "lencana.svg")
    drawn = ElementTree.fromstring(badge.content)
    assert badge["Content-Type"] == "image/svg+xml"
    assert "75% dijawab tepat waktu" in "".join(drawn.itertext())
    page = get(client, world.pemkab, "angka/").content.decode()
    assert "24 dari 32" in page
    assert "4 di antaranya sedang terlambat" in page
    assert '<html lang="en">' in get(client, world.pemkab, "angka/?bahasa=en").content.decode()
    assert "24 dari 32" in client.get(f"/instansi/{world.pemkab.pk}/").content.decode()


def test_too_few_are_no_percentage(client: Client, world: World) -> None:
    promised(world.dinas_pu, in_time=29)
    for what in ("lencana.svg", "angka/"):
        said = get(client, world.pemkab, what).content.decode()
        assert "ata belum cukup" in said
        assert "%" not in said.replace("100%", "")
    assert "data belum cukup" in get(client, world.pemkab).content.decode()
    promised(world.dinas_kesehatan, in_time=1)
    assert "100% dijawab" in get(client, world.pemkab, "lencana.svg").content.decode()


def test_the_figure_alone_stands_in_frames_and_carries_no_cookie_and_no_script(world: World) -> None:
    for client in (Client(), client_of(world.rudi)):
        answer = get(client, world.pemkab, "angka/")
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert "script-src 'self'" in answer["Content-Security-Policy"], "all else as everywhere"
        assert "X-Frame-Options" not in answer
        for one in (answer, get(client, world.pemkab, "lencana.svg")):
            assert one["Cache-Control"] == "public, max-age=3600"
            assert not one.cookies
            assert "<script" not in one.content.decode()
            assert "nonce" not in one.content.decode(), "everybody is given the same"
        other = get(client, world.pemkab)
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"


def test_a_name_breaks_no_page_it_is_copied_into(client: Client, world: World) -> None:
    Agency.objects.filter(pk=world.pemkab.pk).update(name='Kab. "Satu" <b>', short_name="")
    page = get(client, world.pemkab).content.decode()
    assert "Kab. &amp;quot;Satu&amp;quot; &amp;lt;b&amp;gt;" in page
    assert ElementTree.fromstring(get(client, world.pemkab, "lencana.svg").content) is not None


def test_its_office_leads_to_what_is_to_be_copied(client: Client, world: World) -> None:
    assert f'href="/sematan/{world.pemkab.pk}/"' in client.get(f"/instansi/{world.pemkab.pk}/").content.decode()
    page = get(client, world.pemkab).content.decode()
    assert "&lt;iframe src=" in page
    assert f"/sematan/{world.pemkab.pk}/angka/" in page
    for office in (world.dinas_pu, world.root):
        assert "/sematan/" not in client.get(f"/instansi/{office.pk}/").content.decode()
        for what in ("", "lencana.svg", "angka/"):
            assert get(client, office, what).status_code == 404
