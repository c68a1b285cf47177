"""How a form looks: every kind of field, its hint, its error, and the error summary."""

import re

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from tests.pages import faults

HOSTILE = "<img src=x onerror=alert(1)>"
FORMS = '{% import "components/forms.html" as forms %}'


class AddressForm(Form):
    street = StringField("Street", [InputRequired("Enter the street")])


class EveryForm(Form):
    token = HiddenField()
    mode = RadioField(
        "How",
        [InputRequired("Select how you talked")],
        choices=[SelectChoice("phone"), SelectChoice("visit")],
    )
    talked_on = DateField("Date", [InputRequired("Enter the date")], description="Not tomorrow")
    minutes = IntegerField("Minutes")
    needs = SelectMultipleField(
        "Needs", choices=[SelectChoice("a", "Alone"), SelectChoice("b", HOSTILE)], default=["b"]
    )
    note = TextAreaField("Note", [InputRequired("Enter a note")])
    worker = SelectField(
        "Worker", choices=[SelectChoice("1", "Priya"), SelectChoice("2", "Sam")], default="2"
    )
    shared = BooleanField("Agreed to share", [InputRequired("Tick to agree")], description="Ask")
    name = StringField(HOSTILE, render_kw={"autocomplete": "off", "data-search": True})
    password = PasswordField("Password")
    address = FormField(AddressForm)
    others = FieldList(StringField("Other", [InputRequired("Enter the other")]), min_entries=1)


def refused_form() -> EveryForm:
    form = EveryForm(formdata=MultiDict({"minutes": "abc"}))
    form.validate()
    return form


def every_field(form: Form) -> str:
    return render_template_string(
        FORMS + "{% for f in form %}{{ forms.field(f) }}{% endfor %}", form=form
    )


def named(name: str, html: str) -> str:
    found = re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', html)
    assert found, name
    return found[0]


def test_every_kind_of_field_has_a_label(pages: Flask) -> None:
    html = f'<html lang="en"><title>T</title><h1>H</h1>{every_field(EveryForm())}</html>'
    assert faults(html) == []


def test_a_hidden_field_has_no_label_and_no_box(pages: Flask) -> None:
    html = render_template_string(FORMS + "{{ forms.field(form.token) }}", form=EveryForm())
    assert html.startswith("<input")
    assert "<label" not in html


def test_hint_and_error_belong_to_their_field(pages: Flask) -> None:
    html = every_field(refused_form())
    control = named("talked_on", html)
    assert 'aria-describedby="talked_on-hint talked_on-error"' in control
    assert 'aria-invalid="true"' in control
    assert 'id="talked_on-hint">Not tomorrow' in html
    assert 'id="talked_on-error"><span class="visually-hidden">Error: </span>Enter the date' in html


def test_a_field_without_fault_is_not_called_invalid(pages: Flask) -> None:
    html = every_field(EveryForm())
    assert "aria-invalid" not in html
    assert "field--error" not in html


def test_what_was_typed_comes_back_with_its_error(pages: Flask) -> None:
    assert 'value="abc"' in named("minutes", every_field(refused_form()))


def test_a_number_is_typed_and_not_scrolled(pages: Flask) -> None:
    control = named("minutes", every_field(EveryForm()))
    assert 'type="text"' in control
    assert 'inputmode="numeric"' in control


def test_the_browser_leaves_checking_to_us(pages: Flask) -> None:
    assert not re.search(r"\srequired\b", every_field(EveryForm()))


def test_what_is_chosen_is_shown_as_chosen(pages: Flask) -> None:
    html = every_field(EveryForm())
    assert re.search(r'id="needs-1"[^>]* checked', html)
    assert not re.search(r'id="needs-0"[^>]* checked', html)
    assert '<option selected value="2">' in html


def test_attributes_of_the_form_reach_the_control(pages: Flask) -> None:
    control = named("name", every_field(EveryForm()))
    assert 'autocomplete="off"' in control
    assert "data-search" in control


def test_a_unit_is_read_with_its_field(pages: Flask) -> None:
    html = render_template_string(
        FORMS + "{{ forms.field(f, width=4, suffix='minutes') }}", f=EveryForm().minutes
    )
    assert 'aria-describedby="minutes-unit"' in html
    assert 'id="minutes-unit">minutes' in html
    assert "width-4" in html


@pytest.mark.parametrize(
    "link",
    ["mode-0", "talked_on", "minutes", "note", "shared", "address-street", "others-0"],
)
def test_the_error_summary_leads_to_each_field(pages: Flask, link: str) -> None:
    form = refused_form()
    summary = render_template_string(FORMS + "{{ forms.error_summary(form) }}", form=form)
    assert f'href="#{link}"' in summary
    assert f'id="{link}"' in every_field(form)


def test_the_error_summary_begins_with_what_no_field_can_mend(pages: Flask) -> None:
    form = refused_form()
    form.form_errors.append("Sam accepted this <b>a moment ago</b>")
    summary = render_template_string(FORMS + "{{ forms.error_summary(form) }}", form=form)
    first = summary.index("Sam accepted this &lt;b&gt;")
    assert first < summary.index("Select how you talked")
    assert 'role="alert"' in summary
    assert 'tabindex="-1"' in summary


def test_a_form_without_errors_has_no_summary(pages: Flask) -> None:
    assert (
        render_template_string(FORMS + "{{ forms.error_summary(form) }}", form=EveryForm()).strip()
        == ""
    )


def test_a_one_button_form_carries_its_token_and_says_what_about(pages: Flask) -> None:
    source = FORMS + "{{ forms.post_button('/x', 'Refer', about=a, fields={'service': a}) }}"
    html = render_template_string(source, a=HOSTILE)
    assert 'name="csrf_token" value="' in html
    assert HOSTILE not in html
    assert 'name="service"' in html
    assert 'method="post"' in html
