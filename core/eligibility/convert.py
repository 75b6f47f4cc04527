"""Programs, rosters and matches as messages of the contract."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from core.eligibility import counts, rows
from core.eligibility.roster_intake import Intake
from core.eligibility.roster_rows import Problem
from core.eligibility.rules import ProgramState, Unit
from core.etags import etag_of
from core.matching import Class, Decision
from core.residents.births import read as birth_date
from core.residents.convert import TO_ASSURANCE
from core.residents.rows import Facts
from core.wire.convert import to_date, to_timestamp
from todoke.v1 import eligibility_pb2 as pb

CountApplications = Callable[[Session, str, str], Mapping[Any, int]]
"""Returns the applications of a municipality's program by state, whose text is its name."""

TO_UNIT: dict[Unit, pb.EntitledUnit.ValueType] = {
    unit: pb.EntitledUnit.Value(f"ENTITLED_UNIT_{unit.name}") for unit in Unit
}
FROM_UNIT = {value: unit for unit, value in TO_UNIT.items()}
TO_STATE: dict[ProgramState, pb.ProgramState.ValueType] = {
    state: pb.ProgramState.Value(f"PROGRAM_STATE_{state.name}") for state in ProgramState
}
TO_CLASS: dict[Class, pb.MatchClass.ValueType] = {
    one: pb.MatchClass.Value(f"MATCH_CLASS_{one.name}") for one in Class
}
TO_DECISION: dict[Decision, pb.MatchDecision.ValueType] = {
    one: pb.MatchDecision.Value(f"MATCH_DECISION_{one.name}") for one in Decision
}
FROM_DECISION = {value: one for one, value in TO_DECISION.items()}


def program_to_pb(
    session: Session,
    program: rows.Program,
    count_applications: CountApplications,
) -> pb.Program:
    roster = rows.find_roster(session, program.municipality, program.id)
    return pb.Program(
        program_id=program.id,
        code=program.code,
        title=program.title,
        unit=TO_UNIT[program.unit],
        amount=program.amount,
        budget=program.budget,
        procedure=program.procedure_key,
        state=TO_STATE[program.state],
        roster=roster_to_pb(roster) if roster else None,
        counts=counts_to_pb(session, program.municipality, program.id, count_applications),
        etag=etag_of(program.revision),
        create_time=to_timestamp(program.create_time),
        required_assurance=TO_ASSURANCE[program.required_assurance],
    )


def counts_to_pb(
    session: Session,
    municipality: str,
    program_id: str,
    count_applications: CountApplications,
) -> pb.ProgramCounts:
    applications = count_applications(session, municipality, program_id)
    found = counts.of(session, municipality, program_id)
    return pb.ProgramCounts(
        entitled=found.entitled,
        matched=found.matched,
        to_review=found.to_review,
        unmatched=found.unmatched,
        suppressed=found.suppressed,
        applications={str(state): number for state, number in applications.items()},
    )


def roster_to_pb(roster: rows.Roster) -> pb.Roster:
    return pb.Roster(
        roster_id=roster.id,
        rows=roster.row_count,
        total=roster.total,
        content_hash=roster.content_hash,
        file_name=roster.file_name,
        encoding=roster.encoding,
        import_time=to_timestamp(roster.import_time),
    )


def intake_to_pb(intake: Intake, file_name: str) -> pb.Roster:
    """Return what a roster would be."""
    return pb.Roster(
        rows=intake.rows,
        total=intake.total,
        content_hash=intake.content_hash,
        file_name=file_name,
        encoding=intake.encoding,
    )


def problem_to_pb(problem: Problem) -> pb.RosterProblem:
    return pb.RosterProblem(
        row=problem.row,
        column=problem.title,
        reason=pb.ErrorReasonDetail(
            reason="ROSTER_VALUE_UNREADABLE",
            message=problem.message,
            metadata={
                "problem": problem.reason.value,
                "position": str(problem.position),
                **problem.metadata,
            },
        ),
    )


def entitlement_to_pb(entitlement: rows.Entitlement) -> pb.Entitlement:
    return pb.Entitlement(
        entitlement_id=entitlement.id,
        reference=entitlement.reference,
        name=entitlement.name,
        birth_date=entitlement.birth_date,
        sex=entitlement.sex,
        address=entitlement.address,
        amount=entitlement.amount,
        masked_account=rows.masked_account(entitlement),
        suppressed=entitlement.suppressed,
    )


def match_to_pb(match: rows.Match, entitlement: rows.Entitlement, facts: Facts) -> pb.Match:
    return pb.Match(
        match_id=match.id,
        program_id=match.program_id,
        entitlement=entitlement_to_pb(entitlement),
        resident_id=match.resident_id,
        resident_name=facts.name,
        resident_birth_date=to_date(birth_date(facts.birth_date)),
        resident_address=facts.address,
        match_class=TO_CLASS[match.match_class],
        decision=TO_DECISION[match.decision],
        rule=match.reason or match.rule,
        etag=etag_of(match.revision),
    )
