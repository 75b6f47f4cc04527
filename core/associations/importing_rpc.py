"""The part of CircularService that takes associations from a file."""

import asyncio
from collections.abc import AsyncIterator

from sqlalchemy.orm import Session

from core.associations import importing, sheet
from core.associations.sheet import Fault, Sheet
from core.associations.upload import Upload
from core.db import Database
from core.wire.door import Call
from core.wire.mutation import once
from core.wire.uploads import read_to_the_end
from todoke.v1 import circulars_pb2 as pb

MOST_PROBLEMS = 1000


class Importing:
    """Answers the upload of a list."""

    db: Database

    async def ImportAssociations(
        self, requests: AsyncIterator[pb.ImportAssociationsRequest], call: Call
    ) -> pb.ImportAssociationsResponse:
        async with read_to_the_end(requests):
            upload = await Upload.receive(requests)
        text = await upload.text()
        read = await asyncio.to_thread(sheet.read, [text])
        if upload.header.preview:
            return _answer(read)

        def change(session: Session) -> pb.ImportAssociationsResponse:
            importing.take(session, call.caller, read, call.now)
            return _answer(read)

        return await self.db.write(
            lambda session: once(
                session,
                call,
                method="CircularService.ImportAssociations",
                request=upload,
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
