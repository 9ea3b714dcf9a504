"""What the map announces, always inside the transaction of the change.

calendar_changed: kwargs `years` (set of int), `region` (Region or None: the whole country).
agency_ended: kwargs `agency` (its `succeeded_by` is set or None), `by` (Actor), `day` (date).
agency_succeeded: kwargs `agency`, `by` (Actor), `day` (date): its things are at its heir now.
agency_moved: kwargs `agency` (with its new parent and path), `by` (Actor).
membership_begun: kwargs `membership` (it may begin on a later day), `by` (Actor).
membership_ended: kwargs `membership`, `by` (Actor), `day` (date).
"""

from django.dispatch import Signal

calendar_changed = Signal()
agency_ended = Signal()
agency_succeeded = Signal()
agency_moved = Signal()
membership_begun = Signal()
membership_ended = Signal()
