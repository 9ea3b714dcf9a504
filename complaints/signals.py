"""What a case announces, always inside the transaction of the change.

event_recorded: kwargs `event` (Event, saved) and `complaint` (locked, already changed). Upper apps open and end
stints, write outbox rows, nudge a worker on commit; nothing slow, nothing remote.
misses_noted: kwargs `events` (ids of `overdue` events, saved) and `now`: many promises were noted missed at once. It
stands for event_recorded of each; whoever listens there to `overdue` listens here too.
steps_noted: kwargs `events` (Events of one verb, `remind` or `escalate`, saved, their cases locked) and `now`: the same
of reminders and steps of the ladder.
letter_receipt: kwargs `medium`, `reference` (ours, or the peer's own id of the letter), `delivered` (bool), `answer`
(the peer's words) and `at`: a peer says what became of a letter it had taken; `lasting`: that address takes no more.
arrival_kept: kwargs `arrival` (Arrival): something was stored raw and waits to be understood.
officer_wrote: kwargs `complaint`, `membership`, `version` (the one they had read), `body`, `files` (Attachments) and
`now`: an officer answered a letter. Whoever listens does it, or raises a Refusal whose words the officer is told.
standard_set: kwargs `standard` (ServiceStandard): what is promised begins to be another on its date, which may be past.
"""

from django.dispatch import Signal

event_recorded = Signal()
misses_noted = Signal()
steps_noted = Signal()
arrival_kept = Signal()
letter_receipt = Signal()
officer_wrote = Signal()
standard_set = Signal()
