"""Applications with all that a decision asks about them, gathered for many in a few statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from core.applications import rows
from core.applications.rules import ApplicationUnknown
from core.eligibility import entitlement_rows, match_rows, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.rules import EntitlementUnknown, ProgramUnknown
from core.eligibility.terms import Terms, in_force
from core.errors import Refusal
from core.japan import today
from core.procedures import texts
from core.procedures.catalogue import Catalogue
from core.procedures.definition import Procedure, ProcedureUnknown
from core.residents import fact_rows
from core.residents import rows as residents

Found: TypeAlias = Mapping[str, "Case | Refusal"]
"""By the application's id; a refusal where it, or what it is for, is not there."""


@dataclass(slots=True, kw_only=True)
class Case:
    """An application to be decided; `laid` are all terms of its program, by number from 1.

    `approvers` are those who approved what was filed, `is_linked` whether its match stands.
    """

    row: rows.Application
    program: eligibility.Program | None
    laid: Sequence[Terms]
    begun_with: Procedure | ProcedureUnknown
    entitlement: eligibility.Entitlement | None
    facts: residents.Facts | None
    approvers: Sequence[str]
    is_linked: bool

    @property
    def procedure(self) -> Procedure:
        """The version that it was begun with; raises ProcedureUnknown."""
        if isinstance(self.begun_with, ProcedureUnknown):
            raise self.begun_with
        return self.begun_with

    def terms(self, now: datetime) -> Terms | None:
        """Return what its program's terms are on a day; None where it is for none."""
        return in_force(self.laid, today(now))[1] if self.laid else None

    def title(self, language: str, now: datetime) -> str:
        """Return what it is called: its program's name, or its procedure's."""
        terms = self.terms(now)
        if terms is not None:
            return terms.title_in(language)
        return texts.said(self.procedure.title, {}, language)


def gather(
    session: Session,
    municipality: str,
    ids: Collection[str],
    known: Catalogue,
    *,
    lock: bool = True,
) -> Found:
    """Return the applications, locked where they are to be decided."""
    held = rows.some(session, municipality, ids, lock=lock)
    programs = eligibility.by_id(session, municipality, _named(held, "program_id"))
    gathered = _Gathered(
        programs=programs,
        laid=version_rows.laid(session, municipality, programs.values()),
        procedures=_procedures(session, held, known),
        entitled=entitlement_rows.by_id(session, municipality, _named(held, "entitlement_id")),
        facts=fact_rows.all_facts(session, municipality, _named(held, "resident_id")),
        approvals=rows.approvals(session, municipality, held.keys()),
        links=match_rows.accepted(session, municipality, _named(held, "entitlement_id")),
    )
    unknown = {
        id: ApplicationUnknown(f"there is no application {id}") for id in ids if id not in held
    }
    return {**unknown, **{id: gathered.case_of(row) for id, row in held.items()}}


def _named(held: Mapping[str, rows.Application], column: str) -> set[str]:
    return {str(getattr(row, column)) for row in held.values()} - {""}


def _procedures(
    session: Session, held: Mapping[str, rows.Application], known: Catalogue
) -> dict[tuple[str, int], Procedure | ProcedureUnknown]:
    found: dict[tuple[str, int], Procedure | ProcedureUnknown] = {}
    for row in held.values():
        key, version = row.procedure_key, row.procedure_version
        if (key, version) not in found:
            try:
                found[key, version] = known.version(session, row.municipality, key, version)
            except ProcedureUnknown as unknown:
                found[key, version] = unknown
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """What was found for all of them, by its key."""

    programs: Mapping[str, eligibility.Program]
    laid: Mapping[str, Sequence[Terms]]
    procedures: Mapping[tuple[str, int], Procedure | ProcedureUnknown]
    entitled: Mapping[str, eligibility.Entitlement]
    facts: Mapping[str, residents.Facts]
    approvals: Mapping[str, Sequence[rows.Approval]]
    links: Collection[tuple[str, str]]

    def case_of(self, row: rows.Application) -> Case | Refusal:
        if row.program_id and row.program_id not in self.programs:
            return ProgramUnknown(f"there is no program {row.program_id}")
        if row.entitlement_id and row.entitlement_id not in self.entitled:
            return EntitlementUnknown(f"there is no entitlement {row.entitlement_id}")
        return Case(
            row=row,
            program=self.programs.get(row.program_id),
            laid=self.laid.get(row.program_id, ()),
            begun_with=self.procedures[row.procedure_key, row.procedure_version],
            entitlement=self.entitled.get(row.entitlement_id),
            facts=self.facts.get(row.resident_id),
            approvers=[one.staff_id for one in self.approvals.get(row.id, ())],
            is_linked=(row.entitlement_id, row.resident_id) in self.links,
        )
