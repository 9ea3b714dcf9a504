"""The WSGI entry point: granian serves it. Everything a page needs is loaded before the first one is asked for."""

import gc
import os
import sys
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapor.settings")

# What rest_framework takes along wherever it finds it, for a test client and pages of its own that we do not show: some
# 8 MB in each web worker. A mail provider's calls, which need the first, load it when they come.
UNUSED = ("requests", "markdown", "pygments")


def _without_unused() -> None:
    hidden = [name for name in UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: an import finds no such module
    try:
        import_module("lapor.urls")
    finally:
        for name in hidden:
            del sys.modules[name]


application = get_wsgi_application()
_without_unused()
# What is loaded stays: the collector need not look through it again and again.
gc.collect()
gc.freeze()
