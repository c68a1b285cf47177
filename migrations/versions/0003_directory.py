"""Directory."""

import sqlalchemy as sa
from alembic import op

from linkwork.models import service_text, service_vocabulary

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("kind", sa.String(length=100), nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("every_hours", sa.Integer(), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_rows", sa.Integer(), nullable=True),
        sa.Column("last_full_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("modified", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.CheckConstraint("every_hours > 0", name=op.f("ck_source_every_hours")),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_source_failures")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("key", name=op.f("uq_source_key")),
        sa.UniqueConstraint("name", name=op.f("uq_source_name")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_next_due_at"), ["next_due_at"], unique=False)

    op.create_table(
        "people_columns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_people_columns_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_columns")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_people_columns_organisation_id")),
    )
    op.create_table(
        "succession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("succeeded_on", sa.Date(), nullable=False),
        sa.Column("is_sole", sa.Boolean(), nullable=False),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_succession_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["organisation.id"], name=op.f("fk_succession_successor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_succession")),
        sa.UniqueConstraint(
            "organisation_id",
            "successor_id",
            name=op.f("uq_succession_organisation_id_successor_id"),
        ),
    )
    with op.batch_alter_table("succession", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_succession_successor_id"), ["successor_id"], unique=False
        )

    op.create_table(
        "directory_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "previewed",
                "held",
                "applied",
                "abandoned",
                name="importstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.Column("is_scheduled", sa.Boolean(), nullable=False),
        sa.Column("is_partial", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "held_for",
            sa.Enum(
                "empty",
                "shrunk",
                "strange",
                "contacts",
                name="holdreason",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("rows_before", sa.Integer(), nullable=True),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.Column("shown", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_directory_import_by_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_directory_import_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_directory_import_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_import")),
        sa.UniqueConstraint("key", name=op.f("uq_directory_import_key")),
    )
    with op.batch_alter_table("directory_import", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_directory_import_source_id_state"), ["source_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_directory_import_state_at"), ["state", "at"], unique=False
        )

    op.create_table(
        "organisation_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("closed", "moved", name="organisationchangekind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("takes_effect_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_organisation_change_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_change_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user.id"], name=op.f("fk_organisation_change_undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_change")),
        sa.UniqueConstraint("key", name=op.f("uq_organisation_change_key")),
    )
    with op.batch_alter_table("organisation_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisation_change_organisation_id_takes_effect_on"),
            ["organisation_id", "takes_effect_on"],
            unique=False,
        )

    op.create_table(
        "organisation_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=True),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("abandoned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_organisation_import_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_import")),
        sa.UniqueConstraint("key", name=op.f("uq_organisation_import_key")),
    )
    op.create_table(
        "people_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["place_id"], ["organisation.id"], name=op.f("fk_people_import_place_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_people_import_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_import")),
        sa.UniqueConstraint("key", name=op.f("uq_people_import_key")),
    )
    with op.batch_alter_table("people_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_import_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_import_user_id"), ["user_id"], unique=False)

    op.create_table(
        "import_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "added",
                "changed",
                "gone",
                "quarantined",
                "warning",
                name="changekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("service_key", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["directory_import.id"],
            name=op.f("fk_import_change_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_change")),
    )
    with op.batch_alter_table("import_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_change_import_id_kind_id"),
            ["import_id", "kind", "id"],
            unique=False,
        )

    op.create_table(
        "import_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["directory_import.id"],
            name=op.f("fk_import_part_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_part")),
    )
    with op.batch_alter_table("import_part", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_part_import_id_number"), ["import_id", "number"], unique=True
        )

    op.create_table(
        "service_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("puts_back_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_service_change_by_id")),
        sa.ForeignKeyConstraint(
            ["puts_back_id"], ["service_change.id"], name=op.f("fk_service_change_puts_back_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_change_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_change")),
        sa.UniqueConstraint("key", name=op.f("uq_service_change_key")),
    )
    with op.batch_alter_table("service_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_service_change_service_id_at"), ["service_id", "at"], unique=False
        )

    op.create_table(
        "service_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("emailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times_answered", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("words_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_service_check_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_check_service_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["user.id"], name=op.f("fk_service_check_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_check")),
        sa.UniqueConstraint("key", name=op.f("uq_service_check_key")),
    )
    with op.batch_alter_table("service_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_check_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_service_check_service_id"), ["service_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_service_check_settled_at"), ["settled_at"], unique=False
        )

    op.create_table(
        "service_distinction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_service_distinction_by_id")),
        sa.ForeignKeyConstraint(
            ["one_id"],
            ["service.id"],
            name=op.f("fk_service_distinction_one_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["service.id"],
            name=op.f("fk_service_distinction_other_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_distinction")),
        sa.UniqueConstraint(
            "one_id", "other_id", name=op.f("uq_service_distinction_one_id_other_id")
        ),
    )
    with op.batch_alter_table("service_distinction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_service_distinction_other_id"), ["other_id"], unique=False
        )

    op.create_table(
        "service_facet",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("spot", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "activity",
                "life_skills",
                "peer_support",
                "course",
                "staff_hub",
                "helpline",
                "digital",
                "counselling",
                "advice",
                name="servicekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("access", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("times_until", sa.Date(), nullable=True),
        sa.Column("minimum_age", sa.Integer(), nullable=True),
        sa.Column("maximum_age", sa.Integer(), nullable=True),
        sa.Column("gender", sa.String(), nullable=True),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("languages", sa.String(), nullable=False),
        sa.Column("referral_route", sa.String(), nullable=True),
        sa.Column(
            "capacity_status",
            sa.Enum(
                "capacity",
                "waitlist",
                "no-capacity",
                "additional-assessment-required",
                name="capacitystatus",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("price", sa.Double(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_facet_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "spot", name=op.f("pk_service_facet")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("service_facet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_facet_latitude"), ["latitude"], unique=False)

    op.create_table(
        "service_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("was_edited", sa.JSON(), nullable=False),
        sa.Column("was_listed", sa.Boolean(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["kept_id"], ["service.id"], name=op.f("fk_service_merge_kept_id")),
        sa.ForeignKeyConstraint(
            ["merged_by_id"], ["user.id"], name=op.f("fk_service_merge_merged_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["service.id"], name=op.f("fk_service_merge_merged_id")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user.id"], name=op.f("fk_service_merge_undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_merge")),
        sa.UniqueConstraint("key", name=op.f("uq_service_merge_key")),
    )
    with op.batch_alter_table("service_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_merge_kept_id"), ["kept_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_merge_merged_id"), ["merged_id"], unique=False)

    op.create_table(
        "service_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_service_remark_by_id")),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_remark_service_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["user.id"], name=op.f("fk_service_remark_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_remark")),
        sa.UniqueConstraint("key", name=op.f("uq_service_remark_key")),
    )
    with op.batch_alter_table("service_remark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_service_remark_service_id"), ["service_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_service_remark_settled_at"), ["settled_at"], unique=False
        )

    op.create_table(
        "service_session",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("has_hours", sa.Boolean(), nullable=False),
        sa.Column("exact", sa.Boolean(), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_session_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "day", "opens", "service_id", "schedule_id", name=op.f("pk_service_session")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("service_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_service_session_service_id"), ["service_id"], unique=False
        )

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_organisation_successor_id"), type_="foreignkey")
        batch_op.drop_column("successor_id")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("deprivation_decile", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("deprivation_source", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("deprivation_on", sa.Date(), nullable=True))

    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_byday", sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column("closed_on", sa.JSON(), server_default=sa.text("'[]'"), nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "closed_bank_holidays", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
        batch_op.add_column(
            sa.Column("term_time_only", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("by_appointment", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("from_words", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("doubt", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("unread", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("reading", sa.String(length=64), nullable=True))

    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("times_confirmed", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("times_confirmed_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("times_confirmed_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("closed_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_service_merged_into_id"), ["merged_into_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_service_merged_into_id"), "service", ["merged_into_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_service_times_confirmed_by_id"),
            "user",
            ["times_confirmed_by_id"],
            ["id"],
        )

    with op.batch_alter_table("taxonomy_term", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parent_key", sa.String(length=36), nullable=True))

    service_vocabulary.create(op.get_bind())
    service_text.fill(op.get_bind())


def downgrade():
    service_vocabulary.drop(op.get_bind())
    with op.batch_alter_table("taxonomy_term", schema=None) as batch_op:
        batch_op.drop_column("parent_key")

    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_service_times_confirmed_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_service_merged_into_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_service_merged_into_id"))
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("closed_until")
        batch_op.drop_column("times_confirmed_by_id")
        batch_op.drop_column("times_confirmed_at")
        batch_op.drop_column("times_confirmed")
        batch_op.drop_column("changed_at")

    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.drop_column("reading")
        batch_op.drop_column("unread")
        batch_op.drop_column("doubt")
        batch_op.drop_column("from_words")
        batch_op.drop_column("by_appointment")
        batch_op.drop_column("term_time_only")
        batch_op.drop_column("closed_bank_holidays")
        batch_op.drop_column("closed_on")
        batch_op.drop_column("closed_byday")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("deprivation_on")
        batch_op.drop_column("deprivation_source")
        batch_op.drop_column("deprivation_decile")

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("successor_id", sa.INTEGER(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_organisation_successor_id"), "organisation", ["successor_id"], ["id"]
        )

    with op.batch_alter_table("service_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_session_service_id"))

    op.drop_table("service_session")
    with op.batch_alter_table("service_remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_remark_settled_at"))
        batch_op.drop_index(batch_op.f("ix_service_remark_service_id"))

    op.drop_table("service_remark")
    with op.batch_alter_table("service_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_merge_merged_id"))
        batch_op.drop_index(batch_op.f("ix_service_merge_kept_id"))

    op.drop_table("service_merge")
    with op.batch_alter_table("service_facet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_facet_latitude"))

    op.drop_table("service_facet")
    with op.batch_alter_table("service_distinction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_distinction_other_id"))

    op.drop_table("service_distinction")
    with op.batch_alter_table("service_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_check_settled_at"))
        batch_op.drop_index(batch_op.f("ix_service_check_service_id"))
        batch_op.drop_index(batch_op.f("ix_service_check_asked_at"))

    op.drop_table("service_check")
    with op.batch_alter_table("service_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_change_service_id_at"))

    op.drop_table("service_change")
    with op.batch_alter_table("import_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_part_import_id_number"))

    op.drop_table("import_part")
    with op.batch_alter_table("import_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_change_import_id_kind_id"))

    op.drop_table("import_change")
    with op.batch_alter_table("people_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_import_user_id"))
        batch_op.drop_index(batch_op.f("ix_people_import_at"))

    op.drop_table("people_import")
    op.drop_table("organisation_import")
    with op.batch_alter_table("organisation_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_change_organisation_id_takes_effect_on"))

    op.drop_table("organisation_change")
    with op.batch_alter_table("directory_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directory_import_state_at"))
        batch_op.drop_index(batch_op.f("ix_directory_import_source_id_state"))

    op.drop_table("directory_import")
    with op.batch_alter_table("succession", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_succession_successor_id"))

    op.drop_table("succession")
    op.drop_table("people_columns")
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_next_due_at"))

    op.drop_table("source")
