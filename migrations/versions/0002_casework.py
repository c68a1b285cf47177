"""Casework."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "public_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_attempt")),
    )
    with op.batch_alter_table("public_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_public_attempt_subject_at"), ["subject", "at"], unique=False
        )

    op.create_table(
        "notice_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("by_email", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notice_choice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_choice")),
        sa.UniqueConstraint("user_id", name=op.f("uq_notice_choice_user_id")),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "case_given",
                "referral_joined",
                "provider_answered",
                "provider_silent",
                "visit_overdue",
                "concern_raised",
                "message_from_link_worker",
                "message_from_practice",
                "public_request",
                "public_danger",
                "task_due",
                "supervision_due",
                "death_recorded",
                "death_withdrawn",
                name="noticekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reminded_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reminder_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "user_id", "kind", "reminded_on", name=op.f("uq_reminder_user_id_kind_reminded_on")
        ),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_reminded_on"), ["reminded_on"], unique=False)

    op.create_table(
        "supervision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("with_whom", sa.String(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "one_to_one",
                "group",
                "clinical",
                "peer",
                name="supervisionkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=False),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("agenda", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("next_due_on > held_on", name=op.f("ck_supervision_next_is_later")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_supervision_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["user.id"], name=op.f("fk_supervision_supervisor_id")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["user.id"], name=op.f("fk_supervision_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
        sa.UniqueConstraint("key", name=op.f("uq_supervision_key")),
    )
    with op.batch_alter_table("supervision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supervision_supervisor_id"), ["supervisor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_supervision_worker_id_held_on"), ["worker_id", "held_on"], unique=False
        )

    op.create_table(
        "person_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["kept_id"], ["person.id"], name=op.f("fk_person_merge_kept_id")),
        sa.ForeignKeyConstraint(
            ["merged_by_id"], ["user.id"], name=op.f("fk_person_merge_merged_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["person.id"], name=op.f("fk_person_merge_merged_id")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user.id"], name=op.f("fk_person_merge_undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
        sa.UniqueConstraint("key", name=op.f("uq_person_merge_key")),
    )
    with op.batch_alter_table("person_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_merge_kept_id"), ["kept_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_merge_merged_id"), ["merged_id"], unique=False)

    op.create_table(
        "signpost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column(
            "need",
            sa.Enum(
                "loneliness",
                "bereavement",
                "low_mood",
                "anxiety",
                "carer_stress",
                "money_debt",
                "benefits",
                "food",
                "housing",
                "work",
                "skills_learning",
                "physical_activity",
                "weight",
                "healthy_eating",
                "long_term_condition",
                "memory",
                "alcohol_drugs",
                "safety_abuse",
                "family_parenting",
                "language",
                "digital",
                "transport",
                "purpose_volunteering",
                "culture_faith",
                "work_stress",
                name="need",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(service_id is null) <> (need is null)", name=op.f("ck_signpost_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_signpost_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_signpost_service_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_signpost_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signpost")),
        sa.UniqueConstraint("key", name=op.f("uq_signpost_key")),
    )
    with op.batch_alter_table("signpost", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_signpost_organisation_id_at"), ["organisation_id", "at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_signpost_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signpost_user_id"), ["user_id"], unique=False)

    op.create_table(
        "gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column(
            "need",
            sa.Enum(
                "loneliness",
                "bereavement",
                "low_mood",
                "anxiety",
                "carer_stress",
                "money_debt",
                "benefits",
                "food",
                "housing",
                "work",
                "skills_learning",
                "physical_activity",
                "weight",
                "healthy_eating",
                "long_term_condition",
                "memory",
                "alcohol_drugs",
                "safety_abuse",
                "family_parenting",
                "language",
                "digital",
                "transport",
                "purpose_volunteering",
                "culture_faith",
                "work_stress",
                name="need",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=4), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "none",
                "full",
                "cost",
                "travel",
                "language",
                "hours",
                "access",
                "eligibility",
                name="gapreason",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_gap_case_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_gap_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_gap_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap")),
        sa.UniqueConstraint("key", name=op.f("uq_gap_key")),
    )
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gap_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_gap_organisation_id_at"), ["organisation_id", "at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_gap_user_id"), ["user_id"], unique=False)

    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside_why", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_goal_case_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["user.id"], name=op.f("fk_goal_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("key", name=op.f("uq_goal_key")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_case_id"), ["case_id"], unique=False)

    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_handover_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_handover_case_id")),
        sa.ForeignKeyConstraint(["from_id"], ["user.id"], name=op.f("fk_handover_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["user.id"], name=op.f("fk_handover_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_case_id"), ["case_id"], unique=False)

    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "notice",
                "urgent",
                "reminder",
                "invitation",
                "plan",
                "answer",
                name="mailkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_mail_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mail_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "ix_mail_waiting",
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("sent_at is null and given_up_at is null"),
            postgresql_where=sa.text("sent_at is null and given_up_at is null"),
        )

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "started",
                "update",
                "declined",
                "closing",
                name="messagekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "code",
            sa.Enum(
                "871731000000106",
                "871711000000103",
                name="snomedcode",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_message_case_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user.id"], name=op.f("fk_message_filed_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_message_made_by_id")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["organisation.id"], name=op.f("fk_message_practice_id")
        ),
        sa.ForeignKeyConstraint(["read_by_id"], ["user.id"], name=op.f("fk_message_read_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_message_practice_id_sent_at"), ["practice_id", "sent_at"], unique=False
        )
        batch_op.create_index(
            "uq_message_case_id_code",
            ["case_id", "code"],
            unique=True,
            sqlite_where=sa.text("code is not null"),
            postgresql_where=sa.text("code is not null"),
        )

    op.create_table(
        "notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "case_given",
                "referral_joined",
                "provider_answered",
                "provider_silent",
                "visit_overdue",
                "concern_raised",
                "message_from_link_worker",
                "message_from_practice",
                "public_request",
                "public_danger",
                "task_due",
                "supervision_due",
                "death_recorded",
                "death_withdrawn",
                name="noticekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["support_case.id"], name=op.f("fk_notification_case_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notification_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("key", name=op.f("uq_notification_key")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notification_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_notification_user_id_read_at"), ["user_id", "read_at"], unique=False
        )

    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Integer(), nullable=False),
        sa.Column("copy_given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "copy_how",
            sa.Enum(
                "printed",
                "large_print",
                "easy_read",
                "post",
                "email",
                "link",
                "read_aloud",
                name="copyhow",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["user.id"], name=op.f("fk_plan_agreed_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_plan_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("case_id", name=op.f("uq_plan_case_id")),
        sa.UniqueConstraint("key", name=op.f("uq_plan_key")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_review_on"), ["review_on"], unique=False)

    op.create_table(
        "snooze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column(
            "on_list",
            sa.Enum(
                "new",
                "over_target",
                "call_back",
                "task",
                "plan_action",
                "nothing_booked",
                "silent",
                "going_along",
                "perhaps_gone",
                "review",
                "supervision",
                name="todaylist",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "asked_later",
                "away",
                "waiting_for_answer",
                "in_hand",
                "no_time_today",
                name="snoozereason",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("put_off_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_snooze_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_snooze_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snooze")),
    )
    with op.batch_alter_table("snooze", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snooze_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_snooze_user_id_until_on"), ["user_id", "until_on"], unique=False
        )

    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_by_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cancelled_by_id"], ["user.id"], name=op.f("fk_task_cancelled_by_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_task_case_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["user.id"], name=op.f("fk_task_done_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_task_owner_id")),
        sa.ForeignKeyConstraint(
            ["promised_by_id"], ["user.id"], name=op.f("fk_task_promised_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("key", name=op.f("uq_task_key")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_task_case_id_due_on"), ["case_id", "due_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_task_owner_id_done_at_due_on"),
            ["owner_id", "done_at", "due_on"],
            unique=False,
        )

    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("companion", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected_end_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("safe_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("safe_by_id", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_id", sa.Integer(), nullable=True),
        sa.Column("overdue_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes between 5 and 480", name=op.f("ck_visit_minutes")),
        sa.ForeignKeyConstraint(
            ["cancelled_by_id"], ["user.id"], name=op.f("fk_visit_cancelled_by_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_visit_case_id")),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["user.id"], name=op.f("fk_visit_planned_by_id")
        ),
        sa.ForeignKeyConstraint(["safe_by_id"], ["user.id"], name=op.f("fk_visit_safe_by_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["user.id"], name=op.f("fk_visit_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("key", name=op.f("uq_visit_key")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_visit_under_way",
            ["expected_end_at"],
            unique=False,
            sqlite_where=sa.text("started_at is not null and safe_at is null"),
            postgresql_where=sa.text("started_at is not null and safe_at is null"),
        )
        batch_op.create_index(
            batch_op.f("ix_visit_worker_id_planned_at"), ["worker_id", "planned_at"], unique=False
        )

    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "answer",
            sa.Enum("concern", "no_danger", name="alarmanswer", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("account", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_alarm_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_alarm_case_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_alarm_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
        sa.UniqueConstraint("key", name=op.f("uq_alarm_key")),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alarm_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            "ix_alarm_unanswered",
            ["case_id"],
            unique=False,
            sqlite_where=sa.text("answered_at is null"),
            postgresql_where=sa.text("answered_at is null"),
        )

    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("onward_referral_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "accepted",
                "waitlisted",
                "declined",
                "finished",
                "stopped",
                name="answerkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("given_by", sa.String(), nullable=True),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column(
            "decline_reason",
            sa.Enum(
                "full",
                "not_eligible",
                "person_changed_mind",
                "cost",
                "travel",
                "access",
                "closed",
                "not_reached",
                name="onwarddecline",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("first_session_on", sa.Date(), nullable=True),
        sa.Column("wait_weeks", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_answer_by_id")),
        sa.ForeignKeyConstraint(
            ["onward_referral_id"],
            ["onward_referral.id"],
            name=op.f("fk_answer_onward_referral_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_answer_onward_referral_id"), ["onward_referral_id"], unique=False
        )

    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("onward_referral_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "unwell",
                "forgot",
                "nervous",
                "travel",
                "changed_mind",
                "not_held",
                "not_known",
                name="absent",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["onward_referral_id"],
            ["onward_referral.id"],
            name=op.f("fk_attendance_onward_referral_id"),
        ),
        sa.ForeignKeyConstraint(["said_by_id"], ["user.id"], name=op.f("fk_attendance_said_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint(
            "onward_referral_id", "held_on", name=op.f("uq_attendance_onward_referral_id_held_on")
        ),
    )
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("high", sa.Boolean(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_concern_case_id")),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["user.id"], name=op.f("fk_concern_closed_by_id")
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_concern_contact_id")),
        sa.ForeignKeyConstraint(
            ["raised_by_id"], ["user.id"], name=op.f("fk_concern_raised_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("key", name=op.f("uq_concern_key")),
    )
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_concern_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            "ix_concern_open",
            ["case_id"],
            unique=False,
            sqlite_where=sa.text("closed_at is null"),
            postgresql_where=sa.text("closed_at is null"),
        )

    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_correction_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["corrected_by_id"], ["user.id"], name=op.f("fk_correction_corrected_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("contact_id", "version", name=op.f("uq_correction_contact_id_version")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "form",
            sa.Enum("conversation", "attempt", name="draftform", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_draft_case_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_draft_contact_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_draft_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("key", name=op.f("uq_draft_key")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_draft_user_id_case_id"), ["user_id", "case_id"], unique=False
        )

    op.create_table(
        "emotional_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column(
            "feeling",
            sa.Enum(
                "sad",
                "worried",
                "angry",
                "stuck",
                "drained",
                "close_to_home",
                name="feeling",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weight between 1 and 3", name=op.f("ck_emotional_load_weight")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["support_case.id"], name=op.f("fk_emotional_load_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_emotional_load_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["user.id"], name=op.f("fk_emotional_load_worker_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emotional_load")),
        sa.UniqueConstraint("key", name=op.f("uq_emotional_load_key")),
    )
    with op.batch_alter_table("emotional_load", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_emotional_load_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_emotional_load_worker_id_case_id"),
            ["worker_id", "case_id"],
            unique=False,
        )

    op.create_table(
        "goal_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column(
            "owner",
            sa.Enum("person", "worker", "other", name="actionowner", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("owner_name", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["user.id"], name=op.f("fk_goal_action_done_by_id")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_action_goal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_action")),
        sa.UniqueConstraint("key", name=op.f("uq_goal_action_key")),
    )
    with op.batch_alter_table("goal_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_action_goal_id"), ["goal_id"], unique=False)

    op.create_table(
        "goal_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_wording_goal_id")),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["user.id"], name=op.f("fk_goal_wording_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_wording")),
    )
    with op.batch_alter_table("goal_wording", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_wording_goal_id"), ["goal_id"], unique=False)

    op.create_table(
        "plan_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("what_changed", sa.String(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_plan_review_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_review_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_review")),
    )
    with op.batch_alter_table("plan_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_review_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "public_referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "gp",
                "other_primary_care",
                "self",
                "family",
                "outreach",
                "other_agency",
                name="referralsource",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("postcode", sa.String(), nullable=True),
        sa.Column("safe_to_contact", sa.String(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("referrer_name", sa.String(), nullable=True),
        sa.Column("referrer_relation", sa.String(), nullable=True),
        sa.Column("referrer_contact", sa.String(), nullable=True),
        sa.Column("share_with_gp", sa.Boolean(), nullable=False),
        sa.Column("crisis", sa.Boolean(), nullable=False),
        sa.Column("suspect", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "discard_reason",
            sa.Enum(
                "not_real",
                "twice",
                "not_agreed",
                "not_reached",
                "not_ours",
                name="discardreason",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["user.id"], name=op.f("fk_public_referral_checked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_public_referral_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["organisation.id"], name=op.f("fk_public_referral_practice_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_public_referral_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_referral")),
        sa.UniqueConstraint("key", name=op.f("uq_public_referral_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_public_referral_reference")),
        sa.UniqueConstraint("token", name=op.f("uq_public_referral_token")),
    )
    with op.batch_alter_table("public_referral", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_public_referral_content_received_at"),
            ["content", "received_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_public_referral_organisation_id_checked_at"),
            ["organisation_id", "checked_at"],
            unique=False,
        )

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_question_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_question_asked_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_question_case_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_question_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("key", name=op.f("uq_question_key")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "shared_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("plan", "answer", name="linkpurpose", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("onward_referral_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["support_case.id"], name=op.f("fk_shared_link_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_shared_link_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["onward_referral_id"],
            ["onward_referral.id"],
            name=op.f("fk_shared_link_onward_referral_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_link")),
        sa.UniqueConstraint("key", name=op.f("uq_shared_link_key")),
    )
    with op.batch_alter_table("shared_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shared_link_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_shared_link_onward_referral_id"), ["onward_referral_id"], unique=False
        )

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("struck_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("strike_reason", sa.String(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_contact_struck_by_id"), "user", ["struck_by_id"], ["id"]
        )

    with op.batch_alter_table("onward_referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("onward_from_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sent_first_name", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("sent_lines", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("chased_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("first_session_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("wait_weeks", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("companion_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("companion_name", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("accompanied_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("accompanied_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_onward_referral_accompanied_on"), ["accompanied_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_onward_referral_companion_id"), ["companion_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_onward_referral_first_session_on"), ["first_session_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_onward_referral_onward_from_id"), ["onward_from_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_onward_referral_companion_id"), "user", ["companion_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_onward_referral_onward_from_id"),
            "onward_referral",
            ["onward_from_id"],
            ["id"],
        )

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("twin", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
        batch_op.add_column(sa.Column("lone_worker_reason", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("lone_worker_review_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("alerts_set_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("alerts_set_by_id", sa.Integer(), nullable=True))
        batch_op.drop_index(
            batch_op.f("uq_person_nhs_number"), sqlite_where=sa.text("nhs_number is not null")
        )
        batch_op.create_index(
            "uq_person_nhs_number",
            ["nhs_number", "date_of_birth", "twin"],
            unique=True,
            sqlite_where=sa.text("nhs_number is not null"),
            postgresql_where=sa.text("nhs_number is not null"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_person_alerts_set_by_id"), "user", ["alerts_set_by_id"], ["id"]
        )

    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("referrer_relation", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("referrer_contact", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "withdraw_reason",
                sa.Enum(
                    "patient_changed_mind",
                    "sent_in_error",
                    "no_longer_needed",
                    "other_help",
                    name="withdrawreason",
                    native_enum=False,
                    length=32,
                ),
                nullable=True,
            )
        )

    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("provider_said_at", sa.DateTime(timezone=True), nullable=True)
        )

    with op.batch_alter_table("support_case", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("close_details", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )
        batch_op.add_column(
            sa.Column("coded_in_gp_record_at", sa.DateTime(timezone=True), nullable=True)
        )

    # A batch makes the indexes of a table anew in any order, and of two that will do SQLite may
    # take the one made first: a desk is to be found by its own.
    op.drop_index("ix_support_case_open", "support_case")
    op.create_index(
        "ix_support_case_open",
        "support_case",
        ["organisation_id", "opened_at"],
        unique=False,
        sqlite_where=sa.text("closed_at is null and declined_at is null"),
        postgresql_where=sa.text("closed_at is null and declined_at is null"),
    )


def downgrade():
    with op.batch_alter_table("support_case", schema=None) as batch_op:
        batch_op.drop_column("coded_in_gp_record_at")
        batch_op.drop_column("close_details")

    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_column("provider_said_at")

    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_column("withdraw_reason")
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("referrer_contact")
        batch_op.drop_column("referrer_relation")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_person_alerts_set_by_id"), type_="foreignkey")
        batch_op.drop_index(
            "uq_person_nhs_number",
            sqlite_where=sa.text("nhs_number is not null"),
            postgresql_where=sa.text("nhs_number is not null"),
        )
        batch_op.create_index(
            batch_op.f("uq_person_nhs_number"),
            ["nhs_number"],
            unique=1,
            sqlite_where=sa.text("nhs_number is not null"),
        )
        batch_op.drop_column("alerts_set_by_id")
        batch_op.drop_column("alerts_set_at")
        batch_op.drop_column("lone_worker_review_on")
        batch_op.drop_column("lone_worker_reason")
        batch_op.drop_column("twin")

    with op.batch_alter_table("onward_referral", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_onward_referral_onward_from_id"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("fk_onward_referral_companion_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_onward_referral_onward_from_id"))
        batch_op.drop_index(batch_op.f("ix_onward_referral_first_session_on"))
        batch_op.drop_index(batch_op.f("ix_onward_referral_companion_id"))
        batch_op.drop_index(batch_op.f("ix_onward_referral_accompanied_on"))
        batch_op.drop_column("accompanied_at")
        batch_op.drop_column("accompanied_on")
        batch_op.drop_column("companion_name")
        batch_op.drop_column("companion_id")
        batch_op.drop_column("wait_weeks")
        batch_op.drop_column("first_session_on")
        batch_op.drop_column("chased_at")
        batch_op.drop_column("sent_lines")
        batch_op.drop_column("sent_first_name")
        batch_op.drop_column("onward_from_id")

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_contact_struck_by_id"), type_="foreignkey")
        batch_op.drop_column("strike_reason")
        batch_op.drop_column("struck_by_id")
        batch_op.drop_column("struck_at")
        batch_op.drop_column("recorded_at")

    with op.batch_alter_table("shared_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shared_link_onward_referral_id"))
        batch_op.drop_index(batch_op.f("ix_shared_link_case_id"))

    op.drop_table("shared_link")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_referral_id"))
        batch_op.drop_index(batch_op.f("ix_question_case_id"))

    op.drop_table("question")
    with op.batch_alter_table("public_referral", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_public_referral_organisation_id_checked_at"))
        batch_op.drop_index(batch_op.f("ix_public_referral_content_received_at"))

    op.drop_table("public_referral")
    with op.batch_alter_table("plan_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_review_plan_id"))

    op.drop_table("plan_review")
    with op.batch_alter_table("goal_wording", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_wording_goal_id"))

    op.drop_table("goal_wording")
    with op.batch_alter_table("goal_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_action_goal_id"))

    op.drop_table("goal_action")
    with op.batch_alter_table("emotional_load", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_emotional_load_worker_id_case_id"))
        batch_op.drop_index(batch_op.f("ix_emotional_load_case_id"))

    op.drop_table("emotional_load")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_user_id_case_id"))
        batch_op.drop_index(batch_op.f("ix_draft_contact_id"))
        batch_op.drop_index(batch_op.f("ix_draft_case_id"))

    op.drop_table("draft")
    op.drop_table("correction")
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_concern_open",
            sqlite_where=sa.text("closed_at is null"),
            postgresql_where=sa.text("closed_at is null"),
        )
        batch_op.drop_index(batch_op.f("ix_concern_contact_id"))
        batch_op.drop_index(batch_op.f("ix_concern_case_id"))

    op.drop_table("concern")
    op.drop_table("attendance")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_onward_referral_id"))

    op.drop_table("answer")
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_alarm_unanswered",
            sqlite_where=sa.text("answered_at is null"),
            postgresql_where=sa.text("answered_at is null"),
        )
        batch_op.drop_index(batch_op.f("ix_alarm_contact_id"))
        batch_op.drop_index(batch_op.f("ix_alarm_case_id"))

    op.drop_table("alarm")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_worker_id_planned_at"))
        batch_op.drop_index(
            "ix_visit_under_way",
            sqlite_where=sa.text("started_at is not null and safe_at is null"),
            postgresql_where=sa.text("started_at is not null and safe_at is null"),
        )
        batch_op.drop_index(batch_op.f("ix_visit_case_id"))

    op.drop_table("visit")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_owner_id_done_at_due_on"))
        batch_op.drop_index(batch_op.f("ix_task_case_id_due_on"))

    op.drop_table("task")
    with op.batch_alter_table("snooze", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snooze_user_id_until_on"))
        batch_op.drop_index(batch_op.f("ix_snooze_case_id"))

    op.drop_table("snooze")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_review_on"))

    op.drop_table("plan")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notification_user_id_read_at"))
        batch_op.drop_index(batch_op.f("ix_notification_case_id"))

    op.drop_table("notification")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_message_case_id_code",
            sqlite_where=sa.text("code is not null"),
            postgresql_where=sa.text("code is not null"),
        )
        batch_op.drop_index(batch_op.f("ix_message_practice_id_sent_at"))
        batch_op.drop_index(batch_op.f("ix_message_case_id"))

    op.drop_table("message")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_mail_waiting",
            sqlite_where=sa.text("sent_at is null and given_up_at is null"),
            postgresql_where=sa.text("sent_at is null and given_up_at is null"),
        )
        batch_op.drop_index(batch_op.f("ix_mail_user_id"))
        batch_op.drop_index(batch_op.f("ix_mail_case_id"))

    op.drop_table("mail")
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handover_case_id"))

    op.drop_table("handover")
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_case_id"))

    op.drop_table("goal")
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gap_user_id"))
        batch_op.drop_index(batch_op.f("ix_gap_organisation_id_at"))
        batch_op.drop_index(batch_op.f("ix_gap_case_id"))

    op.drop_table("gap")
    with op.batch_alter_table("signpost", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signpost_user_id"))
        batch_op.drop_index(batch_op.f("ix_signpost_service_id"))
        batch_op.drop_index(batch_op.f("ix_signpost_organisation_id_at"))

    op.drop_table("signpost")
    with op.batch_alter_table("person_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_merge_merged_id"))
        batch_op.drop_index(batch_op.f("ix_person_merge_kept_id"))

    op.drop_table("person_merge")
    with op.batch_alter_table("supervision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supervision_worker_id_held_on"))
        batch_op.drop_index(batch_op.f("ix_supervision_supervisor_id"))

    op.drop_table("supervision")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_reminded_on"))

    op.drop_table("reminder")
    op.drop_table("notice_choice")
    with op.batch_alter_table("public_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_public_attempt_subject_at"))

    op.drop_table("public_attempt")
