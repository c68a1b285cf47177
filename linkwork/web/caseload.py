"""What part of the caseload an address asks for, and the tabs and filters around it."""

from collections.abc import Mapping
from typing import TypeVar

from flask import request

from linkwork.casework.caseload import Asked, Sort, View
from linkwork.models import Need
from linkwork.web.display import label
from linkwork.web.paging import here, number_asked

E = TypeVar("E", View, Sort)

VIEW_LABELS = {
    View.NEEDS_ACTION: "Needs action",
    View.OPEN: "All open",
    View.NOT_STARTED: "Not yet spoken to",
    View.PAUSED: "Paused",
    View.CLOSED: "Closed",
}


def asked_for() -> Asked:
    """What the address asks for; whatever makes no sense in it is as if it were not there."""
    args = request.args
    need = args.get("need", "")
    return Asked(
        view=_one_of(View, args.get("view"), View.NEEDS_ACTION),
        team=args.get("whose") == "team",
        need=need if need in set(Need) else None,
        soon=args.get("soon") == "yes",
        sort=_one_of(Sort, args.get("sort"), Sort.DUE),
        descending=args.get("dir") == "desc",
        page=number_asked(),
    )


def tabs(asked: Asked, counts: Mapping[View, int]) -> list[dict[str, object]]:
    """One tab for each view, with how many cases it holds."""
    return [
        {
            "label": text,
            "url": here(view=view, page=None),
            "current": view is asked.view,
            "count": counts[view],
        }
        for view, text in VIEW_LABELS.items()
    ]


def chips(asked: Asked) -> list[dict[str, str]]:
    """The filters that are set, each with the address without it."""
    set_now = [
        ("The whole team’s", "whose", asked.team),
        (label(Need(asked.need)) if asked.need else "", "need", asked.need),
        ("To be seen soon", "soon", asked.soon),
    ]
    return [
        {"label": text, "url": here(**{name: None, "page": None})}
        for text, name, is_set in set_now
        if is_set
    ]


def _one_of(kind: type[E], text: str | None, usual: E) -> E:
    return kind(text) if text in set(kind) else usual
