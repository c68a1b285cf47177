"""Whose site it is, on every page."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.pages import read


@pytest.mark.one_engine
@pytest.mark.parametrize("name", ["The Moor & Vale board", "<script>alert(1)</script>"])
def test_the_organisation_of_the_settings_is_named_at_the_foot(
    make_app: Callable[..., Flask], name: str
) -> None:
    page = make_app(ORGANISATION=name).test_client().get("/sign-in").text

    assert f"This site is run by {name}." in read(page).text
    assert "<script>alert" not in page


@pytest.mark.one_engine
def test_without_a_name_nobody_is_named(make_app: Callable[..., Flask]) -> None:
    assert "run by" not in make_app().test_client().get("/sign-in").text
