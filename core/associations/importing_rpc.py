"""The part of CircularService that takes associations from a file."""

import asyncio
from collections.abc import AsyncIterator

from sqlalchemy.orm import Session

from core.associations import importing, sheet, upload
from core.associations.sheet import Fault, Sheet
from core.db import Database
from core.wire.door import Call
from core.wire.mutation import once
from todoke.v1 import circulars_pb2 as pb

MOST_PROBLEMS = 1000


class Importing:
    """Answers the upload of a list."""

    db: Database

    async def ImportAssociations(
        self, requests: AsyncIterator[pb.ImportAssociationsRequest], call: Call
    ) -> pb.ImportAssociationsResponse:
        sent = await upload.received(requests)
        text = await upload.text_of(sent.content)
        read = await asyncio.to_thread(sheet.read, [text])
        if sent.header.preview:
            return _answer(read)

        def change(session: Session) -> pb.ImportAssociationsResponse:
            importing.take(session, call.caller, read, call.now)
            return _answer(read)

        return await self.db.write(
            lambda session: once(
                session,
                call,
                method="CircularService.ImportAssociations",
                request=sent,
                response_type=pb.ImportAssociationsResponse,
                change=lambda: change(session),
            )
        )


def _answer(read: Sheet) -> pb.ImportAssociationsResponse:
    return pb.ImportAssociationsResponse(
        associations=len(read.associations),
        groups=read.groups,
        households=read.households,
        problems=map(_problem, read.faults[:MOST_PROBLEMS]),
        problem_count=len(read.faults),
    )


def _problem(fault: Fault) -> pb.ImportProblem:
    return pb.ImportProblem(
        row=fault.row,
        column=fault.title,
        reason="ROSTER_VALUE_UNREADABLE",
        metadata={"problem": fault.what, **fault.metadata},
    )
