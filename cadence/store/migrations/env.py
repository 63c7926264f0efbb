"""Run by Alembic alone, on the connection and inside the transaction that it was handed."""

from alembic import context

from cadence.store.schema import Row

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
