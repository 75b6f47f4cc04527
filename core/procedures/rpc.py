"""ProcedureService: the catalogue."""

from collections.abc import Mapping

from core.wire.door import Call
from todoke.v1 import procedures_pb2 as pb


class ProcedureService:
    """Answers ProcedureService from the procedures in force, by key."""

    def __init__(self, procedures: Mapping[str, pb.Procedure]) -> None:
        self._procedures = procedures

    async def ListProcedures(
        self, request: pb.ListProceduresRequest, call: Call
    ) -> pb.ListProceduresResponse:
        del request, call
        return pb.ListProceduresResponse(
            procedures=[self._procedures[key] for key in sorted(self._procedures)]
        )
