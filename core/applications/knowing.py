"""What the city knows when a procedure asks: of the resident, and of what is held for them."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from core.applications import slots
from core.applications.rows import Application
from core.eligibility import entitlement_rows, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.rules import AmountRefused
from core.eligibility.terms import Terms, amount_of
from core.procedures.definition import Context, Procedure
from core.proxies.rules import today
from core.residents import births
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
        facts = residents.find_facts(session, row.municipality, row.resident_id)
    context = context_from(row, terms, entitlement, facts, language=language, now=now)
    return replace(context, taken=slots.taken(session, row, procedure))


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
    """Return what is known as expressions see it, as texts are filled, and as it is shown."""
    language = language or LANGUAGE
    program = terms.title_in(language) if terms else ""
    account = eligibility.masked_account(entitlement) if entitlement else ""
    born = _born(facts)
    resident = {
        "registered": facts is not None,
        "name": facts.name if facts else "",
        "birth_date": born.isoformat() if born else "",
        "sex": facts.sex if facts else "",
        "address": facts.address if facts else "",
        "age": _age(born, day) if born else 0,
    }
    of_both = {"name": str(resident["name"]), "address": str(resident["address"])}
    filling: dict[str, str | int | date] = {
        "program": program,
        "amount": amount,
        "account": account,
        "today": day,
        "birth_date": born or "",
        **of_both,
    }
    shown = {
        "program": program,
        "amount": yen(amount, language) if amount else "",
        "account": account,
        "birth_date": str(resident["birth_date"]),
        **of_both,
    }
    held = {"program": program, "amount": amount, "account": account, "household_size": 0}
    return Context(today=day, resident=resident, held=held, shown=shown, filling=filling)


def yen(amount: int, language: str) -> str:
    # As the words around it: English where they are, else Japanese, which every text falls back to.
    return f"¥{amount:,}" if language.startswith("en") else f"{amount:,}円"


def _born(facts: residents.Facts | None) -> date | None:
    """Return the day of birth; None where it is not known whole."""
    return births.read(facts.birth_date) if facts else None


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
