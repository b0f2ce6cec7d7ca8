"""A contact may have been with two suppliers; what a delivery tells is said by its kind."""

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels = None
depends_on = None

_KINDS = "kind in ('create', 'update', 'reopen', 'end', 'moved', 'limit')"


def upgrade() -> None:
    """Apply. What has told a supplier that a case is not theirs is an end from now on."""
    op.drop_constraint(op.f("ck_delivery_kind"), "delivery", type_="check")
    op.create_check_constraint(op.f("ck_delivery_kind"), "delivery", _KINDS)
    op.execute("""
        update delivery set kind = 'end' from contact_history line
        where line.id = delivery.change_id and delivery.kind = 'update'
            and line.what in ('transferred', 'moved', 'moved back', 'corrected', 'merged', 'closed')
    """)
    op.drop_index("uq_delivery_create", table_name="delivery")
    op.create_index(
        "uq_delivery_create",
        "delivery",
        ["contact_id", "connector"],
        unique=True,
        postgresql_where=sa.text("kind = 'create'"),
    )
    op.drop_index("uq_delivery_change_id", table_name="delivery")
    op.create_index(
        "uq_delivery_change_id",
        "delivery",
        ["change_id", "connector"],
        unique=True,
        postgresql_where=sa.text("change_id is not null"),
    )
