"""What is done with programs, rosters and matches, each in the caller's transaction."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.eligibility import match_rows, rows, rules
from core.eligibility.roster_intake import Intake
from core.etags import check_etag
from core.ids import new_id
from core.matching import Decision, Entitled, Links, Pair, Registration, match
from core.my_number import refuse_my_number
from core.normalise import same_home
from core.residents import rows as residents
from core.residents import staleness
from core.residents.births import read as birth_date
from core.residents.rules import Assurance
from core.rosters.values import Sex


@dataclass(frozen=True, slots=True)
class Population:
    """Both sides of a program's matching, and what is known already."""

    registrations: list[Registration]
    entitled: list[Entitled]
    links: Links

    def pairs(self) -> list[Pair]:
        """Return the new pairs; slow where the sides are large, so it runs outside transactions."""
        return match(self.registrations, self.entitled, self.links)


def create_program(
    session: Session,
    by: Caller,
    *,
    code: str,
    title: str,
    unit: rules.Unit,
    amount: int,
    budget: int,
    procedure_key: str,
    required_assurance: Assurance,
    now: datetime,
) -> rows.Program:
    refuse_my_number(title, field="title")
    if rows.find_by_code(session, by.municipality, code) is not None:
        raise rules.ProgramExists(f"{code} is there already: choose another code", code=code)
    program = rows.Program(
        municipality=by.municipality,
        id=new_id(),
        code=code,
        title=title,
        unit=unit,
        amount=amount,
        budget=budget,
        procedure_key=procedure_key,
        required_assurance=required_assurance,
        create_time=now,
    )
    session.add(program)
    session.flush()
    details = {
        "code": code,
        "amount": str(amount),
        "budget": str(budget),
        "assurance": required_assurance.value,
    }
    events.record(session, by, "program.created", program.id, now, details=details)
    return program


def program_for_roster(
    session: Session, municipality: str, program_id: str, *, lock: bool = False
) -> rows.Program:
    """Return a program that takes a roster; raise ProgramUnknown, ProgramClosed, RosterExists."""
    program = rows.get_program(session, municipality, program_id, lock=lock)
    rules.require_open(program.state)
    roster = rows.find_roster(session, municipality, program_id)
    if roster is not None:
        raise rules.RosterExists(
            "the program has a frozen roster already: make another program for another roster",
            rosterId=roster.id,
        )
    return program


def import_roster(
    session: Session,
    by: Caller,
    *,
    program_id: str,
    roster_id: str,
    intake: Intake,
    file_name: str,
    now: datetime,
) -> rows.Roster:
    """Freeze a roster whose rows were sealed for this `roster_id`."""
    program = program_for_roster(session, by.municipality, program_id, lock=True)
    roster = rows.Roster(
        municipality=by.municipality,
        id=roster_id,
        program_id=program.id,
        row_count=intake.rows,
        total=intake.total,
        content_hash=intake.content_hash,
        file_name=file_name,
        encoding=intake.encoding,
        import_time=now,
    )
    session.add(roster)
    program.revision += 1
    session.flush()
    rows.add_entitlements(session, intake.values)
    details = {
        "roster": roster.id,
        "rows": str(roster.row_count),
        "total": str(roster.total),
        "hash": roster.content_hash,
    }
    events.record(session, by, "roster.imported", program.id, now, details=details)
    return roster


def require_roster(session: Session, municipality: str, program_id: str) -> rows.Roster:
    """Return the program's roster; raise ProgramUnknown, RosterMissing."""
    rows.get_program(session, municipality, program_id)
    roster = rows.find_roster(session, municipality, program_id)
    if roster is None:
        raise rules.RosterMissing("the program has no roster yet: import it first")
    return roster


def population(session: Session, municipality: str, program_id: str) -> Population:
    """Return both sides of the matching; raise ProgramUnknown, RosterMissing."""
    roster = require_roster(session, municipality, program_id)
    found = list(residents.current_facts(session, municipality))
    protected = residents.suppressed(session, municipality, [id for id, _ in found])
    return Population(
        [_registration(id, facts, suppressed=id in protected) for id, facts in found],
        [
            Entitled(
                id=row.id,
                name=row.name,
                birth_date=row.birth_date,
                sex=row.sex,
                address=row.address,
            )
            for row in match_rows.entitled_on(session, municipality, roster.id)
        ],
        match_rows.links(session, municipality, program_id),
    )


def keep_matches(
    session: Session, by: Caller, *, program_id: str, pairs: Iterable[Pair], now: datetime
) -> Counter[Decision]:
    """Keep pairs that matching found, and return how many of each decision.

    Who was linked since the pairs were looked for stays as they are; the next run sees it.
    """
    rows.get_program(session, by.municipality, program_id, lock=True)
    links = match_rows.links(session, by.municipality, program_id)
    kept = [pair for pair in pairs if _still_new(pair, links)]
    match_rows.add(
        session,
        [
            {
                "municipality": by.municipality,
                "id": new_id(),
                "program_id": program_id,
                "entitlement_id": pair.entitled_id,
                "resident_id": pair.registration_id,
                "match_class": pair.match_class,
                "decision": pair.decision,
                "rule": pair.rule.value,
                "find_time": now,
                "decided_by": "core" if pair.decision is Decision.ACCEPTED else "",
                "reason": None,
                "revision": 1,
            }
            for pair in kept
        ],
    )
    found = Counter(pair.decision for pair in kept)
    details = {
        "accepted": str(found[Decision.ACCEPTED]),
        "to_review": str(found[Decision.TO_REVIEW]),
    }
    events.record(session, by, "roster.matched", program_id, now, details=details)
    return found


def decide_match(
    session: Session,
    by: Caller,
    *,
    id: str,
    decision: Decision,
    reason: str,
    etag: str,
    now: datetime,
) -> rows.Match:
    """Take a person's decision; raise MatchUnknown, MatchDecided, MatchConflicts."""
    refuse_my_number(reason, field="reason")
    row = match_rows.get(session, by.municipality, id)
    if row.decision is not Decision.TO_REVIEW:
        raise rules.MatchDecided(
            f"the match is {row.decision} already: list the matches again",
            decision=row.decision.value,
        )
    check_etag(row.revision, etag)
    if decision is Decision.ACCEPTED and match_rows.is_linked(session, row):
        raise rules.MatchConflicts(
            "the resident or the entitlement is linked otherwise already: refuse this match"
        )
    row.decision = decision
    row.decided_by = by.actor
    row.reason = reason
    row.revision += 1
    session.flush()
    if decision is Decision.ACCEPTED:
        _notice_move(session, row, now)
    events.record(
        session,
        by,
        f"match.{decision}",
        row.id,
        now,
        details={
            "program": row.program_id,
            "entitlement": row.entitlement_id,
            "class": row.match_class.value,
            "rule": row.rule,
            "before": Decision.TO_REVIEW.value,
        },
        reason=reason,
        on_behalf_of=row.resident_id,
    )
    return row


def look_at_matches(
    session: Session, by: Caller, *, program_id: str, shown: int, now: datetime
) -> None:
    """Write down that somebody looked at so many people."""
    events.record(session, by, "matches.listed", program_id, now, details={"count": str(shown)})


def _notice_move(session: Session, row: rows.Match, now: datetime) -> None:
    """Mark the facts of one whose roster has another address than they proved."""
    entitled, facts = match_rows.sides_of(session, row)
    if not same_home(entitled.address, facts.address):
        staleness.mark_moved(session, row.municipality, row.resident_id, now)


def _registration(id: str, facts: residents.Facts, *, suppressed: bool) -> Registration:
    born = birth_date(facts.birth_date)
    return Registration(
        id=id,
        name=facts.name,
        birth_date=born.isoformat() if born else "",
        # Cards and registers have several codes for neither.
        sex=facts.sex if facts.sex in (Sex.MALE, Sex.FEMALE) else Sex.OTHER.value,
        address=facts.address,
        name_flags=facts.name_flags,
        address_flags=facts.address_flags,
        suppressed=suppressed,
    )


def _still_new(pair: Pair, links: Links) -> bool:
    if (pair.registration_id, pair.entitled_id) in links.pairs:
        return False
    linked = pair.registration_id in links.registrations or pair.entitled_id in links.entitled
    return not (linked and pair.decision is Decision.ACCEPTED)
