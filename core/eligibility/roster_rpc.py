"""RosterService: lists of who is entitled."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta, timezone

from sqlalchemy.orm import Session

from core import crypto
from core.db import Database
from core.eligibility import actions, roster_intake, rows
from core.eligibility.convert import intake_to_pb, problem_to_pb, roster_to_pb
from core.eligibility.upload import Identity, Upload
from core.ids import new_id
from core.my_number import refuse_my_number
from core.wire.door import Call
from core.wire.mutation import once
from todoke.v1 import rosters_pb2 as pb

JAPAN = timezone(timedelta(hours=9))

PROBLEMS = 500
"""Problems that are told in one message."""


class RosterService:
    """Answers RosterService."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def ImportRoster(
        self, requests: AsyncIterator[pb.ImportRosterRequest], call: Call
    ) -> AsyncIterator[pb.ImportRosterResponse]:
        upload = await Upload.receive(requests)
        header = upload.header
        refuse_my_number(header.file_name, field="header.file_name")
        municipality = call.caller.municipality
        if header.preview:
            async for response in self._preview(upload, call):
                yield response
            return
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

        def change(session: Session) -> pb.ImportedRoster:
            roster = actions.import_roster(
                session,
                call.caller,
                program_id=program.id,
                roster_id=roster_id,
                intake=intake,
                file_name=header.file_name,
                now=call.now,
            )
            return pb.ImportedRoster(roster=roster_to_pb(roster))

        result = await self.db.write(
            lambda s: once(
                s,
                call,
                method="RosterService.ImportRoster",
                request=Identity(header, intake.content_hash),
                response_type=pb.ImportedRoster,
                change=lambda: change(s),
            )
        )
        yield pb.ImportRosterResponse(result=result)

    async def _preview(self, upload: Upload, call: Call) -> AsyncIterator[pb.ImportRosterResponse]:
        municipality = call.caller.municipality
        program = await self.db.read(
            lambda s: actions.program_for_roster(s, municipality, upload.header.program_id)
        )
        intake = await self._taken(upload, program, call, roster_intake.unkept)
        for start in range(0, len(intake.problems), PROBLEMS):
            some = map(problem_to_pb, intake.problems[start : start + PROBLEMS])
            yield pb.ImportRosterResponse(problems=pb.RosterProblems(problems=some))
        result = pb.ImportedRoster(
            roster=intake_to_pb(intake, upload.header.file_name),
            problem_count=intake.problem_count,
        )
        yield pb.ImportRosterResponse(result=result)

    async def _taken(
        self, upload: Upload, program: rows.Program, call: Call, seal: roster_intake.Seal
    ) -> roster_intake.Intake:
        today = call.now.astimezone(JAPAN).date()
        return await asyncio.to_thread(
            roster_intake.take, upload.chunks, amount=program.amount, today=today, seal=seal
        )
