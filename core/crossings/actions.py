"""What is done with crossings and the city's key, each in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.crossings import exporting, handing_over, rows, rules, taking_in
from core.crossings.exporting import Sealed
from core.crossings.handing_over import Decisions
from core.crossings.rows import Crossing
from core.crossings.rules import CrossingState, Direction, Parcel, Verb
from core.eligibility import rows as eligibility
from core.eligibility import version_rows
from core.eligibility.rules import require_open
from core.eligibility.terms import require_unfrozen
from core.etags import check_etag
from core.ids import new_id
from core.japan import today
from core.my_number import refuse_my_number
from core.sealing.keys import fingerprint
from core.sealing.links import Links


def set_key(
    session: Session, by: Caller, *, public_key: str, reason: str, now: datetime
) -> rows.SealingKey:
    """Set the key that exports are sealed to from now on; raise SealBroken where it is none."""
    refuse_my_number(reason, field="reason")
    key = rows.SealingKey(
        municipality=by.municipality,
        id=new_id(),
        public_key=public_key.strip(),
        fingerprint=fingerprint(public_key),
        set_by=by.name,
        reason=reason,
        set_time=now,
    )
    before = rows.find_key(session, by.municipality)
    session.add(key)
    details = {"before": before.fingerprint if before else "", "after": key.fingerprint}
    events.record(session, by, "sealing_key.set", key.id, now, details=details, reason=reason)
    return key


def propose(
    session: Session,
    by: Caller,
    *,
    program_id: str,
    parcel: Parcel,
    decisions: Decisions,
    reason: str,
    now: datetime,
) -> Crossing:
    """Ask for an export; raise ProgramUnknown, ProgramClosed, SealingKeyMissing.

    How many rows it will hold is counted now, for who approves it, and again then. A closed program
    registers nobody, but pays what was filed in time.
    """
    refuse_my_number(reason, field="reason")
    program = eligibility.get_program(session, by.municipality, program_id)
    key = rows.newest_key(session, by.municipality)
    if parcel is Parcel.DECISIONS:
        count = len(handing_over.waiting(session, by.municipality, program.id, decisions))
    else:
        require_open(program.state)
        terms = version_rows.terms_now(session, program, now)
        count = exporting.count(session, by.municipality, terms)
    crossing = Crossing(
        municipality=by.municipality,
        id=new_id(),
        program_id=program.id,
        direction=Direction.EXPORT,
        state=CrossingState.PROPOSED,
        proposer=by.name,
        propose_time=now,
        reason=reason,
        row_count=count,
        key_fingerprint=key.fingerprint,
        parcel=parcel,
    )
    session.add(crossing)
    _record(session, by, crossing, "proposed", now, reason=reason)
    return crossing


def approvable(session: Session, by: Caller, *, id: str, etag: str) -> Crossing:
    """Return a crossing that this person may let cross now, locked in a writing transaction.

    Raises CrossingUnknown, WrongState, SamePerson, ChangedMeanwhile.
    """
    crossing = rows.get(session, by.municipality, id, lock=True)
    check_etag(crossing.revision, etag)
    is_export = crossing.direction is Direction.EXPORT
    rules.move(crossing.state, Verb.APPROVE if is_export else Verb.TAKE_IN)
    rules.check_other_person(by.name, crossing.proposer)
    program = eligibility.get_program(session, by.municipality, crossing.program_id)
    if crossing.parcel is not Parcel.DECISIONS:
        require_open(program.state)
    return crossing


def approve_export(
    session: Session, by: Caller, *, id: str, etag: str, sealed: Sealed, now: datetime
) -> Crossing:
    """Give an export free, as it was sealed."""
    crossing = approvable(session, by, id=id, etag=etag)
    rows.add_parts(session, crossing, sealed.parts)
    crossing.row_count, crossing.content_hash = sealed.export.count, sealed.content_hash
    crossing.key_fingerprint = sealed.export.key
    crossing.answer_secret = sealed.export.secret.hex()
    crossing.file_name = sealed.file_name
    _approve(crossing, by, Verb.APPROVE, now)
    _record(session, by, crossing, "approved", now)
    return crossing


def approve_decisions(
    session: Session,
    by: Caller,
    *,
    id: str,
    etag: str,
    sealed: handing_over.Sealed,
    decisions: Decisions,
    now: datetime,
) -> Crossing:
    """Give a parcel of decisions free, as it was sealed: what is to be paid is in payment then."""
    crossing = approvable(session, by, id=id, etag=etag)
    handing_over.hand_over(session, by, crossing, sealed=sealed, decisions=decisions, now=now)
    rows.add_parts(session, crossing, sealed.parts)
    crossing.row_count, crossing.content_hash = sealed.parcel.count, sealed.content_hash
    crossing.key_fingerprint, crossing.file_name = sealed.parcel.key, sealed.file_name
    _approve(crossing, by, Verb.APPROVE, now)
    more = {"total": str(sealed.parcel.total)}
    _record(session, by, crossing, "approved", now, more=more)
    return crossing


def approve_import(session: Session, by: Caller, *, id: str, etag: str, now: datetime) -> Crossing:
    """Take in what an import brought; raise MatchConflicts, RosterExists, ProgramFrozen besides."""
    crossing = approvable(session, by, id=id, etag=etag)
    program = eligibility.get_program(session, by.municipality, crossing.program_id, lock=True)
    terms = version_rows.terms_now(session, program, now)
    require_unfrozen(terms, today(now))
    staged = taking_in.staged(session, crossing)
    taken = taking_in.take_in(session, program, crossing, staged, terms=terms, now=now)
    rows.drop_contents(session, crossing)
    _approve(crossing, by, Verb.TAKE_IN, now)
    crossing.done_time = now
    _record(session, by, crossing, "taken_in", now, more=taken.details())
    return crossing


def cancel(
    session: Session,
    by: Caller,
    *,
    id: str,
    reason: str,
    etag: str,
    decisions: Decisions,
    now: datetime,
) -> Crossing:
    """Refuse a crossing or take it back; raise CrossingUnknown, WrongState, ChangedMeanwhile."""
    refuse_my_number(reason, field="reason")
    crossing = rows.get(session, by.municipality, id, lock=True)
    check_etag(crossing.revision, etag)
    crossing.state = rules.move(crossing.state, Verb.CANCEL)
    if crossing.parcel is Parcel.DECISIONS:
        handing_over.take_back(session, by, crossing, decisions, now)
    crossing.revision += 1
    rows.drop_contents(session, crossing)
    _record(session, by, crossing, "cancelled", now, reason=reason)
    return crossing


def hand_out(session: Session, by: Caller, *, id: str, sha256: str, now: datetime) -> Crossing:
    """Write down that the file of an export leaves, each time; raise WrongState."""
    crossing = rows.get(session, by.municipality, id, lock=True)
    state = rules.move(crossing.state, Verb.HAND_OUT)
    if state is not crossing.state:
        crossing.state, crossing.done_time = state, now
        crossing.revision += 1
    _record(session, by, crossing, "exported", now, more={"sha256": sha256})
    return crossing


def answered(session: Session, by: Caller, *, export_id: str) -> tuple[Crossing, bytes]:
    """Return the export that an import answers, with its secret.

    Raises CrossingUnknown, WrongState.
    """
    export = rows.get_export(session, by.municipality, export_id, parcel=Parcel.REGISTRATIONS)
    rules.move(export.state, Verb.ANSWER)
    program = eligibility.get_program(session, by.municipality, export.program_id)
    require_open(program.state)
    return export, bytes.fromhex(export.answer_secret or "")


def stage(
    session: Session,
    by: Caller,
    *,
    export_id: str,
    file_name: str,
    links: Links,
    staged: Sequence[taking_in.Staged],
    now: datetime,
) -> Crossing:
    """Put what an import brought before a second person.

    Raises CrossingRepeated, MatchConflicts, SealBroken.
    """
    export, _ = answered(session, by, export_id=export_id)
    program = eligibility.get_program(session, by.municipality, export.program_id, lock=True)
    repeated = rows.find_answer(session, by.municipality, export.id, links.hash)
    if repeated is not None:
        raise rules.CrossingRepeated("the file was taken before", crossingId=repeated.id)
    taking_in.check(
        session, program, links.answer, staged, version_rows.terms_now(session, program, now)
    )
    crossing = Crossing(
        municipality=by.municipality,
        id=new_id(),
        program_id=program.id,
        direction=Direction.IMPORT,
        state=CrossingState.PROPOSED,
        proposer=by.name,
        propose_time=now,
        row_count=links.count,
        content_hash=links.hash,
        file_name=file_name,
        key_fingerprint=export.key_fingerprint,
        export_id=export.id,
        parcel=Parcel.LINKS,
    )
    session.add(crossing)
    session.flush()
    rows.add_lines(session, crossing, [one.line() for one in staged])
    more = {"operator": links.answer.operator, "released_by": links.answer.approver}
    _record(session, by, crossing, "proposed", now, more=more)
    return crossing


def _approve(crossing: Crossing, by: Caller, verb: Verb, now: datetime) -> None:
    crossing.state = rules.move(crossing.state, verb)
    crossing.approver, crossing.approve_time = by.name, now
    crossing.revision += 1


def _record(
    session: Session,
    by: Caller,
    crossing: Crossing,
    what: str,
    now: datetime,
    *,
    reason: str | None = None,
    more: dict[str, str] | None = None,
) -> None:
    details = {
        "program": crossing.program_id,
        "direction": crossing.direction.value,
        "parcel": crossing.parcel.value,
        "state": crossing.state.value,
        "rows": str(crossing.row_count),
        "hash": crossing.content_hash,
        "key": crossing.key_fingerprint,
        **(more or {}),
    }
    events.record(session, by, f"crossing.{what}", crossing.id, now, details=details, reason=reason)
