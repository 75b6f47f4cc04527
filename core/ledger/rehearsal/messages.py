"""The first messages of a rehearsal, worded by what words the real ones."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.applications import speech
from core.applications.knowing import known
from core.applications.rows import Application
from core.applications.rules import State
from core.eligibility import accounts
from core.eligibility.rows import Entitlement
from core.eligibility.terms import Terms
from core.ids import new_id
from core.japan import today
from core.ledger.reaching import Reached
from core.ledger.rehearsal.running import Person
from core.procedures.definition import Procedure
from core.residents import fact_rows

MOST = 10


def messages(
    session: Session,
    municipality: str,
    invited: Sequence[tuple[Person, str]],
    *,
    reached: Mapping[str, Reached],
    terms: Terms,
    procedure: Procedure,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the prompts that the first of them would get; nothing of it is added to a session."""
    shown = invited[:MOST]
    names = fact_rows.names_of(session, municipality, [resident for _, resident in shown])
    found = []
    for person, resident_id in shown:
        contact = reached[resident_id]
        entitlement = _entitlement(municipality, person)
        application = Application(
            municipality=municipality,
            id=new_id(),
            program_id="",
            entitlement_id=entitlement.id,
            resident_id=resident_id,
            state=State.INVITED,
            procedure_key=procedure.key,
            procedure_version=procedure.version,
            amount=entitlement.amount,
            invite_time=now,
            answers_json="{}",
            returned_with="",
        )
        context = known(
            terms=terms,
            entitlement=entitlement,
            amount=entitlement.amount,
            facts=fact_rows.find_facts(session, municipality, resident_id),
            language=contact.language,
            day=today(now),
        )
        turn = speech.turn(
            application,
            procedure,
            context,
            contact.language,
            on_behalf_of=names.get(resident_id, "") if contact.by_proxy else "",
        )
        found.append(turn["prompt"])
    return found


def _entitlement(municipality: str, person: Person) -> Entitlement:
    row, amount = person
    return Entitlement(
        municipality=municipality,
        id=new_id(),
        program_id="",
        roster_id="",
        reference=row.reference,
        reference_index=b"",
        household=row.household,
        name=row.name,
        kana=row.name_kana,
        birth_date=row.birth_date,
        sex=row.sex or "",
        postal_code=row.postcode,
        address=row.address,
        amount=amount,
        account_text=accounts.to_text(row.account) if row.account else None,
        suppressed=row.suppressed,
    )
