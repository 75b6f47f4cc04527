"""The part of CampaignService about segments."""

import json
from collections.abc import Callable
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from sqlalchemy.orm import Session

from core.db import Database
from core.etags import etag_of
from core.residents.convert import summary_to_pb
from core.segments import actions, rows
from core.segments.previewing import SAMPLES, Occasion, Preview, Sending
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import mutation
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import LANE_BULK, LANE_EMERGENCY


class Segments:
    """Answers what staff do with segments; `sending` says which channels push.

    `weekly_cap` tells how often somebody may be told in bulk in seven days, by municipality.
    """

    db: Database
    sending: Sending
    weekly_cap: Callable[[Session, str], int]

    @mutation
    def SaveSegment(
        self, session: Session, request: pb.SaveSegmentRequest, call: Call
    ) -> pb.SaveSegmentResponse:
        segment = actions.save(
            session,
            call.caller,
            id=request.segment.segment_id,
            name=request.segment.name,
            condition=condition_of(request.segment.condition),
            etag=request.segment.etag,
            now=call.now,
        )
        return pb.SaveSegmentResponse(segment=segment_to_pb(segment))

    @mutation
    def DeleteSegment(
        self, session: Session, request: pb.DeleteSegmentRequest, call: Call
    ) -> pb.DeleteSegmentResponse:
        actions.delete(session, call.caller, id=request.segment_id, etag=request.etag, now=call.now)
        return pb.DeleteSegmentResponse()

    async def ListSegments(
        self, request: pb.ListSegmentsRequest, call: Call
    ) -> pb.ListSegmentsResponse:
        limit = paging.limit_of(request.page_size)
        after = "".join(paging.key_of(request.page_token))
        found = await self.db.read(
            lambda s: rows.page(s, call.caller.municipality, after=after, limit=limit + 1)
        )
        shown, token = paging.split(found, limit, lambda row: (row.name,))
        return pb.ListSegmentsResponse(segments=map(segment_to_pb, shown), next_page_token=token)

    async def PreviewSegment(
        self, request: pb.PreviewSegmentRequest, call: Call
    ) -> pb.PreviewSegmentResponse:
        def tried(session: Session) -> pb.PreviewSegmentResponse:
            found = actions.try_out(
                session,
                call.caller,
                condition=condition_of(request.condition),
                of=Occasion(
                    request.topic,
                    is_emergency=request.lane == LANE_EMERGENCY,
                    channels=request.channels,
                    weekly_cap=self.weekly_cap(session, call.caller.municipality)
                    if request.lane == LANE_BULK
                    else 0,
                ),
                sending=self.sending,
                samples=0 if request.count_only else SAMPLES,
                now=call.now,
            )
            return pb.PreviewSegmentResponse(preview=preview_to_pb(found))

        if request.count_only:
            return await self.db.read(tried)
        return await self.db.write(tried)  # The log of whom staff saw.


def condition_of(condition: pb.Condition) -> dict[str, Any]:
    """Return a tree as it is kept: JSON with the contract's names."""
    return MessageToDict(condition, preserving_proto_field_name=True)


def segment_to_pb(row: rows.Segment) -> pb.Segment:
    return pb.Segment(
        segment_id=row.id,
        name=row.name,
        condition=ParseDict(json.loads(row.condition_json), pb.Condition()),
        etag=etag_of(row.revision),
    )


def preview_to_pb(found: Preview) -> pb.SegmentPreview:
    return pb.SegmentPreview(
        recipients=found.recipients,
        by_channel=found.by_channel,
        unreachable=found.unreachable,
        left_out=found.left_out,
        capped=found.capped,
        cost=found.cost,
        seconds=found.seconds,
        channels=[
            pb.ChannelPreview(
                channel=one.channel,
                recipients=one.recipients,
                cost=one.cost,
                seconds=one.seconds,
                beyond_allowance=one.beyond,
            )
            for one in found.channels
        ],
        samples=[summary_to_pb(resident, facts) for resident, facts in found.samples],
    )
