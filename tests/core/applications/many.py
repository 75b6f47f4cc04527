"""Many filed applications of one program, as rows: through the door they would take minutes."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.applications.rows import Application
from core.applications.rules import State
from core.eligibility.rows import Entitlement, Match, Program
from core.ids import new_id
from core.matching import Class, Decision
from core.procedures.loading import shipped
from core.residents.contact_rows import Contact
from core.residents.rows import Facts, Resident
from core.residents.rules import Assurance, ContactState, Revocation
from tests.cards import a_holder
from tests.makers import a_program, a_roster, a_roster_row, import_roster
from tests.town import MUNICIPALITY, Town
from todoke.client import Core

HOLDERS = 1000
"""More would be born one after the other until after today."""


async def filed(
    town: Town, clerk: Core, number: int, *, registered: bool = False, **cells: str
) -> str:
    """Return a program whose list's every row has filed; the first row has these cells.

    Where they are `registered`, each has filed as a resident who is linked, and has a contact.
    """
    program = await a_program(clerk, budget=70_000 * (number + 1))
    holders = [a_holder() for _ in range(min(number, HOLDERS))]
    rows = [
        a_roster_row(holders[at % len(holders)], at, **(cells if at == 1 else {}))
        for at in range(1, number + 1)
    ]
    await import_roster(clerk, program.program_id, a_roster(*rows))
    work = partial(file_all, program_id=program.program_id, now=town.clock(), registered=registered)
    await town.running.db.write(work)
    return program.program_id


def file_all(session: Session, *, program_id: str, now: datetime, registered: bool) -> None:
    """File the procedure of a program for each of its entitlements."""
    program = session.get_one(Program, (MUNICIPALITY, program_id))
    version = shipped()[program.procedure_key].procedure.version
    answers = json.dumps({"confirm": "confirmed"})
    wanted = select(Entitlement.id, Entitlement.amount).where(
        Entitlement.municipality == MUNICIPALITY, Entitlement.program_id == program_id
    )
    found = session.execute(wanted.order_by(Entitlement.id)).all()
    residents = {id: new_id() if registered else "" for id, _ in found}
    if registered:
        _register(session, program_id, residents, now)
    session.execute(
        insert(Application),
        [
            {
                "municipality": MUNICIPALITY, "id": new_id(), "program_id": program_id,
                "entitlement_id": id, "resident_id": residents[id], "state": State.SUBMITTED,
                "procedure_key": program.procedure_key, "procedure_version": version,
                "amount": amount,
                "invite_time": now, "submit_time": now, "answers_json": answers,
                "filed_json": answers, "contact_id": "", "once_key": "", "reopened_step": "",
                "returned_with": "", "returned_steps": [], "mended_steps": [], "checked": [],
                "assignee_id": "", "entered_by": "", "revision": 1,
            }
            for id, amount in found
        ],
    )  # fmt: skip


def _register(
    session: Session, program_id: str, residents: Mapping[str, str], now: datetime
) -> None:
    """Make the residents of these entitlements, each verified, linked, and with a contact."""
    of_town = {"municipality": MUNICIPALITY}
    session.execute(
        insert(Resident),
        [
            {
                **of_town, "id": id, "create_time": now, "suppressed": False, "language": "",
                "consent_withdrawn": False, "revision": 1,
            }
            for id in residents.values()
        ],
    )  # fmt: skip
    session.execute(
        insert(Facts),
        [
            {
                **of_town, "id": new_id(), "resident_id": id, "person": id.encode(),
                "holder": id.encode(), "name": "総社 花子", "name_flags": "",
                "birth_date": "419900401", "sex": "2", "address": "岡山県総社市中央一丁目1-1",
                "address_flags": "", "assurance": Assurance.JPKI_SIGNATURE,
                "revocation": Revocation.NOT_REVOKED, "consent_version": "1", "verify_time": now,
                "issuer_fingerprint": "", "policy": "", "document": "", "closed_by": "",
            }
            for id in residents.values()
        ],
    )  # fmt: skip
    session.execute(
        insert(Contact),
        [
            {
                **of_town, "id": new_id(), "channel": "line", "external_id": f"U{id}",
                "external_index": id.encode(), "state": ContactState.REACHABLE, "seen_time": now,
                "language": "ja", "language_chosen": False, "resident_id": id,
            }
            for id in residents.values()
        ],
    )  # fmt: skip
    session.execute(
        insert(Match),
        [
            {
                **of_town, "id": new_id(), "program_id": program_id, "entitlement_id": entitlement,
                "resident_id": id, "match_class": Class.EXACT, "decision": Decision.ACCEPTED,
                "rule": "", "find_time": now, "decided_by": "", "confirmed_by": "", "revision": 1,
            }
            for entitlement, id in residents.items()
        ],
    )  # fmt: skip
