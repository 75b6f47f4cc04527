"""What was answered and what is registered, beside what the city holds on its roster."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import events
from core.applications import payee, rows, saying
from core.applications.knowing import LANGUAGE, context_of
from core.banks import payee_name
from core.callers import Caller
from core.eligibility import accounts
from core.eligibility import rows as eligibility
from core.errors import Refusal
from core.normalise import name_key, same_home, similar_key
from core.procedures import engine
from core.procedures.blocks.address import AddressBlock
from core.procedures.catalogue import Catalogue
from core.procedures.definition import Step
from core.residents import births, fact_rows
from core.residents import rows as residents

FACTS = ("name", "kana", "birth_date", "address", "account")


@dataclass(frozen=True, slots=True)
class Compared:
    """A fact of two sides; `step` is empty where the first is of the registration."""

    fact: str
    step: str
    given: str
    held: str
    agrees: bool


def compare(
    session: Session, by: Caller, *, id: str, known: Catalogue, now: datetime
) -> list[Compared]:
    """Return each fact that both sides tell, and write down that somebody looked."""
    row = rows.get(session, by.municipality, id)
    entitlement = payee.entitlement_of(session, row)
    facts = None
    if row.resident_id:
        facts = fact_rows.find_facts(session, by.municipality, row.resident_id)
    registered = _registered(facts)
    # Where nothing stands on a roster, what is registered is what the city holds.
    held = _on_roster(entitlement) if entitlement else registered
    found: list[Compared] = []
    if entitlement is not None:
        found += _compared("", registered, held)
    for step, fact, given in _answered(session, row, known, now):
        found += _compared(step, {fact: given}, held)
    found += _account(row, entitlement)
    events.record(session, by, "application.compared", row.id, now, on_behalf_of=row.resident_id)
    return found


def _registered(facts: residents.Facts | None) -> dict[str, str]:
    if facts is None:
        return {}
    born = births.read(facts.birth_date)
    return {
        "name": facts.name,
        "birth_date": born.isoformat() if born else "",
        "address": facts.address,
    }


def _on_roster(entitlement: eligibility.Entitlement) -> dict[str, str]:
    return {
        "name": entitlement.name,
        "kana": entitlement.kana,
        "birth_date": entitlement.birth_date,
        "address": entitlement.address,
    }


def _answered(
    session: Session, row: rows.Application, known: Catalogue, now: datetime
) -> Iterator[tuple[str, str, str]]:
    """Yield step, fact and answer of what was answered about the person."""
    procedure = saying.procedure_of(session, row, known)
    context = context_of(session, row, procedure, LANGUAGE, row.submit_time or now)
    walked = engine.walk(procedure, row.answers, context, LANGUAGE, staff=True)
    for step in walked.asked:
        answer = walked.answers.get(step.key, engine.SKIPPED)
        if answer is not engine.SKIPPED and (fact := _fact(step)):
            yield step.key, fact, _plain(step, answer)


def _fact(step: Step) -> str:
    """Return which fact a step asks for: by its key, or by what its block is."""
    if isinstance(step.block, AddressBlock):
        return "address"
    return step.key if step.key in FACTS else ""


def _plain(step: Step, answer: Any) -> str:
    return str(step.block.for_expressions(answer))


def _compared(step: str, given: dict[str, str], held: dict[str, str]) -> Iterator[Compared]:
    for fact in FACTS:
        one, other = given.get(fact, ""), held.get(fact, "")
        if one and other:
            yield Compared(fact, step, one, other, AGREES[fact](one, other))


def _account(row: rows.Application, entitlement: eligibility.Entitlement | None) -> list[Compared]:
    """Return the account that was answered beside the roster's, both masked."""
    if row.payee_json is None or entitlement is None or entitlement.account is None:
        return []
    given, held = payee.account(row, entitlement), entitlement.account
    if given is None:
        return []
    same = all(
        getattr(given, part) == getattr(held, part)
        for part in ("bank_code", "branch_code", "account_type", "account_number")
    )
    agrees = same and _holder(given.account_name) == _holder(held.account_name)
    return [Compared("account", "", accounts.masked(given), accounts.masked(held), agrees)]


def _holder(name: str) -> str:
    try:
        return payee_name.fold(name, payee_name.Characters.NAME, field="account_name")
    except Refusal:
        return name


def _same_name(one: str, other: str) -> bool:
    return name_key(one) == name_key(other) or similar_key(one) == similar_key(other)


def _same_kana(one: str, other: str) -> bool:
    return _kana(one) == _kana(other)


def _kana(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _equal(one: str, other: str) -> bool:
    return one == other


AGREES: dict[str, Callable[[str, str], bool]] = {
    "name": _same_name,
    "kana": _same_kana,
    "birth_date": _equal,
    "address": same_home,
    "account": _equal,
}
"""Whether the two sides are one but for spelling, by fact."""
