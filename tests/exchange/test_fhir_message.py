"""Messages as FHIR R4: valid against the published definitions, whatever somebody is called."""

import copy
import json
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from linkwork.casework import letters
from linkwork.casework.letters import Activity, Letter, Party, Patient, Section
from linkwork.exchange import fhir_message
from linkwork.models import MessageKind, OnwardState, SnomedCode

AT = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
HOSTILE = '<img src=x onerror=alert(1)> & "O\'Brien" \u202e 😀 الزهراء\u00a0\u2028\x00\ufffe'
CODES = {
    MessageKind.STARTED: SnomedCode.REFERRED,
    MessageKind.UPDATE: None,
    MessageKind.DECLINED: SnomedCode.DECLINED,
    MessageKind.CLOSING: None,
}


def letter(kind: MessageKind = MessageKind.UPDATE, **facts: Any) -> Letter:
    usual: dict[str, Any] = {
        "written_on": "2026-11-18",
        "practice": Party("Birch Road Surgery", "Z00004"),
        "sender": Party("Northside PCN", "Z00002"),
        "worker": "Amina Okafor",
        "patient": Patient("Quill", "Rosa", "1954-03-12", "9990000018", "07700 900123"),
        "referred_on": "2026-11-08",
        "by_practice": True,
        "code": CODES[kind],
        "sections": [Section("Referral", ["Referred."]), Section("Support offered", ["Choir"])],
        "activities": [activity("sent"), activity("ended")],
    }
    return Letter(kind=kind, **{**usual, **facts})


def activity(state: str, **facts: Any) -> Activity:
    usual = {"name": "Riverside choir", "words": state, "began_on": "2026-11-09"}
    return Activity(**{**usual, "changed_on": "2026-11-12", **facts}, state=state)


def written(made: Letter) -> dict[str, Any]:
    """The document as a system reads it that knows R4: refused where it is not valid."""
    document = fhir_message.bundle(made, key="abc", at=AT)
    read = Bundle.model_validate_json(json.dumps(document))
    assert json.loads(read.model_dump_json()) == json.loads(json.dumps(document))
    return document


def resources(document: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    every = [entry["resource"] for entry in document["entry"]]
    return [resource for resource in every if resource["resourceType"] == kind]


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["reference"]] if "reference" in part else []
        return own + [found for value in part.values() for found in references(value)]
    return (
        [found for value in part for found in references(value)] if isinstance(part, list) else []
    )


def codings(part: Any) -> list[str]:
    found = json.dumps(part)
    return [code for code in SnomedCode if f'"code": "{code}"' in found]


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_of_message_is_a_valid_document(kind: MessageKind) -> None:
    document = written(letter(kind))
    assert (document["type"], document["entry"][0]["resource"]["resourceType"]) == (
        "document",
        "Composition",
    )
    assert document["identifier"]["system"] == "urn:ietf:rfc:3986"
    assert document["timestamp"] == "2026-11-18T10:30:00Z"


def test_the_definitions_refuse_what_is_not_valid() -> None:
    """Else the test above would hold nothing."""
    good = fhir_message.bundle(letter(), key="abc", at=AT)
    for spoil in (
        lambda d: d["entry"][1]["resource"].update(birthDate="12 March"),
        lambda d: d["entry"][0]["resource"].pop("status"),
        lambda d: d["entry"][1]["resource"].update(unknown="x"),
    ):
        bad = copy.deepcopy(good)
        spoil(bad)
        with pytest.raises(ValidationError):
            Bundle.model_validate(bad)


def test_every_reference_leads_to_an_entry_and_every_entry_is_reached() -> None:
    document = written(letter(MessageKind.DECLINED))
    addresses = {entry["fullUrl"] for entry in document["entry"]}
    assert len(addresses) == len(document["entry"])
    assert set(references(document)) <= addresses
    assert addresses - set(references(document)) == {document["entry"][0]["fullUrl"]}


def test_people_and_organisations_carry_their_english_identifiers() -> None:
    document = written(letter())
    patient = resources(document, "Patient")[0]
    assert patient["identifier"] == [
        {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}
    ]
    practice, pcn = resources(document, "Organization")
    assert [o["identifier"][0]["value"] for o in (practice, pcn)] == ["Z00004", "Z00002"]
    assert practice["identifier"][0]["system"] == ("https://fhir.nhs.uk/Id/ods-organization-code")


@pytest.mark.parametrize("kind", MessageKind)
def test_a_code_stands_once_and_only_where_the_message_carries_it(kind: MessageKind) -> None:
    document = written(letter(kind))
    told = [document[0] for document in [codings(r) for r in document["entry"]] if document]
    assert told == ([CODES[kind]] if CODES[kind] else [])


def test_the_referral_says_how_far_it_has_come_and_each_activity_is_a_task() -> None:
    wanted = {
        "started": "active",
        "update": "active",
        "declined": "revoked",
        "closing": "completed",
    }
    for kind in MessageKind:
        request = resources(written(letter(kind)), "ServiceRequest")[0]
        assert request["status"] == wanted[kind]
    acts = [activity(state) for state in OnwardState]
    acts.append(activity("ended", outcome="never_went"))
    acts.append(activity("declined", why="it is full"))
    tasks = resources(written(letter(activities=acts)), "Task")
    assert [task["status"] for task in tasks] == (
        "draft draft requested on-hold accepted in-progress rejected cancelled completed "
        "failed rejected"
    ).split()
    assert tasks[-1]["statusReason"] == {"text": "it is full"}


def test_what_is_not_known_is_not_there() -> None:
    bare = letter(
        patient=Patient("", "", "1954-03-12"),
        practice=Party("", None),
        worker="",
        by_practice=False,
        sections=[],
        activities=[activity("sent", name="")],
    )
    document = written(bare)
    patient = resources(document, "Patient")[0]
    assert not {"identifier", "telecom"} & set(patient)
    assert "requester" not in resources(document, "ServiceRequest")[0]


def test_the_same_message_is_the_same_document() -> None:
    one, two = (fhir_message.bundle(letter(), key="abc", at=AT) for _ in range(2))
    assert one == two
    assert one != fhir_message.bundle(letter(), key="abd", at=AT)


def test_what_was_kept_of_a_letter_is_the_letter() -> None:
    for kind in MessageKind:
        kept = json.loads(json.dumps(letter(kind).as_json()))
        assert Letter.from_json(kept) == letter(kind)


TYPED = st.one_of(st.just(HOSTILE), st.text(max_size=60))


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(MessageKind),
    typed=st.lists(TYPED, min_size=6, max_size=6),
    number=st.sampled_from([None, "9990000018"]),
    phone=TYPED,
    states=st.lists(st.sampled_from(OnwardState), max_size=3),
)
def test_whatever_anybody_typed_the_document_is_valid_and_its_text_is_harmless(
    kind: MessageKind,
    typed: list[str],
    number: str | None,
    phone: str,
    states: list[OnwardState],
) -> None:
    one = [letters.line(words) for words in typed]
    note = letters.clean(typed[5])
    made = letter(
        kind,
        patient=Patient(one[0], one[1], "1954-03-12", number, letters.line(phone) or None),
        practice=Party(one[2], None),
        worker=one[3],
        sections=[Section("Contacts", [note])] if note else [],
        activities=[activity(state, name=one[4]) for state in states],
    )
    document = written(made)
    for section in resources(document, "Composition")[0]["section"]:
        div = ElementTree.fromstring(section["text"]["div"])
        assert {part.tag.split("}")[1] for part in div.iter()} <= {"div", "p", "br"}
    ours = {"To:", "From:", "Date:", "FOR", *"PATIENT CONTACTS Social".split(), ""}
    margin = [line for line in letters.text(made).split("\n") if not line.startswith("  ")]
    assert all(line.split(" ")[0] in ours for line in margin)
