"""What the menu offers: only what the user may use."""

from dataclasses import dataclass

from flask import request, url_for

from linkwork.access import Permission, may
from linkwork.models import User


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu."""

    label: str
    url: str
    current: bool
    go: str = ""
    """The letter that leads there after g (static/js/keyboard.js)."""


ENTRIES = (
    (Permission.WORK_CASES, "Today", "today.index"),
    (Permission.WORK_CASES, "Caseload", "cases.index"),
    (Permission.WORK_CASES, "Waiting list", "cases.waiting"),
    (Permission.WORK_CASES, "Visits", "visits.index"),
    (Permission.WORK_CASES, "Supervision", "supervisions.index"),
    (Permission.ALLOCATE_CASES, "Concerns", "concerns.index"),
    (Permission.REFER, "Our referrals", "referrals.index"),
    (Permission.REFER, "Messages", "messages.index"),
    (Permission.REFER, "Refer a patient", "referrals.new"),
    (Permission.REFER, "Signposts", "signposts.index"),
    (Permission.SEE_CAPACITY, "Capacity", "capacity.index"),
    (Permission.SEE_DIRECTORY, "Activities", "services.index"),
    (Permission.SEE_GAPS, "Gaps", "gaps.index"),
    (Permission.EDIT_DIRECTORY, "Quality", "quality.index"),
    (Permission.MANAGE_USERS, "Users", "users.index"),
    (Permission.MANAGE_ORGANISATIONS, "Organisations", "organisations.index"),
    (Permission.SEE_AUDIT, "Audit trail", "audit_trail.index"),
)
KEYS = {"today.index": "t", "cases.index": "c", "cases.waiting": "w"}
# What is reached from a case stands under the caseload.
PART_OF = (
    dict.fromkeys(
        (
            "alerts",
            "allocation",
            "closings",
            "contacts",
            "emotional_loads",
            "goals",
            "handover",
            "matches",
            "messages.new",
            "onward_referrals",
            "people",
            "people_imports",
            "plans",
            "public_referrals",
            "tasks",
        ),
        "cases",
    )
    | dict.fromkeys(
        (
            "concepts",
            "directory_exports",
            "import_columns",
            "imports",
            "meanings",
            "service_changes",
            "service_checks",
            "service_merges",
            "service_remarks",
            "service_reviews",
            "sources",
        ),
        "services",
    )
    | dict.fromkeys(
        (
            "absences",
            "assumptions",
            "behind",
            "boards",
            "kept_reports",
            "moves",
            "posts",
            "tables",
            "target_shares.of_pcn",
            "what_ifs",
        ),
        "capacity",
    )
    | {"target_shares": "organisations"}
    | {"organisation_changes": "organisations", "organisation_changes.index": "cases"}
)


def items(user: User) -> list[Item]:
    """The entries for ``user``, in the order of their work."""
    return [
        Item(label, url_for(endpoint), _is_current(endpoint), KEYS.get(endpoint, ""))
        for permission, label, endpoint in ENTRIES
        if may(user, permission)
    ]


def home(user: User) -> str:
    """Where a user’s work begins."""
    return items(user)[0].url


def _is_current(endpoint: str) -> bool:
    here = request.endpoint or ""
    if here in {name for _, _, name in ENTRIES}:
        return here == endpoint
    noun, part = endpoint.removesuffix(".index"), here.split(".")[0]
    return noun != endpoint and PART_OF.get(here, PART_OF.get(part, part)) == noun
