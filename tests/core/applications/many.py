"""Many filed applications of one program, as rows: through the door they would take minutes."""

import json

from sqlalchemy import insert, select

from core.applications.rows import Application
from core.applications.rules import State
from core.eligibility.rows import Entitlement, Program
from core.ids import new_id
from core.procedures.loading import shipped
from tests.cards import a_holder
from tests.makers import a_program, a_roster, a_roster_row, import_roster
from tests.town import MUNICIPALITY, Town
from todoke.client import Core


async def filed(town: Town, clerk: Core, number: int, **cells: str) -> str:
    """Return a program whose list's every row has filed; the first row has these cells."""
    program = await a_program(clerk, budget=70_000 * (number + 1))
    rows = [
        a_roster_row(a_holder(), at, **(cells if at == 1 else {})) for at in range(1, number + 1)
    ]
    await import_roster(clerk, program.program_id, a_roster(*rows))
    await town.running.db.write(lambda session: file_all(session, program.program_id, town.clock()))
    return program.program_id


def file_all(session, program_id: str, now) -> None:
    """File the procedure of a program for each of its entitlements."""
    program = session.get_one(Program, (MUNICIPALITY, program_id))
    version = shipped()[program.procedure_key].procedure.version
    answers = json.dumps({"confirm": "confirmed"})
    wanted = select(Entitlement.id, Entitlement.amount).where(
        Entitlement.municipality == MUNICIPALITY, Entitlement.program_id == program_id
    )
    found = session.execute(wanted.order_by(Entitlement.id)).all()
    session.execute(
        insert(Application),
        [
            {
                "municipality": MUNICIPALITY, "id": new_id(), "program_id": program_id,
                "entitlement_id": id, "resident_id": "", "state": State.SUBMITTED,
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
