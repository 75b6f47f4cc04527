"""ReplaceRoster: a roster takes the place of another, after its difference was looked at."""

from collections.abc import AsyncIterator
from functools import partial

from sqlalchemy.orm import Session

from core.db import Database
from core.eligibility import actions, replacing, roster_rows, rows, rules
from core.eligibility.comparing import Difference, Rows
from core.eligibility.convert import intake_to_pb, roster_to_pb
from core.eligibility.replacing import Applied
from core.eligibility.roster_convert import difference_to_pb, problems_to_pb, progress_to_pb
from core.eligibility.roster_pool import Pool
from core.eligibility.taking import Taking, look_up
from core.eligibility.upload import Identity, Upload
from core.my_number import refuse_my_number
from core.wire.door import Call, FieldInvalid
from core.wire.once_only import OnceOnly
from todoke.v1 import rosters_pb2 as pb

METHOD = "RosterService.ReplaceRoster"


async def replaced(
    db: Database,
    pool: Pool,
    applied: Applied,
    requests: AsyncIterator[pb.ReplaceRosterRequest],
    call: Call,
) -> AsyncIterator[pb.ReplaceRosterResponse]:
    """Yield what is told of a replacement while it runs."""
    upload: Upload[pb.ReplaceRosterHeader] = await Upload.begun(requests)
    header, answer = upload.header, pb.ReplaceRosterResponse
    is_preview = not header.difference_hash
    if not is_preview and not header.reason.strip():
        raise FieldInvalid("a replacement needs a reason", field="header.reason")
    refuse_my_number(header.reason, field="header.reason")
    known = await db.read(lambda s: look_up(s, upload, call))
    await db.read(lambda s: actions.in_force(s, call.caller, header.program_id))
    compared = Rows() if is_preview else None
    taking = Taking(db, pool, upload, call, known, not is_preview, compared)
    try:
        async for part in taking.parts():
            for problems in problems_to_pb(part.problems) if is_preview else ():
                yield answer(problems=problems)
            yield answer(progress=progress_to_pb(taking.intake, part.end, header.file_size))
        if is_preview:
            result = await db.read(partial(_looked_at, taking=taking, applied=applied))
        else:
            taking.intake.require_sound()
            result = await _taken(db, taking, applied)
    except Exception:
        await taking.discard()
        raise
    finally:
        if compared is not None:
            compared.close()
    yield answer(result=result)


def _looked_at(session: Session, taking: Taking, applied: Applied) -> pb.ReplacedRoster:
    intake = taking.intake
    roster = intake_to_pb(intake, taking.upload.header.file_name)
    if intake.problem_count or taking.compared is None:
        return pb.ReplacedRoster(roster=roster, problem_count=intake.problem_count)
    before = _before(session, taking)
    found = replacing.difference(session, before, iter(taking.compared), applied)
    return pb.ReplacedRoster(roster=roster, difference=_to_pb(found, before.total, intake.total))


async def _taken(db: Database, taking: Taking, applied: Applied) -> pb.ReplacedRoster:
    """Freeze what was written, if the difference is still the one that was looked at."""
    request = Identity(taking.upload.header, taking.intake.content_hash)
    asked = OnceOnly(db, taking.call, METHOD, request, pb.ReplacedRoster)
    kept = await asked.kept()
    if kept is not None:
        await taking.discard()
        return kept
    before = await db.read(partial(_before, taking=taking))
    before_id, total_before = before.id, before.total
    found = await db.read(partial(_difference, taking=taking, applied=applied))
    if found.hash != taking.upload.header.difference_hash:
        raise rules.difference_changed(found.hash)

    def change(session: Session) -> pb.ReplacedRoster:
        roster = actions.replace_roster(
            session,
            taking.call.caller,
            program_id=taking.known.program_id,
            before_id=before_id,
            roster_id=taking.roster_id,
            intake=taking.intake,
            applied=applied,
            reason=taking.upload.header.reason,
            now=taking.call.now,
        )
        told = _to_pb(found, total_before, roster.total)
        return pb.ReplacedRoster(roster=roster_to_pb(roster), difference=told)

    return await asked.make(change)


def _before(session: Session, taking: Taking) -> rows.Roster:
    return roster_rows.get(session, taking.call.caller.municipality, taking.known.in_force)


def _difference(session: Session, taking: Taking, applied: Applied) -> Difference:
    before = _before(session, taking)
    written = roster_rows.side(session, before.municipality, taking.roster_id)
    after = ((reference, content) for reference, content, _ in written)
    return replacing.difference(session, before, after, applied)


def _to_pb(found: Difference, before: int, after: int) -> pb.RosterDifference:
    return difference_to_pb(found, total_before=before, total_after=after)
