"""Giving procedures to other towns, and taking theirs."""

from sqlalchemy.orm import Session

from core.db import Database
from core.procedures import actions, packages, rows
from core.procedures.authoring_convert import conflict_to_pb, draft_to_pb
from core.procedures.catalogue import Catalogue
from core.procedures.definition import ProcedureUnknown
from core.procedures.packages import Package, Trust
from core.wire.door import Call, FieldInvalid
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
        package = self._package(request.package, request.shipped)
        draft, merged = actions.take_in(
            session,
            call.caller,
            package,
            etag=request.etag,
            yielding=request.theirs,
            known=self._procedures,
            now=call.now,
        )
        unknown = set(request.theirs) - {one.place for one in merged.conflicts}
        if unknown:
            raise FieldInvalid(f"nobody disagrees at {min(unknown)}", field="theirs")
        conflicts = [one for one in merged.conflicts if one.place not in request.theirs]
        return pb.ImportProcedureResponse(
            draft=draft_to_pb(draft, actions.lint_draft(session, draft, self._procedures).problems),
            origin=package.origin,
            conflicts=map(conflict_to_pb, conflicts),
            comments_lost=merged.comments_lost,
        )

    async def ComparePackage(
        self, request: pb.ComparePackageRequest, call: Call
    ) -> pb.ComparePackageResponse:
        package = self._package(request.package, request.shipped)

        def found(session: Session) -> pb.ComparePackageResponse:
            draft = rows.find_draft(session, call.caller.municipality, package.key)
            merged = actions.compared(
                session, call.caller, package, draft, known=self._procedures, now=call.now
            )
            return pb.ComparePackageResponse(
                key=package.key,
                origin=package.origin,
                conflicts=map(conflict_to_pb, merged.conflicts),
                etag=draft.etag if draft else "",
            )

        return await self.db.read(found)

    def _package(self, package: bytes, shipped: str) -> Package:
        if not shipped:
            return packages.opened(package, self._trust)
        ships = self._procedures.shipped.get(shipped)
        if ships is None:
            raise ProcedureUnknown(f"no procedure {shipped} ships")
        return Package(key=shipped, origin=self._procedures.origin_of(shipped), source=ships.source)
