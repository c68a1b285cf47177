"""The tables. Nouns only: what changes them lives in ``linkwork.casework``."""

from linkwork.models.audit_entry import AuditEntry, AuditHead
from linkwork.models.case import (
    CaseOpening,
    CaseState,
    CloseReason,
    Complexity,
    CoverReason,
    DeclineReason,
    Priority,
    SupportCase,
)
from linkwork.models.contact import Contact, ContactKind, ContactMode, ContactOutcome
from linkwork.models.location import Location, ServiceAtLocation
from linkwork.models.need import NEED_LABELS, CaseInterest, CaseNeed, Need
from linkwork.models.notification import NoticeKind, Notification
from linkwork.models.onward_referral import (
    OnwardDecline,
    OnwardOutcome,
    OnwardReferral,
    OnwardState,
)
from linkwork.models.organisation import (
    ListSize,
    Organisation,
    OrganisationKind,
    OrganisationParent,
)
from linkwork.models.person import Person
from linkwork.models.post import Absence, AbsenceKind, Post, PostState
from linkwork.models.provider import Provider
from linkwork.models.referral import Referral, ReferralSource
from linkwork.models.service import (
    CapacityStatus,
    CostOption,
    Schedule,
    Service,
    ServiceArea,
    ServiceKind,
    ServiceStatus,
)
from linkwork.models.shared_link import LinkPurpose, SharedLink
from linkwork.models.submission import Submission
from linkwork.models.target_share import TargetShare
from linkwork.models.taxonomy import ServiceTerm, TaxonomyTerm
from linkwork.models.user import (
    ROLE_LABELS,
    Invitation,
    Role,
    SignInFailure,
    User,
    UserRole,
    UserSession,
)

__all__ = [
    "NEED_LABELS",
    "ROLE_LABELS",
    "Absence",
    "AbsenceKind",
    "AuditEntry",
    "AuditHead",
    "CapacityStatus",
    "CaseInterest",
    "CaseNeed",
    "CaseOpening",
    "CaseState",
    "CloseReason",
    "Complexity",
    "Contact",
    "ContactKind",
    "ContactMode",
    "ContactOutcome",
    "CostOption",
    "CoverReason",
    "DeclineReason",
    "Invitation",
    "LinkPurpose",
    "ListSize",
    "Location",
    "Need",
    "NoticeKind",
    "Notification",
    "OnwardDecline",
    "OnwardOutcome",
    "OnwardReferral",
    "OnwardState",
    "Organisation",
    "OrganisationKind",
    "OrganisationParent",
    "Person",
    "Post",
    "PostState",
    "Priority",
    "Provider",
    "Referral",
    "ReferralSource",
    "Role",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceKind",
    "ServiceStatus",
    "ServiceTerm",
    "SharedLink",
    "SignInFailure",
    "Submission",
    "SupportCase",
    "TargetShare",
    "TaxonomyTerm",
    "User",
    "UserRole",
    "UserSession",
]
