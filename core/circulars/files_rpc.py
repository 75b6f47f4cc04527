"""The part of CircularService that takes files for circulars and shows them."""

import hashlib
from collections.abc import AsyncIterator

from sqlalchemy.orm import Session

from core.associations.speakers import in_person
from core.attachments.cleaning import JPEG, PDF, PNG, WEBP, NotTaken
from core.attachments.making import Made, Maker, Paged
from core.attachments.rules import AttachmentRefused
from core.attachments.upload import content_of, header_of
from core.circulars import files
from core.circulars.convert import file_header
from core.circulars.reading_rpc import reader_of
from core.db import Database
from core.wire.door import Call
from core.wire.once_only import OnceOnly
from core.wire.uploads import Upload, read_to_the_end
from todoke.v1 import circulars_pb2 as pb
from todoke.v1 import files_pb2

CHUNK = 64 * 1024
METHOD = "CircularService.UploadCircularFile"
TAKEN = (PDF, JPEG, PNG, WEBP)


class Files:
    """Takes files and shows them."""

    db: Database
    files: Maker
    most_bytes: int

    async def UploadCircularFile(
        self, requests: AsyncIterator[pb.UploadCircularFileRequest], call: Call
    ) -> pb.UploadCircularFileResponse:
        """Take a file between two transactions: making it anew takes a while."""
        async with read_to_the_end(requests):
            header = await header_of(requests, pb.CircularFileHeader)
            uploader = await self.db.read(lambda s: _uploader(s, header, call))
            upload = Upload(header, await content_of(requests, most=self.most_bytes))
        asked = OnceOnly(self.db, call, METHOD, upload, pb.UploadCircularFileResponse)
        kept = await asked.kept()
        if kept is not None:
            return kept
        await self.db.write(lambda s: files.count(s, call.caller, uploader, call.now))
        try:
            made = await self.files.make(upload.content, TAKEN)
            paged = await self.files.pages(made)
        except NotTaken as wrong:
            raise AttachmentRefused(
                f"the file is not taken: {wrong.problem}", problem=wrong.problem, limit=wrong.limit
            ) from None
        return await asked.make(lambda s: _keep(s, header, call, made, paged))

    async def DownloadCircularFile(
        self, request: pb.DownloadCircularFileRequest, call: Call
    ) -> AsyncIterator[pb.DownloadCircularFileResponse]:
        def read(session: Session) -> tuple[files_pb2.FileHeader, bytes]:
            who = None
            if request.HasField("speaker"):
                who = reader_of(session, request.speaker, call)
            row = files.shown(
                session,
                call.caller,
                who=who,
                external_id=request.speaker.external_id,
                file_id=request.file_id,
                now=call.now,
            )
            if not request.page:
                return file_header(row), row.content
            page = files.page_of(session, row, request.page)
            header = files_pb2.FileHeader(
                file_name=f"{row.id}-{page.page}",
                media_type=page.media_type,
                size=len(page.content),
                sha256=hashlib.sha256(page.content).hexdigest(),
            )
            return header, page.content

        header, content = await self.db.read(read)
        yield pb.DownloadCircularFileResponse(file=header)
        for start in range(0, len(content), CHUNK):
            yield pb.DownloadCircularFileResponse(chunk=content[start : start + CHUNK])


def _uploader(session: Session, header: pb.CircularFileHeader, call: Call) -> str:
    return files.check_may_upload(
        session,
        call.caller,
        external_id=in_person(header.speaker),
        association_id=header.association_id,
        now=call.now,
    )


def _keep(
    session: Session, header: pb.CircularFileHeader, call: Call, made: Made, paged: Paged
) -> pb.UploadCircularFileResponse:
    """Keep the file where its uploader is still in office."""
    row = files.keep(
        session,
        call.caller,
        association_id=header.association_id,
        uploader_id=_uploader(session, header, call),
        file_name=header.file_name,
        sha256=hashlib.sha256(made.content).hexdigest(),
        made=made,
        paged=paged,
        now=call.now,
    )
    return pb.UploadCircularFileResponse(file_id=row.id, file=file_header(row), pages=paged.count)
