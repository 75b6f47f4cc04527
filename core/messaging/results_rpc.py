"""The part of CampaignService that shows what became of campaigns."""

from typing import Any

from sqlalchemy.orm import Session

from core.db import Database
from core.messaging import results
from core.wire import paging
from core.wire.convert import to_timestamp
from core.wire.door import Call
from todoke.v1 import campaigns_pb2 as pb

STATE = "DELIVERY_STATE_"


class Results:
    """Answers what became of a campaign."""

    db: Database

    async def GetCampaignResults(
        self, request: pb.GetCampaignResultsRequest, call: Call
    ) -> pb.GetCampaignResultsResponse:
        counts = await self.db.read(
            lambda s: results.count(s, call.caller.municipality, request.campaign_id)
        )
        return pb.GetCampaignResultsResponse(
            rows=[
                pb.CampaignResultRow(
                    area=area,
                    from_age=from_age,
                    to_age=to_age,
                    deliveries=one.by_state,
                    opened=one.opened,
                    answered=one.answered,
                    letters=one.letters,
                )
                for (area, from_age, to_age), one in counts.groups.items()
            ],
            reasons=counts.reasons,
        )

    async def ListDeliveries(
        self, request: pb.ListDeliveriesRequest, call: Call
    ) -> pb.ListDeliveriesResponse:
        limit = paging.limit_of(request.page_size)
        state = pb.DeliveryState.Name(request.state).removeprefix(STATE).lower()

        def listed(session: Session) -> pb.ListDeliveriesResponse:
            found = results.page(
                session,
                call.caller,
                campaign_id=request.campaign_id,
                state=state if request.state else "",
                after="".join(paging.key_of(request.page_token)),
                limit=limit + 1,
                now=call.now,
            )
            shown, token = paging.split(found, limit, lambda row: (row.id,))
            names = results.names(
                session, call.caller.municipality, {row.resident_id for row in shown}
            )
            return pb.ListDeliveriesResponse(
                deliveries=[_delivery(row, names.get(row.resident_id, "")) for row in shown],
                next_page_token=token,
            )

        return await self.db.write(listed)  # The log of the look.


def _delivery(row: Any, name: str) -> pb.Delivery:
    return pb.Delivery(
        delivery_id=row.id,
        resident_id=row.resident_id,
        channel=row.channel,
        state=pb.DeliveryState.Value(f"{STATE}{row.state.upper()}"),
        reason=row.reason,
        send_time=to_timestamp(row.send_time),
        open_time=to_timestamp(row.open_time),
        answer_time=to_timestamp(row.answer_time),
        name=name,
        letter_time=to_timestamp(row.letter_time),
    )
