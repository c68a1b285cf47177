"""The page on which a sheet is looked at, put right, and brought in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from linkwork.casework.sheets import Found
from linkwork.errors import FileRefused
from linkwork.exchange import pasted_sheets
from linkwork.forms.sheets import EMPTY, SheetForm
from linkwork.web.submissions import carry_out


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of sheet: how it is read, what bringing it in does, and where that leads.

    ``columns`` are pairs of a header and what stands under it; ``example`` the text of a sheet.
    """

    template: str
    read: Callable[[str], Found[Any]]
    bring: Callable[[str], int]
    said: Callable[[int], str]
    home: str
    columns: tuple[tuple[str, str], ...]
    example: str


def many(number: int, noun: str) -> str:
    """A number of a regular noun: "1 post", "3 posts"."""
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def page(sheet: Sheet) -> ResponseReturnValue:
    """Show the form, or what would come of what was sent; bring it in once that is asked for."""
    form, found = SheetForm.from_request(), None
    if form.is_ready():
        _take_file(form)
        found = None if form.errors else _looked_at(form, sheet)
        if found is not None and form.chosen.data == "bring" and not form.has_file:
            done = carry_out(form, lambda: _bring(form, sheet), then=lambda _: sheet.home)
            if done is not None:
                return done
            found = _looked_at(form, sheet)
    page = render_template(sheet.template, form=form, found=found, sheet=sheet)
    return page, form.status


def _take_file(form: SheetForm) -> None:
    """Put what is in a file into the box, where it can be put right."""
    if not form.has_file:
        if not (form.rows.data or "").strip():
            form.rows.errors = [*form.rows.errors, EMPTY]
        return
    try:
        content = form.file.data.read(pasted_sheets.MOST_BYTES + 1)
        form.rows.data = pasted_sheets.text_of(content)
    except FileRefused as refusal:
        form.file.errors = [*form.file.errors, str(refusal)]


def _bring(form: SheetForm, sheet: Sheet) -> int:
    brought = sheet.bring(form.rows.data or "")
    flash(sheet.said(brought))
    return brought


def _looked_at(form: SheetForm, sheet: Sheet) -> Found[Any] | None:
    try:
        return sheet.read(form.rows.data or "")
    except FileRefused as refusal:
        form.refuse(str(refusal))
        return None
