"""Matching."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "understanding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lexicon_hash", sa.String(length=32), nullable=True),
        sa.Column("model_hash", sa.String(length=32), nullable=True),
        sa.Column("taught", sa.LargeBinary(), nullable=True),
        sa.Column("taught_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_understanding")),
    )
    op.create_table(
        "service_vector",
        sa.Column("service_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text_hash", sa.String(length=32), nullable=False),
        sa.Column("model_hash", sa.String(length=32), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_checked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_vector_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_service_vector")),
    )
    with op.batch_alter_table("service_vector", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_vector_built_at"), ["built_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_service_vector_is_checked"), ["is_checked"], unique=False
        )

    op.create_table(
        "match_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "accepted",
                "rejected",
                "to_discuss",
                name="matchanswerkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "too_far",
                "cost",
                "time",
                "not_for_them",
                "tried_before",
                "full",
                "does_not_want",
                "other",
                name="rejectreason",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.String(length=200), nullable=True),
        sa.Column("onward_referral_id", sa.Integer(), nullable=True),
        sa.Column("band", sa.String(length=16), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("concepts", sa.JSON(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'rejected') = (reason is not null)", name=op.f("ck_match_answer_reason_given")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_match_answer_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["support_case.id"], name=op.f("fk_match_answer_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["onward_referral_id"],
            ["onward_referral.id"],
            name=op.f("fk_match_answer_onward_referral_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_match_answer_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_answer")),
        sa.UniqueConstraint("key", name=op.f("uq_match_answer_key")),
        sa.UniqueConstraint("onward_referral_id", name=op.f("uq_match_answer_onward_referral_id")),
    )
    with op.batch_alter_table("match_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_answer_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_answer_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_match_answer_case_id_service_id"),
            ["case_id", "service_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_match_answer_service_id"), ["service_id"], unique=False
        )

    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.add_column(sa.Column("described_by", sa.String(length=16), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_service_version_last_seen_at_verified_at_described_by_id"),
            ["version", "last_seen_at", "verified_at", "described_by", "id"],
            unique=False,
        )


def downgrade():
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_service_version_last_seen_at_verified_at_described_by_id")
        )
        batch_op.drop_column("described_by")

    with op.batch_alter_table("match_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_answer_service_id"))
        batch_op.drop_index(batch_op.f("ix_match_answer_case_id_service_id"))
        batch_op.drop_index(batch_op.f("ix_match_answer_by_id"))
        batch_op.drop_index(batch_op.f("ix_match_answer_at"))

    op.drop_table("match_answer")
    with op.batch_alter_table("service_vector", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_vector_is_checked"))
        batch_op.drop_index(batch_op.f("ix_service_vector_built_at"))

    op.drop_table("service_vector")
    op.drop_table("understanding")
