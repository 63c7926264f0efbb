"""What a failed call to Slack means: the one table that tells temporary, permanent and unknown apart."""

from __future__ import annotations

import re
import socket
import ssl
from datetime import timedelta
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from cadence.core.model import Permanent, Temporary, Unknown

Failure = Temporary | Permanent | Unknown

LIMITED = frozenset({"ratelimited", "rate_limited"})
DOUBTFUL = frozenset({"fatal_error", "internal_error"})
"""By Slack's own word, part of the work may have been done before these."""
PASSING = frozenset({"request_timeout", "service_unavailable"})
OPERATORS = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "missing_scope", "no_permission", "accesslimited"}
)
"""Wrong with the installation, not with the person: it holds until the operator acts."""
LONGEST_WAIT = timedelta(days=1)
NAME = re.compile(r"[a-z][a-z0-9_]*")


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
        return Temporary("slack: ratelimited", after=_retry_after(error.response.headers))
    reason = f"slack: {name or f'status {status} without a reason'}"
    if name in DOUBTFUL or (name is None and status < 500):
        return Temporary(reason) if repeatable else Unknown(reason)
    if status >= 500 or name in PASSING or name in OPERATORS:
        return Temporary(reason)
    # Any other refusal is final, also one nobody has heard of: nothing was posted, and the next channel can try.
    return Permanent(reason)


def _retry_after(headers: dict[str, str]) -> timedelta | None:
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return min(timedelta(seconds=int(text)), LONGEST_WAIT) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _nothing_sent(error: Exception) -> bool:
    """The connection was never made. urllib wraps what goes wrong before the answer, and only that."""
    cause = error.reason if isinstance(error, URLError) else None
    return isinstance(cause, (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)) or (
        isinstance(error, SlackClientError) and not isinstance(error, SlackApiError)
    )


def _reason(error: Exception) -> str:
    cause = error.reason if isinstance(error, URLError) else error
    return type(cause).__name__ if isinstance(cause, Exception) else type(error).__name__
