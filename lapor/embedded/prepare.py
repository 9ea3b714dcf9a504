"""Makes `.venv` from a hashed requirements file, then hands over to the portal's own Python.

Runs by its path with the machine's Python before anything is installed: standard library only. uv is quicker and comes
first (pip puts it into `.tools`); wherever that fails, `venv` and pip do the same. Nothing happens when the venv
already stands for these requirements.
"""

import fcntl
import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
STAMP = VENV / ".lapor"
PYTHON = VENV / "bin" / "python"
UV = "uv==0.13.9"
PIP = [sys.executable, "-m", "pip"]


def main() -> None:
    requirements, *arguments = sys.argv[1:]
    try:
        prepare(ROOT / requirements)
    except OSError as error:
        sys.exit(
            f"Pustaka portal tidak dapat ditaruh di {ROOT}: {error.strerror}. "
            "Jalankan dari salinan yang boleh Anda tulis."
        )
    except KeyboardInterrupt:
        sys.exit(130)
    # Our own code, wherever the command was given: the current folder may hold another copy of it.
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ["PYTHONSAFEPATH"] = "1"
    os.environ["PYTHONDONTWRITEBYTECODE"] = "" if os.access(ROOT, os.W_OK) else "1"
    # Ctrl-C while the portal's code is read waits until somebody there can hear it (lapor.embedded.__main__).
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.execv(PYTHON, [str(PYTHON), "-m", "lapor.embedded", *arguments])


def prepare(requirements: Path) -> None:
    wanted = fingerprint(requirements)
    if stands(wanted):
        return
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stands(wanted):
            return
        print("Menyiapkan pustaka portal (hanya sekali) …", flush=True)
        had = stamped()
        if not (with_uv(requirements) or with_pip(requirements)):
            sys.exit("Pustaka portal gagal diunduh; pesan pip ada di atas. Periksa sambungan internet, lalu ulangi.")
        # The development set holds the runtime set, so both are stamped when it was laid.
        stamps = {wanted} | ({fingerprint(ROOT / "requirements.txt")} if "dev" in requirements.name else had)
        STAMP.write_text("\n".join(sorted(stamps)) + "\n")


def fingerprint(requirements: Path) -> str:
    """Changes with the requirements and with the Python that would run them."""
    return hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()


def stamped() -> set[str]:
    return set(STAMP.read_text().split()) if STAMP.exists() else set()


def stands(wanted: str) -> bool:
    return PYTHON.exists() and wanted in stamped()


def with_uv(requirements: Path) -> bool:
    """The quick road; silent where it ends, since pip follows."""
    uv = TOOLS / "uv" / "bin" / "uv"
    if importlib.util.find_spec("pip") is None:
        return False
    if not uv.exists():
        quiet([*PIP, "install", "-q", "--no-warn-script-location", "--target", str(TOOLS / "uv"), UV])
    if not uv.exists():
        return False
    os.environ["UV_PYTHON_DOWNLOADS"] = "never"
    # uv reads none of pip's settings: hand over those a closed network lives by.
    for option, variable in (("global.cert", "SSL_CERT_FILE"), ("global.index-url", "UV_DEFAULT_INDEX")):
        if value := pip_option(option):
            os.environ.setdefault(variable, value)
    install = [str(uv), "pip", "install", "-q", "--python", str(PYTHON), "--require-hashes", "-r", str(requirements)]
    venv = [str(uv), "venv", "-q", "--allow-existing", "--python", sys.executable, str(VENV)]
    return quiet(venv) and quiet(install)


def pip_option(name: str) -> str:
    """A setting of pip, from its variable or its file; "" when there is none."""
    given = os.environ.get("PIP_" + name.partition(".")[2].replace("-", "_").upper())
    if given:
        return given
    found = subprocess.run([*PIP, "config", "get", name], capture_output=True, text=True, check=False)
    return found.stdout.strip() if found.returncode == 0 else ""


def with_pip(requirements: Path) -> bool:
    """The slow road: `ensurepip` inside a venv, or the machine's pip pointed at a venv without one."""
    if importlib.util.find_spec("ensurepip") is not None:
        made = quiet([sys.executable, "-m", "venv", "--clear", str(VENV)])
        pip = [str(PYTHON), "-m", "pip"]
    elif importlib.util.find_spec("pip") is not None:
        made = quiet([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)])
        pip = [*PIP, "--python", str(PYTHON)]
    else:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            f"Python {version} di komputer ini tidak membawa pip maupun venv.\n"
            f"Pasang salah satunya, misalnya: apt install python{version}-venv (atau python3-pip), lalu ulangi."
        )
    return made and subprocess.call([*pip, "install", "-q", "--require-hashes", "-r", str(requirements)]) == 0


def quiet(command: list[str]) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    main()
