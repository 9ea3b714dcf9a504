"""Before anything is installed: which Python, and what is said when it will not do."""

import subprocess
from pathlib import Path

import pytest

from lapor.embedded import prepare
from lapor.embedded.state import ROOT

WITH_PYTHON = ROOT / "bin" / "_with_python"
TOOLS = ("sh", "dirname", "readlink", "head")


def machine(folder: Path, **pythons: str) -> dict[str, str]:
    """A PATH with the few programs the script calls, and pretended Pythons: name=version."""
    for tool in TOOLS:
        (folder / tool).symlink_to(subprocess.check_output(["which", tool], text=True).strip())
    for name, version in pythons.items():
        program = folder / name
        modern = tuple(int(part) for part in version.split(".")) >= (3, 11)
        program.write_text(
            "#!/bin/sh\n"
            f'case "$1" in -V) echo "Python {version}";; -c) exit {0 if modern else 1};; *) echo "mulai: $*";; esac\n'
        )
        program.chmod(0o755)
    return {"PATH": str(folder)}


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [str(WITH_PYTHON), "requirements.txt", "run"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_an_old_python_is_refused_in_words(tmp_path: Path) -> None:
    done = start(machine(tmp_path, python3="3.10.12"))
    assert done.returncode == 1
    assert "memerlukan Python 3.11" in done.stderr
    assert "Python 3.10.12" in done.stderr


def test_no_python_at_all_is_said_too(tmp_path: Path) -> None:
    done = start(machine(tmp_path))
    assert done.returncode == 1
    assert "tidak ada Python" in done.stderr
    assert "apt install" in done.stderr


def test_a_newer_python_beside_an_old_one_is_taken(tmp_path: Path) -> None:
    folder = machine(tmp_path, python3="3.10.12")
    program = tmp_path / "python3.12"
    program.write_text('#!/bin/sh\ncase "$1" in -c) exit 0;; *) echo "mulai: $*";; esac\n')
    program.chmod(0o755)
    done = start(folder)
    assert done.returncode == 0
    assert done.stdout.strip().endswith("prepare.py requirements.txt run")


def test_without_pip_and_venv_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert prepare.with_uv(ROOT / "requirements.txt") is False
    with pytest.raises(SystemExit) as stopped:
        prepare.with_pip(ROOT / "requirements.txt")
    assert "apt install python3" in str(stopped.value)
    assert "-venv" in str(stopped.value)
