"""Settings as a process reads them: what `produksi` refuses, by which name, and what `check --deploy` says."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from lapor.embedded.state import ROOT
from lapor.variables import take_files

PRODUCTION = {
    "LAPOR_MODE": "produksi",
    "LAPOR_SECRET_KEY": "x7Kq2" * 12,
    "LAPOR_PEPPER": "p4Lw9" * 8,
    "LAPOR_FIELD_KEYS": "Y2hhbmdlLW1lLXRoaXMtaXMtMzItYnl0ZXMtbG9uZyE=",
    "LAPOR_HOSTS": "lapor.contoh.go.id",
    "LAPOR_DATABASE_URL": "postgresql://lapor:b3nar-pa9jang@127.0.0.1:1/lapor",
    "LAPOR_REDIS_URL": "redis://:b3nar-pa9jang@127.0.0.1:1/0",
    "LAPOR_EMAIL_URL": "smtp+tls://lapor:b3nar@127.0.0.1:587",
    "LAPOR_EMAIL_FROM": "LAPOR! <lapor@contoh.go.id>",
}


def check(**changed: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check --deploy` in an environment of its own; an empty value takes the variable away."""
    given = {name: value for name, value in os.environ.items() if not name.startswith(("LAPOR_", "DJANGO_"))}
    variables = {name: value for name, value in (PRODUCTION | changed).items() if value}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=given | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_well_set_server_passes_every_check_of_a_deployment() -> None:
    done = check()
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


BAD = [
    ("LAPOR_SECRET_KEY", ""),
    ("LAPOR_SECRET_KEY", "pendek"),
    ("LAPOR_SECRET_KEY", settings.TRIAL_KEY),
    ("LAPOR_PEPPER", ""),
    ("LAPOR_PEPPER", settings.TRIAL_PEPPER),
    ("LAPOR_FIELD_KEYS", ""),
    ("LAPOR_FIELD_KEYS", "bukan-kunci"),
    ("LAPOR_FIELD_KEYS", settings.TRIAL_FIELD_KEY),
    ("LAPOR_FIELD_KEYS", f"{PRODUCTION['LAPOR_FIELD_KEYS']},{settings.TRIAL_FIELD_KEY}"),
    ("LAPOR_HOSTS", ""),
    ("LAPOR_HOSTS", "*"),
    ("LAPOR_SITE_URL", "lapor.contoh.go.id"),
    ("LAPOR_SITE_URL", "http://lapor.contoh.go.id"),
    ("LAPOR_SITE_URL", "https://lapor.contoh.go.id/lapor"),
    ("LAPOR_DEBUG", "1"),
    ("LAPOR_DATABASE_URL", ""),
    ("LAPOR_DATABASE_URL", "mysql://lapor:b3nar@127.0.0.1/lapor"),
    ("LAPOR_DATABASE_URL", "postgresql://lapor:lapor@127.0.0.1/lapor"),
    ("LAPOR_DATABASE_URL", "postgresql://lapor:b3nar-pa9jang@127.0.0.1:lima/lapor"),
    ("LAPOR_DATABASE_POOL", "delapan"),
    ("LAPOR_REDIS_URL", "redis://127.0.0.1/0"),
    ("LAPOR_REDIS_URL", "redis://:b3nar-pa9jang@127.0.0.1:99999/0"),
    ("LAPOR_EMAIL_URL", ""),
    ("LAPOR_EMAIL_URL", "surat.contoh.go.id"),
    ("LAPOR_EMAIL_URL", "smtp+tls://"),
    ("LAPOR_EMAIL_URL", "smtp+tls://lapor:b3nar@127.0.0.1:lima"),
    ("LAPOR_EMAIL_URL", "consolemail://"),
    ("LAPOR_EMAIL_FROM", ""),
    ("LAPOR_EMAIL_INBOX", "bukan alamat"),
    ("LAPOR_EMAIL_INBOX", "lapor+x@contoh.go.id"),
    ("LAPOR_EMAIL_REPLY", "terlalu-panjang-untuk-tanda@contoh.go.id"),
    ("LAPOR_EMAIL_KEY", "pendek"),
    ("LAPOR_EMAIL_ESP", "merpati"),
    ("LAPOR_EMAIL_ESP", "../x"),
    ("LAPOR_IMAP_URL", "https://surat.contoh.go.id"),
    ("LAPOR_IMAP_URL", "imap://lapor:b3nar@surat.contoh.go.id/INBOX"),
    ("LAPOR_MODE", "langsung"),
    ("LAPOR_LATIHAN_ALAMAT", "latihan.contoh.go.id"),
    ("LAPOR_PETA_UBIN", "http://ubin.contoh.go.id/{z}/{x}/{y}.png"),
    ("LAPOR_PETA_UBIN", "https://ubin.contoh.go.id/peta.png"),
    ("LAPOR_PETA_UBIN", "https://ubin.contoh.go.id; script-src */{z}/{x}/{y}.png"),
    ("LAPOR_PETA_UBIN", "http://ubin.contoh.go.id/peta.pmtiles"),
    ("LAPOR_PETA_UBIN", "//ubin.contoh.go.id/peta.pmtiles"),
    ("LAPOR_PETA_UBIN", "/peta; script-src */peta.pmtiles"),
    ("LAPOR_SWEEP_SECONDS", "0"),
    ("LAPOR_SWEEP_SECONDS", "semenit"),
]
TILES = {"LAPOR_PETA_UBIN": "https://ubin.contoh.go.id/{z}/{x}/{y}.png", "LAPOR_PETA_SUMBER": "© BIG"}
KANNEL = {"LAPOR_SMS_GATEWAY": "kannel", "LAPOR_SMS_SECRET": "s4ndi-gerbang-" * 3}
BAD_GATEWAY = [
    ("LAPOR_SMS_GATEWAY", "merpati"),
    ("LAPOR_SMS_GATEWAY", "coba"),
    ("LAPOR_SMS_SECRET", ""),
    ("LAPOR_SMS_SECRET", "pendek"),
    ("LAPOR_SMS_SEND_URL", "kannel:13013"),
    ("LAPOR_SMS_SEND_URL", "file:///etc/passwd"),
    ("LAPOR_SMS_NUMBER", "seribu tujuh ratus delapan"),
    ("LAPOR_SMS_FROM", "kannel"),
    ("LAPOR_SMS_FROM", "10.0.0.7,10.0.0.0/99"),
]
# Whose pictures a page may show and whom its scripts may ask.
SHOWN = {
    "": "'self' data: | 'self'",
    TILES["LAPOR_PETA_UBIN"]: "'self' data: https://ubin.contoh.go.id | 'self'",
    "https://ubin.contoh.go.id/peta.pmtiles": "'self' data: blob: | 'self' https://ubin.contoh.go.id",
    "/static/peta.pmtiles": "'self' data: blob: | 'self'",
}
# The settings read anew with each set of changes, in one process (to start one takes longer than to read a hundred):
# what they refuse, or whose pictures they let in.
READ_EACH = """
import importlib, json, os, sys
from lapor import settings
told, first = [], dict(os.environ)
for changed in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update({name: value for name, value in (first | changed).items() if value})
    try:
        read = importlib.reload(settings).CONTENT_SECURITY_POLICY["DIRECTIVES"]
        told.append(" ".join([*read["img-src"], "|", *read["connect-src"]]))
    except Exception as error:
        told.append(f"{type(error).__name__} {error}")
print(json.dumps(told))
"""


def _read(changes: list[dict[str, str]]) -> list[str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith(("LAPOR_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", READ_EACH],
        cwd=ROOT,
        env=given | PRODUCTION,
        input=json.dumps(changes),
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout))


@pytest.fixture(scope="module")
def told() -> dict[tuple[str, str], str]:
    """What became of each bad value, of each kind of tiles, and of tiles nobody is named for."""
    tiles = [{"LAPOR_PETA_UBIN": where, "LAPOR_PETA_SUMBER": "© BIG"} for where in SHOWN]
    changes = [{name: value} for name, value in BAD] + [{**KANNEL, name: value} for name, value in BAD_GATEWAY]
    asked = [*BAD, *BAD_GATEWAY, *(("", where) for where in SHOWN), ("", "unnamed")]
    return dict(zip(asked, _read([*changes, *tiles, TILES | {"LAPOR_PETA_SUMBER": ""}]), strict=True))


@pytest.mark.parametrize(("name", "value"), [*BAD, *BAD_GATEWAY])
def test_a_missing_default_or_bad_value_is_refused_by_its_name(
    told: dict[tuple[str, str], str], name: str, value: str
) -> None:
    assert told[name, value].startswith(f"ImproperlyConfigured {name}: ")


def test_a_refused_value_stops_every_command() -> None:
    done = check(LAPOR_SECRET_KEY="pendek")
    assert done.returncode != 0
    assert done.stderr.startswith("LAPOR_SECRET_KEY: ")


@pytest.mark.slow
def test_a_server_with_everything_set_passes_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Gateway, tiles, and a secret from a file."""
    file = tmp_path_factory.mktemp("rahasia") / "alamat"
    file.write_text(PRODUCTION["LAPOR_DATABASE_URL"] + "\n")
    gateway = {
        "LAPOR_SMS_SEND_URL": "http://smsbox:13013/cgi-bin/sendsms",
        "LAPOR_SMS_NUMBER": "1708",
        "LAPOR_SMS_FROM": "10.0.0.7,10.1.0.0/16,fd00::/8",
    }
    done = check(**KANNEL, **gateway, **TILES, LAPOR_DATABASE_URL="", LAPOR_DATABASE_URL_FILE=str(file))
    assert done.returncode == 0, done.stderr


def test_tiles_under_the_map_are_named(told: dict[tuple[str, str], str]) -> None:
    assert told["", "unnamed"].startswith("ImproperlyConfigured LAPOR_PETA_SUMBER: ")


@pytest.mark.parametrize("where", SHOWN)
def test_only_the_setting_lets_pictures_of_another_host_in(told: dict[tuple[str, str], str], where: str) -> None:
    assert told["", where] == SHOWN[where]


def test_bin_run_takes_the_files_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("rahasia") / "alamat"
    file.write_text("postgresql://lapor@127.0.0.1/lain\n")
    environment = {"LAPOR_DATABASE_URL_FILE": str(file), "PATH": "/bin"}
    take_files(environment)
    assert environment == {"LAPOR_DATABASE_URL": "postgresql://lapor@127.0.0.1/lain", "PATH": "/bin"}


def test_the_line_end_of_a_file_is_not_part_of_its_secret(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("rahasia") / "sandi"
    file.write_text("postgresql://lapor:rahasia@127.0.0.1/lapor\n")
    assert "LAPOR_DATABASE_URL: " in check(LAPOR_DATABASE_URL="", LAPOR_DATABASE_URL_FILE=str(file)).stderr
