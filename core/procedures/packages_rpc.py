"""Giving procedures to other towns, and taking theirs."""

from sqlalchemy.orm import Session

from core.db import Database
from core.procedures import actions, packages
from core.procedures.authoring_convert import conflict_to_pb, draft_to_pb
from core.procedures.catalogue import Catalogue
from core.procedures.definition import ProcedureUnknown
from core.procedures.packages import Package, Trust
from core.wire.door import Call
from core.wire.mutation import mutation
from todoke.v1 import procedures_pb2 as pb


class Packaging:
    """The part of ProcedureService that signs packages and reads them."""

    db: Database
    _procedures: Catalogue
    _trust: Trust

    async def ExportProcedure(
        self, request: pb.ExportProcedureRequest, call: Call
    ) -> pb.ExportProcedureResponse:
        def found(session: Session) -> pb.ExportProcedureResponse:
            package = actions.package_of(
                session,
                call.caller.municipality,
                key=request.key,
                version=request.version,
                known=self._procedures,
                now=call.now,
            )
            name = f"{package.key}-{package.origin.replace(':', '-')}.todoke"
            signed = packages.sign(package, self._trust)
            return pb.ExportProcedureResponse(package=signed, file_name=name)

        return await self.db.read(found)

    @mutation
    def ImportProcedure(
        self, session: Session, request: pb.ImportProcedureRequest, call: Call
    ) -> pb.ImportProcedureResponse:
        package = self._package(request)
        draft, merged = actions.take_in(
            session,
            call.caller,
            package,
            etag=request.etag,
            known=self._procedures,
            now=call.now,
        )
        return pb.ImportProcedureResponse(
            draft=draft_to_pb(draft, actions.lint_draft(session, draft, self._procedures).problems),
            origin=package.origin,
            conflicts=[conflict_to_pb(one) for one in merged.conflicts],
            comments_lost=merged.comments_lost,
        )

    def _package(self, request: pb.ImportProcedureRequest) -> Package:
        if not request.shipped:
            return packages.opened(request.package, self._trust)
        ships = self._procedures.shipped.get(request.shipped)
        if ships is None:
            raise ProcedureUnknown(f"no procedure {request.shipped} ships")
        return Package(
            key=request.shipped,
            origin=self._procedures.origin_of(request.shipped),
            source=ships.source,
        )
