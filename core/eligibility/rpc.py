"""EligibilityService: programs, rosters, and which resident is entitled."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.db import Database
from core.eligibility import program_actions, rows, rules, version_rows
from core.eligibility.convert import (
    FROM_UNIT,
    CountApplications,
    program_to_pb,
    terms_from_pb,
    version_to_pb,
)
from core.procedures.catalogue import Catalogue
from core.residents.convert import FROM_ASSURANCE
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import mutation
from todoke.v1 import eligibility_pb2 as pb

MOST_OPEN = 200
"""Open programs that an overview shows."""


class EligibilityService:
    """Answers EligibilityService. `procedures` are those that a program may name."""

    def __init__(
        self, db: Database, procedures: Catalogue, count_applications: CountApplications
    ) -> None:
        self.db = db
        self._procedures = procedures
        self._count_applications = count_applications

    @mutation
    def CreateProgram(
        self, session: Session, request: pb.CreateProgramRequest, call: Call
    ) -> pb.CreateProgramResponse:
        municipality = call.caller.municipality
        self._procedures.to_be_named(session, municipality, request.procedure, call.now)
        asked = program_actions.NewProgram(
            code=request.code,
            title=request.title,
            unit=FROM_UNIT[request.unit],
            amount=request.amount,
            budget=request.budget,
            procedure_key=request.procedure,
            required_assurance=FROM_ASSURANCE.get(request.required_assurance),
            first=terms_from_pb(request.terms) if request.HasField("terms") else None,
            open_to_all=request.open_to_all,
        )
        program = program_actions.create(session, call.caller, asked, call.now)
        return pb.CreateProgramResponse(program=self._to_pb(session, program, call.now))

    async def GetProgram(self, request: pb.GetProgramRequest, call: Call) -> pb.GetProgramResponse:
        def found(session: Session) -> pb.Program:
            program = rows.get_program(session, call.caller.municipality, request.program_id)
            return self._to_pb(session, program, call.now)

        return pb.GetProgramResponse(program=await self.db.read(found))

    async def ListPrograms(
        self, request: pb.ListProgramsRequest, call: Call
    ) -> pb.ListProgramsResponse:
        limit = paging.limit_of(request.page_size)
        before = "".join(paging.key_of(request.page_token))

        def found(session: Session) -> pb.ListProgramsResponse:
            page = rows.page(session, call.caller.municipality, before=before, limit=limit + 1)
            shown, token = paging.split(page, limit, lambda row: (row.id,))
            programs = [self._to_pb(session, row, call.now) for row in shown]
            return pb.ListProgramsResponse(programs=programs, next_page_token=token)

        return await self.db.read(found)

    @mutation
    def ReviseProgram(
        self, session: Session, request: pb.ReviseProgramRequest, call: Call
    ) -> pb.ReviseProgramResponse:
        program, version = program_actions.revise(
            session,
            call.caller,
            program_id=request.program_id,
            new=terms_from_pb(request.terms),
            reason=request.reason,
            etag=request.etag,
            now=call.now,
        )
        return pb.ReviseProgramResponse(
            program=self._to_pb(session, program, call.now), version=version_to_pb(version)
        )

    async def ListProgramVersions(
        self, request: pb.ListProgramVersionsRequest, call: Call
    ) -> pb.ListProgramVersionsResponse:
        limit = paging.limit_of(request.page_size)
        before = "".join(paging.key_of(request.page_token))

        def found(session: Session) -> pb.ListProgramVersionsResponse:
            program = rows.get_program(session, call.caller.municipality, request.program_id)
            versions = version_rows.of_program(session, program)[::-1]
            # All of them are read: a program has a few.
            older = [one for one in versions if not before or _place(one) < before]
            shown, token = paging.split(older, limit, lambda one: (_place(one),))
            return pb.ListProgramVersionsResponse(
                versions=map(version_to_pb, shown), next_page_token=token
            )

        return await self.db.read(found)

    @mutation
    def CloseProgram(
        self, session: Session, request: pb.CloseProgramRequest, call: Call
    ) -> pb.CloseProgramResponse:
        program = program_actions.close(
            session,
            call.caller,
            program_id=request.program_id,
            reason=request.reason,
            etag=request.etag,
            now=call.now,
        )
        return pb.CloseProgramResponse(program=self._to_pb(session, program, call.now))

    def open_programs(self, session: Session, municipality: str, now: datetime) -> list[pb.Program]:
        """Return the municipality's open programs with their counts, newest first."""
        state = rules.ProgramState.OPEN
        found = rows.page(session, municipality, before="", limit=MOST_OPEN, state=state)
        return [self._to_pb(session, row, now) for row in found]

    def _to_pb(self, session: Session, program: rows.Program, now: datetime) -> pb.Program:
        return program_to_pb(session, program, self._count_applications, now)


def _place(version: version_rows.ProgramVersion) -> str:
    return f"{version.version:09d}"
