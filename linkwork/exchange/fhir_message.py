"""A message to a practice as HL7 FHIR R4: a Bundle of type ``document``.

A document, because that is what the message is: composed at one moment by one author, with headings
(the sections of its Composition), kept whole and unchanged. A ``message`` would need an event and
an endpoint to answer it, and a ``collection`` says nothing of who wrote it. With the Composition
come Patient, Organization, Practitioner, ServiceRequest (the referral for social prescribing), one
Task for each onward referral, and for a declined referral an Observation with its code.

Identifiers are those of the NHS in England: NHS number and ODS code. R4 (4.0.1) and R4B (4.3.0)
agree in every resource used here. See https://hl7.org/fhir/R4/documents.html.
"""

from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from linkwork.casework.letters import CODE_NAMES, Activity, Letter, Party, Section
from linkwork.models import MessageKind, SnomedCode

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
SNOMED = "http://snomed.info/sct"
URN = "urn:ietf:rfc:3986"
XHTML = "http://www.w3.org/1999/xhtml"
REQUEST_STATUS = {
    MessageKind.STARTED: "active",
    MessageKind.UPDATE: "active",
    MessageKind.DECLINED: "revoked",
    MessageKind.CLOSING: "completed",
}
TASK_STATUS = {
    "suggested": "draft",
    "agreed": "draft",
    "sent": "requested",
    "waitlisted": "on-hold",
    "accepted": "accepted",
    "attending": "in-progress",
    "declined": "rejected",
    "cancelled": "cancelled",
    "ended": "completed",
}
NEVER_WENT = "never_went"

Resource = dict[str, Any]


def bundle(letter: Letter, *, key: str, at: datetime) -> Resource:
    """The letter as a FHIR document. ``key`` names the message, ``at`` is when it was sent."""
    names = _Names(key)
    resources = [
        _patient(letter, names),
        _organisation(letter.practice, names.practice),
        _organisation(letter.sender, names.sender),
        _worker(letter, names),
        _request(letter, names),
        *(_task(a, n, names) for n, a in enumerate(letter.activities)),
        *([_declined(letter, names, at)] if letter.code is SnomedCode.DECLINED else []),
    ]
    composition = _composition(letter, names, at, resources)
    return {
        "resourceType": "Bundle",
        "identifier": {"system": URN, "value": names.bundle},
        "type": "document",
        "timestamp": _instant(at),
        "entry": [
            {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
            for resource in (composition, *resources)
        ],
    }


class _Names:
    """Addresses of the parts of one document: the same message has the same ones."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __getattr__(self, part: str) -> str:
        """The address of the part that is called so."""
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'linkwork:message:{self.key}:{part}')}"

    def task(self, number: int) -> str:
        """The address of one of several."""
        return self.__getattr__(f"task-{number}")


def _made(kind: str, address: str, /, **parts: Any) -> Resource:
    """A resource without what is not known: FHIR allows no empty value."""
    return {"resourceType": kind, "id": address.removeprefix("urn:uuid:"), **_known(parts)}


def _known(parts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parts.items() if value not in (None, "", [], {})}


def _to(name: str, display: str | None = None) -> dict[str, str]:
    return _known({"reference": name, "display": display})


def _patient(letter: Letter, names: _Names) -> Resource:
    who = letter.patient
    given = [who.given_name] if who.given_name else []
    number = who.nhs_number
    return _made(
        "Patient",
        names.patient,
        identifier=[{"system": NHS_NUMBER, "value": number}] if number else [],
        name=[_known({"use": "official", "family": who.family_name, "given": given})],
        telecom=[{"system": "phone", "value": who.phone}] if who.phone else [],
        birthDate=who.born_on,
        generalPractitioner=[_to(names.practice, letter.practice.name)],
    )


def _organisation(party: Party, name: str) -> Resource:
    code = party.ods_code
    return _made(
        "Organization",
        name,
        identifier=[{"system": ODS_CODE, "value": code}] if code else [],
        name=party.name or "Name not recorded",
    )


def _worker(letter: Letter, names: _Names) -> Resource:
    return _made("Practitioner", names.worker, name=[{"text": letter.worker or "Not recorded"}])


def _request(letter: Letter, names: _Names) -> Resource:
    coded = letter.code is SnomedCode.REFERRED
    return _made(
        "ServiceRequest",
        names.request,
        status=REQUEST_STATUS[letter.kind],
        intent="order",
        code={
            **({"coding": [_coding(SnomedCode.REFERRED)]} if coded else {}),
            "text": "Social prescribing",
        },
        subject=_to(names.patient),
        authoredOn=letter.referred_on,
        requester=_to(names.practice, letter.practice.name) if letter.by_practice else None,
        performer=[_to(names.sender, letter.sender.name)],
    )


def _task(activity: Activity, number: int, names: _Names) -> Resource:
    never = activity.outcome == NEVER_WENT
    return _made(
        "Task",
        names.task(number),
        basedOn=[_to(names.request)],
        status="failed" if never else TASK_STATUS.get(activity.state, "requested"),
        statusReason={"text": activity.why} if activity.why else None,
        businessStatus={"text": activity.words},
        intent="order",
        code={"text": "Onward referral"},
        description=activity.name,
        focus=_to(names.request),
        **{"for": _to(names.patient)},
        authoredOn=activity.began_on,
        lastModified=activity.changed_on,
        requester=_to(names.sender),
        owner={"display": activity.name} if activity.name else None,
    )


def _declined(letter: Letter, names: _Names, at: datetime) -> Resource:
    return _made(
        "Observation",
        names.declined,
        status="final",
        code={"coding": [_coding(SnomedCode.DECLINED)], "text": CODE_NAMES[SnomedCode.DECLINED]},
        subject=_to(names.patient),
        effectiveDateTime=_instant(at),
        performer=[_to(names.sender, letter.sender.name)],
    )


def _coding(code: SnomedCode) -> dict[str, str]:
    return {"system": SNOMED, "code": str(code), "display": CODE_NAMES[code]}


def _composition(
    letter: Letter, names: _Names, at: datetime, resources: list[Resource]
) -> Resource:
    by_kind = {
        kind: [{"reference": f"urn:uuid:{r['id']}"} for r in resources if r["resourceType"] == kind]
        for kind in ("ServiceRequest", "Task", "Observation")
    }
    entries = {"Referral": by_kind["ServiceRequest"], "Support offered": by_kind["Task"]}
    told = [_section(part, entries.pop(part.title, [])) for part in letter.sections]
    left = [entry for kept in entries.values() for entry in kept] + by_kind["Observation"]
    record = Section("For the GP record", [letter.code_line or "Nothing to code."])
    return _made(
        "Composition",
        names.composition,
        status="final",
        type={"text": "Social prescribing message"},
        subject=_to(names.patient),
        date=_instant(at),
        author=[_to(names.worker, letter.worker)],
        title=letter.subject,
        custodian=_to(names.sender, letter.sender.name),
        section=[_section(record, left), *told],
    )


def _section(part: Section, entries: list[dict[str, str]]) -> dict[str, Any]:
    paragraphs = "".join(f"<p>{_lines(whole)}</p>" for whole in part.lines)
    div = f'<div xmlns="{XHTML}">{paragraphs}</div>'
    return _known(
        {
            "title": part.title,
            "text": {"status": "generated", "div": div},
            "entry": entries,
        }
    )


def _lines(whole: str) -> str:
    return "<br/>".join(escape(line) for line in whole.split("\n"))


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
