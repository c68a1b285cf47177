"""What a user is told of by email as well."""

from linkwork.forms import CheckboxesField, Form, choices
from linkwork.models import NoticeKind

KINDS = {
    NoticeKind.CASE_GIVEN: "A case is given to me",
    NoticeKind.REFERRAL_JOINED: "A new referral joins one of my cases",
    NoticeKind.PROVIDER_ANSWERED: "An activity answers",
    NoticeKind.PROVIDER_SILENT: "Activities that have not answered for ten days",
    NoticeKind.VISIT_OVERDUE: "Somebody is overdue from a home visit",
    NoticeKind.CONCERN_RAISED: "A safeguarding concern is raised",
    NoticeKind.MESSAGE_FROM_LINK_WORKER: "A link worker writes to our practice",
    NoticeKind.MESSAGE_FROM_PRACTICE: "A practice writes to me",
    NoticeKind.PUBLIC_REQUEST: "Somebody asks for help on the public page",
    NoticeKind.PUBLIC_DANGER: "Words of danger come in on the public page",
    NoticeKind.TASK_DUE: "Tasks that are due",
    NoticeKind.SUPERVISION_DUE: "Supervision is due",
    NoticeKind.DEATH_RECORDED: "Somebody on my caseload has died",
    NoticeKind.DEATH_WITHDRAWN: "A death was recorded by mistake",
    NoticeKind.IMPORT_HELD: "A list of activities looks wrong",
    NoticeKind.FEED_FAILING: "A feed of activities cannot be fetched",
}


class EmailsForm(Form):
    """The kinds to be told of by email; none ticked is none."""

    kinds = CheckboxesField(
        "Send me an email when",
        choices=choices(KINDS),
        coerce=str,
        description=(
            "The email says only that something waits, never what. Urgent ones go at once; "
            "what is due comes in one email a day."
        ),
    )

    def chosen(self) -> list[NoticeKind]:
        """The kinds that were ticked."""
        return [NoticeKind(code) for code in self.kinds.data or []]
