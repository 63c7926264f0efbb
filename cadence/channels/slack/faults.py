"""What a failed call to Slack means: the one table that tells temporary, permanent and unknown apart."""

from __future__ import annotations

import re
import socket
import ssl
from datetime import timedelta
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from cadence.core.model import Closed, Permanent, Temporary, Unknown

Failure = Temporary | Permanent | Unknown | Closed

LIMITED = frozenset({"ratelimited", "rate_limited"})
DOUBTFUL = frozenset({"fatal_error", "internal_error"})
"""By Slack's own word, part of the work may have been done before these."""
PASSING = frozenset({"request_timeout", "service_unavailable"})
OPERATORS = frozenset(
    {
        *(
            "invalid_auth",
            "not_authed",
            "token_revoked",
            "token_expired",
            "account_inactive",
            "team_access_not_granted",
        ),
        *("missing_scope", "no_permission", "not_allowed_token_type", "accesslimited", "org_login_required"),
    }
)
"""Wrong with the installation, not with the person (the inactive account is the bot's), until somebody mends it."""
UNFIT = frozenset({"msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format"})
"""Slack cannot show it as it is; in plain words it might."""
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(days=1)
"""What is waited where Slack asks to be left alone and does not say for how long, and the most that is believed."""
NAME = re.compile(r"[a-z][a-z0-9_]*")


class TooLate(OSError):
    """The connection stands and the time to use it is over: not a byte has left."""


def failure(error: Exception, *, repeatable: bool) -> Failure:
    """What the exception of a call means. `repeatable`: doing it once more would do no harm, so nothing is unknown."""
    if isinstance(error, SlackApiError):
        return _refusal(error, repeatable=repeatable)
    if _nothing_sent(error) or repeatable:
        return Temporary(f"slack: {_reason(error)}")
    return Unknown(f"slack: {_reason(error)}")


def _refusal(error: SlackApiError, *, repeatable: bool) -> Failure:
    """Slack answered, and the answer is no, or cannot be read."""
    status = error.response.status_code
    said = error.response.get("error")
    name = said if isinstance(said, str) and NAME.fullmatch(said) else None
    if status == 429 or name in LIMITED:
        return Closed("slack: ratelimited", after=_retry_after(error.response.headers))
    reason = f"slack: {name or f'status {status} without a reason'}"
    if name in DOUBTFUL or (name is None and status < 500):
        return Temporary(reason) if repeatable else Unknown(reason)
    if name in OPERATORS:
        return Closed(reason)
    if status >= 500 or name in PASSING:
        return Temporary(reason)
    # Any other refusal is final, also one nobody has heard of: nothing was posted, and the next channel can try.
    return Permanent(reason)


def _retry_after(headers: dict[str, str]) -> timedelta:
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return min(timedelta(seconds=int(text)), LONGEST_WAIT) if re.fullmatch(r"[0-9]{1,9}", text) else SHORTEST_WAIT


def _nothing_sent(error: Exception) -> bool:
    """The connection was never made. urllib wraps what goes wrong before the answer, and only that."""
    cause = error.reason if isinstance(error, URLError) else None
    return isinstance(cause, (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError, TooLate)) or (
        isinstance(error, SlackClientError) and not isinstance(error, SlackApiError)
    )


def _reason(error: Exception) -> str:
    cause = error.reason if isinstance(error, URLError) else error
    return type(cause).__name__ if isinstance(cause, Exception) else type(error).__name__
