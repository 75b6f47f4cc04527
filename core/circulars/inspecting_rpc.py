"""The part of CircularService by which staff look into a circular, and leaders print one."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from functools import partial

from sqlalchemy.orm import Session

from core.associations.speakers import in_person
from core.circulars import inspecting, printing, queries
from core.circulars.convert import for_officers
from core.circulars.queries import Counts
from core.circulars.typesetting import as_pdf
from core.db import Database
from core.wire.door import Call
from core.wire.mutation import mutation
from todoke.v1 import circulars_pb2 as pb
from todoke.v1 import files_pb2

CHUNK = 64 * 1024


class Inspecting:
    """Answers looks into a circular that leave a trace."""

    db: Database

    @mutation
    def InspectCircular(
        self, session: Session, request: pb.InspectCircularRequest, call: Call
    ) -> pb.InspectCircularResponse:
        circular = inspecting.inspect(
            session,
            call.caller,
            circular_id=request.circular_id,
            reason=request.reason,
            now=call.now,
        )
        counts = queries.counts(session, circular.municipality, [circular.id], None)
        told = for_officers(session, circular, counts.get(circular.id, Counts()), call.now)
        return pb.InspectCircularResponse(circular=told)


class Printing:
    """Answers what goes round on paper."""

    db: Database

    async def PrintRound(
        self, request: pb.PrintRoundRequest, call: Call
    ) -> AsyncIterator[pb.PrintRoundResponse]:
        work = partial(
            printing.sheet,
            by=call.caller,
            external_id=in_person(request.speaker),
            circular_id=request.circular_id,
            group_id=request.group_id,
            unread=request.unread,
            now=call.now,
        )
        sheet = await self.db.write(work)
        # Outside the transaction: setting type takes a while.
        content = await asyncio.to_thread(as_pdf, sheet)
        yield pb.PrintRoundResponse(
            file=files_pb2.FileHeader(
                file_name=f"round-{sheet.day:%Y%m%d}.pdf",
                media_type="application/pdf",
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
            )
        )
        for start in range(0, len(content), CHUNK):
            yield pb.PrintRoundResponse(chunk=content[start : start + CHUNK])
