"""What a provider is told of a person: nothing but what is needed to reach and welcome them.

It is frozen when it is sent, so that what was said can be shown as it was, and a worker is told
where it no longer holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from linkwork.models import OnwardReferral, Person


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a provider is told about a person."""

    label: str
    text: str


def what_is_sent(
    person: Person, *, message: str | None, needs_accompanying: bool
) -> Sequence[Line]:
    """Everything a provider is told: name, how to reach the person, access needs, the message.

    Nothing else of a record ever goes with an onward referral.
    """
    lines = (
        ("Name", person.name),
        ("Phone", person.phone),
        ("Email", person.email),
        ("When you get in touch", person.safe_to_contact),
        ("Language", _language(person)),
        ("Access needs", person.access_needs),
        ("First visit", "Somebody will come with them." if needs_accompanying else None),
        ("Message", message),
    )
    return [Line(label, text) for label, text in lines if text]


def freeze(onward: OnwardReferral) -> None:
    """Keep what is sent now, as it is sent."""
    person = onward.case.person
    onward.sent_first_name = person.preferred_name or person.given_name
    onward.sent_lines = [[line.label, line.text] for line in present(onward)]


def present(onward: OnwardReferral) -> Sequence[Line]:
    """What would be sent today."""
    return what_is_sent(
        onward.case.person, message=onward.message, needs_accompanying=onward.needs_accompanying
    )


def as_sent(onward: OnwardReferral) -> Sequence[Line]:
    """What the provider was told; of what was sent before that was kept, what holds today."""
    if onward.sent_lines is None:
        return present(onward)
    return [Line(label, text) for label, text in onward.sent_lines]


def first_name(onward: OnwardReferral) -> str:
    """The one word of a name that a link shows before its holder asks for more."""
    person = onward.case.person
    return onward.sent_first_name or person.preferred_name or person.given_name


def changed(onward: OnwardReferral) -> Sequence[str]:
    """The labels of what is no longer as it was sent, while that still matters to anybody."""
    if onward.sent_lines is None or not onward.is_open:
        return []
    then = {line.label: line.text for line in as_sent(onward)}
    now = {line.label: line.text for line in present(onward)}
    return [label for label in {**now, **then} if then.get(label) != now.get(label)]


def outdated(onward: Iterable[OnwardReferral]) -> Sequence[OnwardReferral]:
    """Those whose provider was told what no longer holds."""
    return [record for record in onward if changed(record)]


def _language(person: Person) -> str | None:
    if person.interpreter:
        return f"{person.language or 'Not English'}, interpreter needed"
    return None if (person.language or "").lower() == "english" else person.language
