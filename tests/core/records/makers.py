"""What tests of records ask of the core, and what they look for in every table."""

import base64
import hashlib
import json

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Session

from core.crypto import Sealed
from core.schema import METADATA
from tests.makers import a_request_id
from todoke.client import Core
from todoke.v1 import records_pb2 as pb
from todoke.v1 import residents_pb2


def themselves(external_id: str, for_resident_id: str = "") -> residents_pb2.NamedResident:
    speaker = residents_pb2.Speaker(external_id=external_id, for_resident_id=for_resident_id)
    return residents_pb2.NamedResident(speaker=speaker)


def by_staff(resident_id: str) -> residents_pb2.NamedResident:
    return residents_pb2.NamedResident(resident_id=resident_id)


async def record(core: Core, resident: residents_pb2.NamedResident) -> pb.ResidentRecord:
    request = pb.GetRecordRequest(resident=resident)
    return (await core.ask(core.records.GetRecord, request)).record


async def export(
    core: Core, resident: residents_pb2.NamedResident, format: pb.ExportFormat.ValueType
) -> tuple[str, bytes]:
    """Return the media type and the bytes, which are as long and as hashed as was announced."""
    request = pb.ExportRecordRequest(resident=resident, format=format)
    header, chunks = None, b""
    async for part in core.watch(core.records.ExportRecord, request):
        if part.HasField("file"):
            header = part.file
        chunks += part.chunk
    assert header is not None
    assert header.size == len(chunks)
    assert header.sha256 == hashlib.sha256(chunks).hexdigest()
    return header.media_type, chunks


async def delete(
    core: Core, resident: residents_pb2.NamedResident, *, reason: str = "", request_id: str = ""
) -> pb.DeleteResidentResponse:
    request = pb.DeleteResidentRequest(
        resident=resident, reason=reason, request_id=request_id or a_request_id()
    )
    return await core.ask(core.records.DeleteResident, request)


def traces(session: Session, *texts: str, digests: frozenset[bytes] = frozenset()) -> set[str]:
    """Return the columns, apart from rosters, in which any of the texts or digests still stands."""
    found = set()
    for table in METADATA.sorted_tables:
        if table.name == "entitlements":
            continue
        for column in table.columns:
            for value in session.scalars(select(column)):
                if isinstance(column.type, LargeBinary) and not isinstance(column.type, Sealed):
                    held = value in digests
                else:
                    told = value if isinstance(value, str) else json.dumps(value, default=str)
                    if table.name == "answers" and isinstance(column.type, Sealed):
                        told = base64.b64decode(told).decode(errors="replace")
                    held = any(text in told for text in texts)
                if held:
                    found.add(f"{table.name}.{column.name}")
    return found


def blind_indexes(session: Session, resident_id: str) -> frozenset[bytes]:
    """Return every keyed digest of a resident, from every table that knows whose a row is."""
    found = set()
    for table in METADATA.sorted_tables:
        if "resident_id" not in table.columns:
            continue
        for column in table.columns:
            if isinstance(column.type, LargeBinary) and not isinstance(column.type, Sealed):
                query = select(column).where(table.columns.resident_id == resident_id)
                found.update(value for value in session.scalars(query) if value)
    return frozenset(found)
