"""The turn: whose it is, who moved it, who let it lie."""

from .agreement import Agreement, AgreementEnd
from .call_up import CallUp
from .disposition import Disposition, Ground, Outcome
from .endpoint import Delivery, DeliveryTry, Endpoint
from .escalation import Escalation
from .evaluation import Cycle, CycleQuerySet, Evaluation, Evidence, Method, Objection, Points, Recount
from .figures import Headline, OfficeMonth
from .gathering import Gathering
from .measures import (
    CaseFigure,
    Cell,
    Counted,
    Kept,
    MonthCell,
    MonthSpread,
    MonthTally,
    OfficeSum,
    Split,
    Spread,
    Tally,
    TopSum,
    TurnFigure,
)
from .missed import Missed, MissedSum
from .programme_sum import ProgrammeSum
from .quality import AnswerScore, Reading, ReadingTurn, Sample, SampledAnswer
from .rise import Rise, RiseQuerySet
from .rule import Rule
from .signal import SignalCount, SignalNote
from .standing import Standing
from .suggestion import Suggestion
from .threshold import ChosenThreshold
from .training import TrainedModel
from .visit import DeskVisit
from .weekly import EmptyLetter, WeeklyRound

__all__ = [
    "Agreement",
    "AgreementEnd",
    "AnswerScore",
    "CallUp",
    "CaseFigure",
    "Cell",
    "ChosenThreshold",
    "Counted",
    "Cycle",
    "CycleQuerySet",
    "Delivery",
    "DeliveryTry",
    "DeskVisit",
    "Disposition",
    "EmptyLetter",
    "Endpoint",
    "Escalation",
    "Evaluation",
    "Evidence",
    "Gathering",
    "Ground",
    "Headline",
    "Kept",
    "Method",
    "Missed",
    "MissedSum",
    "MonthCell",
    "MonthSpread",
    "MonthTally",
    "Objection",
    "OfficeMonth",
    "OfficeSum",
    "Outcome",
    "Points",
    "ProgrammeSum",
    "Reading",
    "ReadingTurn",
    "Recount",
    "Rise",
    "RiseQuerySet",
    "Rule",
    "Sample",
    "SampledAnswer",
    "SignalCount",
    "SignalNote",
    "Split",
    "Spread",
    "Standing",
    "Suggestion",
    "Tally",
    "TopSum",
    "TrainedModel",
    "TurnFigure",
    "WeeklyRound",
]
