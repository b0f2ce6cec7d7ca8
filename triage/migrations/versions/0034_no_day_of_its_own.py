"""Nobody was ever told of a day to look again by a notice of its own: an answer tells of it (desk/promising.py)."""

import sqlalchemy as sa
from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels = None
depends_on = None

KINDS = "('received', 'taken', 'passed_on', 'asked', 'answered', 'late', 'closed', 'reopened')"


def upgrade() -> None:
    """Apply. No row is looked at while the table is locked: those that would not do are gone before."""
    op.execute(sa.text("delete from notice where kind = 'follow_up'"))
    op.drop_constraint(op.f("ck_notice_kind"), "notice", type_="check")
    op.execute(sa.text(f"alter table notice add constraint ck_notice_kind check (kind in {KINDS}) not valid"))
