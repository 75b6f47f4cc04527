"""ApplicationService: files that residents send for an answer."""

from collections.abc import AsyncIterator, Collection
from functools import partial

from sqlalchemy.orm import Session

from core.applications import attaching
from core.applications.attaching import Wanted
from core.applications.rules import WrongState
from core.attachments.cleaning import NotTaken
from core.attachments.making import Made, Maker
from core.attachments.rows import Attachment
from core.attachments.rules import AttachmentRefused
from core.attachments.upload import content_of, header_of
from core.db import Database
from core.procedures.catalogue import Catalogue
from core.wire.door import Call
from core.wire.mutation import about
from core.wire.once_only import OnceOnly
from core.wire.uploads import Upload, read_to_the_end
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import files_pb2

CHUNK = 64 * 1024
METHOD = "ApplicationService.UploadAttachment"


class Attaching:
    """Takes files and shows them."""

    db: Database
    procedures: Catalogue
    files: Maker
    most_bytes: int

    async def UploadAttachment(
        self, requests: AsyncIterator[pb.UploadAttachmentRequest], call: Call
    ) -> pb.UploadAttachmentResponse:
        """Take a file between two transactions: scanning it and making it anew takes a second."""
        async with read_to_the_end(requests):
            header = await header_of(requests, pb.AttachmentHeader)
            wanted: Wanted | WrongState
            try:
                wanted = await self.db.read(lambda s: self._wanted(s, header, call))
            except WrongState as refusal:
                # What it answered may have been filed since; a repeat gets what it got before.
                wanted = refusal
            asked = 0 if isinstance(wanted, WrongState) else wanted.most_bytes
            most = min(asked or self.most_bytes, self.most_bytes)
            upload = Upload(header, await content_of(requests, most=most))
        once_only = OnceOnly(self.db, call, METHOD, upload, pb.UploadAttachmentResponse)
        kept = await once_only.kept()
        if kept is not None:
            return kept
        if isinstance(wanted, WrongState):
            raise wanted
        await self.db.write(lambda s: attaching.count(s, call.caller, wanted.contact_id, call.now))
        made = await made_by(self.files, upload.content, wanted.media_types)
        return await once_only.make(lambda s: self._keep(s, header, call, made))

    def _wanted(self, session: Session, header: pb.AttachmentHeader, call: Call) -> Wanted:
        return attaching.wanted(
            session,
            call.caller,
            external_id=header.speaker.external_id,
            for_resident_id=header.speaker.for_resident_id,
            id=header.application_id,
            step=header.step,
            known=self.procedures,
            now=call.now,
        )

    def _keep(
        self, session: Session, header: pb.AttachmentHeader, call: Call, made: Made
    ) -> pb.UploadAttachmentResponse:
        """Keep the file where its step still takes it."""
        wanted = self._wanted(session, header, call)
        row = attaching.keep(
            session, call.caller, wanted, made, file_name=header.file_name, now=call.now
        )
        about(session, wanted.application_id)
        return pb.UploadAttachmentResponse(
            attachment_id=row.id, file=header_for(row), scanned=row.scanned
        )

    async def DownloadAttachment(
        self, request: pb.DownloadAttachmentRequest, call: Call
    ) -> AsyncIterator[pb.DownloadAttachmentResponse]:
        """Stream a file; not a byte leaves before the look is written down."""
        show = partial(attaching.shown_to_staff, by=call.caller)
        if call.caller.is_channel:
            speaker = request.speaker
            show = partial(
                attaching.shown_to,
                by=call.caller,
                external_id=speaker.external_id,
                for_resident_id=speaker.for_resident_id,
            )
        row = await self.db.write(lambda s: show(s, id=request.attachment_id, now=call.now))
        yield pb.DownloadAttachmentResponse(file=header_for(row))
        for start in range(0, len(row.content), CHUNK):
            yield pb.DownloadAttachmentResponse(chunk=row.content[start : start + CHUNK])


async def made_by(files: Maker, content: bytes, media_types: Collection[str]) -> Made:
    """Return a file made anew; raise AttachmentRefused with what is wrong with it."""
    try:
        return await files.make(content, media_types)
    except NotTaken as wrong:
        raise AttachmentRefused(
            f"the file is not taken: {wrong.problem}", problem=wrong.problem, limit=wrong.limit
        ) from None


def header_for(row: Attachment) -> files_pb2.FileHeader:
    return files_pb2.FileHeader(
        file_name=row.file_name, media_type=row.media_type, size=row.size, sha256=row.sha256
    )
