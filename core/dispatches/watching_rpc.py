"""The part of DispatchService by which staff see how delivery goes, and decide in doubt."""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from core.db import Database
from core.dispatches import resolving, watching
from core.dispatches.campaigns import Campaigns
from core.dispatches.rules import Resolution
from core.dispatches.summaries import TO_LANE, summary
from core.wire.convert import to_timestamp
from core.wire.door import Call
from core.wire.mutation import mutation
from todoke.v1 import dispatches_pb2 as pb

FROM_RESOLUTION = {pb.Resolution.Value(f"RESOLUTION_{one.name}"): one for one in Resolution}


class Watching:
    """Answers how delivery goes, and takes what people decide."""

    db: Database
    campaigns: Campaigns

    @mutation
    def ResolveDispatch(
        self, session: Session, request: pb.ResolveDispatchRequest, call: Call
    ) -> pb.ResolveDispatchResponse:
        row, again = resolving.resolve(
            session,
            call.caller,
            campaigns=self.campaigns,
            dispatch_id=request.dispatch_id,
            resolution=FROM_RESOLUTION[request.resolution],
            reason=request.reason,
            now=call.now,
        )
        return pb.ResolveDispatchResponse(dispatch=summary(row, call.now), new_dispatch_id=again)

    async def GetDeliveryStatus(
        self, request: pb.GetDeliveryStatusRequest, call: Call
    ) -> pb.GetDeliveryStatusResponse:
        del request
        now, status, quiet_end = await self.db.read(partial(self._status, call=call))
        return pb.GetDeliveryStatusResponse(
            lanes=[_lane(*place, one) for place, one in sorted(status.lanes.items())],
            unknown=status.unknown,
            time=to_timestamp(now),
            amiss=status.amiss,
            paces=[
                pb.CampaignPace(
                    campaign_id=campaign_id,
                    sent_last_minute=one.sent,
                    failed_last_minute=one.failed,
                )
                for campaign_id, one in sorted(status.paces.items())
            ],
            refusals=[_refusals(one) for one in status.refusals],
            quiet=quiet_end is not None,
            quiet_end_time=to_timestamp(quiet_end),
            postponed=[_postponed(one) for one in status.postponed],
        )

    def _status(
        self, session: Session, call: Call
    ) -> tuple[datetime, watching.Status, datetime | None]:
        now, municipality = self.db.now(session), call.caller.municipality
        quiet_end = self.campaigns.quiet_until(session, municipality, now)
        return now, watching.status(session, municipality, now), quiet_end


def _lane(channel: str, lane: int, one: watching.Lane) -> pb.LaneStatus:
    return pb.LaneStatus(
        channel=channel,
        lane=TO_LANE[lane],
        waiting=one.waiting,
        in_hand=one.in_hand,
        held=one.held,
        oldest_time=to_timestamp(one.oldest),
        sent_last_minute=one.sent,
        failed_last_minute=one.failed,
        sent_by_slice=one.slices,
        awaiting_allowance=one.awaiting,
        renew_time=to_timestamp(one.renewal),
    )


def _refusals(one: watching.Refusals) -> pb.Refusals:
    return pb.Refusals(
        channel=one.channel,
        provider_message=one.message,
        recipients=one.recipients,
        last_time=to_timestamp(one.last),
    )


def _postponed(one: watching.Postponed) -> pb.Postponed:
    return pb.Postponed(
        channel=one.channel,
        provider_message=one.message,
        recipients=one.recipients,
        due_time=to_timestamp(one.due),
    )
