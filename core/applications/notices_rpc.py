"""ApplicationService: decision notices."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from functools import partial

from sqlalchemy.orm import Session

from core.applications import noticing
from core.applications.notices import typesetting
from core.applications.notices.letterhead import Letterhead
from core.applications.rules import NoticeMissing
from core.db import Database
from core.wire.convert import to_date
from core.wire.door import Call, FieldInvalid
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import files_pb2

CHUNK = 64 * 1024


class Noticing:
    """Sets notices in type, and tells whether one is the city's."""

    db: Database
    letterhead: Letterhead

    async def DownloadNotice(
        self, request: pb.DownloadNoticeRequest, call: Call
    ) -> AsyncIterator[pb.DownloadNoticeResponse]:
        show = partial(noticing.to_staff, by=call.caller)
        if call.caller.is_channel:
            speaker = request.speaker
            show = partial(
                noticing.to_speaker,
                by=call.caller,
                external_id=speaker.external_id,
                for_resident_id=speaker.for_resident_id,
            )
        issued = await self.db.write(lambda s: show(s, id=request.application_id, now=call.now))
        # Outside the transaction: setting type takes a while.
        content = await asyncio.to_thread(typesetting.as_pdf, issued, self.letterhead)
        yield pb.DownloadNoticeResponse(
            file=files_pb2.FileHeader(
                file_name=f"notice-{issued.day:%Y%m%d}-{issued.code[:4]}.pdf",
                media_type="application/pdf",
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
            )
        )
        for start in range(0, len(content), CHUNK):
            yield pb.DownloadNoticeResponse(chunk=content[start : start + CHUNK])

    async def CheckNotice(
        self, request: pb.CheckNoticeRequest, call: Call
    ) -> pb.CheckNoticeResponse:
        """Count a code that stands on nothing in a transaction that commits, then refuse."""
        subject = f"staff:{call.caller.id}"
        if call.caller.is_channel:
            if not request.external_id:
                raise FieldInvalid("a channel says who asks", field="external_id")
            # Whoever asks need not be known: the contact's digest is all that is counted by.
            asked = hashlib.sha256(request.external_id.encode()).hexdigest()[:32]
            subject = f"{call.caller.name}:{asked}"

        def look(session: Session) -> pb.CheckNoticeResponse | None:
            found = noticing.check(
                session, call.caller, subject=subject, code=request.code, now=call.now
            )
            if found is None:
                return None
            return pb.CheckNoticeResponse(
                number=found.facts["number"],
                date=to_date(found.notice_date),
                title=found.facts["title"],
            )

        told = await self.db.write(look)
        if told is None:
            raise NoticeMissing("the code stands on no notice of the city's")
        return told
