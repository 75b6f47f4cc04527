"""What tests of identity tokens stand on."""

from pathlib import Path

import pytest

from tests.cards import Cards
from tests.core.access.id_tokens import a_place


@pytest.fixture
async def place(database: str, tmp_path: Path, cards: Cards):
    async with a_place(database, tmp_path, cards) as made:
        yield made
