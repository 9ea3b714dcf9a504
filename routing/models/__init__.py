"""The turn: whose it is, who moved it, who let it lie."""

from .disposition import Disposition, Ground, Outcome
from .escalation import Escalation
from .figures import Headline, OfficeMonth
from .rule import Rule
from .suggestion import Suggestion
from .visit import DeskVisit

__all__ = [
    "DeskVisit",
    "Disposition",
    "Escalation",
    "Ground",
    "Headline",
    "OfficeMonth",
    "Outcome",
    "Rule",
    "Suggestion",
]
