"""The WSGI entry point: granian serves it. Everything a page needs is loaded before the first one is asked for."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapor.settings")

# What libraries take along wherever they find it, for a test client, pages and formats we do not use: some 8 MB in each
# web worker. A mail provider's calls, which need the first, load it when they come.
UNUSED = ("requests", "markdown", "pygments", "yaml")
# What takes a script of SQL apart, the halves of redis for asyncio and for many servers, and security keys. Looking for
# the place of the last loads the packages around it, which would load the first.
LATE = (
    ("sqlparse",),
    ("redis.asyncio",),
    ("redis.cluster", "RedisCluster"),
    ("allauth.mfa.webauthn.internal.auth",),
)


class Late(ModuleType):
    """Stands for a module that others load at once and nothing here asks anything of, until something does
    (docs/keputusan/0060). Modules below it can be had without it; `functions` are those others take by their name."""

    def __init__(self, name: str, *functions: str) -> None:
        super().__init__(name)
        package, _, own = name.rpartition(".")
        found = find_spec(package or name)
        folders = (found and found.submodule_search_locations) or []
        self.__path__ = [str(Path(folder) / own) if package else folder for folder in folders]
        for function in functions:
            setattr(self, function, lambda *given, of=function: getattr(self.real(), of)(*given))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.real(), name)

    def real(self) -> ModuleType:
        """The module itself, in its place from now on."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return import_module(self.__name__)


def _loaded() -> WSGIHandler:
    """The application with every address it serves, loaded while the unused can't be found."""
    hidden = [name for name in UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: an import finds no such module
    for late in LATE:
        if late[0] not in sys.modules:
            sys.modules[late[0]] = Late(*late)
    try:
        # Not before: Django loads one of the late itself.
        found: WSGIHandler = import_module("django.core.wsgi").get_wsgi_application()
        import_module("lapor.urls")
    finally:
        for name in hidden:
            del sys.modules[name]
    return found


application = _loaded()
# What is loaded stays: the collector need not look through it again and again.
gc.collect()
gc.freeze()
