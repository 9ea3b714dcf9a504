"""What a test needs of the machine and does not find there."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(program: str, packages: str) -> NoReturn:
    """Ends whoever asked for it: skipped with the Debian packages to install, all alike in one line of the summary; an
    error where CI=true, which installs them (.ci/run)."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{program} is missing, and CI=true makes that an error (apt install {packages}).", pytrace=False)
    pytest.skip(f"no {program} on this machine: what needs it is skipped (apt install {packages})")
