"""RosterService: lists of who is entitled."""

from collections.abc import AsyncIterator
from functools import partial

from sqlalchemy.orm import Session

from core.db import Database
from core.eligibility import actions, difference_rows, mapping_rows, roster_rows, rows
from core.eligibility.convert import roster_to_pb
from core.eligibility.import_rpc import imported
from core.eligibility.inspecting import inspected
from core.eligibility.replace_rpc import replaced
from core.eligibility.replacing import Applied
from core.eligibility.roster_convert import (
    FROM_COLUMN,
    FROM_KIND,
    difference_row_to_pb,
    mapping_to_pb,
)
from core.eligibility.roster_pool import Pool
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import mutation
from core.wire.uploads import read_to_the_end
from todoke.v1 import rosters_pb2 as pb


class RosterService:
    """Answers RosterService; `pool` are the processes beside the core."""

    def __init__(self, db: Database, pool: Pool, applied: Applied) -> None:
        self.db = db
        self._pool = pool
        self._applied = applied

    async def InspectRosterFile(
        self, requests: AsyncIterator[pb.InspectRosterFileRequest], call: Call
    ) -> pb.InspectRosterFileResponse:
        mappings = await self.db.read(lambda s: mapping_rows.all_of(s, call.caller.municipality))
        async with read_to_the_end(requests):
            return await inspected((request.chunk async for request in requests), mappings)

    @mutation
    def SaveColumnMapping(
        self, session: Session, request: pb.SaveColumnMappingRequest, call: Call
    ) -> pb.SaveColumnMappingResponse:
        given = request.mapping
        row = actions.save_mapping(
            session,
            call.caller,
            id=given.mapping_id,
            name=given.name,
            columns={one.name: FROM_COLUMN[one.holds] for one in given.columns},
            etag=given.etag,
            now=call.now,
        )
        return pb.SaveColumnMappingResponse(mapping=mapping_to_pb(row))

    async def ListColumnMappings(
        self, request: pb.ListColumnMappingsRequest, call: Call
    ) -> pb.ListColumnMappingsResponse:
        limit = paging.limit_of(request.page_size)
        after = "".join(paging.key_of(request.page_token))
        of = call.caller.municipality
        found = await self.db.read(lambda s: mapping_rows.page(s, of, after=after, limit=limit + 1))
        shown, token = paging.split(found, limit, lambda row: (row.name,))
        return pb.ListColumnMappingsResponse(
            mappings=map(mapping_to_pb, shown), next_page_token=token
        )

    async def ImportRoster(
        self, requests: AsyncIterator[pb.ImportRosterRequest], call: Call
    ) -> AsyncIterator[pb.ImportRosterResponse]:
        async with read_to_the_end(requests):
            async for told in imported(self.db, self._pool, requests, call):
                yield told

    async def ReplaceRoster(
        self, requests: AsyncIterator[pb.ReplaceRosterRequest], call: Call
    ) -> AsyncIterator[pb.ReplaceRosterResponse]:
        async with read_to_the_end(requests):
            async for told in replaced(self.db, self._pool, self._applied, requests, call):
                yield told

    async def ListRosters(
        self, request: pb.ListRostersRequest, call: Call
    ) -> pb.ListRostersResponse:
        limit, of = paging.limit_of(request.page_size), call.caller.municipality
        before = paging.number_of("".join(paging.key_of(request.page_token)) or "0")

        def found(session: Session) -> list[rows.Roster]:
            rows.get_program(session, of, request.program_id)
            return roster_rows.of_program(
                session, of, request.program_id, before=before, limit=limit + 1
            )

        page = await self.db.read(found)
        shown, token = paging.split(page, limit, lambda row: (str(row.version),))
        return pb.ListRostersResponse(rosters=map(roster_to_pb, shown), next_page_token=token)

    async def ListRosterDifferences(
        self, request: pb.ListRosterDifferencesRequest, call: Call
    ) -> pb.ListRosterDifferencesResponse:
        limit, of = paging.limit_of(request.page_size), call.caller.municipality
        reference = paging.bytes_of("".join(paging.key_of(request.page_token)))

        def found(session: Session) -> tuple[rows.Roster, list[difference_rows.Found]]:
            before, after = difference_rows.both(
                session, of, request.before_roster_id, request.after_roster_id
            )
            return after, difference_rows.page(
                session,
                before,
                after,
                kind=FROM_KIND.get(request.kind),
                reference=reference,
                limit=limit + 1,
                applied=self._applied,
            )

        after, page = await self.db.read(found)
        shown, token = paging.split(page, limit, lambda one: (one.reference.hex(),))
        if shown:
            look = partial(
                actions.look_at_differences,
                by=call.caller,
                after=after,
                shown=len(shown),
                now=call.now,
            )
            await self.db.write(look)
        return pb.ListRosterDifferencesResponse(
            rows=map(difference_row_to_pb, shown), next_page_token=token
        )
