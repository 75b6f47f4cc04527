"""RecordService."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core import events
from core.db import Database
from core.events import Municipality
from core.japan import JST
from core.my_number import refuse_my_number
from core.procedures.catalogue import Catalogue
from core.records import deleting, gathering, rendering
from core.records.reading import readable, themselves
from core.records.terms import Terms
from core.residents import rows
from core.wire.door import Call, FieldInvalid
from core.wire.mutation import forget_about, mutation
from todoke.v1 import files_pb2
from todoke.v1 import records_pb2 as pb

CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Gathered:
    """A record with what its paper says besides."""

    record: pb.ResidentRecord
    city: str
    language: str


class RecordService:
    """Answers RecordService."""

    def __init__(self, db: Database, terms: Terms, procedures: Catalogue) -> None:
        self.db = db
        self._terms = terms
        self._procedures = procedures

    async def GetRecord(self, request: pb.GetRecordRequest, call: Call) -> pb.GetRecordResponse:
        def found(session: Session) -> pb.ResidentRecord:
            resident = readable(session, call, request.resident)
            return _gathered(session, call, resident, self._procedures, "record.viewed").record

        return pb.GetRecordResponse(record=await self.db.write(found))

    async def ExportRecord(
        self, request: pb.ExportRecordRequest, call: Call
    ) -> AsyncIterator[pb.ExportRecordResponse]:
        def found(session: Session) -> _Gathered:
            resident = themselves(session, call, request.resident)
            gathered = _gathered(session, call, resident, self._procedures, "record.exported")
            gathered.record.inquiry_messages.extend(gathering.written(session, resident))
            return gathered

        gathered = await self.db.write(found)
        if request.format == pb.EXPORT_FORMAT_PDF:
            # Outside the transaction: setting type takes a second.
            content = await asyncio.to_thread(
                rendering.as_pdf,
                gathered.record,
                city=gathered.city,
                language=gathered.language,
                now=call.now,
            )
            name, media_type = "record.pdf", "application/pdf"
        else:
            content = rendering.as_json(gathered.record)
            name, media_type = "record.json", "application/json"
        yield pb.ExportRecordResponse(
            file=files_pb2.FileHeader(
                file_name=name,
                media_type=media_type,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
            )
        )
        for start in range(0, len(content), CHUNK):
            yield pb.ExportRecordResponse(chunk=content[start : start + CHUNK])

    @mutation
    def DeleteResident(
        self, session: Session, request: pb.DeleteResidentRequest, call: Call
    ) -> pb.DeleteResidentResponse:
        refuse_my_number(request.reason, field="reason")
        if not call.caller.is_channel and not request.reason.strip():
            raise FieldInvalid("staff delete nobody without a reason", field="reason")
        deleted = deleting.delete(
            session,
            call.caller,
            themselves(session, call, request.resident, lock=True),
            terms=self._terms,
            forget_answers=forget_about,
            reason=request.reason or None,
            now=call.now,
        )
        until = deleted.kept_until
        return pb.DeleteResidentResponse(
            kept=deleted.kept,
            kept_until=until.astimezone(JST).date().isoformat() if until else "",
        )


def _gathered(
    session: Session, call: Call, resident: rows.Resident, procedures: Catalogue, kind: str
) -> _Gathered:
    """Gather a record, and write down that somebody looked."""
    record = gathering.gather(session, resident, procedures, call.now)
    events.record(session, call.caller, kind, resident.id, call.now, on_behalf_of=resident.id)
    city = session.get_one(Municipality, resident.municipality).name
    languages = [resident.language, *(contact.language for contact in record.resident.contacts)]
    return _Gathered(record, city, next((one for one in languages if one), "ja"))
