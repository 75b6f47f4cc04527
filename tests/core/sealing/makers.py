"""Exports and answers to seal."""

import io
from collections.abc import Sequence

from core.sealing.exports import Export, write_export
from core.sealing.keys import CityKey, fingerprint
from core.sealing.links import Answer, Link, write_links

SECRET = bytes(range(32))
EXPORT_ID = "0198f0c2-0000-7000-8000-000000000001"
ANSWER = Answer(
    export_id=EXPORT_ID,
    municipality="332089",
    program_id="0198f0c2-0000-7000-8000-000000000002",
    create_time="2026-11-27T12:00:00+09:00",
    operator="山田　太郎",
    approver="鈴木　花子",
)
LINKS = (
    Link("r-1", "00011", "10000", "****567", "exact", "exact"),
    Link("r-2", "00012", "20000", "", "normalised", "normalised"),
    Link("r-3", "00013", "", "****890", "address_differs", "address_differs"),
)


def an_export(key: CityKey, count: int, *, amount: str = "10000") -> Export:
    return Export(
        municipality="332089",
        program_id="0198f0c2-0000-7000-8000-000000000002",
        program_code="winter-2026",
        export_id=EXPORT_ID,
        count=count,
        create_time="2026-11-27T10:00:00+09:00",
        key=fingerprint(key.public_key),
        amount=amount,
        secret=SECRET,
    )


def exported(key: CityKey, rows: Sequence[Sequence[str]]) -> tuple[bytes, str]:
    out = io.BytesIO()
    content_hash = write_export(out, an_export(key, len(rows)), rows, key.public_key)
    return out.getvalue(), content_hash


def answered(links: Sequence[Link] = LINKS, answer: Answer = ANSWER) -> bytes:
    out = io.BytesIO()
    write_links(out, answer, links, SECRET)
    return out.getvalue()
