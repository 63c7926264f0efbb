"""What people prefer themselves, and who left or replaces whom by hand; rows of before say neither."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bundles", sa.Column("by_hand", sa.JSON(), nullable=True))
    op.add_column("persons", sa.Column("own_channel", sa.String(), nullable=True))
    op.add_column("persons", sa.Column("own_brief", sa.Time(), nullable=True))
    op.add_column("persons", sa.Column("briefs", sa.String(), nullable=True))
