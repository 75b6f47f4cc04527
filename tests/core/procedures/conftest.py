"""What tests of handing procedures on stand on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.procedures.packages import create_key
from tests import town as towns
from tests.core.procedures.two_towns import OKAYAMA, SOJA
from tests.town import Town


@pytest.fixture
async def two_towns(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    """One core for two towns, each with its key, and each believed."""
    keys = {code: tmp_path / f"{code}.jwk" for code in (SOJA, OKAYAMA)}
    publishers = {code: create_key(path) for code, path in keys.items()}
    built = await towns.build(
        database, tmp_path, procedure_keys=keys, procedure_publishers=publishers
    )
    await built.found(OKAYAMA, "岡山市")
    yield built
    await built.close()
