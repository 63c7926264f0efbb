"""What tasks share stands once, in `terms`; what a load leaves of each series, in `series`.

Every distinct combination of what is shared becomes a row of its own, named by its digest, and the tasks point at it.
No series has a row yet: the next load of each plan looks into all of them, once.
"""

import json
from hashlib import blake2b

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SHARED = (
    *("plan", "activity", "kind", "weight", "mode", "about", "seat", "wave", "language", "title", "date_state"),
    *("timezone", "minutes", "when_absent"),
)
NAMES = ", ".join(SHARED)
KEYS = {
    "sqlite": f"json_array({NAMES}, json(attendees))",
    "postgresql": f"CAST(json_build_array({NAMES}, attendees) AS text)",
}
"""All that is shared, as one text in the database's own spelling."""
DIGITS = 16
"""Of a word: as many for what is shared, as many for when, and then the slot; of these the second are kept."""


def upgrade() -> None:
    _make_tables()
    op.add_column("tasks", sa.Column("terms_id", sa.String(), nullable=False, server_default=""))
    op.drop_index(op.f("ix_tasks_plan_tasks_state"), "tasks")
    op.drop_index(op.f("ix_tasks_state_tasks_due"), "tasks")
    _share()
    for name in (*SHARED, "attendees", "day", "due"):
        op.drop_column("tasks", name)
    if op.get_bind().dialect.name == "postgresql":  # SQLite cannot drop a default, and nobody counts on it
        op.alter_column("tasks", "terms_id", server_default=None)
    _index()


def _make_tables() -> None:
    op.create_table(
        "terms",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("weight", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("wave", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("date_state", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("when_absent", sa.String(), nullable=False),
        sa.Column("attendees", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
    )
    op.create_index(op.f("ix_terms_plan"), "terms", ["plan"])
    op.create_table(
        "series",
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("absent", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("today", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "activity", "about", name=op.f("pk_series")),
    )


def _share() -> None:
    connection = op.get_bind()
    key = KEYS[connection.dialect.name]
    shares = sa.table("shares", sa.column("key", sa.String), sa.column("id", sa.String))
    connection.execute(sa.text("CREATE TEMPORARY TABLE shares (key TEXT PRIMARY KEY, id TEXT)"))
    found = connection.execute(sa.text(f"SELECT DISTINCT {key} FROM tasks")).scalars().all()  # noqa: S608 - see KEYS
    named = {one: _row(json.loads(one)) for one in found}
    if named:
        terms = sa.table("terms", *(sa.column(name) for name in ("id", *SHARED)), sa.column("attendees", sa.JSON))
        connection.execute(sa.insert(shares), [{"key": one, "id": row["id"]} for one, row in named.items()])
        connection.execute(sa.insert(terms), list({row["id"]: row for row in named.values()}.values()))
    pointed = f"(SELECT id FROM shares WHERE shares.key = {key})"  # noqa: S608 - see KEYS
    when = f"CASE WHEN content IS NULL THEN NULL ELSE substr(content, {DIGITS + 1}, {DIGITS}) END"
    connection.execute(sa.text(f"UPDATE tasks SET terms_id = {pointed}, content = {when}"))  # noqa: S608 - see KEYS
    connection.execute(sa.text("DROP TABLE shares"))


def _row(values: list[object]) -> dict[str, object]:
    """The row of one combination. The digest is that of `core.changes.contents`, written out."""
    *shared, attendees = values
    assert isinstance(attendees, list)
    digest = blake2b(json.dumps((*shared, *attendees)).encode(), digest_size=12).hexdigest()
    return {"id": digest, **dict(zip(SHARED, shared, strict=True)), "attendees": attendees}


def _index() -> None:
    due = "coalesce(moved_due, planned_due)"
    op.create_index(op.f("ix_tasks_terms_id_tasks_state"), "tasks", ["terms_id", "state"])
    op.create_index(op.f("ix_tasks_state_tasks_window_start"), "tasks", ["state", "window_start"])
    for name, columns, held in (
        ("ix_tasks_over_due", (), "state NOT IN ('planned', 'open')"),
        ("ix_tasks_by_hand", ("state",), "moved_date IS NOT NULL OR handed_to_id IS NOT NULL"),
    ):
        where = sa.text(held)
        op.create_index(name, "tasks", [*columns, sa.text(due)], sqlite_where=where, postgresql_where=where)
