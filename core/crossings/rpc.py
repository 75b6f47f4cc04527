"""CrossingService: registrations into the closed network, and links out of it."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from functools import partial

from sqlalchemy.orm import Session

from core.crossings import actions, exporting, handing_over, rows, rules, taking_in
from core.crossings.convert import FROM_PARCEL, to_pb
from core.crossings.handing_over import Decisions
from core.crossings.rules import Direction, Parcel, Verb
from core.db import Database
from core.matching import Decision
from core.my_number import refuse_my_number
from core.sealing.links import read_links
from core.sealing.refusals import SealBroken
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import mutation
from core.wire.once_only import OnceOnly
from core.wire.uploads import Upload, whole
from todoke.v1 import crossings_pb2 as pb
from todoke.v1 import files_pb2

MOST_BYTES = 1 << 27
APPROVE, IMPORT = "CrossingService.ApproveCrossing", "CrossingService.ImportLinks"
MEDIA_TYPE = "text/plain"
"""age, in its text form."""


class CrossingService:
    """Answers CrossingService."""

    def __init__(self, db: Database, decisions: Decisions) -> None:
        self.db = db
        self._decisions = decisions

    @mutation
    def SetSealingKey(
        self, session: Session, request: pb.SetSealingKeyRequest, call: Call
    ) -> pb.SetSealingKeyResponse:
        key = actions.set_key(
            session,
            call.caller,
            public_key=request.public_key,
            reason=request.reason,
            now=call.now,
        )
        return pb.SetSealingKeyResponse(fingerprint=key.fingerprint)

    @mutation
    def ProposeCrossing(
        self, session: Session, request: pb.ProposeCrossingRequest, call: Call
    ) -> pb.ProposeCrossingResponse:
        crossing = actions.propose(
            session,
            call.caller,
            program_id=request.program_id,
            parcel=FROM_PARCEL.get(request.parcel, Parcel.REGISTRATIONS),
            decisions=self._decisions,
            reason=request.reason,
            now=call.now,
        )
        return pb.ProposeCrossingResponse(crossing=to_pb(crossing))

    async def ApproveCrossing(
        self, request: pb.ApproveCrossingRequest, call: Call
    ) -> pb.ApproveCrossingResponse:
        """Seal an export before the transaction that decides, so that nobody waits for it."""
        asked = OnceOnly(self.db, call, APPROVE, request, pb.ApproveCrossingResponse)
        kept = await asked.kept()
        if kept is not None:
            return kept
        gathered = await self.db.read(lambda s: self._gather(s, request, call))
        sealed = (
            await asyncio.to_thread(handing_over.seal, gathered)
            if isinstance(gathered, handing_over.Unsealed)
            else gathered
        )
        return await asked.make(lambda s: self._approved(s, request, call, sealed))

    def _gather(
        self, session: Session, request: pb.ApproveCrossingRequest, call: Call
    ) -> exporting.Sealed | handing_over.Unsealed | None:
        """Return what an export takes along; an import brings its own."""
        by, now = call.caller, call.now
        crossing = actions.approvable(session, by, id=request.crossing_id, etag=request.etag)
        if crossing.direction is Direction.IMPORT:
            return None
        if crossing.parcel is Parcel.DECISIONS:
            return handing_over.gather(session, by, crossing, self._decisions, now)
        return exporting.seal(session, crossing, now)

    def _approved(
        self,
        session: Session,
        request: pb.ApproveCrossingRequest,
        call: Call,
        sealed: exporting.Sealed | handing_over.Sealed | None,
    ) -> pb.ApproveCrossingResponse:
        id, etag, by, now = request.crossing_id, request.etag, call.caller, call.now
        if sealed is None:
            crossing = actions.approve_import(session, by, id=id, etag=etag, now=now)
        elif isinstance(sealed, handing_over.Sealed):
            crossing = actions.approve_decisions(
                session, by, id=id, etag=etag, sealed=sealed, decisions=self._decisions, now=now
            )
        else:
            crossing = actions.approve_export(session, by, id=id, etag=etag, sealed=sealed, now=now)
        return pb.ApproveCrossingResponse(crossing=to_pb(crossing))

    @mutation
    def CancelCrossing(
        self, session: Session, request: pb.CancelCrossingRequest, call: Call
    ) -> pb.CancelCrossingResponse:
        crossing = actions.cancel(
            session,
            call.caller,
            id=request.crossing_id,
            reason=request.reason,
            etag=request.etag,
            decisions=self._decisions,
            now=call.now,
        )
        return pb.CancelCrossingResponse(crossing=to_pb(crossing))

    async def ExportRegistrations(
        self, request: pb.ExportRegistrationsRequest, call: Call
    ) -> AsyncIterator[pb.ExportRegistrationsResponse]:
        """Stream the kept parts; not a byte leaves before it is written down."""
        municipality, id = call.caller.municipality, request.crossing_id

        def approved(session: Session) -> str:
            crossing = rows.get_export(session, municipality, id)
            rules.move(crossing.state, Verb.HAND_OUT)
            return crossing.file_name

        file_name = await self.db.read(approved)
        size, digest = 0, hashlib.sha256()
        async for content in self._parts(municipality, id):
            size += len(content)
            digest.update(content)
        sha256 = digest.hexdigest()
        await self.db.write(
            lambda s: actions.hand_out(s, call.caller, id=id, sha256=sha256, now=call.now)
        )
        yield pb.ExportRegistrationsResponse(
            file=files_pb2.FileHeader(
                file_name=file_name, media_type=MEDIA_TYPE, size=size, sha256=sha256
            )
        )
        async for content in self._parts(municipality, id):
            yield pb.ExportRegistrationsResponse(chunk=content)

    async def ImportLinks(
        self, requests: AsyncIterator[pb.ImportLinksRequest], call: Call
    ) -> pb.ImportLinksResponse:
        upload = await _received(requests)
        header = upload.header
        refuse_my_number(header.file_name, field="header.file_name")
        asked = OnceOnly(self.db, call, IMPORT, upload, pb.ImportLinksResponse)
        kept = await asked.kept()
        if kept is not None:
            return kept
        _, secret = await self.db.read(
            lambda s: actions.answered(s, call.caller, export_id=header.export_id)
        )
        links = await asyncio.to_thread(
            read_links, io.BytesIO(upload.content), export_id=header.export_id, secret=secret
        )
        staged = await asyncio.to_thread(taking_in.read, links)
        crossing = partial(
            actions.stage,
            by=call.caller,
            export_id=header.export_id,
            file_name=header.file_name,
            links=links,
            staged=staged,
            now=call.now,
        )
        decisions = [one.decision for one in staged]
        return await asked.make(
            lambda s: pb.ImportLinksResponse(
                crossing=to_pb(crossing(s)),
                links=decisions.count(Decision.ACCEPTED),
                to_review=decisions.count(Decision.TO_REVIEW),
            )
        )

    async def ListCrossings(
        self, request: pb.ListCrossingsRequest, call: Call
    ) -> pb.ListCrossingsResponse:
        limit = paging.limit_of(request.page_size)
        before = "".join(paging.key_of(request.page_token))

        def found(session: Session) -> pb.ListCrossingsResponse:
            page = rows.page(
                session,
                call.caller.municipality,
                program_id=request.program_id,
                before=before,
                limit=limit + 1,
            )
            shown, token = paging.split(page, limit, lambda row: (row.id,))
            return pb.ListCrossingsResponse(
                crossings=[to_pb(one) for one in shown], next_page_token=token
            )

        return await self.db.read(found)

    async def _parts(self, municipality: str, id: str) -> AsyncIterator[bytes]:
        """Yield an export part by part, each read in a transaction of its own."""
        number = 0
        while True:
            read = partial(rows.part, municipality=municipality, crossing_id=id, number=number)
            content = await self.db.read(read)
            if content is None:
                return
            yield content
            number += 1


async def _received(
    requests: AsyncIterator[pb.ImportLinksRequest],
) -> Upload[pb.ImportLinksHeader]:
    """Read a sealed file to its end; raise SealBroken."""
    return await whole(
        requests,
        pb.ImportLinksHeader,
        most=MOST_BYTES,
        broken=partial(SealBroken, "UPLOAD_BROKEN"),
        too_large=partial(SealBroken, "TOO_LARGE"),
    )
