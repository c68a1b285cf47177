"""Capacity."""

from secrets import token_urlsafe

import sqlalchemy as sa
from alembic import op

from linkwork.models import counted_start

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "count_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_due")),
    )
    op.create_table(
        "counted_start",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "scope",
            sa.Enum("additional", "all", name="scope", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("elsewhere_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint(
            "person_id", "year", "scope", "organisation_id", name=op.f("pk_counted_start")
        ),
    )
    with op.batch_alter_table("counted_start", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_counted_start_organisation_id_year_scope_started_on"),
            ["organisation_id", "year", "scope", "started_on"],
            unique=False,
        )
        batch_op.create_index(
            "ix_counted_start_sums",
            ["year", "scope", "organisation_id", "started_on", "is_counted"],
            unique=False,
            sqlite_where=sa.text("is_counted = 1"),
            postgresql_where=sa.text("is_counted"),
        )

    op.create_table(
        "list_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("q1", sa.Double(), nullable=False),
        sa.Column("q2", sa.Double(), nullable=False),
        sa.Column("q3", sa.Double(), nullable=False),
        sa.Column("q4", sa.Double(), nullable=False),
        sa.Column("q5", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "q1 >= 0 and q2 >= 0 and q3 >= 0 and q4 >= 0 and q5 >= 0",
            name=op.f("ck_list_profile_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_list_profile_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_profile")),
        sa.UniqueConstraint(
            "organisation_id", "as_of", name=op.f("uq_list_profile_organisation_id_as_of")
        ),
    )
    op.create_table(
        "assumption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_assumption_organisation_id")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["user.id"], name=op.f("fk_assumption_set_by_id")),
        sa.ForeignKeyConstraint(
            ["taken_back_by_id"], ["user.id"], name=op.f("fk_assumption_taken_back_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assumption")),
        sa.UniqueConstraint("key", name=op.f("uq_assumption_key")),
    )
    with op.batch_alter_table("assumption", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assumption_organisation_id_code_from_on"),
            ["organisation_id", "code", "from_on"],
            unique=False,
        )

    op.create_table(
        "kept_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum("additional", "all", name="scope", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_by_id"], ["user.id"], name=op.f("fk_kept_report_kept_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kept_report_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_report")),
        sa.UniqueConstraint("key", name=op.f("uq_kept_report_key")),
        sa.UniqueConstraint(
            "organisation_id",
            "scope",
            "month_on",
            name=op.f("uq_kept_report_organisation_id_scope_month_on"),
        ),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=36), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_absence_key"), ["key"])

    with op.batch_alter_table("support_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_support_case_organisation_id_declined_at"),
            ["organisation_id", "declined_at"],
            unique=False,
            sqlite_where=sa.text("declined_at is not null"),
            postgresql_where=sa.text("declined_at is not null"),
        )

    counted_start.watch(op.get_bind())
    counted_start.mark_everybody(op.get_bind())
    absence = sa.table("absence", sa.column("id"), sa.column("key"))
    for (number,) in op.get_bind().execute(sa.select(absence.c.id)).all():
        named = absence.update().where(absence.c.id == number)
        op.get_bind().execute(named.values(key=token_urlsafe(9)))


def downgrade():
    counted_start.unwatch(op.get_bind())
    with op.batch_alter_table("support_case", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_support_case_organisation_id_declined_at"),
            sqlite_where=sa.text("declined_at is not null"),
            postgresql_where=sa.text("declined_at is not null"),
        )

    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_absence_key"), type_="unique")
        batch_op.drop_column("key")

    op.drop_table("kept_report")
    with op.batch_alter_table("assumption", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assumption_organisation_id_code_from_on"))

    op.drop_table("assumption")
    op.drop_table("list_profile")
    with op.batch_alter_table("counted_start", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_counted_start_sums",
            sqlite_where=sa.text("is_counted = 1"),
            postgresql_where=sa.text("is_counted"),
        )
        batch_op.drop_index(batch_op.f("ix_counted_start_organisation_id_year_scope_started_on"))

    op.drop_table("counted_start")
    op.drop_table("count_due")
