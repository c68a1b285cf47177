"""The tables. Nouns only: what changes them lives in ``linkwork.casework``."""

from linkwork.models.alarm import Alarm, AlarmAnswer
from linkwork.models.answer import Answer, AnswerKind
from linkwork.models.assumption import Assumption
from linkwork.models.attendance import Absent, Attendance
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
from linkwork.models.concern import Concern
from linkwork.models.contact import Contact, ContactKind, ContactMode, ContactOutcome
from linkwork.models.correction import Correction
from linkwork.models.counted_start import CountDue, CountedStart
from linkwork.models.directory_import import (
    ChangeKind,
    DirectoryImport,
    HoldReason,
    ImportChange,
    ImportPart,
    ImportState,
)
from linkwork.models.draft import Draft, DraftForm
from linkwork.models.emotional_load import FEELING_LABELS, EmotionalLoad, Feeling
from linkwork.models.gap import GAP_LABELS, Gap, GapReason
from linkwork.models.goal import ActionOwner, Goal, GoalAction, GoalWording
from linkwork.models.handover import Handover
from linkwork.models.kept_report import KeptReport
from linkwork.models.list_profile import ListProfile
from linkwork.models.location import Location, ServiceAtLocation
from linkwork.models.mail import Mail, MailKind
from linkwork.models.match_answer import (
    REJECT_LABELS,
    MatchAnswer,
    MatchAnswerKind,
    RejectReason,
)
from linkwork.models.message import Message, MessageKind, SnomedCode
from linkwork.models.need import NEED_LABELS, CaseInterest, CaseNeed, Need
from linkwork.models.notification import NoticeChoice, NoticeKind, Notification, Reminder
from linkwork.models.onward_referral import (
    OnwardDecline,
    OnwardOutcome,
    OnwardReferral,
    OnwardState,
)
from linkwork.models.organisation import (
    ListSize,
    Organisation,
    OrganisationChange,
    OrganisationChangeKind,
    OrganisationKind,
    OrganisationParent,
    Succession,
)
from linkwork.models.organisation_import import OrganisationImport
from linkwork.models.people_import import PeopleColumns, PeopleImport
from linkwork.models.person import Person
from linkwork.models.person_merge import PersonMerge
from linkwork.models.plan import COPY_LABELS, CopyHow, Plan, PlanReview
from linkwork.models.post import Absence, AbsenceKind, Post, PostState
from linkwork.models.provider import Provider
from linkwork.models.public_referral import DiscardReason, PublicAttempt, PublicReferral
from linkwork.models.question import Question
from linkwork.models.referral import Referral, ReferralSource, WithdrawReason
from linkwork.models.service import (
    CapacityStatus,
    CostOption,
    Schedule,
    Service,
    ServiceArea,
    ServiceKind,
    ServiceStatus,
)
from linkwork.models.service_change import ServiceChange
from linkwork.models.service_check import ServiceCheck
from linkwork.models.service_facet import ServiceFacet
from linkwork.models.service_merge import ServiceDistinction, ServiceMerge
from linkwork.models.service_remark import ServiceRemark
from linkwork.models.service_session import ServiceSession
from linkwork.models.service_vector import ServiceVector
from linkwork.models.shared_link import LinkPurpose, SharedLink
from linkwork.models.signpost import Signpost
from linkwork.models.snooze import Snooze, SnoozeReason, TodayList
from linkwork.models.source import Source
from linkwork.models.submission import Submission
from linkwork.models.supervision import SUPERVISION_KIND_LABELS, Supervision, SupervisionKind
from linkwork.models.target_share import TargetShare
from linkwork.models.task import Task
from linkwork.models.taxonomy import ServiceTerm, TaxonomyTerm
from linkwork.models.understanding import Understanding
from linkwork.models.user import (
    ROLE_LABELS,
    Invitation,
    Role,
    SignInFailure,
    User,
    UserRole,
    UserSession,
)
from linkwork.models.visit import Visit, VisitState

__all__ = [
    "COPY_LABELS",
    "FEELING_LABELS",
    "GAP_LABELS",
    "NEED_LABELS",
    "REJECT_LABELS",
    "ROLE_LABELS",
    "SUPERVISION_KIND_LABELS",
    "Absence",
    "AbsenceKind",
    "Absent",
    "ActionOwner",
    "Alarm",
    "AlarmAnswer",
    "Answer",
    "AnswerKind",
    "Assumption",
    "Attendance",
    "AuditEntry",
    "AuditHead",
    "CapacityStatus",
    "CaseInterest",
    "CaseNeed",
    "CaseOpening",
    "CaseState",
    "ChangeKind",
    "CloseReason",
    "Complexity",
    "Concern",
    "Contact",
    "ContactKind",
    "ContactMode",
    "ContactOutcome",
    "CopyHow",
    "Correction",
    "CostOption",
    "CountDue",
    "CountedStart",
    "CoverReason",
    "DeclineReason",
    "DirectoryImport",
    "DiscardReason",
    "Draft",
    "DraftForm",
    "EmotionalLoad",
    "Feeling",
    "Gap",
    "GapReason",
    "Goal",
    "GoalAction",
    "GoalWording",
    "Handover",
    "HoldReason",
    "ImportChange",
    "ImportPart",
    "ImportState",
    "Invitation",
    "KeptReport",
    "LinkPurpose",
    "ListProfile",
    "ListSize",
    "Location",
    "Mail",
    "MailKind",
    "MatchAnswer",
    "MatchAnswerKind",
    "Message",
    "MessageKind",
    "Need",
    "NoticeChoice",
    "NoticeKind",
    "Notification",
    "OnwardDecline",
    "OnwardOutcome",
    "OnwardReferral",
    "OnwardState",
    "Organisation",
    "OrganisationChange",
    "OrganisationChangeKind",
    "OrganisationImport",
    "OrganisationKind",
    "OrganisationParent",
    "PeopleColumns",
    "PeopleImport",
    "Person",
    "PersonMerge",
    "Plan",
    "PlanReview",
    "Post",
    "PostState",
    "Priority",
    "Provider",
    "PublicAttempt",
    "PublicReferral",
    "Question",
    "Referral",
    "ReferralSource",
    "RejectReason",
    "Reminder",
    "Role",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceChange",
    "ServiceCheck",
    "ServiceDistinction",
    "ServiceFacet",
    "ServiceKind",
    "ServiceMerge",
    "ServiceRemark",
    "ServiceSession",
    "ServiceStatus",
    "ServiceTerm",
    "ServiceVector",
    "SharedLink",
    "SignInFailure",
    "Signpost",
    "SnomedCode",
    "Snooze",
    "SnoozeReason",
    "Source",
    "Submission",
    "Succession",
    "Supervision",
    "SupervisionKind",
    "SupportCase",
    "TargetShare",
    "Task",
    "TaxonomyTerm",
    "TodayList",
    "Understanding",
    "User",
    "UserRole",
    "UserSession",
    "Visit",
    "VisitState",
    "WithdrawReason",
]
