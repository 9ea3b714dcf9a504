"""Raw posts of X, as the pull keeps them, each with what it must give."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from complaints.channels.x import CODE
from complaints.intake import keep
from tests.complaints.channels.golden import check, samples
from tests.complaints.channels.stand_in import XPeer
from tests.complaints.channels.x.test_x import peer  # noqa: F401 (a fixture)
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sample", samples(Path(__file__).parent), ids=lambda path: path.stem)
@pytest.mark.sampled
def test_it_gives_what_it_must(world: World, peer: XPeer, nudges: Nudges, sample: Path) -> None:  # noqa: F811
    def deliver(raw: bytes, forged: bool) -> int:
        post = json.loads(raw).get("post", {})
        keep(CODE, raw, external_id=str(post.get("id", "0")), sender=str(post.get("author_id", "")))
        nudges.run()
        return 200

    check(sample, deliver, lambda: str(peer.replies[-1]["text"]))
