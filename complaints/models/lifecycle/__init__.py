"""The verbs of a case, a facet a file. Each: lock, ask the table, change, clocks, event (house.md section 5).

Status, handler, clocks and pauses change here and in `routing.dispatch`, nowhere else.
"""

from .answers import Answers
from .endings import Endings
from .helping import Helping
from .inheriting import Inheriting
from .oversight import Oversight
from .referring import Referring
from .reporting import Reporting
from .secrecy import Secrecy
from .tagging import Tagging
from .turns import Turns


class Lifecycle(Turns, Answers, Reporting, Endings, Secrecy, Tagging, Helping, Referring, Oversight, Inheriting):
    """Everything that can happen to a case."""


__all__ = ["Lifecycle"]
