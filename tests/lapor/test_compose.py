"""The way it is deployed, read as data: `docker-compose config` in .ci/run checks the form, this the sense."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from lapor.celery import QUEUES
from lapor.embedded.portal import programs
from lapor.embedded.state import ROOT, State
from lapor.variables import VARIABLES
from tests.lapor.test_settings import _read

OURS = ("web", "worker", "sweeper", "beat", "puller", "upgrade")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return read


def test_every_service_is_there_and_watched(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"nginx", "postgres", "redis", *OURS}
    for name, service in compose["services"].items():
        assert "healthcheck" in service, name
        assert service["restart"] == ("no" if name == "upgrade" else "unless-stopped"), name


def test_nginx_alone_has_a_port_on_the_host(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["nginx"]
    assert {name for name, service in compose["services"].items() if "front" in service["networks"]} == {"nginx"}


def test_secrets_come_from_files_and_only_from_files(compose: dict[str, Any]) -> None:
    declared = set(compose["secrets"])
    for name, service in compose["services"].items():
        assert set(service.get("secrets", [])) <= declared, name
        for variable, value in service.get("environment", {}).items():
            if variable.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], variable
            else:
                assert not re.search("KEY|PEPPER|PASSWORD|URL", variable), variable


def test_it_sets_only_variables_we_know(compose: dict[str, Any]) -> None:
    for name in OURS:
        names = {variable.removesuffix("_FILE") for variable in compose["services"][name]["environment"]}
        assert names <= set(VARIABLES)
        assert compose["services"][name]["environment"]["LAPOR_MODE"] == "produksi"


def test_postgresql_compiles_no_statement_for_a_page(compose: dict[str, Any]) -> None:
    """It would take longer than the statement; the embedded server has it off as well."""
    assert "jit=off" in compose["services"]["postgres"]["command"]
    assert '"jit": "off"' in (ROOT / "lapor" / "embedded" / "postgres.py").read_text()


def test_what_must_survive_lies_in_a_volume(compose: dict[str, Any]) -> None:
    kept = {name: service["volumes"] for name, service in compose["services"].items() if "volumes" in service}
    assert kept["postgres"] == ["basisdata:/var/lib/postgresql"]
    assert kept["redis"] == ["antrean:/data"]
    assert kept["web"] == kept["worker"] == ["berkas:/data"]
    assert set(compose["volumes"]) == {"basisdata", "antrean", "berkas"}


def test_nothing_is_served_before_the_tables_are_ready(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "sweeper", "beat"):
        assert compose["services"][name]["depends_on"]["upgrade"]["condition"] == "service_completed_successfully"


def test_it_runs_what_bin_run_runs(compose: dict[str, Any], tmp_path: Path) -> None:
    """The same queues, none forgotten, none served twice."""
    here = programs(State(tmp_path), {}, 8000)
    assert set(here) == set(OURS) - {"upgrade", "puller"}
    served = []
    for name in ("worker", "sweeper"):
        there = compose["services"][name]["command"]
        assert set(there[1:]) <= set(here[name].command)
        served += there[there.index("--queues") + 1].split(",")
    assert sorted(served) == sorted(QUEUES)


def test_where_there_is_a_mailbox_somebody_listens_at_it(compose: dict[str, Any], tmp_path: Path) -> None:
    heard = {"LAPOR_IMAP_URL": "imaps://lapor:x@surat.test", "LAPOR_EMAIL_INBOX": "lapor@surat.test"}
    assert "puller" in programs(State(tmp_path), heard, 8000)
    for lacking in heard:
        assert "puller" not in programs(State(tmp_path), heard | {lacking: ""}, 8000)
    # By default nobody listens, and compose starts what it started before.
    assert compose["services"]["puller"]["profiles"] == ["surat"]
    more = yaml.safe_load((ROOT / "deploy" / "email.yml").read_text())
    assert set(more["services"]) == {"web", "worker", "sweeper", "puller"}
    for service in more["services"].values():
        assert service["environment"]["LAPOR_IMAP_URL_FILE"] == "/run/secrets/imap_url"


def test_kannel_stands_beside_it_and_both_know_the_same_secrets() -> None:
    more = yaml.safe_load((ROOT / "deploy" / "sms.yml").read_text())
    assert set(more["services"]) == {"web", "worker", "sweeper", "bearerbox", "smsbox"}
    for name in ("web", "worker", "sweeper"):
        given = more["services"][name]["environment"]
        assert {variable.removesuffix("_FILE") for variable in given} <= set(VARIABLES)
        files = {value.removeprefix("/run/secrets/") for variable, value in given.items() if variable.endswith("_FILE")}
        assert files == set(more["services"][name]["secrets"]) == {"sms_secret", "sms_password"}
        # The worker sends to where smsbox listens; its configuration in docs/sms.md says the same port.
        assert given["LAPOR_SMS_SEND_URL"] == "http://smsbox:13013/cgi-bin/sendsms"
    paper = (ROOT / "docs" / "sms.md").read_text()
    assert "sendsms-port = 13013" in paper
    assert "smsbox-port = 13001" in paper
    for name in ("bearerbox", "smsbox"):
        service = more["services"][name]
        assert service["networks"] == ["behind"]
        assert "ports" not in service
        assert "healthcheck" in service
    assert (ROOT / "deploy" / "kannel" / "Dockerfile").read_text().rstrip().endswith("USER kannel")


# --- deploy/latihan.yml ---


@pytest.fixture(scope="module")
def training() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "latihan.yml").read_text())
    return read


def with_training(compose: dict[str, Any], training: dict[str, Any], name: str) -> tuple[dict[str, str], set[str]]:
    """What docker-compose makes of both files for one service: its environment, and the secrets it may read."""
    one, more = compose["services"][name], training["services"][name]
    secrets = {*one.get("secrets", ()), *more.get("secrets", ())}
    return {**one.get("environment", {}), **more.get("environment", {})}, secrets


def test_training_runs_every_program_of_ours_in_its_own_mode(compose: dict[str, Any], training: dict[str, Any]) -> None:
    assert set(training["services"]) == {*OURS, "postgres"}
    for name in OURS:
        given, secrets = with_training(compose, training, name)
        assert given["LAPOR_MODE"] == "latihan"
        assert {variable.removesuffix("_FILE") for variable in given} <= set(VARIABLES)
        for variable, value in given.items():
            if variable.endswith("_FILE") and value:
                assert value.removeprefix("/run/secrets/") in secrets, variable
        # The same image by the same command, on the network it stands on already.
        assert set(training["services"][name]) == {"environment", "secrets"}


def test_nothing_of_a_real_portal_is_named_beside_training(compose: dict[str, Any], training: dict[str, Any]) -> None:
    assert set(training["secrets"]) == {*compose["secrets"], "pelatih"}
    named = set()
    for name, secret in training["secrets"].items():
        assert secret["file"].startswith("./secrets/latihan/"), name
        named.add(secret["file"].rpartition("/")[2])
    # The recipe at its top writes each of them.
    recipe = (ROOT / "deploy" / "latihan.yml").read_text().partition("version:")[0]
    loop = re.search(r"for name in ([a-z_ ]+);", recipe)
    assert loop
    assert named == {*loop[1].split(), *re.findall(r"> ([a-z_]+)", recipe)}
    # Volumes by their own names, whatever project they are started in.
    assert set(training["volumes"]) == set(compose["volumes"])
    assert all(volume["name"] == f"latihan_{name}" for name, volume in training["volumes"].items())
    database = training["services"]["postgres"]["environment"]["POSTGRES_DB"]
    assert database in training["services"]["postgres"]["healthcheck"]["test"]
    assert f"@postgres:5432/{database}'" in recipe


def test_training_takes_its_own_files_and_refuses_those_of_a_real_portal(
    compose: dict[str, Any], training: dict[str, Any], tmp_path: Path
) -> None:
    """The settings read what the containers would be given; the guard of the databases is in test_training.py."""
    own = {
        "pelatih": "01234567",
        "secret_key": "r" * 60,
        "pepper": "p" * 40,
        "field_keys": "aGFueWEtdW50dWstdWppLWNvYmEtc2VydmVyLTAwMDE=",
        "database_url": "postgresql://lapor:b3nar-pa9jang@postgres:5432/lapor_latihan",
        "redis_url": "redis://:b3nar-pa9jang@redis:6379/0",
    }
    for name, content in own.items():
        (tmp_path / name).write_text(content)
    (tmp_path / "real_url").write_text("postgresql://lapor:b3nar-pa9jang@postgres:5432/lapor")
    (tmp_path / "email_url").write_text("smtp+tls://nama:sandi@host:587")
    given, _secrets = with_training(compose, training, "web")
    inside = {
        variable: value.replace("/run/secrets", str(tmp_path)) for variable, value in given.items() if "${" not in value
    } | {"LAPOR_HOSTS": "latihan.contoh.go.id", "LAPOR_EMAIL_URL": ""}
    real, mail = str(tmp_path / "real_url"), str(tmp_path / "email_url")
    told = _read(
        [
            inside,
            inside | {"LAPOR_DATABASE_URL_FILE": real},
            inside | {"LAPOR_EMAIL_URL_FILE": mail},
            inside | {"LAPOR_LATIHAN_KODE_FILE": ""},
        ]
    )
    assert not told[0].startswith("ImproperlyConfigured"), told[0]
    for said, named in zip(told[1:], ("LAPOR_DATABASE_URL", "LAPOR_EMAIL_URL", "LAPOR_LATIHAN_KODE"), strict=True):
        assert said.startswith(f"ImproperlyConfigured {named}: "), said


def test_nginx_holds_slow_and_large_requests_off() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text()
    for line in (
        "proxy_request_buffering on;",
        "client_header_timeout 10s;",
        "client_body_timeout 20s;",
        "client_max_body_size 52m;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header Host $http_host;",
    ):
        assert line in nginx


def test_the_image_installs_by_hash_copies_what_exists_and_is_not_root() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes -r requirements.txt" in dockerfile
    for source in re.findall(r"^COPY (\S+)", dockerfile, re.MULTILINE):
        assert (ROOT / source).exists(), source
    assert dockerfile.index("USER portal") < dockerfile.index("\nCMD")


def test_the_locks_name_no_host_and_hash_every_package() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lock = (ROOT / name).read_text()
        assert "://" not in lock
        packages = re.findall(r"^[a-z0-9][^\s;=]*==", lock, re.MULTILINE)
        assert len(packages) > 20
        for block in re.split(r"\n(?=\S)", lock.strip()):
            assert "--hash=sha256:" in block, block[:60]
