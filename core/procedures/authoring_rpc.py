"""Writing procedures: what there is, the draft, its publication, and its end."""

import asyncio
from datetime import timedelta

from sqlalchemy.orm import Session

from core.callers import Role
from core.db import Database
from core.procedures import actions, rows
from core.procedures.authoring_convert import draft_to_pb, version_to_pb
from core.procedures.catalogue import Catalogue
from core.procedures.converting import to_pb
from core.procedures.definition import Procedure, ProcedureUnknown
from core.procedures.linting import lint
from core.wire import paging
from core.wire.convert import from_timestamp
from core.wire.door import Call, FieldInvalid
from core.wire.mutation import mutation
from todoke.v1 import procedures_pb2 as pb

SLACK = timedelta(minutes=5)
"""How far a time of publication may be past: clocks differ."""


class Authoring:
    """The part of ProcedureService that keeps drafts and versions."""

    db: Database
    _procedures: Catalogue
    _naming: actions.ProgramNaming

    async def GetProcedure(
        self, request: pb.GetProcedureRequest, call: Call
    ) -> pb.GetProcedureResponse:
        def found(session: Session) -> pb.GetProcedureResponse:
            municipality = call.caller.municipality
            known = rows.standing(session, municipality, request.key)
            answer = pb.GetProcedureResponse()
            if Role.PROCEDURE_AUTHOR in call.caller.roles:
                draft = rows.find_draft(session, municipality, request.key)
                if draft is not None:
                    answer.draft.CopyFrom(
                        draft_to_pb(
                            draft, actions.lint_draft(session, draft, self._procedures).problems
                        )
                    )
            procedure = self._asked_for(session, request, call, or_none=answer.HasField("draft"))
            if procedure is not None:
                answer.procedure.CopyFrom(to_pb(procedure))
                row = rows.find(session, municipality, request.key, procedure.version)
                answer.source = row.source if row else self._procedures.shipped[request.key].source
                answer.version.CopyFrom(_version(procedure, known, call, self._procedures))
            return answer

        return await self.db.read(found)

    def _asked_for(
        self, session: Session, request: pb.GetProcedureRequest, call: Call, *, or_none: bool
    ) -> Procedure | None:
        municipality = call.caller.municipality
        if request.version:
            return self._procedures.version(session, municipality, request.key, request.version)
        try:
            return self._procedures.in_force(session, municipality, request.key, call.now)
        except ProcedureUnknown:
            if or_none:
                return None
            raise

    async def ListProcedureVersions(
        self, request: pb.ListProcedureVersionsRequest, call: Call
    ) -> pb.ListProcedureVersionsResponse:
        limit = paging.limit_of(request.page_size)
        before = paging.number_of("".join(paging.key_of(request.page_token)) or "0")

        def found(session: Session) -> pb.ListProcedureVersionsResponse:
            municipality = call.caller.municipality
            known = rows.standing(session, municipality, request.key)
            if not known:
                # What ships and was never used is no row yet.
                one = self._procedures.in_force(session, municipality, request.key, call.now)
                version = _version(one, known, call, self._procedures)
                return pb.ListProcedureVersionsResponse(versions=[version])
            page = [one for one in known if not before or one.version < before][: limit + 1]
            shown, token = paging.split(page, limit, lambda one: (str(one.version),))
            versions = [version_to_pb(one, known, call.now) for one in shown]
            return pb.ListProcedureVersionsResponse(versions=versions, next_page_token=token)

        return await self.db.read(found)

    async def SaveDraft(self, request: pb.SaveDraftRequest, call: Call) -> pb.SaveDraftResponse:
        # Before the transaction, which others wait for.
        await asyncio.to_thread(lint, request.source, request.key)
        return await self._save_draft(request, call)

    @mutation
    def _save_draft(
        self, session: Session, request: pb.SaveDraftRequest, call: Call
    ) -> pb.SaveDraftResponse:
        draft = actions.save_draft(
            session,
            call.caller,
            key=request.key,
            source=request.source,
            etag=request.etag,
            known=self._procedures,
            now=call.now,
        )
        problems = actions.lint_draft(session, draft, self._procedures).problems
        return pb.SaveDraftResponse(draft=draft_to_pb(draft, problems))

    @mutation
    def PublishProcedure(
        self, session: Session, request: pb.PublishProcedureRequest, call: Call
    ) -> pb.PublishProcedureResponse:
        publish_time = call.now
        if request.HasField("publish_time"):
            publish_time = from_timestamp(request.publish_time)
        if publish_time < call.now - SLACK:
            raise FieldInvalid("is past: leave it out to publish now", field="publish_time")
        row = actions.publish(
            session,
            call.caller,
            key=request.key,
            etag=request.etag,
            publish_time=max(publish_time, call.now),
            reason=request.reason,
            known=self._procedures,
            now=call.now,
        )
        return pb.PublishProcedureResponse(version=_published(session, row, call))

    @mutation
    def RetireProcedure(
        self, session: Session, request: pb.RetireProcedureRequest, call: Call
    ) -> pb.RetireProcedureResponse:
        row = actions.retire(
            session,
            call.caller,
            key=request.key,
            reason=request.reason,
            naming=self._naming,
            known=self._procedures,
            now=call.now,
        )
        return pb.RetireProcedureResponse(version=_published(session, row, call))


def _published(session: Session, row: rows.ProcedureVersion, call: Call) -> pb.ProcedureVersion:
    known = rows.standing(session, row.municipality, row.key)
    one = next(one for one in known if one.version == row.version)
    return version_to_pb(one, known, call.now)


def _version(
    procedure: Procedure, known: list[rows.Standing], call: Call, procedures: Catalogue
) -> pb.ProcedureVersion:
    """Return a version; one that ships and was never used is in force without a time."""
    for one in known:
        if one.version == procedure.version:
            return version_to_pb(one, known, call.now)
    origin = procedures.origin_of(procedure.key)
    return pb.ProcedureVersion(key=procedure.key, version=procedure.version, origin=origin)
