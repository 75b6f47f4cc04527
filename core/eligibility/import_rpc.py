"""ImportRoster: a list of who is entitled is taken, all of it, or nothing."""

from collections.abc import AsyncIterator
from functools import partial

from sqlalchemy.orm import Session

from core.db import Database
from core.eligibility import actions
from core.eligibility.convert import intake_to_pb, roster_to_pb
from core.eligibility.roster_convert import problems_to_pb, progress_to_pb
from core.eligibility.roster_pool import Pool
from core.eligibility.taking import Taking, look_up
from core.eligibility.upload import Identity, Upload
from core.wire.door import Call
from core.wire.mutation import once
from todoke.v1 import rosters_pb2 as pb

METHOD = "RosterService.ImportRoster"


async def imported(
    db: Database, pool: Pool, requests: AsyncIterator[pb.ImportRosterRequest], call: Call
) -> AsyncIterator[pb.ImportRosterResponse]:
    """Yield what is told of an import while it runs."""
    upload: Upload[pb.RosterHeader] = await Upload.begun(requests)
    known = await db.read(lambda s: look_up(s, upload, call))
    header, answer = upload.header, pb.ImportRosterResponse
    if header.preview:
        await db.read(lambda s: actions.require_none(s, call.caller, header.program_id))
    # Where there is a roster, this is a repeat or in vain: it is read to tell which.
    writes = not header.preview and not known.in_force
    taking = Taking(db, pool, upload, call, known, writes)
    try:
        async for part in taking.parts():
            for problems in problems_to_pb(part.problems) if header.preview else ():
                yield answer(problems=problems)
            yield answer(progress=progress_to_pb(taking.intake, part.end, header.file_size))
        intake = taking.intake
        if header.preview:
            roster = intake_to_pb(intake, header.file_name)
            count = intake.problem_count
            yield answer(result=pb.ImportedRoster(roster=roster, problem_count=count))
            return
        intake.require_sound()
        result = await db.write(partial(_import, taking=taking))
    except Exception:
        await taking.discard()
        raise
    yield answer(result=result)


def _import(session: Session, taking: Taking) -> pb.ImportedRoster:
    header, intake = taking.upload.header, taking.intake

    def change() -> pb.ImportedRoster:
        roster = actions.import_roster(
            session,
            taking.call.caller,
            program_id=header.program_id,
            roster_id=taking.roster_id,
            intake=intake,
            now=taking.call.now,
        )
        return pb.ImportedRoster(roster=roster_to_pb(roster))

    return once(
        session,
        taking.call,
        method=METHOD,
        request=Identity(header, intake.content_hash),
        response_type=pb.ImportedRoster,
        change=change,
    )
