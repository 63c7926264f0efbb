"""The database: plans, people, tasks and the ledger of messages, behind methods named by intent.

`open_store` gives a `Store`; `Store.begin` gives one transaction as a `Work`. Rows never leave this room.
"""

from cadence.store.feeds import Feed
from cadence.store.plans import StoredPlan
from cadence.store.store import Store, Work, open_store

__all__ = ["Feed", "Store", "StoredPlan", "Work", "open_store"]
