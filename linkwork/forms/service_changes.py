"""Taking back a change of an activity: nothing is asked but that it is meant."""

from wtforms import HiddenField

from linkwork.forms import Form


class PutBackForm(Form):
    """That an activity is to say again what it said."""

    version = HiddenField()
