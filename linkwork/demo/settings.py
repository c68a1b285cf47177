"""What a lead of the demo has set: what one worker costs, so that the page can speak of money."""

from datetime import datetime, time

from sqlalchemy import select

from linkwork import access, clock
from linkwork.capacity.calendar import FinancialYear
from linkwork.casework import assumptions
from linkwork.database import db
from linkwork.models import Organisation, Role, User, UserRole

COST_OF_ONE_WTE = 36_428
"""Pounds a year, as reimbursed at most in 2022/23 (docs/capacity.md, "Money")."""


def settle(year: FinancialYear) -> None:
    """Let each lead of a PCN have set the cost of one WTE from the first day of ``year`` on."""
    leading = select(UserRole.user_id).where(UserRole.role == Role.PCN_LEAD)
    leads = db.session.scalars(select(User).where(User.id.in_(leading)).order_by(User.id)).unique()
    at = clock.utc(datetime.combine(year.start, time(9, 30)))
    for lead in leads:
        own = list(db.session.scalars(access.pcns(lead).order_by(Organisation.id)))
        if len(own) == 1:
            assumptions.set_value(
                "cost_per_wte", COST_OF_ONE_WTE, of=own[0], from_on=year.start, by=lead, at=at
            )
