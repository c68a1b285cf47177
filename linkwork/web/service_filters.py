"""The filters of the directory as they stand in an address: criteria, chips, links to pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from linkwork import geography
from linkwork.access import Permission, may, me
from linkwork.casework.service_search import Criteria, Found
from linkwork.errors import NotYours
from linkwork.forms.service_search import ORDERS, ServiceSearchForm
from linkwork.geography import Place
from linkwork.models import ServiceKind
from linkwork.web.cases import opened

CHOSEN = frozenset(
    "need kind meets day part cost gender group channel route room freshness".split()
)
# Those that stand below "More filters".
FURTHER = "access age gender group language channel route room kind freshness everything".split()
# How a filter is called in Criteria, where that is another name.
NAMES = {"cost": "price"}
UNSEEN = frozenset({"order", "exactly", "miles"})


@dataclass(frozen=True, slots=True)
class Pages:
    """What the pagination asks of a list."""

    number: int
    pages: int
    total: int
    values: Mapping[str, Any]

    def url(self, number: int) -> str:
        """The address of another page of the same list."""
        return url_for("services.index", **self.values, page=number if number > 1 else None)


class Filters:
    """The filters that were asked for and can be used; a field with an error is left out."""

    def __init__(self, form: ServiceSearchForm, *, may_edit: bool) -> None:
        form.validate()
        self._form = form
        self.values = {
            field.name: self._written(field.name, field.data)
            for field in form
            if _is_given(field.data)
            and not field.errors
            and (field.name != "everything" or may_edit)
        }
        self.near, self.is_exact = self._place()
        if self.near is None:
            self.values.pop("miles", None)
            if self.values.get("order") == "nearest":
                self.values.pop("order")

    def _place(self) -> tuple[Place | None, bool]:
        """Where distances are from, and whether that is a full postcode’s place.

        The postcode of a case’s person is read from the case: it is never in an address.
        """
        if "postcode" in self.values:
            self.values.pop("case", None)
            return geography.place_of(self.values["postcode"]), False
        if "case" not in self.values:
            return None, False
        if not may(me(), Permission.WORK_CASES):
            raise NotYours("SupportCase")
        postcode = opened(self.values["case"]).person.postcode
        exact = geography.exact_place_of(postcode)
        return exact or geography.place_of(postcode), exact is not None

    @staticmethod
    def _written(name: str, value: Any) -> Any:
        if name == "postcode":
            # The rest of a postcode is nearly an address, and addresses are kept in logs.
            return geography.outcode_of(value)
        return 1 if value is True else value

    def criteria(self) -> Criteria:
        """What the search is asked."""
        given = self.values
        cost = given.get("cost")
        same = "need day part meets gender group language channel route room freshness".split()
        return Criteria(
            words=given.get("words", ""),
            kind=ServiceKind(given["kind"]) if "kind" in given else None,
            near=self.near,
            miles=float(given["miles"]) if "miles" in given else None,
            price=None if cost is None else 0.0 if cost == "free" else float(cost),
            access=tuple(given.get("access", ())),
            age=given.get("age"),
            everything="everything" in given,
            order=given.get("order", ""),
            exactly="exactly" in given,
            **{name: given.get(name) for name in same},
        )

    def chips(self) -> list[dict[str, str]]:
        """One for each filter, with the address of the page without it."""
        found = []
        for name, value in self.values.items():
            if name == "access":
                found += [self._chip_of_access(one, value) for one in value]
            elif name not in UNSEEN:
                found.append({"label": self._label(name), "url": self._without(name)})
        return found

    def pages(self, found: Found) -> Pages:
        """What the pagination shows."""
        return Pages(found.number, found.pages, found.total, self.values)

    def orders(self) -> list[dict[str, Any]]:
        """The ways to sort, each with its address; the nearest only where near is known."""
        present = self.values.get("order") or ("nearest" if self.near else "best")
        rest = {name: value for name, value in self.values.items() if name != "order"}
        return [
            {
                "label": label,
                "url": url_for("services.index", **rest, order=code),
                "current": code == present,
            }
            for code, label in ORDERS.items()
            if code != "nearest" or self.near
        ]

    def looser(self, counts: Mapping[str, int]) -> list[dict[str, Any]]:
        """What each filter keeps out, in words, with the address without it."""
        ours = {theirs: name for name, theirs in NAMES.items()}
        named = [(ours.get(name, name), count) for name, count in counts.items()]
        return [
            {"label": self._label(name), "url": self._without(name), "count": count}
            for name, count in named
            if name in self.values
        ]

    def as_spelt(self) -> str:
        """The address of the same search with the words left as they are."""
        return url_for("services.index", **{**self.values, "exactly": 1})

    @property
    def has_further(self) -> bool:
        """Whether one of the filters below “More filters” is in use."""
        return any(name in self.values for name in FURTHER)

    def _chip_of_access(self, one: str, value: list[str]) -> dict[str, str]:
        rest = [code for code in value if code != one]
        url = url_for("services.index", **{**self.values, "access": rest})
        return {"label": dict(self._labels("access"))[one], "url": url}

    def _without(self, name: str) -> str:
        gone = {name, "miles"} if name in ("postcode", "case") else {name}
        gone |= {"exactly"} if name == "words" else set()
        rest = {key: value for key, value in self.values.items() if key not in gone}
        return url_for("services.index", **rest)

    def _label(self, name: str) -> str:
        value = self.values[name]
        if name in CHOSEN:
            return dict(self._labels(name))[value]
        if name == "access":
            return ", ".join(dict(self._labels(name))[one] for one in value)
        if name in ("postcode", "case", "miles"):
            return self._label_of_distance()
        said = {"words": f"“{value}”", "age": f"Aged {value}", "language": f"In {value}"}
        return said.get(name, "With unlisted, ended and closed")

    def _label_of_distance(self) -> str:
        miles = self.values.get("miles")
        here = self.values.get("postcode", "this person")
        return (
            f"Within {miles} mile{'' if miles == '1' else 's'} of {here}"
            if miles
            else (f"Near {here}")
        )

    def _labels(self, name: str) -> list[tuple[str, str]]:
        choices = self._form[name].iter_choices()
        return [(choice.value, choice.label) for choice in choices]


def _is_given(value: Any) -> bool:
    return value not in (None, False, "", [])
