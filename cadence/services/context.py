"""What every verb is handed: the store, the channels, the words and a few settings. Built once by `bootstrap`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cadence.channels import Channel
from cadence.services.compiling import MOST_TASKS
from cadence.store import Store
from cadence.templating import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """`words` gives the catalogue of a language; `redirect` is the one person who gets everything, if any;
    `sender` and `reply_to` stand in mails; `base_url` None means that no message holds a link;
    `most_tasks` is how many one plan may make."""

    store: Store
    channels: Mapping[str, Channel]
    words: Callable[[str], Words]
    base_url: str | None = None
    redirect: str | None = None
    sender: str = "cadence@localhost"
    reply_to: str | None = None
    most_tasks: int = MOST_TASKS
