"""Exceptions that nobody inside the program can answer, each with the exit code it ends a command with.

A user's mistake in a plan is never one of these: that is a `Problem`, a value (see `core.model`).
"""


class CadenceError(Exception):
    """Ends the command with one line on stderr and `exit_code`; the text says what to do."""

    exit_code = 1


class Refused(CadenceError):
    """What was asked for cannot be granted as things stand."""


class WrongUsage(CadenceError):
    """The command or a setting was given in a form it does not have."""

    exit_code = 2


class NothingToActOn(CadenceError):
    """The named task, person, plan, feed or message is not there."""

    exit_code = 4


class Unreachable(CadenceError):
    """A service (database, Slack, SMTP) does not answer."""

    exit_code = 5
