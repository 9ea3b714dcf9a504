"""Who acts: the `by` that every verb requires."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from agencies.models import Agency, ApiClient, Membership, Role, User


class Side(StrEnum):
    REPORTER = "REPORTER"
    OFFICER = "OFFICER"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True)
class Actor:
    """One of: the reporter (with or without an account), an officer acting through one membership, an agency's own
    system, which counts as a liaison of it, the system.

    `user` is an officer's. Of a reporter who is signed in there is only `account`, the fingerprint of their account
    ("" without one): no act can write down who they are. `client` stands beside a reporter whose words it carried, and
    instead of a membership where it acts for its agency. `name` says which part of the system it was ("worker",
    "sweep", "succession") and is empty otherwise.
    """

    side: Side
    user: User | None = None
    membership: Membership | None = None
    name: str = ""
    client: ApiClient | None = None
    account: str = ""

    @classmethod
    def reporter(cls, user: User | None = None, client: ApiClient | None = None) -> Actor:
        return cls(Side.REPORTER, client=client, account=user.fingerprint if user else "")

    @classmethod
    def officer(cls, membership: Membership) -> Actor:
        return cls(Side.OFFICER, user=membership.user, membership=membership)

    @classmethod
    def machine(cls, client: ApiClient) -> Actor:
        """An agency's own system, acting for it."""
        return cls(Side.OFFICER, client=client)

    @classmethod
    def system(cls, name: str) -> Actor:
        return cls(Side.SYSTEM, name=name)

    @property
    def agency(self) -> Agency | None:
        """The office in whose name is acted; None for the reporter and the system."""
        if self.membership is not None:
            return self.membership.agency
        return self.client.agency if self.client is not None and self.side is Side.OFFICER else None

    @property
    def role(self) -> Role | None:
        if self.membership is not None:
            return Role(self.membership.role)
        return Role.LIAISON if self.client is not None and self.side is Side.OFFICER else None

    @property
    def programme_id(self) -> int | None:
        """The one programme whose cases an observer may read; None: no such limit."""
        return self.membership.programme_id if self.membership is not None else None

    @property
    def is_system(self) -> bool:
        return self.side is Side.SYSTEM
