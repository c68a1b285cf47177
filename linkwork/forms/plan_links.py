"""What somebody with a link to a plan is asked before it opens."""

from wtforms.validators import DataRequired

from linkwork.forms import Form
from linkwork.forms.referrals import TypedDateField


class ProveForm(Form):
    """The one thing that only the person and those near them know."""

    born_on = TypedDateField(
        "Your date of birth",
        [DataRequired("Enter your date of birth, like 12/3/1951.")],
        description="For example 12/3/1951 or 12 March 1951.",
        # Here it is what keeps others out, so no browser is to fill it in for them.
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
