"""ApplicationService: files that staff upload for what they are entering."""

from collections.abc import AsyncIterator

from sqlalchemy.orm import Session

from core.applications import attaching, entering, entry_files
from core.applications.attaching_rpc import header_for, made_by
from core.applications.entering import Entry
from core.applications.entering_rpc import received_on
from core.applications.entry_files import WantedOfEntry
from core.applications.rules import Source
from core.attachments.making import Made, Maker
from core.attachments.upload import content_of, header_of
from core.db import Database
from core.procedures.catalogue import Catalogue
from core.wire.door import Call
from core.wire.mutation import about
from core.wire.once_only import OnceOnly
from core.wire.uploads import Upload, read_to_the_end
from todoke.v1 import applications_pb2 as pb

METHOD = "ApplicationService.UploadEntryAttachment"


class AttachingToEntries:
    """Takes files as a resident's are taken, for an application that is not filed yet."""

    db: Database
    procedures: Catalogue
    files: Maker
    most_bytes: int

    async def UploadEntryAttachment(
        self, requests: AsyncIterator[pb.UploadEntryAttachmentRequest], call: Call
    ) -> pb.UploadEntryAttachmentResponse:
        """Take a file between two transactions: scanning it and making it anew takes a second."""
        async with read_to_the_end(requests):
            header = await header_of(requests, pb.EntryAttachmentHeader)
            wanted = await self.db.read(lambda s: self._wanted_of_entry(s, header, call))
            upload = Upload(header, await content_of(requests, most=wanted.most_bytes))
        asked = OnceOnly(self.db, call, METHOD, upload, pb.UploadEntryAttachmentResponse)
        kept = await asked.kept()
        if kept is not None:
            return kept
        await self.db.write(lambda s: entry_files.count(s, call.caller, call.now))
        made = await made_by(self.files, upload.content, wanted.media_types)
        return await asked.make(lambda s: self._keep_entered(s, header, call, made))

    def _wanted_of_entry(
        self, session: Session, header: pb.EntryAttachmentHeader, call: Call
    ) -> WantedOfEntry:
        """Return what the step takes of what is entered."""
        entry = Entry(
            entitlement_id=header.entitlement_id,
            procedure=header.procedure,
            program_id=header.program_id,
            resident_id=header.resident_id,
            source=Source.PAPER,
            receive_date=received_on(header.receive_date, call),
            answers=(),
        )
        chosen, row = entering.begun(session, call.caller, entry, self.procedures, call.now)
        kinds, most = attaching.taken(session, row, chosen.procedure, header.step, call.now)
        return WantedOfEntry(
            resident_id=row.resident_id,
            procedure=chosen.procedure.key,
            step=header.step,
            media_types=kinds,
            most_bytes=min(most or self.most_bytes, self.most_bytes),
        )

    def _keep_entered(
        self, session: Session, header: pb.EntryAttachmentHeader, call: Call, made: Made
    ) -> pb.UploadEntryAttachmentResponse:
        """Keep the file where its step still takes it."""
        wanted = self._wanted_of_entry(session, header, call)
        file = entry_files.keep(
            session, call.caller, wanted, made, file_name=header.file_name, now=call.now
        )
        if wanted.resident_id:
            about(session, wanted.resident_id)
        return pb.UploadEntryAttachmentResponse(
            attachment_id=file.id, file=header_for(file), scanned=file.scanned
        )
