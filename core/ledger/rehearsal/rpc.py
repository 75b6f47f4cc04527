"""The part of LedgerService that rehearses a program."""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from google.protobuf.json_format import ParseDict
from sqlalchemy.orm import Session

from core.db import Database
from core.eligibility import kept_rules, mapping_rows, populations, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.convert import intake_to_pb, problem_to_pb
from core.eligibility.roster_convert import names_of
from core.eligibility.roster_intake import Intake, take
from core.eligibility.roster_parts import Task
from core.eligibility.roster_pool import Pool
from core.eligibility.terms import Terms
from core.eligibility.upload import Upload
from core.japan import today
from core.ledger import reaching
from core.ledger.rehearsal import running
from core.ledger.rehearsal.messages import messages
from core.ledger.rehearsal.running import Branch, Matched, Person, Residents
from core.matching import Decision, Registration
from core.procedures.catalogue import Catalogue
from core.procedures.definition import Procedure
from core.residents import fact_rows
from core.rosters.columns import Column
from core.rosters.file import head_of
from core.rosters.rows import Problem
from core.wire.door import Call
from core.wire.uploads import read_to_the_end
from todoke.v1 import eligibility_pb2, procedures_pb2
from todoke.v1 import ledger_pb2 as pb

MOST_PROBLEMS = 1_000
FILE_NAME = "rehearsal"


@dataclass(frozen=True, slots=True)
class Sending:
    """What a message costs in yen at the most, and how many a second go out at the least."""

    price: float
    rate: int


@dataclass(slots=True)
class Rehearsal:
    """What is rehearsed, and what was read of the list so far."""

    terms: Terms
    procedure: Procedure
    names: dict[str, Column] | None
    intake: Intake = field(default_factory=Intake)
    people: list[Person] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Rehearsing:
    """Answers what would happen; nothing is written, not even that it was asked."""

    db: Database
    pool: Pool
    sending: Sending
    procedures: Catalogue

    async def RehearseProgram(
        self, requests: AsyncIterator[pb.RehearseProgramRequest], call: Call
    ) -> pb.RehearseProgramResponse:
        municipality = call.caller.municipality
        async with read_to_the_end(requests):
            upload: Upload[pb.RehearsalHeader] = await Upload.begun(requests)
            rehearsal = await self.db.read(lambda s: self._begun(s, upload.header, call))
            await self._read(upload, rehearsal, call)
        registered = await self.db.read(
            lambda s: populations.registrations(
                s, municipality, list(fact_rows.current_facts(s, municipality))
            )
        )
        found = await asyncio.to_thread(running.matched, registered, rehearsal.people)
        return await self.db.read(lambda s: self._told(s, rehearsal, registered, found, call))

    def _begun(self, session: Session, header: pb.RehearsalHeader, call: Call) -> Rehearsal:
        """Raise ProgramUnknown, ColumnMappingUnknown, ProcedureUnknown."""
        municipality = call.caller.municipality
        program = eligibility.get_program(session, municipality, header.program_id)
        procedure = self.procedures.in_force(session, municipality, program.procedure_key, call.now)
        names = None
        if header.mapping_id:
            names = names_of(mapping_rows.get(session, municipality, header.mapping_id))
        terms = version_rows.terms_now(session, program, call.now)
        return Rehearsal(terms, procedure, names)

    async def _read(
        self, upload: Upload[pb.RehearsalHeader], rehearsal: Rehearsal, call: Call
    ) -> None:
        """Read the list as an import does, and keep what is sound in memory only."""
        names = rehearsal.names
        parts = take(
            upload.chunks,
            self.pool,
            rehearsal.intake,
            understand=lambda cutter, block, is_workbook: head_of(
                cutter, block, names=names, synonyms=names is None, is_workbook=is_workbook
            ),
            task_of=lambda head: Task(
                head=head,
                today=today(call.now),
                terms=rehearsal.terms,
                municipality=call.caller.municipality,
                program_id=upload.header.program_id,
                roster_id="",
                rehearses=True,
            ),
        )
        async for part in parts:
            repeated = {one.row for one in part.problems}
            rehearsal.people += [one for one in part.people if one[0].row not in repeated]
            rehearsal.problems += part.problems[: MOST_PROBLEMS - len(rehearsal.problems)]

    def _ruled(
        self,
        session: Session,
        municipality: str,
        rehearsal: Rehearsal,
        registered: list[Registration],
        found: Matched,
    ) -> Matched:
        """Decide by the reasons that staff kept, as matching does."""
        row_of = {str(row.row): row for row, _ in rehearsal.people}
        resident_of = {one.id: one for one in registered}
        pairs = kept_rules.foretell(
            session,
            municipality,
            found.pairs,
            lambda pair: (row_of[pair.entitled_id], resident_of[pair.registration_id]),
        )
        return Matched(pairs)

    def _told(
        self,
        session: Session,
        rehearsal: Rehearsal,
        registered: list[Registration],
        found: Matched,
        call: Call,
    ) -> pb.RehearseProgramResponse:
        municipality, people = call.caller.municipality, rehearsal.people
        found = self._ruled(session, municipality, rehearsal, registered, found)
        linked = set(found.accepted.values())
        day = today(call.now)
        pushed = reaching.contacts(session, municipality, linked, day)
        reached = reaching.contacts(
            session, municipality, linked, day, states=reaching.PUSHED_OR_READ
        )
        known = Residents(
            protected={one.id for one in registered if one.suppressed},
            assurance=fact_rows.served(session, municipality, linked),
            reached=reached,
        )
        ways = running.branches(people, found, known, rehearsal.terms.required_assurance)
        invited = [one for one in people if ways[str(one[0].row)] is Branch.ACCOUNT_ON_FILE]
        samples = messages(
            session,
            municipality,
            [(one, found.accepted[str(one[0].row)]) for one in invited],
            reached=reached,
            terms=rehearsal.terms,
            procedure=rehearsal.procedure,
            now=call.now,
        )
        pushes = sum(found.accepted[str(row.row)] in pushed for row, _ in invited)
        return pb.RehearseProgramResponse(
            roster=intake_to_pb(rehearsal.intake, FILE_NAME),
            counts=_counts(people, found),
            branches=running.counted(ways),
            problems=map(problem_to_pb, rehearsal.problems),
            problem_count=rehearsal.intake.problem_count,
            samples=[ParseDict(one, procedures_pb2.Prompt()) for one in samples],
            amount=sum(amount for _, amount in invited),
            sending_cost=math.ceil(pushes * self.sending.price),
            sending_seconds=math.ceil(pushes / self.sending.rate),
        )


def _counts(people: Sequence[Person], found: Matched) -> eligibility_pb2.ProgramCounts:
    to_review = [pair for pair in found.pairs if pair.decision is Decision.TO_REVIEW]
    return eligibility_pb2.ProgramCounts(
        entitled=len(people),
        matched=len(found.accepted),
        to_review=len(to_review),
        unmatched=len(people) - len(found.accepted),
        suppressed=sum(row.suppressed for row, _ in people),
    )
