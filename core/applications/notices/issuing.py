"""A notice is made with its decision: its number without a gap, its code, and all it will say."""

import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from core import events
from core.applications import desk_rows, payee
from core.applications.cases import Case
from core.applications.desk_rows import DecisionNotice
from core.applications.knowing import LANGUAGE
from core.applications.notices.letterhead import Letterhead
from core.applications.rules import State
from core.callers import Caller
from core.crypto import vault_of
from core.japan import today

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters that are read as others; as many as divide a byte evenly."""

ALIKE = str.maketrans("OIL", "011")
LENGTH, PART = 16, 4
PLACE = "decision_notices.code"
APRIL = 4
NOTICES: Table = DecisionNotice.__table__  # type: ignore[assignment]  # A mapped class's table is one.


def issue(
    session: Session,
    by: Caller,
    cases: Sequence[Case],
    *,
    letterhead: Letterhead,
    reason: str,
    now: datetime,
) -> list[str]:
    """Make the notices of decisions that were just made; each stands in place of any before.

    Return their numbers as residents read them.
    """
    day = today(now)
    year = fiscal_year(day)
    # In one order: whoever decides elsewhere at the same time waits here for the next number.
    city = events.held(session, by.municipality).name
    ids = [case.row.id for case in cases]
    for earlier in desk_rows.notices_of(session, by.municipality, ids):
        earlier.is_replaced = True
    last = _last(session, by.municipality, year)
    numbers = [f"{era_year(year)}年度第{last + at}号" for at in range(1, len(cases) + 1)]
    codes = [_code() for _ in cases]
    notices = [
        {
            "municipality": by.municipality,
            "application_id": case.row.id,
            "fiscal_year": year,
            "number": number,
            "code": code,
            "code_index": index_of(session, code),
            "notice_date": day,
            "facts_json": json.dumps(
                _facts(case, letterhead, number=called, city=city, reason=reason, now=now),
                ensure_ascii=False,
            ),
            "is_replaced": False,
        }
        for number, (case, called, code) in enumerate(
            zip(cases, numbers, codes, strict=True), last + 1
        )
    ]
    session.execute(insert(NOTICES), notices)
    return numbers


def _code() -> str:
    return "".join(ALPHABET[one % len(ALPHABET)] for one in secrets.token_bytes(LENGTH))


def _last(session: Session, municipality: str, year: int) -> int:
    query = select(func.max(DecisionNotice.number)).where(
        DecisionNotice.municipality == municipality, DecisionNotice.fiscal_year == year
    )
    return session.scalars(query).one() or 0


def _facts(
    case: Case, letterhead: Letterhead, *, number: str, city: str, reason: str, now: datetime
) -> dict[str, Any]:
    row = case.row
    is_approved = row.state is State.APPROVED
    outcome = "approved" if is_approved else "rejected"
    return {
        "number": number,
        "title": case.title(LANGUAGE, now),
        "kind": f"grant_{outcome}" if row.program_id else outcome,
        "city": city,
        "recipient": _recipient(case),
        "filed": japanese(today(row.submit_time or now)),
        "date": japanese(today(now)),
        "amount": row.amount if row.program_id and is_approved else 0,
        "account": payee.masked(row, case.entitlement) if is_approved else "",
        "reason": reason,
        "seal": letterhead.seals.of(row.municipality),
        "office": letterhead.office,
        "phone": letterhead.phone,
        "page": letterhead.page,
    }


def _recipient(case: Case) -> str:
    """Return the name as verified, else as on the roster; empty where nobody knows it."""
    if case.facts is not None and case.facts.name:
        return case.facts.name
    return case.entitlement.name if case.entitlement else ""


def index_of(session: Session, code: str) -> bytes:
    return vault_of(session).index(code, PLACE)


def read(code: str) -> str:
    """Return a code as it is kept, of one as somebody typed it."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return plain.translate(ALIKE)


def printed(code: str) -> str:
    """Return a code as it is easy to type: ABCD-EFGH-JKMN-PQRS."""
    return "-".join(code[start : start + PART] for start in range(0, len(code), PART))


def fiscal_year(day: date) -> int:
    return day.year if day.month >= APRIL else day.year - 1


def era_year(year: int) -> str:
    """Return 令和8 for 2026."""
    count = year - 2018
    return f"令和{'元' if count == 1 else count}"


def japanese(day: date) -> str:
    return f"{era_year(day.year)}年{day.month}月{day.day}日"
