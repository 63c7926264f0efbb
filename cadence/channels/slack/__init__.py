"""Slack: messages as Block Kit (`blocks`), sent and found again (`channel`, `faults`), presses read (`inbound`)."""
