"""What the page of one case shows: a line for each noun that has something to say there."""

from typing import Any

from linkwork import access, clock
from linkwork.access import Permission, me
from linkwork.casework import (
    alarms,
    case_contents,
    contacts,
    drafts,
    duplicates,
    messages,
    onward_referrals,
    person_merges,
    questions,
    sent_details,
    shareable,
    successions,
    tasks,
    timeline,
)
from linkwork.forms.cases import WeighForm
from linkwork.models import SupportCase


def contents(case: SupportCase, *, everything: bool) -> dict[str, Any]:
    """Everything ``templates/cases/show.html`` expects; older contacts too where asked for."""
    there = case_contents.bring_in(case, user=me())
    onward = onward_referrals.of_case(case)
    told = messages.of_case(case) if "messages" in there else []
    talks = contacts.of_case(case, limit=contacts.MOST_SHOWN if everything else contacts.SHOWN)
    return {
        "case": case,
        "alarms": alarms.of_case(case) if "alarms" in there else [],
        "referred_in_danger": alarms.in_referrals(case),
        "drafts": drafts.of_case(case, author=me()) if "drafts" in there else [],
        "onward": onward,
        "outdated": [record.key for record in sent_details.outdated(onward)],
        "happenings": timeline.of_case(case, case.referrals, talks, onward, told),
        "messages": told,
        "to_tell": bool(told or case.first_conversation_at) and shareable.may_update(case),
        "unsendable": shareable.obstacle(case),
        "tasks": tasks.of_case(case) if "tasks" in there else [],
        "older": len(talks) == contacts.SHOWN,
        "duplicates": duplicates.of(case.person, user=me()),
        "asked": questions.of_case(case) if "questions" in there else [],
        "merges": person_merges.of_person(case.person) if "merges" in there else [],
        "can_allocate": access.may(me(), Permission.ALLOCATE_CASES),
        "practice_closed": _practice_closed(case),
        "weigh": WeighForm(formdata=None, complexity=case.complexity, priority=case.priority),
    }


def _practice_closed(case: SupportCase) -> str:
    """That the person’s practice is closed or will be, and who carries on for it."""
    practice = case.person.practice
    return successions.closed_sentence(practice, on=clock.today()) if practice else ""
