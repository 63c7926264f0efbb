"""A plan stands in the docstring of the test that needs it."""

from __future__ import annotations

import pytest

from tests.core.compiling import Compiled, compiled


@pytest.fixture
def planned(request: pytest.FixtureRequest) -> Compiled:
    """The plan in the test's docstring, compiled."""
    return compiled(request.function.__doc__)
