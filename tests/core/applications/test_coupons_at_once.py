"""Whatever people do at once with one paper in their hands, it is used as often as it may be."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.applications.coupon_rows import CouponUse
from core.applications.rows import LIVE, Application
from core.callers import Role
from tests import town as towns
from tests.core.applications.coupons import SHELTER, a_talk, make
from tests.core.applications.procedures import publish
from tests.core.applications.talks import Talk, problems, turn_id
from tests.examples import examples
from tests.town import Town
from todoke.client import Core, CoreError

PEOPLE = 5


waves = st.lists(
    st.tuples(
        st.sampled_from(["file", "withdraw"]), st.sets(st.integers(0, PEOPLE - 1), min_size=2)
    ),
    min_size=2,
    max_size=6,
)
"""Who does something, all at once, wave after wave."""


@dataclass
class Shelter:
    """People before one town's core, who all have the same paper in their hands."""

    runner: asyncio.Runner
    town: Town
    staff: Core
    talks: list[Talk]

    async def play(self, uses: int, played: list[tuple[str, set[int]]]) -> None:
        (code,) = (await make(self.staff, uses_per_code=uses)).codes
        filed: dict[int, str] = {}
        for act, people in played:
            if act == "withdraw":
                gone = sorted(people & filed.keys())
                await asyncio.gather(*(self.talks[one].withdraw(filed.pop(one)) for one in gone))
            else:
                free = uses - len(filed)
                ends = await asyncio.gather(
                    *(self.file(one, code) for one in sorted(people - filed.keys()))
                )
                new = {one: id for one, id in ends if id}
                assert len(new) == min(free, len(ends))
                filed |= new
            assert await self.town.read(in_use) == len(filed)
        for one, id in filed.items():
            await self.talks[one].withdraw(id)

    async def file(self, one: int, code: str) -> tuple[int, str]:
        """Return who it was, and the id of what they filed; none where the code was used."""
        id = turn_id(await self.talks[one].begin("shelter_goods"))
        turn = await self.talks[one].answer(id, "code", text=code)
        if problems(turn) == ["code_used"]:
            return one, ""
        await self.talks[one].answer(id, "what", text="水")
        try:
            await self.talks[one].submit(id)
        except CoreError as refused:
            if refused.metadata != {"step": "code", "problem": "code_used"}:
                raise
            return one, ""
        return one, id


def in_use(session) -> int:
    """Return how many uses belong to what is live."""
    of = (Application.municipality == CouponUse.municipality) & (
        Application.id == CouponUse.application_id
    )
    query = select(func.count()).select_from(CouponUse).join(Application, of).where(LIVE)
    return session.scalars(query).one()


@pytest.fixture
def shelter(database: str, tmp_path: Path) -> Iterator[Shelter]:
    with asyncio.Runner() as runner:
        town = runner.run(towns.build(database, tmp_path))
        runner.run(publish(town, SHELTER))
        staff = runner.run(town.staff(Role.PROCEDURE_AUTHOR))
        line = runner.run(town.channel("line"))
        talks = [runner.run(a_talk(town, line)) for _ in range(PEOPLE)]
        yield Shelter(runner, town, staff, talks)
        runner.run(town.close())


def test_whoever_files_and_withdraws_at_once_no_code_is_used_more_than_it_may(
    shelter: Shelter,
) -> None:
    @given(uses=st.integers(1, 3), played=waves)
    @examples(6, *(set(HealthCheck) - {HealthCheck.too_slow}))
    def always(uses: int, played: list[tuple[str, set[int]]]) -> None:
        shelter.runner.run(shelter.play(uses, played))

    always()
