"""Raw payloads of WhatsApp, each with what it must give."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.complaints.channels.golden import check, samples
from tests.complaints.channels.stand_in import WhatsAppPeer
from tests.complaints.channels.whatsapp.test_whatsapp import HOOK, _words, peer  # noqa: F401 (a fixture)
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sample", samples(Path(__file__).parent), ids=lambda path: path.stem)
@pytest.mark.sampled
def test_it_gives_what_it_must(world: World, peer: WhatsAppPeer, nudges: Nudges, sample: Path) -> None:  # noqa: F811
    def deliver(raw: bytes, forged: bool) -> int:
        signature = "sha256=" + "0" * 64 if forged else peer.signed(raw)
        answer = Client().post(HOOK, raw, content_type="application/json", headers={"X-Hub-Signature-256": signature})
        nudges.run()
        return answer.status_code

    check(sample, deliver, lambda: _words(peer.sent[-1]))
