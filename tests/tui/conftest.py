"""What tests of the terminal UI with the real core share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.callers import Role
from tests import town
from tests.cards import Cards
from tests.tui.real_core import hire


@pytest.fixture
async def hall(sqlite_database: str, tmp_path: Path, cards: Cards) -> AsyncIterator[town.Town]:
    """A town with two at the counter."""
    built = await town.build(sqlite_database, tmp_path, **cards.settings)
    await hire(built, "hara", Role.COUNTER)
    await hire(built, "mori", Role.COUNTER)
    yield built
    await built.close()
