"""Dispatches in the contract's words: whole for who sends them, without content for who looks."""

import json
from datetime import datetime

from google.protobuf.json_format import ParseDict

from core.dispatches import rows
from core.dispatches.rules import Lane, State, Way
from core.wire.convert import to_timestamp
from todoke.v1 import dispatches_pb2 as pb

FROM_STATE = {
    pb.DispatchState.Value(f"DISPATCH_STATE_{state.name}"): state
    for state in State
    if state is not State.RECALLED
}
TO_STATE = {state: value for value, state in FROM_STATE.items()} | {
    State.RECALLED: pb.DISPATCH_STATE_LEASED
}
TO_WAY = {way: pb.Way.Value(f"WAY_{way.name}") for way in Way}
FROM_LANE = {pb.Lane.Value(f"LANE_{lane.name}"): lane for lane in Lane}
TO_LANE = {int(lane): pb.Lane.Value(f"LANE_{lane.name}") for lane in Lane}


def to_pb(row: rows.Dispatch) -> pb.Dispatch:
    dispatch = pb.Dispatch(
        dispatch_id=row.id,
        fence=row.fence,
        retry_key=row.retry_key,
        attempt=row.attempts,
        lease_expire_time=to_timestamp(row.free_time),
        recipients=json.loads(row.recipients),
        way=TO_WAY[row.way],
        lane=TO_LANE[row.lane],
    )
    content = json.loads(row.content)
    if told := content.get("campaign"):
        # All strings and truths: put in as they are, in a tenth of the time of reading JSON.
        dispatch.campaign.CopyFrom(pb.CampaignTold(**told))
    else:
        ParseDict(content, dispatch)
    return dispatch


def summary(row: rows.Dispatch, now: datetime, resident_id: str = "") -> pb.DispatchSummary:
    return pb.DispatchSummary(
        dispatch_id=row.id,
        channel=row.channel,
        state=TO_STATE[row.state],
        attempts=row.attempts,
        recipients=row.recipient_count,
        provider_message=row.provider_message,
        create_time=to_timestamp(row.create_time),
        first_attempt_time=to_timestamp(row.first_attempt_time),
        finish_time=to_timestamp(row.finish_time),
        campaign_id=row.campaign_id,
        lane=TO_LANE[row.lane],
        carries=_carries(row),
        resident_id=resident_id,
        due_time=to_timestamp(row.due_time(now)),
    )


def _carries(row: rows.Dispatch) -> str:
    """Return which of the contract's contents it holds; of one that is erased, none is known."""
    if row.campaign_id:
        return "campaign"  # What it says is put into it when it is leased first.
    return next(iter(json.loads(row.content)), "")
