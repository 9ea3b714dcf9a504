"""Settings as a process reads them: what `produksi` refuses, by which name, and what `check --deploy` says."""

import json
import os
import subprocess
import sys

import pytest

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


def test_a_well_set_server_passes_every_check_of_a_deployment() -> None:
    done = check()
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


BAD = [
    ("LAPOR_SECRET_KEY", ""),
    ("LAPOR_SECRET_KEY", "pendek"),
    ("LAPOR_PEPPER", ""),
    ("LAPOR_PEPPER", "hanya-untuk-coba-bukan-untuk-server"),
    ("LAPOR_FIELD_KEYS", ""),
    ("LAPOR_FIELD_KEYS", "bukan-kunci"),
    ("LAPOR_HOSTS", ""),
    ("LAPOR_HOSTS", "*"),
    ("LAPOR_DEBUG", "1"),
    ("LAPOR_DATABASE_URL", ""),
    ("LAPOR_DATABASE_URL", "mysql://lapor:b3nar@127.0.0.1/lapor"),
    ("LAPOR_DATABASE_URL", "postgresql://lapor:lapor@127.0.0.1/lapor"),
    ("LAPOR_REDIS_URL", "redis://127.0.0.1/0"),
    ("LAPOR_EMAIL_URL", ""),
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
    ("LAPOR_PETA_UBIN", "http://ubin.contoh.go.id/{z}/{x}/{y}.png"),
    ("LAPOR_PETA_UBIN", "https://ubin.contoh.go.id/peta.png"),
    ("LAPOR_PETA_UBIN", "https://ubin.contoh.go.id; script-src */{z}/{x}/{y}.png"),
    ("LAPOR_PETA_UBIN", "http://ubin.contoh.go.id/peta.pmtiles"),
    ("LAPOR_PETA_UBIN", "//ubin.contoh.go.id/peta.pmtiles"),
    ("LAPOR_PETA_UBIN", "/peta; script-src */peta.pmtiles"),
    ("LAPOR_SWEEP_SECONDS", "0"),
]
# The settings read anew with each bad value, in one process: what they refuse, "" where they take it.
READ_EACH = """
import importlib, json, os, sys
from lapor import settings
told = []
for name, value in json.load(sys.stdin):
    before = os.environ.pop(name, None)
    if value:
        os.environ[name] = value
    try:
        importlib.reload(settings)
        told.append("")
    except Exception as error:
        told.append(f"{type(error).__name__} {error}")
    os.environ.pop(name, None)
    if before is not None:
        os.environ[name] = before
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told() -> dict[tuple[str, str], str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith(("LAPOR_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", READ_EACH],
        cwd=ROOT,
        env=given | PRODUCTION,
        input=json.dumps(BAD),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(BAD, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_missing_default_or_bad_value_is_refused_by_its_name(
    told: dict[tuple[str, str], str], name: str, value: str
) -> None:
    assert told[name, value].startswith(f"ImproperlyConfigured {name}: ")


def test_a_refused_value_stops_every_command() -> None:
    done = check(LAPOR_SECRET_KEY="pendek")
    assert done.returncode != 0
    assert "LAPOR_SECRET_KEY: " in done.stderr


KANNEL = {"LAPOR_SMS_GATEWAY": "kannel", "LAPOR_SMS_SECRET": "s4ndi-gerbang-" * 3}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LAPOR_SMS_GATEWAY", "merpati"),
        ("LAPOR_SMS_GATEWAY", "coba"),
        ("LAPOR_SMS_SECRET", ""),
        ("LAPOR_SMS_SECRET", "pendek"),
        ("LAPOR_SMS_SEND_URL", "kannel:13013"),
        ("LAPOR_SMS_SEND_URL", "file:///etc/passwd"),
        ("LAPOR_SMS_NUMBER", "seribu tujuh ratus delapan"),
        ("LAPOR_SMS_FROM", "kannel"),
        ("LAPOR_SMS_FROM", "10.0.0.7,10.0.0.0/99"),
    ],
)
def test_a_bad_value_of_the_sms_gateway_is_refused_by_its_name(name: str, value: str) -> None:
    done = check(**{**KANNEL, name: value})
    assert done.returncode != 0
    assert f"{name}: " in done.stderr


def test_a_gateway_that_is_well_set_passes() -> None:
    more = {
        "LAPOR_SMS_SEND_URL": "http://smsbox:13013/cgi-bin/sendsms",
        "LAPOR_SMS_NUMBER": "1708",
        "LAPOR_SMS_FROM": "10.0.0.7,10.1.0.0/16,fd00::/8",
    }
    assert check(**KANNEL, **more).returncode == 0


def test_tiles_under_the_map_are_named_and_then_allowed() -> None:
    tiles = "https://ubin.contoh.go.id/{z}/{x}/{y}.png"
    unnamed = check(LAPOR_PETA_UBIN=tiles)
    assert unnamed.returncode != 0
    assert "LAPOR_PETA_SUMBER: " in unnamed.stderr
    assert check(LAPOR_PETA_UBIN=tiles, LAPOR_PETA_SUMBER="© Badan Informasi Geospasial").returncode == 0


def test_only_the_setting_lets_pictures_of_another_host_in() -> None:
    given = {name: value for name, value in os.environ.items() if not name.startswith(("LAPOR_", "DJANGO_"))}
    code = "from lapor import settings as s; d = s.CONTENT_SECURITY_POLICY['DIRECTIVES']; print(*d['img-src'], '|', "
    code += "*d['connect-src'])"
    host = "https://ubin.contoh.go.id"
    for tiles, allowed in (
        ("", "'self' data: | 'self'"),
        (f"{host}/{{z}}/{{x}}/{{y}}.png", f"'self' data: {host} | 'self'"),
        (f"{host}/peta.pmtiles", f"'self' data: blob: | 'self' {host}"),
        ("/static/peta.pmtiles", "'self' data: blob: | 'self'"),
    ):
        more = {"LAPOR_PETA_UBIN": tiles, "LAPOR_PETA_SUMBER": "© BIG"} if tiles else {}
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=given | PRODUCTION | more, capture_output=True, text=True
        )
        assert run.stdout.strip() == allowed


def test_a_secret_may_come_from_a_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("rahasia") / "alamat"
    file.write_text(PRODUCTION["LAPOR_DATABASE_URL"] + "\n")
    done = check(LAPOR_DATABASE_URL="", LAPOR_DATABASE_URL_FILE=str(file))
    assert done.returncode == 0, done.stderr


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
