"""A resident is told when the day by which they have an answer becomes another one."""

import sqlalchemy as sa
from alembic import op

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels = None
depends_on = None

KINDS = "('received', 'taken', 'passed_on', 'asked', 'answered', 'late', 'closed', 'reopened', 'new_day')"


def upgrade() -> None:
    """Apply. More may stand there than before, so no row is looked at while the table is locked."""
    op.drop_constraint(op.f("ck_notice_kind"), "notice", type_="check")
    op.execute(sa.text(f"alter table notice add constraint ck_notice_kind check (kind in {KINDS}) not valid"))
