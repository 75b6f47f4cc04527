"""What the city knows when a procedure asks: of the resident, and of what is held for them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from core.applications import redeeming, slots
from core.applications.rows import Application
from core.eligibility import entitlement_rows, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.rules import AmountRefused
from core.eligibility.terms import Terms, amount_of
from core.japan import today
from core.procedures import known as procedures
from core.procedures.definition import Context, Procedure
from core.residents import births, fact_rows, facts_ahead
from core.residents import rows as residents

LANGUAGE = "ja"
"""Where the contact has named none."""


def context_of(
    session: Session, row: Application, procedure: Procedure, language: str, now: datetime
) -> Context:
    """Return what is known for an application, and how many of each slot others have taken."""
    terms = entitlement = None
    if row.program_id:
        program = eligibility.get_program(session, row.municipality, row.program_id)
        terms = version_rows.terms_now(session, program, now)
    if row.entitlement_id:
        entitlement = entitlement_rows.get(session, row.municipality, row.entitlement_id)
    facts = None
    if row.resident_id:
        facts = fact_rows.find_facts(session, row.municipality, row.resident_id)
    context = context_from(row, terms, entitlement, facts, language=language, now=now)
    return replace(
        context,
        taken=slots.taken(session, row, procedure),
        refused=redeeming.refused(session, row, procedure, now),
    )


def context_from(
    row: Application,
    terms: Terms | None,
    entitlement: eligibility.Entitlement | None,
    facts: residents.Facts | None,
    *,
    language: str,
    now: datetime,
) -> Context:
    """Return what is known for an application: of its program, entitlement and resident."""
    return known(
        terms=terms,
        entitlement=entitlement,
        amount=_held(row, terms, entitlement, facts),
        facts=facts,
        language=language,
        day=today(now),
    )


def look_up(session: Session, municipality: str, found: Collection[Application]) -> None:
    """Read at once what is known for applications of a municipality."""
    entitlements = {row.entitlement_id for row in found} - {""}
    entitlement_rows.look_up(session, municipality, entitlements)
    facts_ahead.look_up(session, municipality, {row.resident_id for row in found} - {""})


def _held(
    row: Application,
    terms: Terms | None,
    entitlement: eligibility.Entitlement | None,
    facts: residents.Facts | None,
) -> int:
    """Return the amount before anything is answered: what a procedure calculates is another."""
    if entitlement is not None:
        return entitlement.amount
    return amount_by(terms, facts) if terms else row.amount


def amount_by(terms: Terms, facts: residents.Facts | None) -> int:
    """Return what terms give whoever is on no list; 0 where they need more than is known."""
    try:
        return amount_of(
            terms,
            given=None,
            birth_date=_born(facts),
            household_size=None,
        )
    except AmountRefused:
        return 0


def known(
    *,
    terms: Terms | None,
    entitlement: eligibility.Entitlement | None,
    amount: int,
    facts: residents.Facts | None,
    language: str,
    day: date,
) -> Context:
    """Return what is known, as the engine sees it."""
    language = language or LANGUAGE
    born = _born(facts)
    resident = {
        "registered": facts is not None,
        "name": facts.name if facts else "",
        "birth_date": born.isoformat() if born else "",
        "sex": facts.sex if facts else "",
        "address": facts.address if facts else "",
        "age": procedures.age(born, day) if born else 0,
    }
    held = {
        "program": terms.title_in(language) if terms else "",
        "amount": amount,
        "account": eligibility.masked_account(entitlement) if entitlement else "",
        "household_size": (entitlement.household_size if entitlement else None) or 0,
    }
    return procedures.context(day, resident=resident, held=held, language=language, taken={})


def _born(facts: residents.Facts | None) -> date | None:
    """Return the day of birth; None where it is not known whole."""
    return births.read(facts.birth_date) if facts else None
