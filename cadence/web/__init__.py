"""HTTP: calendar feeds, what Slack sends, and health. `create_app` builds it, `serve` runs it until told to stop."""

from cadence.web.app import create_app
from cadence.web.serving import serve

__all__ = ["create_app", "serve"]
