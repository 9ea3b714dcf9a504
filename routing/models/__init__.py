"""The turn: whose it is, who moved it, who let it lie."""

from .disposition import Disposition, Ground, Outcome
from .endpoint import Delivery, DeliveryTry, Endpoint
from .escalation import Escalation
from .figures import Headline, OfficeMonth
from .measures import CaseFigure, Counted, Kept, Spread, Tally, TurnFigure
from .rise import Rise, RiseQuerySet
from .rule import Rule
from .suggestion import Suggestion
from .threshold import ChosenThreshold
from .training import TrainedModel
from .visit import DeskVisit

__all__ = [
    "CaseFigure",
    "ChosenThreshold",
    "Counted",
    "Delivery",
    "DeliveryTry",
    "DeskVisit",
    "Disposition",
    "Endpoint",
    "Escalation",
    "Ground",
    "Headline",
    "Kept",
    "OfficeMonth",
    "Outcome",
    "Rise",
    "RiseQuerySet",
    "Rule",
    "Spread",
    "Suggestion",
    "Tally",
    "TrainedModel",
    "TurnFigure",
]
