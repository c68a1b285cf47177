"""Which part of the audit trail is shown."""

from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from linkwork.audit import Event
from linkwork.forms import Form
from linkwork.forms.fields import DayField

EVENT_LABELS = {
    Event.PERSON_OPENED: "Person opened",
    Event.PERSON_EDITED: "Person changed",
    Event.ALERTS_CHANGED: "Alerts of a person changed",
    Event.PERSON_MERGED: "Two records of a person joined",
    Event.PERSON_PARTED: "Joined records parted again",
    Event.MERGE_REFUSED: "Joining or parting records refused",
    Event.PEOPLE_RECEIVED: "List of people looked at",
    Event.PEOPLE_COLUMNS_CHOSEN: "Columns of lists of people chosen",
    Event.PEOPLE_IMPORTED: "List of people brought in",
    Event.PEOPLE_DISCARDED: "List of people not brought in",
    Event.REFERRAL_RECEIVED: "Referral received",
    Event.REFERRAL_OPENED: "Referral opened",
    Event.REFERRAL_WITHDRAWN: "Referral taken back",
    Event.QUESTION_ASKED: "Practice asked a link worker",
    Event.QUESTION_ANSWERED: "Practice’s question answered",
    Event.PUBLIC_ASKED: "Help asked for on the public page",
    Event.PUBLIC_OPENED: "Public request opened",
    Event.PUBLIC_ACCEPTED: "Public request accepted",
    Event.PUBLIC_DISCARDED: "Public request not taken on",
    Event.PUBLIC_FORGOTTEN: "Public request deleted",
    Event.CASE_OPENED: "Case opened",
    Event.CASE_COVERED: "Reason given for a colleague’s case",
    Event.CASE_ACCEPTED: "Case accepted",
    Event.CASE_DECLINED: "Case not taken on",
    Event.CASE_ALLOCATED: "Case allocated",
    Event.CASE_WEIGHED: "Complexity of a case set",
    Event.SHARING_STARTED: "Sharing with the GP agreed",
    Event.SHARING_STOPPED: "Sharing with the GP stopped",
    Event.CASE_PAUSED: "Case paused",
    Event.CASE_RESUMED: "Case resumed",
    Event.CASE_CLOSED: "Case closed",
    Event.CASE_REOPENED: "Case opened again",
    Event.CASES_LISTED: "List of cases shown",
    Event.CASES_SEARCHED: "Cases searched",
    Event.CONTACT_RECORDED: "Contact recorded",
    Event.CONTACT_CORRECTED: "Contact corrected",
    Event.CONCERN_RAISED: "Safeguarding concern raised",
    Event.CONCERN_OPENED: "Safeguarding concern opened",
    Event.CONCERN_CLOSED: "Safeguarding concern closed",
    Event.VISIT_PLANNED: "Home visit planned",
    Event.VISIT_CHANGED: "Home visit changed",
    Event.VISIT_OPENED: "Home visit opened",
    Event.VISIT_STARTED: "Home visit started",
    Event.VISIT_EXTENDED: "Home visit made longer",
    Event.VISIT_SAFE: "Worker said to be safe",
    Event.VISIT_CANCELLED: "Home visit cancelled",
    Event.VISIT_OVERDUE: "Home visit overdue",
    Event.VISITS_LISTED: "Visits of a day shown",
    Event.VISITS_TAKEN: "Home visit taken on a device",
    Event.INTEREST_CONFIRMED: "Interest confirmed",
    Event.INTEREST_REFUSED: "Interest refused",
    Event.CASE_BOOKED: "Next step changed",
    Event.NEEDS_RESOLVED: "Needs met",
    Event.DEATH_RECORDED: "Death recorded",
    Event.DEATH_WITHDRAWN: "Death taken back",
    Event.CONTACT_STRUCK: "Contact taken out",
    Event.CONTACT_HISTORY_OPENED: "Earlier words of a contact opened",
    Event.ALARM_RAISED: "Words about danger noticed",
    Event.ALARM_ANSWERED: "Words about danger answered",
    Event.TASK_PROMISED: "Task promised",
    Event.TASK_DONE: "Task done",
    Event.TASK_PUT_OFF: "Task put off",
    Event.TASK_CANCELLED: "Task called off",
    Event.TASK_PASSED_ON: "Task passed on",
    Event.TODAY_PUT_OFF: "Row of Today put off",
    Event.TODAY_BROUGHT_BACK: "Row of Today brought back",
    Event.GOAL_WRITTEN: "Goal written",
    Event.GOAL_REWORDED: "Goal reworded",
    Event.GOAL_ORDERED: "Goals put in another order",
    Event.GOAL_MET: "Goal met",
    Event.GOAL_SET_ASIDE: "Goal set aside",
    Event.GOAL_TAKEN_UP: "Goal taken up again",
    Event.ACTION_ADDED: "Action added to a plan",
    Event.ACTION_DONE: "Action of a plan done",
    Event.ACTION_UNDONE: "Action of a plan not done after all",
    Event.ACTION_REMOVED: "Action taken off a plan",
    Event.PLAN_AGREED: "Plan agreed",
    Event.PLAN_COPIED: "Copy of a plan given",
    Event.PLAN_REVIEWED: "Plan reviewed",
    Event.MESSAGE_SENT: "Message sent to the practice",
    Event.MESSAGE_OPENED: "Message opened",
    Event.MESSAGE_READ: "Message read",
    Event.MESSAGE_FILED: "Message put in the GP record",
    Event.MESSAGE_DOWNLOADED: "Message downloaded",
    Event.MESSAGES_LISTED: "Messages listed",
    Event.LINK_MADE: "Link made",
    Event.LINK_OPENED: "Link opened",
    Event.LINK_REFUSED: "Link refused",
    Event.LINK_REVOKED: "Link taken back",
    Event.LINK_EMAILED: "Link emailed",
    Event.USER_HANDED_OVER: "Caseload handed over",
    Event.MATCH_ACCEPTED: "Suggested activity taken up",
    Event.MATCH_REJECTED: "Suggested activity turned down",
    Event.MATCH_TO_DISCUSS: "Suggested activity to be talked about",
    Event.MATCH_TAKEN_BACK: "Answer to a suggested activity taken back",
    Event.ONWARD_AGREED: "Onward referral agreed",
    Event.ONWARD_SENT: "Onward referral sent",
    Event.ONWARD_ANSWERED: "Onward referral answered",
    Event.ONWARD_ATTENDED: "Visit recorded",
    Event.ONWARD_BOOKED: "First session moved",
    Event.ONWARD_CHASED: "Onward referral asked after again",
    Event.ONWARD_ACCOMPANIED: "Going along arranged or done",
    Event.ONWARD_REVEALED: "Details shown to a provider",
    Event.ONWARD_ENDED: "Onward referral ended",
    Event.GAP_NOTED: "Gap noted",
    Event.GAP_UNDONE: "Gap taken back",
    Event.SIGNPOST_COUNTED: "Signpost counted",
    Event.SIGNPOST_UNDONE: "Signpost taken back",
    Event.SUPERVISION_RECORDED: "Supervision recorded",
    Event.SUPERVISION_CORRECTED: "Supervision corrected",
    Event.SUPERVISION_PREPARED: "Supervision prepared",
    Event.NOTICES_CHOSEN: "Emails chosen",
    Event.SERVICE_EDITED: "Activity changed",
    Event.SERVICE_VERIFIED: "Activity checked",
    Event.SERVICE_ADDED: "Activity added",
    Event.SERVICE_PUT_BACK: "Change of an activity put back",
    Event.SERVICE_GIVEN_BACK: "Correction of an activity given back to its list",
    Event.SERVICES_MERGED: "Activities merged",
    Event.SERVICES_PARTED: "Activities parted",
    Event.SERVICES_TOLD_APART: "Activities told apart",
    Event.CHECK_ASKED: "Provider asked about an activity",
    Event.CHECK_EMAILED: "Question about an activity emailed",
    Event.CHECK_CONFIRMED: "Activity confirmed by its provider",
    Event.CHECK_OBJECTED: "Activity objected to by its provider",
    Event.CHECK_SETTLED: "Word of a provider settled",
    Event.SERVICE_REMARKED: "Remark on an activity",
    Event.REMARK_SETTLED: "Remark on an activity settled",
    Event.DIRECTORY_IMPORTED: "Directory brought in",
    Event.DIRECTORY_EXPORTED: "Directory saved as a file",
    Event.TIMES_CONFIRMED: "Times of an activity confirmed",
    Event.CALENDAR_EXPORTED: "Times saved for a calendar",
    Event.IMPORT_RECEIVED: "List of activities received",
    Event.IMPORT_ABANDONED: "Import of activities abandoned",
    Event.SOURCE_CHANGED: "Source of the directory changed",
    Event.ORGANISATIONS_IMPORTED: "Organisations brought in",
    Event.ORGANISATION_ADDED: "National body added",
    Event.ORGANISATION_CLOSED: "Organisation closed",
    Event.ORGANISATION_MOVED: "Organisation moved",
    Event.ORGANISATION_CHANGE_UNDONE: "Closure or move taken back",
    Event.ORGANISATION_CARRIED_ON: "Moved on from a closed organisation",
    Event.SHARES_FROZEN: "Target shares fixed",
    Event.NOTES_COUNTED: "Own notes with a word counted",
    Event.REPORT_KEPT: "Report on capacity kept",
    Event.REPORT_EXPORTED: "Report exported",
    Event.USER_INVITED: "User invited",
    Event.USER_JOINED: "Password chosen",
    Event.USER_SIGNED_IN: "Signed in",
    Event.USER_SIGNED_OUT: "Signed out",
    Event.PROFILES_IMPORTED: "Deprivation profiles brought in",
    Event.POST_ADDED: "Post added",
    Event.POST_CHANGED: "Post changed",
    Event.POST_REMOVED: "Post removed",
    Event.POSTS_IMPORTED: "Posts brought in",
    Event.ABSENCE_RECORDED: "Long absence recorded",
    Event.ABSENCE_CHANGED: "Long absence changed",
    Event.ABSENCE_REMOVED: "Long absence removed",
    Event.ABSENCES_IMPORTED: "Long absences brought in",
    Event.ASSUMPTION_SET: "Assumption set",
    Event.ASSUMPTION_TAKEN_BACK: "Assumption taken back",
    Event.USER_DISABLED: "Account disabled",
    Event.USER_ENABLED: "Account enabled",
    Event.USER_ROLES_CHANGED: "Roles changed",
    Event.SIGN_IN_FAILED: "Sign-in failed",
    Event.DEMO_LOADED: "Demonstration loaded",
    Event.PEOPLE_GENERATED: "People generated",
}


def event_label(code: str) -> str:
    """An event in plain words, also one that is new or no longer in use."""
    known = {event.value: label for event, label in EVENT_LABELS.items()}
    return known.get(code) or code.replace(".", " ").replace("_", " ").capitalize()


class FilterForm(Form):
    """Filters of the trail; they hold no name, so they may stand in the address."""

    class Meta:
        csrf = False

    once = None
    user = HiddenField()
    person = HiddenField()
    event = SelectField("What happened", default="", validate_choice=False)
    from_on = DayField("From", [Optional()], render_kw={"type": "date"})
    until_on = DayField("To", [Optional()], render_kw={"type": "date"})

    @classmethod
    def of(cls, args: Any) -> "FilterForm":
        """The filters of an address; one that makes no sense is left out."""
        form = cls(formdata=args)
        known = sorted(Event, key=lambda event: event_label(event.value))
        labels = [SelectChoice(event.value, event_label(event.value)) for event in known]
        form.event.choices = [SelectChoice("", "Everything"), *labels]
        form.validate()
        if form.event.data not in set(Event):
            form.event.data = ""
        return form

    def chosen_event(self) -> Event | None:
        """The event asked for."""
        return Event(self.event.data) if self.event.data else None
