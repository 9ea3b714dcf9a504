"""Where a portal keeps its state: a folder that cannot be written is named, PostgreSQL's lies where it may reach it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lapor.embedded import postgres, state, upgrade, valkey
from lapor.embedded.process import Trouble
from lapor.embedded.state import State, home_for_postgres
from tests.world import World

NOBODY = 65534


@contextmanager
def as_an_ordinary_user() -> Iterator[None]:
    """Root may write everywhere."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(was)


def test_a_folder_that_may_only_be_read_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir(mode=0o555)
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    with as_an_ordinary_user(), pytest.raises(Trouble, match="LAPOR_STATE_DIR") as told:
        State.open(folder)
    assert str(folder) in str(told.value)
    assert list(folder.iterdir()) == []


def test_a_program_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAPOR_VALKEY_BIN", "/tidak/ada")
    with pytest.raises(Trouble, match=r"^LAPOR_VALKEY_BIN: .*/tidak/ada"):
        valkey.binary()
    monkeypatch.setenv("LAPOR_POSTGRES_BIN", "/tidak/ada")
    with pytest.raises(Trouble, match=r"^LAPOR_POSTGRES_BIN: .*/tidak/ada"):
        postgres.binaries_for(None)


def test_what_runs_is_read_whole_and_by_its_owner_alone(tmp_path: Path) -> None:
    ours = State.open(tmp_path / "var")
    ours.note(url="http://127.0.0.1:8000/")
    with (ours.run / "portal.json").open() as reading:
        ours.note(url="http://127.0.0.1:8001/")
        assert json.load(reading)["url"] == "http://127.0.0.1:8000/"
    assert ours.noted() == {"pid": os.getpid(), "url": "http://127.0.0.1:8001/"}
    assert [(file.name, file.stat().st_mode & 0o777) for file in ours.run.iterdir()] == [("portal.json", 0o600)]
    ours.forget()
    assert ours.noted() == {}


@pytest.mark.parametrize(("mode", "inside"), [(0o755, True), (0o700, False)])
def test_as_root_postgresql_lives_where_its_account_can_reach_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, inside: bool
) -> None:
    monkeypatch.setattr(state, "account_for_postgres", lambda: (NOBODY, NOBODY))
    monkeypatch.setattr(state, "SYSTEM_STATE", tmp_path / "sistem")
    monkeypatch.setattr(state, "reachable_by_all", lambda folder: bool(folder.stat().st_mode & 0o005))
    ours = State.open(tmp_path / "var")
    ours.folder.chmod(mode)
    home = home_for_postgres(ours)
    assert (home == ours.folder / "postgres") is inside
    assert inside or home.is_relative_to(tmp_path / "sistem")
    # Data that lies there already is not left behind when rights change.
    (home / "data").mkdir(parents=True)
    (home / "data" / "PG_VERSION").write_text("17")
    ours.folder.chmod(0o755 if mode == 0o700 else 0o700)
    assert home_for_postgres(ours) == home


@pytest.mark.django_db
def test_in_produksi_a_database_with_trial_passwords_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    user = world.joko.user
    assert user is not None
    monkeypatch.setattr(upgrade, "demo_accounts", lambda: [("Joko", user.email, "coba-saja-2026")])
    assert upgrade.refuse_demo_accounts() == 0
    user.set_password("coba-saja-2026")
    user.save()
    assert upgrade.refuse_demo_accounts() == 1
    assert user.email in capsys.readouterr().err
