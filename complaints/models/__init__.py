"""The case: what was said, by which channel, what was promised, what happened."""

from .arrival import Arrival
from .clock import Clock, ClockKind, Pause
from .complaint import Complaint, ComplaintQuerySet
from .draft import Draft
from .event import Event
from .message import Attachment, Message
from .notification import DeliveryAttempt, Notification
from .publication import Publication
from .reference import Category, Kind, ServiceStandard
from .reporter import Reporter, Reveal

__all__ = [
    "Arrival",
    "Attachment",
    "Category",
    "Clock",
    "ClockKind",
    "Complaint",
    "ComplaintQuerySet",
    "DeliveryAttempt",
    "Draft",
    "Event",
    "Kind",
    "Message",
    "Notification",
    "Pause",
    "Publication",
    "Reporter",
    "Reveal",
    "ServiceStandard",
]
