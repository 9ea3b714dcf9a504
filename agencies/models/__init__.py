"""The map of the state: its offices, places, people and calendar. It knows no complaint."""

from .agency import Agency, AgencyQuerySet, Kind
from .area import Area, AreaQuerySet
from .audit import AuditEntry
from .boundary import Boundary
from .calendar import Holiday
from .client import ApiClient, ApiClientQuerySet, ApiKey, Permission
from .leave import Leave, LeaveQuerySet
from .people import Decree, Membership, MembershipQuerySet, Role, User
from .prefix import Prefix, PrefixQuerySet
from .programme import Programme, ProgrammeQuerySet
from .region import Level, Region
from .reorganisation import Reorganisation, ReorganisationQuerySet, Share, Step
from .subsite import SubSite, SubSiteQuerySet
from .team import TeamMember, TeamMemberQuerySet

__all__ = [
    "Agency",
    "AgencyQuerySet",
    "ApiClient",
    "ApiClientQuerySet",
    "ApiKey",
    "Area",
    "AreaQuerySet",
    "AuditEntry",
    "Boundary",
    "Decree",
    "Holiday",
    "Kind",
    "Leave",
    "LeaveQuerySet",
    "Level",
    "Membership",
    "MembershipQuerySet",
    "Permission",
    "Prefix",
    "PrefixQuerySet",
    "Programme",
    "ProgrammeQuerySet",
    "Region",
    "Reorganisation",
    "ReorganisationQuerySet",
    "Role",
    "Share",
    "Step",
    "SubSite",
    "SubSiteQuerySet",
    "TeamMember",
    "TeamMemberQuerySet",
    "User",
]
