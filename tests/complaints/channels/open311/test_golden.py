"""What must become of each raw call in samples/."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.complaints.channels import golden_calls
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sample", golden_calls.samples(Path(__file__).parent), ids=lambda path: path.stem)
@pytest.mark.sampled
def test_it_gives_what_it_must(world: World, sample: Path) -> None:
    golden_calls.check(sample, world)
