"""A city hall for every story of a resident."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.story.whole import CityHall, a_city_hall


@pytest.fixture
async def hall(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path
) -> AsyncIterator[CityHall]:
    """Open every part; with a true parameter LINE signs by ES256."""
    is_es256 = getattr(request, "param", False)
    async with a_city_hall(sqlite_template, tmp_path, es256=is_es256) as city_hall:
        yield city_hall
