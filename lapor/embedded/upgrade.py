"""Brings the database to this version: migrations, static files, then reference data and demo, each only when changed.

Run as its own process before the portal starts (`python -m lapor.embedded.upgrade`), so that Django is not loaded into
the supervisor. Which data was loaded is noted on the migrations table itself: it travels with the database.
"""

import hashlib
import importlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command, get_commands
from django.db import connection

from lapor.embedded import apart
from lapor.variables import unknown

DATA = (
    "load_wilayah", "load_boundaries", "load_agencies", "load_holidays", "load_categories", "load_questions",
    "load_standards",
)  # fmt: skip
INGREDIENTS = ("*/data/**/*", "*/management/commands/*.py", "*/demo*.py", "*/demo/**/*")
ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapor.settings")
    for name in unknown(os.environ):
        print(f"Peringatan: {name} tidak dikenal dan diabaikan.", flush=True)
    try:
        django.setup()
        call_command("check", deploy=settings.PRODUCTION, stdout=io.StringIO())
    except (ImproperlyConfigured, CommandError) as error:
        print(error, file=sys.stderr)
        return 1
    if why := apart.trouble():
        print(why, file=sys.stderr)
        return 1
    if settings.TRAINING:
        _training().before_migrating()
    call_command("migrate", verbosity=0, interactive=False)
    if settings.STATIC_ROOT and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", verbosity=0, interactive=False)
    # Who learns meets a portal that has been in use for a while.
    trial = ["seed_demo", *(["seed_demo_cases"] if settings.TRAINING else [])]
    load_data([*DATA, *([] if settings.PRODUCTION else trial)])
    if settings.PRODUCTION:
        return refuse_demo_accounts()
    if not settings.TRAINING:
        write_demo_accounts()
    elif not _training().is_laid():
        _training().lay()
    return 0


def _training() -> Any:
    """How a training portal returns to its start; in other modes it is not loaded."""
    return importlib.import_module("lapor.training.restart")


def load_data(commands: list[str]) -> None:
    wanted = fingerprint(commands)
    if loaded() == wanted:
        return
    known = get_commands()
    for name in commands:
        if name in known:
            call_command(name, verbosity=0)
    with connection.cursor() as cursor:
        # COMMENT takes no parameters; the fingerprint is hexadecimal.
        cursor.execute(f"COMMENT ON TABLE django_migrations IS 'lapor data {wanted}'")


def loaded() -> str:
    """The fingerprint of the data this database holds; "" for none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('django_migrations'::regclass)")
        row = cursor.fetchone()
    return (row[0] or "").removeprefix("lapor data ") if row else ""


def fingerprint(commands: list[str]) -> str:
    digest = hashlib.sha256(" ".join(commands).encode())
    for pattern in INGREDIENTS:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and not {"__pycache__", "var", ".venv"} & set(path.parts[len(ROOT.parts) :]):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def demo_accounts() -> list[tuple[str, str, str]]:
    """(role in words, email, password) of each demo account."""
    try:
        accounts: list[tuple[str, str, str]] = importlib.import_module("agencies.demo").accounts()
    except ModuleNotFoundError:
        return []
    return accounts


def write_demo_accounts() -> None:
    """For the supervisor's greeting."""
    (settings.STATE_DIR / "run" / "akun.json").write_text(json.dumps(demo_accounts()))


def refuse_demo_accounts() -> int:
    """In produksi nobody may sign in with a password that is printed in our papers."""
    from agencies.models import User

    users = {user.email: user for user in User.objects.filter(email__in=[email for _, email, _ in demo_accounts()])}
    bad = [email for _, email, password in demo_accounts() if email in users and users[email].check_password(password)]
    if bad:
        print(
            "LAPOR_MODE: 'produksi' menolak basis data yang masih memuat akun coba dengan sandi coba: "
            f"{', '.join(bad[:5])}. Ganti sandinya atau pakai basis data baru.",
            file=sys.stderr,
        )
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
