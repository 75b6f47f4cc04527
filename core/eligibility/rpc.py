"""EligibilityService: programs, rosters, and which resident is entitled."""

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import timedelta, timezone
from functools import partial

from sqlalchemy.orm import Session

from core import crypto
from core.db import Database
from core.eligibility import actions, match_rows, roster_intake, rows, rules
from core.eligibility.convert import (
    FROM_DECISION,
    FROM_UNIT,
    CountApplications,
    counts_to_pb,
    intake_to_pb,
    match_to_pb,
    problem_to_pb,
    program_to_pb,
    roster_to_pb,
)
from core.eligibility.upload import Identity, Upload
from core.ids import new_id
from core.matching import Decision
from core.my_number import refuse_my_number
from core.procedures.rules import ProcedureUnknown
from core.residents.convert import FROM_ASSURANCE
from core.residents.rules import Assurance
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import about, kept_answer, mutation, once
from todoke.v1 import eligibility_pb2 as pb

JAPAN = timezone(timedelta(hours=9))

MOST_OPEN = 200
"""Open programs that an overview shows."""


class EligibilityService:
    """Answers EligibilityService. `procedures` are the keys of those that a program may name."""

    def __init__(
        self, db: Database, procedures: Collection[str], count_applications: CountApplications
    ) -> None:
        self.db = db
        self._procedures = procedures
        self._count_applications = count_applications

    @mutation
    def CreateProgram(
        self, session: Session, request: pb.CreateProgramRequest, call: Call
    ) -> pb.CreateProgramResponse:
        if request.procedure not in self._procedures:
            raise ProcedureUnknown(f"there is no procedure {request.procedure}")
        program = actions.create_program(
            session,
            call.caller,
            code=request.code,
            title=request.title,
            unit=FROM_UNIT[request.unit],
            amount=request.amount,
            budget=request.budget,
            procedure_key=request.procedure,
            required_assurance=FROM_ASSURANCE.get(request.required_assurance, Assurance.COUNTER),
            now=call.now,
        )
        return pb.CreateProgramResponse(program=self._to_pb(session, program))

    async def GetProgram(self, request: pb.GetProgramRequest, call: Call) -> pb.GetProgramResponse:
        def found(session: Session) -> pb.Program:
            program = rows.get_program(session, call.caller.municipality, request.program_id)
            return self._to_pb(session, program)

        return pb.GetProgramResponse(program=await self.db.read(found))

    async def ListPrograms(
        self, request: pb.ListProgramsRequest, call: Call
    ) -> pb.ListProgramsResponse:
        limit = paging.limit_of(request.page_size)
        before = "".join(paging.key_of(request.page_token))

        def found(session: Session) -> pb.ListProgramsResponse:
            page = rows.page(session, call.caller.municipality, before=before, limit=limit + 1)
            shown, token = paging.split(page, limit, lambda row: (row.id,))
            programs = [self._to_pb(session, row) for row in shown]
            return pb.ListProgramsResponse(programs=programs, next_page_token=token)

        return await self.db.read(found)

    async def ImportRoster(
        self, requests: AsyncIterator[pb.ImportRosterRequest], call: Call
    ) -> pb.ImportRosterResponse:
        upload = await Upload.receive(requests)
        header = upload.header
        refuse_my_number(header.file_name, field="header.file_name")
        municipality = call.caller.municipality
        if header.preview:
            return await self._preview(upload, call)
        program = await self.db.read(lambda s: rows.get_program(s, municipality, header.program_id))
        roster_id = new_id()
        seal = roster_intake.sealer(
            await self.db.read(crypto.vault_of),
            municipality=municipality,
            program_id=program.id,
            roster_id=roster_id,
            amount=program.amount,
        )
        intake = await self._taken(upload, program, call, seal)
        intake.require_sound()

        def change(session: Session) -> pb.ImportRosterResponse:
            roster = actions.import_roster(
                session,
                call.caller,
                program_id=program.id,
                roster_id=roster_id,
                intake=intake,
                file_name=header.file_name,
                now=call.now,
            )
            return pb.ImportRosterResponse(roster=roster_to_pb(roster))

        return await self.db.write(
            lambda s: once(
                s,
                call,
                method="EligibilityService.ImportRoster",
                request=Identity(header, intake.content_hash),
                response_type=pb.ImportRosterResponse,
                change=lambda: change(s),
            )
        )

    async def MatchRoster(
        self, request: pb.MatchRosterRequest, call: Call
    ) -> pb.MatchRosterResponse:
        municipality, program_id = call.caller.municipality, request.program_id
        response_type, method = pb.MatchRosterResponse, "EligibilityService.MatchRoster"
        kept = await self.db.read(lambda s: kept_answer(s, call, method, request, response_type))
        if kept is not None:
            return kept
        population = await self.db.read(lambda s: actions.population(s, municipality, program_id))
        pairs = await asyncio.to_thread(population.pairs)

        def change(session: Session) -> pb.MatchRosterResponse:
            found = actions.keep_matches(
                session, call.caller, program_id=program_id, pairs=pairs, now=call.now
            )
            counts = counts_to_pb(session, municipality, program_id, self._count_applications)
            return pb.MatchRosterResponse(
                accepted=found[Decision.ACCEPTED],
                to_review=found[Decision.TO_REVIEW],
                counts=counts,
            )

        return await self.db.write(
            lambda s: once(
                s,
                call,
                method=method,
                request=request,
                response_type=response_type,
                change=lambda: change(s),
            )
        )

    async def ListMatches(
        self, request: pb.ListMatchesRequest, call: Call
    ) -> pb.ListMatchesResponse:
        municipality, program_id = call.caller.municipality, request.program_id
        limit = paging.limit_of(request.page_size)
        after = "".join(paging.key_of(request.page_token))

        def found(session: Session) -> pb.ListMatchesResponse:
            rows.get_program(session, municipality, program_id)
            page = match_rows.page(
                session,
                municipality,
                program_id,
                decision=FROM_DECISION.get(request.decision),
                after=after,
                limit=limit + 1,
            )
            shown, token = paging.split(page, limit, lambda sides: (sides[0].id,))
            matches = [match_to_pb(*sides) for sides in shown]
            return pb.ListMatchesResponse(matches=matches, next_page_token=token)

        answer = await self.db.read(found)
        if answer.matches:
            await self.db.write(
                partial(
                    actions.look_at_matches,
                    by=call.caller,
                    program_id=program_id,
                    shown=len(answer.matches),
                    now=call.now,
                )
            )
        return answer

    @mutation
    def DecideMatch(
        self, session: Session, request: pb.DecideMatchRequest, call: Call
    ) -> pb.DecideMatchResponse:
        row = actions.decide_match(
            session,
            call.caller,
            id=request.match_id,
            decision=FROM_DECISION[request.decision],
            reason=request.reason,
            etag=request.etag,
            now=call.now,
        )
        about(session, row.resident_id)
        return pb.DecideMatchResponse(match=match_to_pb(row, *match_rows.sides_of(session, row)))

    def open_programs(self, session: Session, municipality: str) -> list[pb.Program]:
        """Return the municipality's open programs with their counts, newest first."""
        state = rules.ProgramState.OPEN
        found = rows.page(session, municipality, before="", limit=MOST_OPEN, state=state)
        return [self._to_pb(session, row) for row in found]

    async def _preview(self, upload: Upload, call: Call) -> pb.ImportRosterResponse:
        municipality = call.caller.municipality
        program = await self.db.read(
            lambda s: actions.program_for_roster(s, municipality, upload.header.program_id)
        )
        intake = await self._taken(upload, program, call, roster_intake.unkept)
        return pb.ImportRosterResponse(
            roster=intake_to_pb(intake, upload.header.file_name),
            problems=map(problem_to_pb, intake.problems),
            problem_count=intake.problem_count,
        )

    async def _taken(
        self, upload: Upload, program: rows.Program, call: Call, seal: roster_intake.Seal
    ) -> roster_intake.Intake:
        today = call.now.astimezone(JAPAN).date()
        return await asyncio.to_thread(
            roster_intake.take, upload.chunks, amount=program.amount, today=today, seal=seal
        )

    def _to_pb(self, session: Session, program: rows.Program) -> pb.Program:
        return program_to_pb(session, program, self._count_applications)
