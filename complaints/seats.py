"""What an officer may see, asked in statements that are spelt once for all who sit alike.

Whether a case may be opened is asked at every page of a desk, mostly more than once, and spelling the question costs
many times what answering it does. Its words depend on the seat alone (role, how many offices a case may be kept from,
a programme or none); so they are spelt for an officer who does not exist, whose ids no row has, and filled with the
real ones at each call.

    _CASE = Seated(lambda by: Complaint.objects.visible_to(by).filter(number=Blank("number", models.CharField())))
    found = _CASE(by, number=number)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from agencies.actor import Actor
from agencies.models import Agency, ApiClient, Kind, Membership, Role, User
from agencies.ombudsman import CODE, reads_country
from complaints.models.visibility import offices_over
from lapor.kit.compiled import Compiled

Row = TypeVar("Row")

# No real row has such an id.
_OFFICE, _USER, _PROGRAMME, _ABOVE = 10**15, 2 * 10**15, 3 * 10**15, 4 * 10**15


@dataclass(frozen=True)
class Seat:
    """What a statement about an officer, or about an agency's own system, depends on beside the values in it. `above`:
    how many other offices a case must not be kept from."""

    role: Role
    above: int
    programme: bool
    reads_country: bool
    machine: bool

    @classmethod
    def of(cls, by: Actor) -> Seat:
        """`by` acts for an office."""
        role, member = by.role, by.membership
        assert role is not None
        return cls(
            role=role,
            above=len(_above(by)),
            programme=by.programme_id is not None,
            reads_country=member is not None and reads_country(member),
            machine=member is None,
        )

    def stand_in(self) -> Actor:
        """The one who does not exist. Their statements hold the values that `filling` knows how to replace."""
        office = Agency(pk=_OFFICE, path=_path(self.above))
        if self.reads_country:
            office.code, office.kind, office.path_length = CODE, Kind.LEMBAGA, 2
        if self.machine:
            return Actor.machine(ApiClient(agency=office))
        user = User(pk=_USER)
        user.held = []
        programme = _PROGRAMME if self.programme else None
        return Actor.officer(Membership(user=user, agency=office, role=self.role, programme_id=programme))


def filling(by: Actor) -> dict[Any, Any]:
    """Value of the stand-in → value of this officer."""
    above, office = _above(by), by.agency
    assert office is not None
    given = {_ABOVE + n: pk for n, pk in enumerate(above)}
    if by.user is not None:
        given[_USER] = by.user.pk
    if by.programme_id is not None:
        given[_PROGRAMME] = by.programme_id
    return {**given, _OFFICE: office.pk, f"{_path(len(above))}%": f"{office.path}%"}


class Seated(Generic[Row]):
    """`Compiled`, for a queryset that depends on who asks."""

    def __init__(self, spell: Callable[[Actor], QuerySet[Any, Row]]) -> None:
        self._for = lru_cache(maxsize=64)(lambda seat: Compiled(partial(spell, seat.stand_in())))

    def __call__(self, by: Actor, **values: Any) -> list[Row]:
        """The rows; none for who acts for no office."""
        if by.agency is None:
            return []
        found: list[Row] = self._for(Seat.of(by)).standing_for(filling(by), **values)
        return found


def _above(by: Actor) -> list[int]:
    office = by.agency
    assert office is not None
    return sorted(offices_over(by) - {office.pk})


def _path(above: int) -> str:
    return "/" + "".join(f"{_ABOVE + n}/" for n in range(above)) + f"{_OFFICE}/"
