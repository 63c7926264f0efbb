"""SQLite files with the newest schema and no rows: made once, copied for each test."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from cadence.store import open_store


def fresh_sqlite(folder: Path) -> str:
    """The URL of a new file `cadence.db` in the folder, as `open_store` would have made it."""
    file = folder / "cadence.db"
    file.write_bytes(_template())
    return f"sqlite:///{file}"


@cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cadence.db"
        open_store(f"sqlite:///{file}").close()
        return file.read_bytes()
