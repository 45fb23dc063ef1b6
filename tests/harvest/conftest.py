from collections.abc import Iterator

import pytest

from harvester.harvest.state import State


@pytest.fixture
def state() -> Iterator[State]:
    """A state in memory."""
    opened = State(None)
    yield opened
    opened.close()
