"""No table tells anything of a deleted resident once every term is over."""

import json
from pathlib import Path

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from core.crypto import Sealed, SealedBytes
from core.schema import METADATA
from tests.cards import Cards
from tests.core.records.makers import delete, record, themselves, traces
from tests.core.records.whole_life import (
    ACCOUNT_NUMBER,
    NEIGHBOUR,
    PHONE,
    SHOP,
    Life,
    a_whole_life,
    ids_of,
)
from tests.core.residents.makers import run_jobs
from tests.town import Town

GONE, IDS, EMPTIED, CITYS = "gone", "ids", "emptied", "the city's own"

FATES = {
    "answers": GONE,
    "application_notes": GONE,
    "applications": EMPTIED,
    "approvals": IDS,
    "asked": GONE,
    "asked_in_chats": GONE,
    "attachments": GONE,
    "attempts": GONE,
    "authentications": GONE,
    "bulk_items": IDS,
    "campaign_letters": IDS,
    "challenges": GONE,
    "changed_residents": GONE,
    "codes": GONE,
    "consents": GONE,
    "contact_records": EMPTIED,
    "contacts": GONE,
    "coupon_uses": IDS,
    "crossing_decisions": IDS,
    "decision_notices": EMPTIED,
    "deliveries": IDS,
    "entitlements": CITYS,
    "events": CITYS,
    "facts": GONE,
    "handovers": GONE,
    "image_sets": GONE,
    "inquiries": GONE,
    "join_requests": GONE,
    "marked_answers": GONE,
    "matches": GONE,
    "member_contacts": GONE,
    "passkey_challenges": GONE,
    "passkeys": GONE,
    "proxies": GONE,
    "proxy_contacts": GONE,
    "recipients": IDS,
    "registrations": GONE,
    "residents": GONE,
    "search_keys": GONE,
    "slot_takings": GONE,
    "stale": GONE,
    "topic_choices": GONE,
    "traits": GONE,
    "transfer_lines": EMPTIED,
}
"""What becomes, in the end, of what each table that can refer to somebody holds of them."""

NOT_LAID = {
    "approvals", "campaign_letters", "changed_residents", "coupon_uses", "crossing_decisions",
    "image_sets", "proxy_contacts",
}  # fmt: skip
"""Of ids and digests only; of who changed the core itself disposes at any moment."""

NOT_SERVED: set[str] = set()
"""Nothing writes these before their RPCs are served; then a life has some of each."""

REFERENCES = {
    "about", "application_id", "contact_id", "entitlement_id", "facts_id", "from_contact_id",
    "on_behalf_of", "proxy_resident_id", "resident_id", "subject", "taken_by",
}  # fmt: skip
"""Columns that hold the id of somebody, or of what is somebody's."""

THEMSELVES = {"applications", "contacts", "entitlements", "facts", "residents"}
"""Tables whose own ids are among these."""

STAYS = {
    "decision_notices.code", "decision_notices.facts_json", "transfer_lines.payee_text",
}  # fmt: skip
"""Sealed columns of the emptied that still hold something: what it is, is asserted below."""


def knowing() -> dict[str, Table]:
    """Return every table that can refer to somebody."""
    return {
        name: table
        for name, table in METADATA.tables.items()
        if name in THEMSELVES or REFERENCES & set(table.columns.keys())
    }


def of_them(session: Session, table: Table, ids: set[str]) -> list[dict]:
    names = REFERENCES & set(table.columns.keys()) | ({"id"} if table.name in THEMSELVES else set())
    found = select(table).where(or_(*(table.columns[name].in_(ids) for name in names)))
    return [dict(row) for row in session.execute(found).mappings()]


def held_of(session: Session, ids: set[str]) -> dict[str, list[dict]]:
    return {name: of_them(session, table, ids) for name, table in knowing().items()}


def still_sealed(held: dict[str, list[dict]]) -> set[str]:
    """Return the sealed columns of emptied rows in which something still stands."""
    return {
        f"{name}.{column.name}"
        for name, rows in held.items()
        for column in METADATA.tables[name].columns
        if FATES[name] in {IDS, EMPTIED} and isinstance(column.type, Sealed | SealedBytes)
        for row in rows
        if row[column.name] not in {None, "", "{}", "[]", b""}
    }


def plain_in_files(town: Town, texts: tuple[str, ...]) -> set[str]:
    """Return which of the texts can be read in the files of SQLite without any key."""
    path = Path(town.settings.database.removeprefix("sqlite:///"))
    held = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert b"applications" in held
    return {text for text in texts if text.encode() in held}


def test_every_table_that_can_refer_to_somebody_has_a_fate() -> None:
    assert set(knowing()) == set(FATES)


async def test_no_table_tells_of_a_deleted_resident_once_every_term_is_over(
    a_town: Town, cards: Cards
) -> None:
    life = await a_whole_life(a_town, cards)
    named = themselves(life.case.resident.external_id)
    four = (await record(life.case.line, named)).resident.basic_four
    texts = (
        four.name, four.address, life.case.resident.external_id, "花子の電話", "紙の住所", PHONE,
        SHOP, ACCOUNT_NUMBER, NEIGHBOUR,
    )  # fmt: skip
    ids = await a_town.read(lambda s: ids_of(s, life))
    before = await a_town.read(lambda s: held_of(s, ids))

    answer = await delete(life.case.line, named)
    kept = await a_town.read(lambda s: held_of(s, ids))
    traced = await a_town.read(lambda s: traces(s, *texts))
    a_town.clock.pass_by(days=5 * 365 + 3)
    await run_jobs(a_town)
    left = await a_town.read(lambda s: held_of(s, ids))

    assert {name for name, rows in before.items() if not rows} <= NOT_LAID | NOT_SERVED
    assert list(answer.kept) == ["applications"]
    _only_what_was_decided_is_kept(life, kept, traced)
    assert {name for name, rows in left.items() if rows and FATES[name] == GONE} == set()
    assert still_sealed(left) <= STAYS
    assert await a_town.read(lambda s: traces(s, *texts)) == set()
    assert {row["account_text"] for row in left["entitlements"] if not row["name"]} == {None}
    for row in left["decision_notices"]:
        assert set(json.loads(row["facts_json"])) == {"number", "title"}
    if a_town.settings.database.startswith("sqlite"):
        assert plain_in_files(a_town, texts) == set()


def _only_what_was_decided_is_kept(
    life: Life, kept: dict[str, list[dict]], traced: set[str]
) -> None:
    assert traced <= {
        "applications.answers_json", "applications.filed_json", "applications.payee_json",
        "transfer_lines.payee_text",
    }  # fmt: skip
    whole = {row["id"] for row in kept["applications"] if row["answers_json"] != "{}"}
    assert whole == set(life.decided)
    for name in ("application_notes", "attachments", "slot_takings", "handovers", "asked"):
        assert kept[name] == []
    assert {row["note"] for row in kept["contact_records"]} == {None}
