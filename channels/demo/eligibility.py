"""The clerk of eligibility: lays down the program, brings the roster, matches, and invites."""

from dataclasses import dataclass

from channels.demo.plan import Plan
from channels.demo.steady import SteadyCore
from channels.demo.teller import Teller
from channels.demo.wording import Words
from channels.simulators.city.entitlements import AMOUNT
from todoke.uploads import parts_of, pieces_of
from todoke.v1.applications_pb2 import InviteResidentsRequest, InviteResidentsResponse
from todoke.v1.eligibility_pb2 import (
    ENTITLED_UNIT_HOUSEHOLD,
    CloseProgramRequest,
    CreateProgramRequest,
    GetProgramRequest,
    Program,
)
from todoke.v1.matching_pb2 import (
    MATCH_DECISION_ACCEPTED,
    MATCH_DECISION_REFUSED,
    MATCH_DECISION_TO_REVIEW,
    DecideMatchRequest,
    ListMatchesRequest,
    Match,
    MatchRosterRequest,
)
from todoke.v1.residents_pb2 import GetResidentRequest
from todoke.v1.rosters_pb2 import ImportedRoster, ImportRosterRequest, RosterHeader

CHUNK = 64 * 1024
PAGE = 200


@dataclass(frozen=True, slots=True)
class Matching:
    """How matching went: by itself, put before a person, and what the person made of it."""

    accepted: int
    to_review: int
    taken: int
    refused: int


class Clerk:
    """Plays the clerk; knows from the city's truth who is who, as a person at the counter would."""

    def __init__(self, desk: SteadyCore, plan: Plan, teller: Teller, words: Words) -> None:
        self._desk = desk
        self._core = desk.core
        self._plan = plan
        self._teller = teller
        self._words = words
        self.program_id = ""

    async def create_program(self) -> None:
        with self._teller.step("program"):
            request = CreateProgramRequest(
                code="kyufu-2026",
                title=self._words("program", "title"),
                unit=ENTITLED_UNIT_HOUSEHOLD,
                amount=AMOUNT,
                budget=AMOUNT * len(self._plan.city.rows),
                procedure="confirm_account",
                request_id="demo:program",
            )
            answer = await self._desk.ask(self._core.eligibility.CreateProgram, request)
            self.program_id = answer.program.program_id

    async def import_roster(self, roster: bytes) -> tuple[ImportedRoster, int]:
        """Look first, then import; return the answer and how many problems the look found."""
        with self._teller.step("roster", len(self._plan.city.rows)) as step:
            preview = await self._upload(roster, is_preview=True)
            answer = await self._upload(roster, is_preview=False)
            step.reach(answer.roster.rows)
        return answer, preview.problem_count

    async def match(self) -> Matching:
        with self._teller.step("match") as step:
            request = MatchRosterRequest(program_id=self.program_id, request_id="demo:match")
            answer = await self._desk.ask(self._core.matching.MatchRoster, request)
            step.reach(answer.accepted)
        with self._teller.step("decide_matches", answer.to_review) as step:
            taken = refused = 0
            while doubtful := await self._doubtful():
                for match in doubtful:
                    if await self._decide(match):
                        taken += 1
                    else:
                        refused += 1
                    step.advance()
        return Matching(answer.accepted, answer.to_review, taken, refused)

    async def invite(self) -> InviteResidentsResponse:
        with self._teller.step("invite", len(self._plan.invited)) as step:
            request = InviteResidentsRequest(program_id=self.program_id, request_id="demo:invite")
            answer = await self._desk.ask(self._core.applications.InviteResidents, request)
            step.reach(answer.invited)
        return answer

    async def program(self) -> Program:
        request = GetProgramRequest(program_id=self.program_id)
        return (await self._desk.ask(self._core.eligibility.GetProgram, request)).program

    async def close_program(self) -> None:
        """End it, so that who registers from now on is matched with nobody and not invited."""
        with self._teller.step("close_program"):
            request = CloseProgramRequest(
                program_id=self.program_id,
                reason=self._words("reasons", "closed"),
                etag=(await self.program()).etag,
                request_id="demo:close",
            )
            await self._desk.ask(self._core.eligibility.CloseProgram, request)

    async def _upload(self, roster: bytes, *, is_preview: bool) -> ImportedRoster:
        request_id = f"demo:roster:{'preview' if is_preview else 'import'}"
        header = RosterHeader(
            program_id=self.program_id,
            file_name="roster.csv",
            preview=is_preview,
            request_id=request_id,
            file_size=len(roster),
        )

        async def attempt() -> ImportedRoster:
            result = ImportedRoster()
            parts = parts_of(ImportRosterRequest, header, pieces_of(roster))
            async for told in self._core.converse(self._core.rosters.ImportRoster, parts):
                result = told.result
            return result

        return await self._desk.until_answered(attempt)

    async def _doubtful(self) -> list[Match]:
        request = ListMatchesRequest(
            program_id=self.program_id, decision=MATCH_DECISION_TO_REVIEW, page_size=PAGE
        )
        answer = await self._desk.ask(self._core.matching.ListMatches, request)
        return list(answer.matches)

    async def _decide(self, match: Match) -> bool:
        """Accept the match where both sides are the same person; return whether they are."""
        look = GetResidentRequest(resident_id=match.resident_id)
        resident = (await self._desk.ask(self._core.residents.GetResident, look)).resident
        roles = [self._plan.by_user.get(one.external_id) for one in resident.contacts]
        references = {role.registrant.person.addressee for role in roles if role}
        is_same = match.entitlement.reference in references
        request = DecideMatchRequest(
            match_id=match.match_id,
            decision=MATCH_DECISION_ACCEPTED if is_same else MATCH_DECISION_REFUSED,
            reason=self._words("reasons", "same_person" if is_same else "other_person"),
            etag=match.etag,
            request_id=f"demo:match:{match.match_id}",
        )
        await self._desk.ask(self._core.matching.DecideMatch, request)
        return is_same
