"""What only workers need is loaded by them alone: a web worker would carry it in every process (bench/weight.py)."""

import subprocess
import sys

from lapor.embedded.state import ROOT

# Queue, learning and reading, borders, the typesetter, pictures.
OF_WORKERS = {
    *("httpcore", "celery", "kombu", "agencies.tasks", "complaints.tasks", "routing.tasks"),
    *("numpy", "scipy", "sklearn", "joblib", "routing.classifier", "routing.classifier.reading"),
    *("shapely", "routing.places.points", "typst", "pikepdf"),
    # What a mail provider is called with; whoever opens the page to sign in loads the adapter.
    *("requests", "urllib3", "anymail.exceptions"),
}


def test_a_web_process_loads_nothing_that_only_workers_need() -> None:
    """All urls and views read, as a web worker reads them."""
    code = (
        "import sys, lapor.wsgi, agencies.adapter\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "print(*sys.modules, sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-500:]
    assert set(done.stdout.split()) & OF_WORKERS == set()
