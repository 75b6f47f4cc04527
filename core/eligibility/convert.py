"""Programs, rosters and matches as messages of the contract."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from sqlalchemy.orm import Session

from core.eligibility import counts, kept_rules, rows, term_text, version_rows
from core.eligibility.roster_intake import Intake
from core.eligibility.rule_rows import MatchRule
from core.eligibility.rules import ProgramDatesRefused, ProgramState, Unit
from core.eligibility.terms import Terms
from core.etags import etag_of
from core.matching import Class, Decision
from core.residents.births import read as birth_date
from core.residents.convert import TO_ASSURANCE
from core.residents.rows import Facts
from core.rosters.rows import Problem
from core.wire.convert import to_date, to_timestamp
from todoke.v1 import eligibility_pb2 as pb
from todoke.v1 import matching_pb2, rosters_pb2

CountApplications = Callable[[Session, str, str], Mapping[Any, int]]
"""Returns the applications of a municipality's program by state, whose text is its name."""

TO_UNIT: dict[Unit, pb.EntitledUnit.ValueType] = {
    unit: pb.EntitledUnit.Value(f"ENTITLED_UNIT_{unit.name}") for unit in Unit
}
FROM_UNIT = {value: unit for unit, value in TO_UNIT.items()}
TO_STATE: dict[ProgramState, pb.ProgramState.ValueType] = {
    state: pb.ProgramState.Value(f"PROGRAM_STATE_{state.name}") for state in ProgramState
}
TO_CLASS: dict[Class, matching_pb2.MatchClass.ValueType] = {
    one: matching_pb2.MatchClass.Value(f"MATCH_CLASS_{one.name}") for one in Class
}
TO_DECISION: dict[Decision, matching_pb2.MatchDecision.ValueType] = {
    one: matching_pb2.MatchDecision.Value(f"MATCH_DECISION_{one.name}") for one in Decision
}
FROM_DECISION = {value: one for one, value in TO_DECISION.items()}


def program_to_pb(
    session: Session,
    program: rows.Program,
    count_applications: CountApplications,
    now: datetime,
) -> pb.Program:
    versions = version_rows.of_program(session, program)
    number, terms = version_rows.in_force(versions, now)
    roster = rows.find_roster(session, program.municipality, program.id)
    return pb.Program(
        program_id=program.id,
        code=program.code,
        title=terms.main_title,
        unit=TO_UNIT[program.unit],
        amount=terms.most,
        budget=terms.budget,
        procedure=program.procedure_key,
        state=TO_STATE[program.state],
        roster=roster_to_pb(roster) if roster else None,
        counts=counts_to_pb(session, program.municipality, program.id, count_applications),
        etag=etag_of(program.revision),
        create_time=to_timestamp(program.create_time),
        required_assurance=TO_ASSURANCE[terms.required_assurance],
        terms=terms_to_pb(terms),
        version=number,
        open_to_all=program.open_to_all,
    )


def terms_to_pb(terms: Terms) -> pb.ProgramTerms:
    return ParseDict(term_text.write(terms), pb.ProgramTerms())


def terms_from_pb(message: pb.ProgramTerms) -> Terms:
    """Return the terms; raise ProgramDatesRefused where a day is none of the calendar."""
    try:
        return term_text.read(MessageToDict(message))
    except ValueError as wrong:
        raise ProgramDatesRefused(
            "a day of the terms is none of the calendar", "NO_SUCH_DAY"
        ) from wrong


def version_to_pb(version: version_rows.ProgramVersion) -> pb.ProgramVersion:
    return pb.ProgramVersion(
        version=version.version,
        terms=terms_to_pb(term_text.read(version.terms)),
        author=version.author,
        create_time=to_timestamp(version.create_time),
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
        to_confirm=found.to_confirm,
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
        version=roster.version,
        replace_time=to_timestamp(roster.replace_time) if roster.replace_time else None,
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


def staff_name(actor: str) -> str:
    """Return the name of the staff who acted; empty where it was nobody of the staff."""
    kind, _, name = actor.partition(":")
    return name if kind == "staff" else ""


def problem_to_pb(problem: Problem) -> rosters_pb2.RosterProblem:
    return rosters_pb2.RosterProblem(
        row=problem.row,
        column=problem.title,
        reason=rosters_pb2.ErrorReasonDetail(
            reason="ROSTER_VALUE_UNREADABLE",
            message=problem.message,
            metadata={
                "problem": problem.reason.value,
                "position": str(problem.position),
                **problem.metadata,
            },
        ),
    )


def entitlement_to_pb(entitlement: rows.Entitlement) -> rosters_pb2.Entitlement:
    return rosters_pb2.Entitlement(
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


def rule_to_pb(rule: MatchRule, decided: int) -> matching_pb2.MatchRule:
    return matching_pb2.MatchRule(
        rule_id=rule.id,
        difference=rule.difference,
        decision=TO_DECISION[rule.decision],
        reason=rule.reason,
        author=staff_name(rule.author),
        decided=decided,
        create_time=to_timestamp(rule.create_time),
    )


def match_to_pb(
    match: rows.Match, entitlement: rows.Entitlement, facts: Facts
) -> matching_pb2.Match:
    return matching_pb2.Match(
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
        resident_sex=facts.sex,
        resident_name_flags=facts.name_flags,
        resident_address_flags=facts.address_flags,
        reason=match.reason or "",
        decided_by=staff_name(match.decided_by),
        confirmed_by=staff_name(match.confirmed_by),
        rule_id=match.rule_id or "",
        proposed=TO_DECISION[match.proposed]
        if match.proposed
        else matching_pb2.MATCH_DECISION_UNSPECIFIED,
        difference=kept_rules.difference_of(match, entitlement, facts),
    )
