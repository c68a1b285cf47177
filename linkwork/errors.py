"""The ways something can be refused, in the words of the work rather than of HTTP."""

import traceback


class Refused(Exception):
    """Base class: something was asked for that Linkwork will not do."""


class RuleBroken(Refused):
    """The record is not in a state that allows this. The message is shown to the user."""


class NotAllowed(Refused):
    """This user's roles do not include this action."""


class NotYours(Refused):
    """The record is outside what this user may see: answered as if it did not exist."""


class ReasonNeeded(Refused):
    """A colleague's case opens only after a reason is given. Carries the case's key."""

    def __init__(self, case_key: str) -> None:
        super().__init__(case_key)
        self.case_key = case_key


class ChangedMeanwhile(RuleBroken):
    """Somebody else saved a change to this record after it was opened."""


class SettingsWrong(Refused):
    """A setting is missing or cannot be used. The message says which, and what to do."""


class FileRefused(Refused):
    """A file cannot be imported at all. The message says why, and what to do."""


def without_values(error: BaseException) -> str:
    """Where it went wrong, and not what with: a message may quote somebody’s record."""
    place = "".join(traceback.format_tb(error.__traceback__))
    cause = error.__cause__ or error.__context__
    before = without_values(cause) + "\nwhich led to\n" if cause is not None else ""
    return f"{before}{place}{type(error).__module__}.{type(error).__qualname__}"
