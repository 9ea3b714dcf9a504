"""Which host names the portal answers to: those of the settings, and of districts whatever the database says.

Django asks the list at every look at the host, where there is no time and no place for a query. So the middleware
asks the database once, and lends the name for the length of the request.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_lent: ContextVar[str] = ContextVar("host", default="")


class Hosts(list[str]):
    """LAPOR_HOSTS, and the name lent to this request."""

    def __iter__(self) -> Iterator[str]:
        yield from super().__iter__()
        if name := _lent.get():
            yield name


@contextmanager
def lent(name: str) -> Iterator[None]:
    """Within, the portal answers to this name too."""
    token = _lent.set(name)
    try:
        yield
    finally:
        _lent.reset(token)
