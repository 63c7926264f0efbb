"""A short word for what each task's plan asks, so that a load reads only what differs; and milestones moved by hand.

Rows of before have neither: a task without the word is read whole, a bundle without moves has none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bundles", sa.Column("moved", sa.JSON(), nullable=True))
    op.add_column("tasks", sa.Column("content", sa.String(), nullable=True))
