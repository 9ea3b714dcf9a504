"""Who acts: the `by` that every verb requires."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from agencies.models import Agency, Membership, Role, User


class Side(StrEnum):
    REPORTER = "REPORTER"
    OFFICER = "OFFICER"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True)
class Actor:
    """One of: the reporter (with or without an account), an officer acting through one membership, the system.

    `name` says which part of the system it was ("worker", "sweep", "succession") and is empty otherwise.
    """

    side: Side
    user: User | None = None
    membership: Membership | None = None
    name: str = ""

    @classmethod
    def reporter(cls, user: User | None = None) -> Actor:
        return cls(Side.REPORTER, user=user)

    @classmethod
    def officer(cls, membership: Membership) -> Actor:
        return cls(Side.OFFICER, user=membership.user, membership=membership)

    @classmethod
    def system(cls, name: str) -> Actor:
        return cls(Side.SYSTEM, name=name)

    @property
    def agency(self) -> Agency | None:
        """The office in whose name is acted; None for the reporter and the system."""
        return self.membership.agency if self.membership else None

    @property
    def role(self) -> Role | None:
        return Role(self.membership.role) if self.membership else None

    @property
    def is_system(self) -> bool:
        return self.side is Side.SYSTEM
