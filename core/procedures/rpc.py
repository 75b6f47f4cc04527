"""ProcedureService: the catalogue, and those who write it."""

from sqlalchemy.orm import Session

from core.callers import Role
from core.db import Database
from core.procedures import rows
from core.procedures.actions import ProgramNaming
from core.procedures.authoring_convert import version_to_pb
from core.procedures.authoring_rpc import Authoring
from core.procedures.catalogue import Catalogue
from core.procedures.checking_rpc import Checking
from core.procedures.converting import to_pb
from core.procedures.offering_rpc import Offering, Offers
from core.procedures.packages import Trust
from core.procedures.packages_rpc import Packaging
from core.procedures.suggesting_rpc import Suggesting
from core.wire.convert import to_timestamp
from core.wire.door import Call
from todoke.v1 import procedures_pb2 as pb


class ProcedureService(Authoring, Checking, Offering, Packaging, Suggesting):
    """Answers ProcedureService from the town's own procedures and those that ship.

    `offers` finds what somebody may begin, `naming` an open program that names a procedure; `trust`
    is whose packages are believed.
    """

    def __init__(
        self,
        db: Database,
        procedures: Catalogue,
        offers: Offers,
        naming: ProgramNaming,
        trust: Trust,
    ) -> None:
        super().__init__()
        self.db = db
        self.offers = offers
        self._procedures = procedures
        self._naming = naming
        self._trust = trust

    async def ListProcedures(
        self, request: pb.ListProceduresRequest, call: Call
    ) -> pb.ListProceduresResponse:
        del request

        def found(session: Session) -> pb.ListProceduresResponse:
            municipality = call.caller.municipality
            known = self._procedures.all_in_force(session, municipality, call.now)
            answer = pb.ListProceduresResponse(procedures=[to_pb(one) for one in known])
            answer.waiting.extend(
                version_to_pb(one, (), call.now)
                for one in rows.standing(session, municipality)
                if one.is_own and one.publish_time > call.now and one.retire_time is None
            )
            if Role.PROCEDURE_AUTHOR in call.caller.roles:
                answer.drafts.extend(
                    pb.Draft(
                        key=one.key,
                        author=one.author,
                        save_time=to_timestamp(one.save_time),
                        etag=one.etag,
                    )
                    for one in rows.drafts(session, municipality)
                )
            return answer

        return await self.db.read(found)
