"""What people want help with, in the field's groups."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from linkwork.database import Record


class Need(StrEnum):
    """The groups of need of the social prescribing field."""

    LONELINESS = "loneliness"
    BEREAVEMENT = "bereavement"
    LOW_MOOD = "low_mood"
    ANXIETY = "anxiety"
    CARER_STRESS = "carer_stress"
    MONEY_DEBT = "money_debt"
    BENEFITS = "benefits"
    FOOD = "food"
    HOUSING = "housing"
    WORK = "work"
    SKILLS_LEARNING = "skills_learning"
    PHYSICAL_ACTIVITY = "physical_activity"
    WEIGHT = "weight"
    HEALTHY_EATING = "healthy_eating"
    LONG_TERM_CONDITION = "long_term_condition"
    MEMORY = "memory"
    ALCOHOL_DRUGS = "alcohol_drugs"
    SAFETY_ABUSE = "safety_abuse"
    FAMILY_PARENTING = "family_parenting"
    LANGUAGE = "language"
    DIGITAL = "digital"
    TRANSPORT = "transport"
    PURPOSE_VOLUNTEERING = "purpose_volunteering"
    CULTURE_FAITH = "culture_faith"
    WORK_STRESS = "work_stress"


NEED_LABELS = {
    Need.LONELINESS: "Loneliness",
    Need.BEREAVEMENT: "Bereavement",
    Need.LOW_MOOD: "Low mood",
    Need.ANXIETY: "Anxiety",
    Need.CARER_STRESS: "Caring for someone",
    Need.MONEY_DEBT: "Money and debt",
    Need.BENEFITS: "Benefits",
    Need.FOOD: "Food",
    Need.HOUSING: "Housing",
    Need.WORK: "Finding work",
    Need.SKILLS_LEARNING: "Skills and learning",
    Need.PHYSICAL_ACTIVITY: "Being active",
    Need.WEIGHT: "Weight",
    Need.HEALTHY_EATING: "Healthy eating",
    Need.LONG_TERM_CONDITION: "Long-term condition",
    Need.MEMORY: "Memory",
    Need.ALCOHOL_DRUGS: "Alcohol and drugs",
    Need.SAFETY_ABUSE: "Safety and abuse",
    Need.FAMILY_PARENTING: "Family and parenting",
    Need.LANGUAGE: "Language",
    Need.DIGITAL: "Getting online",
    Need.TRANSPORT: "Transport",
    Need.PURPOSE_VOLUNTEERING: "Purpose and volunteering",
    Need.CULTURE_FAITH: "Culture and faith",
    Need.WORK_STRESS: "Work stress and burnout",
}


class CaseNeed(Record):
    """A need found in a case, how much it matters (1 to 3), and whether it is met."""

    __tablename__ = "case_need"
    __table_args__ = (
        UniqueConstraint("case_id", "need"),
        CheckConstraint("importance between 1 and 3", name="importance"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    need: Mapped[Need]
    importance: Mapped[int] = mapped_column(default=2)
    seen_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


class CaseInterest(Record):
    """A concept a worker confirmed for a case beyond the needs: gardening, a men's group."""

    __tablename__ = "case_interest"
    __table_args__ = (UniqueConstraint("case_id", "concept"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    concept: Mapped[str]
    confirmed: Mapped[bool]
    """False where the worker said no to it, so that it is not proposed again."""
