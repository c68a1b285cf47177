"""The filters of the directory as they stand in an address: criteria, chips, links to pages."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from linkwork import geography
from linkwork.casework.service_search import Criteria, Found
from linkwork.forms.service_search import ServiceSearchForm
from linkwork.geography import Place
from linkwork.models import ServiceKind

CHOSEN = ("need", "kind", "day", "channel", "freshness")
TICKED = {
    "free": "Free",
    "step_free": "Step-free",
    "everything": "With unlisted, ended and closed",
}


@dataclass(frozen=True, slots=True)
class Pages:
    """What the pagination asks of a list."""

    number: int
    pages: int
    total: int
    values: dict[str, Any]

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
        self.near: Place | None = geography.place_of(self.values.get("postcode"))
        if self.near is None:
            self.values.pop("miles", None)

    @staticmethod
    def _written(name: str, value: Any) -> Any:
        if name == "postcode":
            # The rest of a postcode is nearly an address, and addresses are kept in logs.
            return geography.outcode_of(value)
        return 1 if value is True else value

    def criteria(self) -> Criteria:
        """What the search is asked."""
        given = self.values
        return Criteria(
            words=given.get("words", ""),
            need=given.get("need"),
            kind=ServiceKind(given["kind"]) if "kind" in given else None,
            day=given.get("day"),
            near=self.near,
            miles=float(given["miles"]) if "miles" in given else None,
            is_free="free" in given,
            is_step_free="step_free" in given,
            age=given.get("age"),
            channel=given.get("channel"),
            freshness=given.get("freshness"),
            everything="everything" in given,
        )

    def chips(self) -> list[dict[str, str]]:
        """One for each filter, with the address of the page without it."""
        found = []
        for name in self.values:
            label = self._label(name)
            if label:
                gone = {name, "miles"} if name == "postcode" else {name}
                rest = {key: value for key, value in self.values.items() if key not in gone}
                found.append({"label": label, "url": url_for("services.index", **rest)})
        return found

    def pages(self, found: Found) -> Pages:
        """What the pagination shows."""
        return Pages(found.number, found.pages, found.total, self.values)

    def _label(self, name: str) -> str:
        value = self.values[name]
        if name in TICKED:
            return TICKED[name]
        if name in CHOSEN:
            return dict(self._labels(name))[value]
        if name == "words":
            return f"“{value}”"
        if name == "age":
            return f"Aged {value}"
        if name == "miles":
            return ""
        miles = self.values.get("miles")
        within = f"Within {miles} mile{'' if miles == '1' else 's'} of" if miles else "Nearest to"
        return f"{within} {value}"

    def _labels(self, name: str) -> list[tuple[str, str]]:
        choices = self._form[name].iter_choices()
        return [(choice.value, choice.label) for choice in choices]


def _is_given(value: Any) -> bool:
    return value is not None and value is not False and value != ""
