"""The WSGI entry point: granian serves it. Everything a page needs is loaded before the first one is asked for."""

import gc
import os
import sys
from importlib import import_module

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapor.settings")

# What libraries take along wherever they find it, for a test client, pages and formats we do not use: some 8 MB in each
# web worker. A mail provider's calls, which need the first, load it when they come.
UNUSED = ("requests", "markdown", "pygments", "yaml")


def _loaded() -> WSGIHandler:
    """The application with every address it serves, loaded while the unused can't be found."""
    hidden = [name for name in UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: an import finds no such module
    try:
        found = get_wsgi_application()
        import_module("lapor.urls")
    finally:
        for name in hidden:
            del sys.modules[name]
    return found


application = _loaded()
# What is loaded stays: the collector need not look through it again and again.
gc.collect()
gc.freeze()
