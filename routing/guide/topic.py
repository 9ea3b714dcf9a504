"""One topic: what an officer is told on a page that asks "Bantuan halaman ini", and again in the guide of the role."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.models import Role


@dataclass(frozen=True, slots=True)
class Topic:
    """`urls`: the names of the pages it stands on. `guides`: the guides it is printed in (routing.guide.guides).
    `roles`: only for these; empty: for whoever has no topic of their own there. Sentences are marked and translated
    where they are shown."""

    code: str
    urls: tuple[str, ...]
    guides: tuple[str, ...]
    title: str
    purpose: str
    first: str
    then: str
    clock: str = ""
    roles: tuple[Role, ...] = ()
