"""ProcedureService: what somebody may begin."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from core.callers import Caller
from core.db import Database
from core.procedures.offers import Offered
from core.wire.door import Call
from todoke.v1 import procedures_pb2 as pb

Offers: TypeAlias = Callable[[Session, Caller, str, str, datetime], list[Offered]]
"""What a caller's contact, named by its id on the channel, may begin now, in a language."""


class Offering:
    """Answers what may be begun; what programs offer is told by `offers`."""

    db: Database
    offers: Offers

    async def ListOfferedProcedures(
        self, request: pb.ListOfferedProceduresRequest, call: Call
    ) -> pb.ListOfferedProceduresResponse:
        external_id, language = request.external_id, request.language
        found = await self.db.read(
            lambda s: self.offers(s, call.caller, external_id, language, call.now)
        )
        return pb.ListOfferedProceduresResponse(
            procedures=[
                pb.OfferedProcedure(
                    key=one.key,
                    program_id=one.program_id,
                    title=one.title,
                    about=one.about,
                    needs_registration=one.needs_registration,
                    application_id=one.application_id,
                )
                for one in found
            ]
        )
