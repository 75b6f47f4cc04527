"""PaymentService: the city's own account, transfer batches, and the bank file."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from core.db import Database
from core.payments import actions, messages, proposing, rows
from core.payments.rules import TransferDateRefused
from core.payments.zengin import records
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import mutation, once
from core.wire.once_only import OnceOnly
from todoke.v1 import payments_pb2 as pb

PROPOSE = "PaymentService.ProposeTransferBatch"
CHUNK_BYTES = 64 * 1024


class PaymentService:
    """Answers PaymentService."""

    def __init__(self, db: Database) -> None:
        self.db = db

    @mutation
    def SetOriginator(
        self, session: Session, request: pb.SetOriginatorRequest, call: Call
    ) -> pb.SetOriginatorResponse:
        said = request.originator
        row = actions.set_originator(
            session,
            call.caller,
            originator=records.Originator(
                code=said.code,
                name=said.name,
                bank_code=said.bank,
                bank_name="",
                branch_code=said.branch,
                branch_name="",
                account_type=messages.FROM_ACCOUNT_TYPE[said.account_type],
                account_number=said.account_number,
            ),
            format=records.BankFormat(
                line_end=(records.LineEnd.CRLF if said.format.line_ends else records.LineEnd.NONE),
                bank_names=not said.format.blank_bank_names,
                clearing_house=" " if said.format.blank_clearing_house else "0",
                wo=said.format.wo_in_names,
            ),
            now=call.now,
        )
        return pb.SetOriginatorResponse(originator=messages.originator_to_pb(row))

    async def ProposeTransferBatch(
        self, request: pb.ProposeTransferBatchRequest, call: Call
    ) -> pb.ProposeTransferBatchResponse:
        day = _day(request.transfer_date)
        prepared = await self.db.read(
            partial(proposing.prepare, by=call.caller, program_id=request.program_id)
        )

        def change(session: Session) -> pb.ProposeTransferBatchResponse:
            batch = proposing.propose(
                session,
                call.caller,
                program_id=request.program_id,
                transfer_date=day,
                prepared=prepared,
                now=call.now,
            )
            return pb.ProposeTransferBatchResponse(batch=messages.to_pb(session, batch))

        asked = OnceOnly(self.db, call, PROPOSE, request, pb.ProposeTransferBatchResponse)
        return await asked.make(change)

    async def GetTransferBatch(
        self, request: pb.GetTransferBatchRequest, call: Call
    ) -> pb.GetTransferBatchResponse:
        def found(session: Session) -> pb.GetTransferBatchResponse:
            batch = rows.get(session, call.caller.municipality, request.batch_id)
            return pb.GetTransferBatchResponse(batch=messages.to_pb(session, batch))

        return await self.db.read(found)

    async def ListTransferBatches(
        self, request: pb.ListTransferBatchesRequest, call: Call
    ) -> pb.ListTransferBatchesResponse:
        municipality = call.caller.municipality
        limit = paging.limit_of(request.page_size)
        before = "".join(paging.key_of(request.page_token))

        def found(session: Session) -> pb.ListTransferBatchesResponse:
            page = rows.page(
                session,
                municipality,
                program_id=request.program_id,
                before=before,
                limit=limit + 1,
            )
            shown, token = paging.split(page, limit, lambda batch: (batch.id,))
            return pb.ListTransferBatchesResponse(
                batches=messages.to_pbs(session, municipality, shown), next_page_token=token
            )

        return await self.db.read(found)

    async def ListTransferLines(
        self, request: pb.ListTransferLinesRequest, call: Call
    ) -> pb.ListTransferLinesResponse:
        limit = paging.limit_of(request.page_size)
        page = await self.db.write(
            partial(
                actions.viewed_lines,
                by=call.caller,
                id=request.batch_id,
                after=_line_number(request.page_token),
                limit=limit + 1,
                now=call.now,
            )
        )
        shown, token = paging.split(page, limit, lambda line: (str(line.number),))
        return pb.ListTransferLinesResponse(
            lines=map(messages.line_to_pb, shown), next_page_token=token
        )

    @mutation
    def OverrideFindings(
        self, session: Session, request: pb.OverrideFindingsRequest, call: Call
    ) -> pb.OverrideFindingsResponse:
        batch = actions.override(
            session,
            call.caller,
            id=request.batch_id,
            etag=request.etag,
            reason=request.reason,
            now=call.now,
        )
        return pb.OverrideFindingsResponse(batch=messages.to_pb(session, batch))

    @mutation
    def ApproveTransferBatch(
        self, session: Session, request: pb.ApproveTransferBatchRequest, call: Call
    ) -> pb.ApproveTransferBatchResponse:
        batch = actions.approve(
            session, call.caller, id=request.batch_id, etag=request.etag, now=call.now
        )
        return pb.ApproveTransferBatchResponse(batch=messages.to_pb(session, batch))

    @mutation
    def CancelTransferBatch(
        self, session: Session, request: pb.CancelTransferBatchRequest, call: Call
    ) -> pb.CancelTransferBatchResponse:
        batch = actions.cancel(
            session,
            call.caller,
            id=request.batch_id,
            etag=request.etag,
            reason=request.reason,
            now=call.now,
        )
        return pb.CancelTransferBatchResponse(batch=messages.to_pb(session, batch))

    async def ExportTransferBatch(
        self, request: pb.ExportTransferBatchRequest, call: Call
    ) -> AsyncIterator[pb.ExportTransferBatchResponse]:
        """Make the file outside of any transaction; not a byte leaves before the mark is kept."""
        batch, lines = await self.db.read(
            partial(actions.to_export, by=call.caller, id=request.batch_id)
        )
        content = await asyncio.to_thread(actions.bank_file, batch, lines)
        sha256 = hashlib.sha256(content).hexdigest()

        def mark(session: Session) -> pb.ExportedFile:
            batch = actions.export(
                session, call.caller, id=request.batch_id, sha256=sha256, now=call.now
            )
            return pb.ExportedFile(
                batch=messages.to_pb(session, batch),
                file_name=actions.file_name(batch),
                size=len(content),
                sha256=sha256,
            )

        def change(session: Session) -> pb.ExportedFile:
            file = once(
                session,
                call,
                method="PaymentService.ExportTransferBatch",
                request=request,
                response_type=pb.ExportedFile,
                change=lambda: mark(session),
            )
            # A repeat takes the file once more, and so is a download of its own.
            actions.downloaded(
                session, call.caller, id=request.batch_id, sha256=sha256, now=call.now
            )
            return file

        yield pb.ExportTransferBatchResponse(file=await self.db.write(change))
        for start in range(0, len(content), CHUNK_BYTES):
            yield pb.ExportTransferBatchResponse(chunk=content[start : start + CHUNK_BYTES])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise TransferDateRefused(
            f"transfer_date {text} is no day of the calendar",
            field="transfer_date",
            date=text,
            problem="NO_DAY",
        ) from None


def _line_number(token: str) -> int:
    """Return the number of the last line shown; 0 before the first."""
    return paging.number_of("".join(paging.key_of(token)) or "0")
