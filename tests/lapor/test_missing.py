"""A machine without Chromium, a mail server, a gateway or nginx: one clear line, and an error where CI=true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from lapor.embedded.state import ROOT
from tests import browser, kannel
from tests.complaints.channels.email import dovecot
from tests.lapor import test_nginx


def nothing() -> None:
    return None


ASKED: dict[str, Callable[[], object]] = {
    "chromium chromium-headless-shell": lambda: browser._started(cast(Any, None), None),
    "kannel kannel-extras": kannel.needed,
    "dovecot-imapd dovecot-lmtpd": lambda: dovecot.running().__enter__(),
    "nginx": test_nginx.program,
}


@pytest.fixture(autouse=True)
def _none_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kannel, "programs", nothing)
    monkeypatch.setattr(dovecot, "PROGRAM", "/tidak/ada")
    monkeypatch.setattr(test_nginx, "PROGRAM", None)


@pytest.mark.parametrize("packages", ASKED)
def test_it_is_skipped_by_the_packages_that_are_to_be_installed(packages: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=rf"apt install {packages}\)"):
        ASKED[packages]()


@pytest.mark.parametrize("packages", ASKED)
def test_a_build_server_installs_them_and_fails_without(packages: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=rf"CI=true.*apt install {packages}\)"):
        ASKED[packages]()
    installs = (ROOT / ".ci" / "run").read_text()
    assert all(f'missing="$missing {package}"' in installs for package in packages.split())
