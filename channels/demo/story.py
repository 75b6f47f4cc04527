"""The whole line with scripted people: from the first follow to the bank's file."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.demo import city_hall, paying
from channels.demo.association import Association, Went
from channels.demo.eligibility import Clerk, Matching
from channels.demo.hearing import Kind
from channels.demo.identity import Came, Identity, Newcomers
from channels.demo.offering import Offered, Offering
from channels.demo.paying import Exported
from channels.demo.plan import Decision, Plan, Ways
from channels.demo.resident import Resident
from channels.demo.reviewing import Reviewer
from channels.demo.stage import Stage
from channels.demo.steady import SteadyCore
from todoke.v1.activity_pb2 import GetOverviewResponse, VerifyAuditRequest, VerifyAuditResponse
from todoke.v1.applications_pb2 import InviteResidentsResponse
from todoke.v1.eligibility_pb2 import Program
from todoke.v1.rosters_pb2 import ImportedRoster

HANDS = 24
"""Residents who act at the same time."""

JAPAN = timedelta(hours=9)
UNDER_WAY = ("queued", "leased")


@dataclass(frozen=True, slots=True)
class Found:
    """What the outside saw once the play was over."""

    registered: int
    problems: int
    imported: ImportedRoster
    matching: Matching
    invited: InviteResidentsResponse
    submitted: int
    program: Program
    exported: Exported
    overview: GetOverviewResponse
    audit: VerifyAuditResponse
    deliveries: dict[str, list[dict[str, Any]]]
    newcomers: Newcomers
    came: Came
    offered: Offered
    went: Went


class Story:
    """Plays the line once."""

    def __init__(self, stage: Stage, plan: Plan, newcomers: Newcomers) -> None:
        self._stage = stage
        self._plan = plan
        self._newcomers = newcomers
        self._teller = stage.teller
        self._residents = {
            role.user_id: Resident(stage.phones, role, stage.line_up) for role in plan.roles
        }

    async def register(self) -> None:
        await self._each("register", self._residents.values(), lambda one: one.register())

    async def play(self, offering: Offering, association: Association) -> Found:
        """Play from the registration on; the steps of the staff come one after the other."""
        hall, plan, words = self._stage.hall, self._plan, self._stage.words
        await self.register()
        desk = await hall.sign_in(city_hall.ELIGIBILITY.name)
        registered = await self._block(desk)
        clerk = Clerk(desk, plan, self._teller, words)
        await clerk.create_program()
        roster = (self._stage.folder.city / "roster.csv").read_bytes()
        imported, problems = await clerk.import_roster(roster)
        matching = await clerk.match()
        invited = await clerk.invite()
        answering = [one for one in self._of() if one.role.is_invited]
        await self._each("answer", answering, lambda one: one.answer())
        submitted = await self._decide(clerk.program_id)
        exported = await self._pay(clerk.program_id)
        await clerk.close_program()
        offered = await offering.play()
        came = await Identity(self._stage, self._newcomers).play()
        went = await association.play()
        overview, audit = await self._settle()
        return Found(
            registered=registered,
            problems=problems,
            imported=imported,
            matching=matching,
            invited=invited,
            submitted=submitted,
            program=await clerk.program(),
            exported=exported,
            overview=overview,
            audit=audit,
            deliveries=await self._stage.phones.deliveries(),
            newcomers=self._newcomers,
            came=came,
            offered=offered,
            went=went,
        )

    async def _settle(self) -> tuple[GetOverviewResponse, VerifyAuditResponse]:
        """Wait until no dispatch is under way, and have the audit log's chain walked."""
        auditor = await self._stage.hall.sign_in(city_hall.AUDITOR.name)
        with self._teller.step("settle"):
            overview = await auditor.overview_when(_is_settled)
        with self._teller.step("audit") as step:
            audit = await auditor.ask(auditor.core.activity.VerifyAudit, VerifyAuditRequest())
            step.reach(audit.events)
        return overview, audit

    async def _block(self, desk: SteadyCore) -> int:
        """Let some block the account; return how many are registered once the core knows."""
        blocking = self._of(Ways.BLOCK)
        with self._teller.step("block", len(blocking)) as step:
            for one in blocking:
                await one.phone.block()
                step.advance()
            left = len(self._residents) - len(blocking)
            overview = await desk.overview_when(lambda counts: counts.contacts <= left)
        return overview.residents

    async def _decide(self, program_id: str) -> int:
        """Decide everything, some of it twice; return how many were filed at first."""
        desk = await self._stage.hall.sign_in(city_hall.REVIEWER.name)
        reviewer = Reviewer(desk, self._plan, self._stage.words)
        waiting = await reviewer.submitted(program_id)
        with self._teller.step("decide", len(waiting)) as step:
            await reviewer.decide(waiting, step.advance)
        returned = [one for one in self._of() if one.role.decision is Decision.RETURN]
        await self._each("mend", returned, lambda one: one.answer_again())
        again = await reviewer.submitted(program_id)
        with self._teller.step("decide_again", len(again)) as step:
            await reviewer.decide(again, step.advance)
        decided = [one for one in self._of() if one.role.decision is not Decision.NONE]
        await self._each("notices", decided, _hear_decision)
        return len(waiting)

    async def _pay(self, program_id: str) -> Exported:
        hall, teller = self._stage.hall, self._teller
        proposer = await hall.sign_in(city_hall.PROPOSER.name)
        approver = await hall.sign_in(city_hall.APPROVER.name)
        batch = await paying.propose(
            proposer,
            program_id=program_id,
            today=(datetime.now(UTC) + JAPAN).date(),
            teller=teller,
            words=self._stage.words,
        )
        batch = await paying.release(approver, batch, teller)
        return await paying.export(approver, batch, self._stage.folder.transfer, teller)

    def _of(self, *ways: Ways) -> list[Resident]:
        """Return the residents of these ways, or all."""
        return [one for one in self._residents.values() if not ways or one.role.way in ways]

    async def _each(
        self,
        name: str,
        residents: Iterable[Resident],
        act: Callable[[Resident], Awaitable[object]],
    ) -> None:
        """Let each act, a number of them at a time."""
        acting = list(residents)
        hands = asyncio.Semaphore(HANDS)
        with self._teller.step(name, len(acting)) as step:

            async def one_acts(one: Resident) -> None:
                async with hands:
                    await act(one)
                step.advance()

            async with asyncio.TaskGroup() as group:
                for one in acting:
                    group.create_task(one_acts(one))


async def _hear_decision(one: Resident) -> None:
    await one.hear(Kind.APPROVED if one.role.is_paid else Kind.REJECTED)


def _is_settled(overview: GetOverviewResponse) -> bool:
    return not any(overview.dispatches.get(state, 0) for state in UNDER_WAY)
