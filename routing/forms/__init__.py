"""The forms of the desk: one per act. What they can't know the verb checks and says at the field."""

from .base import SEARCH, ActForm, OfficeForm, PublishingForm, masked, proposes
from .groups import BulkMergeForm, PairForm
from .helping import ContributeForm, DeclineForm, InviteForm, UninviteForm
from .many import BulkAnswerForm, BulkArchiveForm, BulkForm, BulkNudgeForm, BulkOfficeForm, BulkResolveForm
from .rules import RuleForm, TrialForm
from .standing import (
    ArchiveForm,
    ExcludeForm,
    MergeForm,
    ReclassifyForm,
    RedactForm,
    ReopenForm,
    RevealForm,
    TightenForm,
    UnmergeForm,
)
from .tags import TagForm, UntagForm
from .turns import (
    ClassifiedForm,
    ForwardForm,
    HandBackForm,
    MoveForm,
    PassOnForm,
    PlaceForm,
    StartForm,
    grouped_categories,
)
from .words import AnswerForm, ApproveForm, AskForm, NoteForm, NudgeForm, ResolveForm, ReturnForm, UnaskForm

__all__ = [
    "SEARCH",
    "ActForm",
    "AnswerForm",
    "ApproveForm",
    "ArchiveForm",
    "AskForm",
    "BulkAnswerForm",
    "BulkArchiveForm",
    "BulkForm",
    "BulkMergeForm",
    "BulkNudgeForm",
    "BulkOfficeForm",
    "BulkResolveForm",
    "ClassifiedForm",
    "ContributeForm",
    "DeclineForm",
    "ExcludeForm",
    "ForwardForm",
    "HandBackForm",
    "InviteForm",
    "MergeForm",
    "MoveForm",
    "NoteForm",
    "NudgeForm",
    "OfficeForm",
    "PairForm",
    "PassOnForm",
    "PlaceForm",
    "PublishingForm",
    "ReclassifyForm",
    "RedactForm",
    "ReopenForm",
    "ResolveForm",
    "ReturnForm",
    "RevealForm",
    "RuleForm",
    "StartForm",
    "TagForm",
    "TightenForm",
    "TrialForm",
    "UnaskForm",
    "UninviteForm",
    "UnmergeForm",
    "UntagForm",
    "grouped_categories",
    "masked",
    "proposes",
]
