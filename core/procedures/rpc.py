"""ProcedureService: the catalogue."""

from sqlalchemy.orm import Session

from core.db import Database
from core.procedures.catalogue import Catalogue
from core.procedures.converting import to_pb
from core.procedures.offering_rpc import Offering, Offers
from core.procedures.suggesting_rpc import Suggesting
from core.wire.door import Call
from todoke.v1 import procedures_pb2 as pb


class ProcedureService(Offering, Suggesting):
    """Answers ProcedureService from the town's own procedures and those that ship."""

    def __init__(self, db: Database, procedures: Catalogue, offers: Offers) -> None:
        super().__init__()
        self.db = db
        self.offers = offers
        self._procedures = procedures

    async def ListProcedures(
        self, request: pb.ListProceduresRequest, call: Call
    ) -> pb.ListProceduresResponse:
        del request

        def found(session: Session) -> pb.ListProceduresResponse:
            municipality = call.caller.municipality
            known = self._procedures.all_in_force(session, municipality, call.now)
            return pb.ListProceduresResponse(procedures=[to_pb(one) for one in known])

        return await self.db.read(found)
