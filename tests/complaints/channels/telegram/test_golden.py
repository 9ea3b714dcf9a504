"""Raw updates of Telegram, each with what it must give."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.complaints.channels.golden import check, samples
from tests.complaints.channels.stand_in import TelegramPeer
from tests.complaints.channels.telegram.test_telegram import call, peer  # noqa: F401 (a fixture)
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sample", samples(Path(__file__).parent), ids=lambda path: path.stem)
@pytest.mark.sampled
def test_it_gives_what_it_must(world: World, peer: TelegramPeer, nudges: Nudges, sample: Path) -> None:  # noqa: F811
    def deliver(raw: bytes, forged: bool) -> int:
        status: int = (call(raw, "salah") if forged else call(raw)).status_code
        nudges.run()
        return status

    check(sample, deliver, lambda: str(peer.sent[-1]["text"]))
