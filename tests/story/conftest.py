"""A city hall for every story of a resident, and a neighbourhood for those of its people."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import town
from tests.cards import Cards
from tests.channels.simulators.line.simulator import simulating
from tests.core.associations.makers import an_association, appoint, joins
from tests.story.quarter import Quarter, ids
from tests.story.whole import CityHall, a_city_hall
from todoke.v1 import circulars_pb2 as pb


@pytest.fixture
async def hall(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path
) -> AsyncIterator[CityHall]:
    """Open every part; with a true parameter LINE signs by ES256."""
    is_es256 = getattr(request, "param", False)
    async with a_city_hall(sqlite_template, tmp_path, es256=is_es256) as city_hall:
        yield city_hall


@pytest.fixture
async def quarter(sqlite_database: str, tmp_path: Path, cards: Cards) -> AsyncIterator[Quarter]:
    """Open a neighbourhood whose chair and one more have phones that they write from."""
    built = await town.build(sqlite_database, tmp_path, **cards.settings)
    try:
        async with simulating(tmp_path, clock=lambda: built.clock().timestamp()) as line:
            staff, caller = await built.staff(), await built.channel()
            of = await an_association(built, staff, caller, chair=False)
            # Whoever lives there has a phone that LINE knows.
            await line.add(*(one.external_id for one in of.members))
            home = of.households[0].household_id
            chair = await joins(
                built, staff, caller, of, home, name="太郎", external_id=ids("chair")
            )
            await appoint(built, staff, of, chair, pb.OFFICE_KIND_CHAIR)
            await joins(
                built, staff, caller, of, of.households[3].household_id,
                name="次郎", external_id=ids("next"),
            )  # fmt: skip
            yield Quarter(built, line, tmp_path, of, caller.token)
    finally:
        await built.close()
