"""Whoever joins, leaves, is appointed, ends, hands over, and whatever day it is.

Nobody acts without the office of that day, there is one chair, and nobody is a member of a
household that left.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from core.associations.member_rows import Member, Office
from core.associations.rows import Household
from core.associations.rules import LEADERS, OfficeKind
from core.callers import Role
from core.japan import today
from tests import town as towns
from tests.core.associations.makers import (
    Neighbour,
    Neighbourhood,
    an_association,
    appoint,
    end_office,
    joins,
)
from tests.core.associations.test_offices import hand_over, leads
from tests.examples import examples
from tests.makers import a_request_id
from tests.town import Town
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

REFUSED = {
    "NOT_IN_OFFICE", "OFFICE_DATES_REFUSED", "MEMBER_UNKNOWN", "HOUSEHOLD_UNKNOWN",
    "OFFICE_UNKNOWN", "ASSOCIATION_UNKNOWN", "CHANGED_MEANWHILE",
}  # fmt: skip
"""What the core may say no with; anything else is a fault."""

people = st.integers(0, 4)
days = st.integers(0, 4)
kinds = st.sampled_from([pb.OFFICE_KIND_CHAIR, pb.OFFICE_KIND_VICE, pb.OFFICE_KIND_TREASURER])


class Life(RuleBasedStateMachine):
    """An association in which anything is tried, by the section and by anybody of it."""

    runner: asyncio.Runner
    town: Town

    @initialize()
    def begin(self) -> None:
        self.made = self.runner.run(self._begun())

    async def _begun(self) -> Neighbourhood:
        self.line = self.town.cores[0]
        self.staff = await self.town.staff(Role.ASSOCIATIONS)
        return await an_association(self.town, self.staff, self.line)

    def who(self, number: int) -> Neighbour:
        return self.made.members[number % len(self.made.members)]

    def tried(self, asked: Any) -> None:
        try:
            self.runner.run(asked)
        except CoreError as refused:
            if refused.reason not in REFUSED:
                raise

    @rule(house=st.integers(0, 3), number=people)
    def join(self, house: int, number: int) -> None:
        self.tried(self._join(self.made.households[house].household_id, number))

    async def _join(self, household_id: str, number: int) -> None:
        again = number < len(self.made.members)
        external_id = self.who(number).external_id if again else ""
        joined = await joins(
            self.town, self.staff, self.line, self.made, household_id, external_id=external_id
        )
        if again:
            self.made.members[number] = joined
        else:
            self.made.members.append(joined)

    @rule(by=people, number=people, kind=kinds, begin=days, length=st.integers(1, 5))
    def give(
        self, by: int, number: int, kind: pb.OfficeKind.ValueType, begin: int, length: int
    ) -> None:
        first = today(self.town.clock()) + timedelta(days=begin)
        self.tried(
            appoint(
                self.town, self.line, self.made, self.who(number), kind, by=self.who(by),
                begin=first, days=length,
            )
        )  # fmt: skip

    @rule(number=people, length=st.integers(1, 5))
    def the_section_appoints_a_chair(self, number: int, length: int) -> None:
        self.tried(
            appoint(
                self.town, self.staff, self.made, self.who(number), pb.OFFICE_KIND_CHAIR,
                days=length,
            )
        )  # fmt: skip

    @rule(by=people, place=st.integers(0, 5), day=days)
    def end(self, by: int, place: int, day: int) -> None:
        self.tried(self._end(by, place, day))

    async def _end(self, by: int, place: int, day: int) -> None:
        request = pb.ListOfficesRequest(association_id=self.made.association_id)
        held = (await self.staff.ask(self.staff.circulars.ListOffices, request)).offices
        if held:
            last = today(self.town.clock()) + timedelta(days=day)
            office = held[place % len(held)]
            await end_office(self.town, self.line, office, by=self.who(by), day=last)

    @rule(by=people, chair=people, vice=people, begin=days)
    def pass_on(self, by: int, chair: int, vice: int, begin: int) -> None:
        offices = [
            pb.NewOffice(kind=pb.OFFICE_KIND_CHAIR, member_id=self.who(chair).member_id),
            pb.NewOffice(kind=pb.OFFICE_KIND_VICE, member_id=self.who(vice).member_id),
        ]
        first = today(self.town.clock()) + timedelta(days=begin)
        self.tried(hand_over(self.line, self.made, offices, first, by=self.who(by)))

    @rule(number=people, by=st.none() | people)
    def leave(self, number: int, by: int | None) -> None:
        """End a membership by oneself, or by somebody."""
        by = number if by is None else by
        request = pb.EndMembershipRequest(
            speaker=self.who(by).speaker, member_id=self.who(number).member_id, reason="転居",
            request_id=a_request_id(),
        )  # fmt: skip
        self.tried(self.line.ask(self.line.circulars.EndMembership, request))

    @rule(by=people, house=st.integers(0, 3))
    def move_away(self, by: int, house: int) -> None:
        request = pb.EndHouseholdRequest(
            speaker=self.who(by).speaker, reason="転居", etag=self.made.households[house].etag,
            household_id=self.made.households[house].household_id, request_id=a_request_id(),
        )  # fmt: skip
        self.tried(self.line.ask(self.line.circulars.EndHousehold, request))

    @rule(hours=st.sampled_from([1, 14, 24, 50]))
    def time_passes(self, hours: int) -> None:
        self.town.clock.pass_by(hours=hours)
        # Whoever signed in before has been signed out.
        self.staff = self.runner.run(self.town.staff(Role.ASSOCIATIONS))

    @invariant()
    def nobody_acts_without_the_office_of_the_day(self) -> None:
        if not hasattr(self, "made"):
            return
        held = self.runner.run(self.town.read(self._held))
        assert Counter(one.kind for one in held)[OfficeKind.CHAIR] <= 1
        leading = {one.member_id for one in held if one.kind in LEADERS}
        for who in {one.external_id: one for one in self.made.members}.values():
            assert self.runner.run(self._leads(who)) == (who.member_id in leading)

    async def _leads(self, who: Neighbour) -> bool:
        try:
            return await leads(self.line, self.made, who)
        except CoreError as refused:
            if refused.reason != "ASSOCIATION_UNKNOWN":
                raise
            return False

    def _held(self, session: Any) -> list[Office]:
        """Return what is held now, reckoned from the rows one by one."""
        now = self.town.clock()
        day = today(now)
        left = set(session.scalars(select(Member.id).where(Member.end_time.is_not(None))))
        held = [
            one
            for one in session.scalars(select(Office))
            if one.association_id == self.made.association_id
            and one.begin_date <= day <= one.end_date
            and (one.end_time is None or one.end_time > now)
        ]
        assert not left & {one.member_id for one in held}
        return held

    @invariant()
    def nobody_is_a_member_of_a_household_that_left(self) -> None:
        if not hasattr(self, "made"):
            return

        def read(session: Any) -> list[str]:
            query = (
                select(Member.id)
                .join(Household, Household.id == Member.household_id)
                .where(Member.end_time.is_(None), Household.end_time.is_not(None))
            )
            return list(session.scalars(query))

        assert self.runner.run(self.town.read(read)) == []


@pytest.fixture
def machine(sqlite_database: str, tmp_path: Path) -> Iterator[type[Life]]:
    """Associations of one town, each begun by others."""
    with asyncio.Runner() as runner:
        town = runner.run(towns.build(sqlite_database, tmp_path))
        runner.run(town.channel())
        yield type("InTown", (Life,), {"runner": runner, "town": town})
        runner.run(town.close())


def test_in_any_order_nobody_acts_without_the_office_of_the_day(machine: type[Life]) -> None:
    run_state_machine_as_test(machine, settings=examples(4, stateful_step_count=10))
