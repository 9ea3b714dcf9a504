"""What only workers need is loaded by them alone: a web worker would carry it in every process (bench/weight.py)."""

import subprocess
import sys

import pytest
from django.template import Context, Engine
from django.template.base import Node

from lapor.embedded.state import ROOT

# Queue, learning and reading, borders, the typesetter, pictures.
OF_WORKERS = {
    *("httpcore", "celery", "kombu", "agencies.tasks", "complaints.tasks", "routing.tasks"),
    *("numpy", "scipy", "sklearn", "joblib", "routing.classifier", "routing.classifier.reading"),
    *("shapely", "routing.places.points", "typst", "pikepdf"),
    # What a mail provider is called with; whoever opens the page to sign in loads the adapter.
    *("requests", "urllib3", "anymail.exceptions"),
    # What redis brings for asyncio.
    *("redis.asyncio.client", "redis.asyncio.cluster", "redis.asyncio.connection"),
    # What allauth brings for security keys, and what takes a script of SQL apart.
    *("fido2", "sqlparse.engine"),
}


@pytest.mark.slow
def test_a_web_process_loads_nothing_that_only_workers_need() -> None:
    """All urls and views read, as a web worker reads them."""
    code = (
        "import sys, lapor.wsgi, agencies.adapter\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "print(*sys.modules, sep='\\n')\n"
        # What stands for a module is that module as soon as something is asked of it.
        "import redis, sqlparse\n"
        "from allauth.mfa.webauthn.internal import flows\n"
        "from redis.cluster import ClusterNode\n"
        "assert ClusterNode is sys.modules['redis.cluster'].ClusterNode\n"
        "assert redis.asyncio.Redis is sys.modules['redis.asyncio.client'].Redis\n"
        "assert type(sqlparse) is type(flows.auth) is lapor.wsgi.Late\n"
        "assert sqlparse.split('a; b') == ['a;', 'b']\n"
        "assert flows.auth.WebAuthn is sys.modules['allauth.mfa.webauthn.internal.auth'].WebAuthn"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-500:]
    assert set(done.stdout.split()) & OF_WORKERS == set()


def test_what_starts_the_web_processes_loads_no_reader_of_command_lines() -> None:
    """They are forked from it."""
    code = "import sys, lapor.web; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-500:]
    assert set(done.stdout.split()) & {"click", "granian.cli", "django", "lapor.settings"} == set()


@pytest.mark.parametrize("debug", [False, True])
def test_a_template_is_kept_without_what_only_debugging_reads(debug: bool) -> None:
    """It says the same either way."""
    memory = ("django.template.loaders.locmem.Loader", {"a.html": "Ya, {% if who %}{{ who }}{% endif %}."})
    engine = Engine(loaders=[("lapor.kit.templates.Loader", [memory])], debug=debug)
    for _ in range(2):
        found = engine.get_template("a.html")
        assert found.render(Context({"who": "Sari"})) == "Ya, Sari."
        nodes = found.nodelist.get_nodes_by_type(Node)
        assert [bool(one.token) for one in nodes] == [debug] * 4
        assert bool(found.source) is debug
