"""What a link worker of the demo writes down, contact by contact."""

from datetime import datetime
from random import Random
from typing import Any

from linkwork.demo.connections import Connection
from linkwork.demo.content import content
from linkwork.demo.wording import Voice
from linkwork.models import ContactMode, ContactOutcome


class Notebook:
    """The notes of one case: its story, told in order and never twice in the same words."""

    def __init__(self, story: dict[str, Any], voice: Voice, rng: Random) -> None:
        self._story, self._voice, self._rng = story, voice, rng
        self._common = content("notes")["common"]
        self._talks = 0
        self._used: set[str] = set()

    def referral(self) -> str:
        """What the referrer wrote."""
        return self._voice.one_of(self._story["referral"])

    def first(self) -> tuple[str, ContactMode | None]:
        """What was said the first time, and how it was said where the words tell."""
        told = self._rng.choice(self._story["first"])
        mode = ContactMode(told["mode"]) if told["mode"] else None
        return told["text"], mode

    def conversation(
        self, told: str, mode: ContactMode, connection: Connection | None, at: datetime
    ) -> str:
        """What was said ``at`` that moment; ``told`` is the heart of it, where that is known."""
        opening = "" if told else self._fresh(self._common["opening"].get(mode, [""]))
        middle = told or self._middle(connection, at)
        filler = self._fresh(self._common["filler"]) if self._rng.random() < 0.5 else ""
        leaving = self._fresh(self._common["leaving"])
        self._talks += 1
        return self._said(connection, opening, middle, filler, leaving)

    def attempt(self, mode: ContactMode) -> str:
        """What is noted when nobody answers."""
        return self._voice.one_of(self._common["attempts"].get(mode, [""]))

    def missed(self, outcome: ContactOutcome) -> str:
        """What is noted when a conversation that was arranged does not happen."""
        kind = {
            ContactOutcome.DNA: "dna",
            ContactOutcome.CANCELLED_BY_PERSON: "cancelled",
            ContactOutcome.CANCELLED_BY_US: "cancelled_by_us",
        }[outcome]
        return self._voice.one_of(self._common[kind])

    def phrase(self, kind: str) -> str:
        """One of the story’s own lines: what matters, strengths, the next step."""
        return self._voice.one_of(self._story[kind])

    def matters(self) -> str | None:
        """What matters to them, in their words: once each, then nothing new."""
        left = [text for text in self._story["matters"] if text not in self._used]
        return self._voice.say(self._fresh(left)) if left else None

    def closing(self, connection: Connection | None, at: datetime) -> str:
        """How it went, when a plan was completed."""
        if connection is None or not connection.attended_by(at):
            return self.usual("completed_without")
        if self._is_own(connection) and self._rng.random() < 0.6:
            return self.phrase("closing")
        return self._said(connection, self._rng.choice(self._common["completed"]))

    def usual(self, kind: str, reason: str | None = None) -> str:
        """One of the lines that any story may need."""
        texts = self._common[kind]
        return self._voice.one_of(texts[reason] if reason else texts)

    def _middle(self, connection: Connection | None, at: datetime) -> str:
        further, own = self._story["further"], self._is_own(connection)
        if connection is None:
            return self._fresh(self._common["holding"])
        if self._talks == 1:
            return self._fresh(further[0] if own else self._common["chose"])
        if connection.fell_through_by(at):
            return self._fresh(
                self._common["fell_through" if self._rng.random() < 0.3 else "holding"]
            )
        if not connection.attended_by(at):
            expected = connection.accepted_by(at)
            return self._fresh(self._common["not_gone" if expected else "waiting"])
        untold = [step for step in further[1:] if not self._used.intersection(step)]
        if own and untold:
            return self._fresh(untold[0])
        return self._fresh(self._common["went" if self._rng.random() < 0.4 else "holding"])

    def _is_own(self, connection: Connection | None) -> bool:
        """Whether the activity is the one the story goes on to tell about."""
        return connection is not None and connection.activity.name == self._story["services"][0]

    def _fresh(self, texts: list[str]) -> str:
        """Return a text that was not used in this case, where there is one left."""
        left = [text for text in texts if text not in self._used] or texts
        chosen = self._rng.choice(left)
        self._used.add(chosen)
        return chosen

    def _said(self, connection: Connection | None, *texts: str) -> str:
        service = connection.activity.name if connection else "the group"
        return self._voice.say(*(text.replace("{service}", service) for text in texts))
