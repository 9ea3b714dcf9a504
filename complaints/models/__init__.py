"""The case: what was said, by which channel, what was promised, what happened."""

from .alert import Alert, AlertQuerySet, Appearance, Rhythm, Subscriber, SubscriberQuerySet
from .arrival import Arrival
from .clock import Clock, ClockKind, Pause
from .complaint import AddressedBy, Complaint, ComplaintQuerySet
from .contribution import Contribution, ContributionQuerySet
from .device import Device
from .disclosure import Disclosure, DisclosureEvent, DisclosureWord, IdentityLook, KeptFrom
from .draft import Draft
from .event import Event
from .message import Attachment, Message
from .notification import DeliveryAttempt, Notification, Peer, Tariff
from .programme_promise import ProgrammePromise
from .publication import Publication
from .question import Answer, CategoryQuestion, Datatype, Unfit, answers_of
from .reference import Category, Kind, ServiceStandard
from .referral import Recommendation, Referral, ReferralStep
from .remote import RemoteFile
from .replay import Replay
from .reporter import News, Reporter, Reveal
from .short_link import ShortLink
from .supporter import Supporter, SupporterQuerySet
from .tag import Tag, TagQuerySet
from .talk import PullCursor, Talk

__all__ = [
    "AddressedBy",
    "Alert",
    "AlertQuerySet",
    "Answer",
    "Appearance",
    "Arrival",
    "Attachment",
    "Category",
    "CategoryQuestion",
    "Clock",
    "ClockKind",
    "Complaint",
    "ComplaintQuerySet",
    "Contribution",
    "ContributionQuerySet",
    "Datatype",
    "DeliveryAttempt",
    "Device",
    "Disclosure",
    "DisclosureEvent",
    "DisclosureWord",
    "Draft",
    "Event",
    "IdentityLook",
    "KeptFrom",
    "Kind",
    "Message",
    "News",
    "Notification",
    "Pause",
    "Peer",
    "ProgrammePromise",
    "Publication",
    "PullCursor",
    "Recommendation",
    "Referral",
    "ReferralStep",
    "RemoteFile",
    "Replay",
    "Reporter",
    "Reveal",
    "Rhythm",
    "ServiceStandard",
    "ShortLink",
    "Subscriber",
    "SubscriberQuerySet",
    "Supporter",
    "SupporterQuerySet",
    "Tag",
    "TagQuerySet",
    "Talk",
    "Tariff",
    "Unfit",
    "answers_of",
]
