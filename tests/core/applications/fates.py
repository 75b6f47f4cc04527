"""What may be wrong with an application that is to be decided, each done to its rows."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.applications import rows
from core.applications.rows import Application
from core.applications.rules import State
from core.callers import Caller
from core.eligibility.rows import Match
from core.matching import Decision
from core.proxies.rows import Proxy
from core.residents.contact_rows import Contact
from core.residents.rows import Resident
from core.residents.rules import ContactState
from tests.town import MUNICIPALITY, Clock

NOW = Clock().now
ACCOUNT = {
    "bank": "0168", "branch": "191", "account_type": "1", "account_number": "1234567",
    "holder_kana": "ソウジヤ ハナコ",
}  # fmt: skip


@dataclass
class Desk:
    """A session in which everything may be changed, since it is rolled back."""

    session: Session
    by: Caller

    def of(self, row: Application, kind: type):
        query = select(kind).where(kind.municipality == MUNICIPALITY)
        return self.session.scalars(query.where(kind.resident_id == row.resident_id)).one()


def nothing(desk: Desk, row: Application) -> None:
    """Leave it as it was filed."""


def changed(desk: Desk, row: Application) -> None:
    row.revision += 1


def withdrawn(desk: Desk, row: Application) -> None:
    row.state = State.WITHDRAWN


def left_roster(desk: Desk, row: Application) -> None:
    row.left_version = 2


def approved_and_left(desk: Desk, row: Application) -> None:
    row.state, row.left_version = State.APPROVED, 2


def other_amount(desk: Desk, row: Application) -> None:
    row.amount += 1


def unanswered(desk: Desk, row: Application) -> None:
    row.answers_json = "{}"


def no_procedure(desk: Desk, row: Application) -> None:
    row.procedure_version = 99


def own_entry(desk: Desk, row: Application) -> None:
    row.entered_by = desk.by.id


def approved_before(desk: Desk, row: Application, by: str = "") -> None:
    desk.session.add(
        rows.Approval(
            municipality=MUNICIPALITY, application_id=row.id, number=1,
            staff_id=by or desk.by.id, staff_name="sato", approve_time=NOW,
        )
    )  # fmt: skip


def approved_by_another(desk: Desk, row: Application) -> None:
    approved_before(desk, row, "another")


def bank_unknown(desk: Desk, row: Application) -> None:
    row.payee_json = json.dumps(ACCOUNT | {"bank": "9998"})


def unlinked(desk: Desk, row: Application) -> None:
    desk.of(row, Match).decision = Decision.TO_REVIEW


def open_to_all(desk: Desk, row: Application) -> None:
    row.entitlement_id, row.payee_json = "", json.dumps(ACCOUNT)


def protected(desk: Desk, row: Application) -> None:
    desk.session.get_one(Resident, (MUNICIPALITY, row.resident_id)).suppressed = True


def out_of_reach(desk: Desk, row: Application) -> None:
    desk.of(row, Contact).state = ContactState.LOST


def through_a_proxy(desk: Desk, row: Application) -> None:
    out_of_reach(desk, row)
    others = select(Resident.id).where(Resident.id != row.resident_id).order_by(Resident.id)
    proxy = desk.session.scalars(others.limit(1)).one()
    desk.session.add(
        Proxy(
            municipality=MUNICIPALITY, id=f"proxy-{row.id}", resident_id=row.resident_id,
            proxy_resident_id=proxy, scopes=["read"], given_by="code",
            expire_date=(NOW + timedelta(days=9)).date(), create_time=NOW,
        )
    )  # fmt: skip


def nobodys(desk: Desk, row: Application) -> None:
    row.resident_id = ""


def in_english(desk: Desk, row: Application) -> None:
    desk.of(row, Contact).language = "en"


FATES: list[Callable[[Desk, Application], None]] = [
    nothing, nothing, nothing, changed, withdrawn, left_roster, approved_and_left, other_amount,
    unanswered, no_procedure, own_entry, approved_before, approved_by_another, bank_unknown,
    unlinked, open_to_all, protected, out_of_reach, through_a_proxy, nobodys, in_english,
]  # fmt: skip
