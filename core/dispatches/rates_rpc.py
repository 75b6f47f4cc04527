"""The part of DispatchService about the providers' rates and allowances."""

import math
from datetime import timedelta

from sqlalchemy.orm import Session

from core.db import Database
from core.dispatches import rates
from core.wire.convert import to_timestamp
from core.wire.door import Call
from core.wire.mutation import mutation
from todoke.v1 import dispatches_pb2 as pb


class Rates:
    """Answers what a provider takes, and how much of it is left."""

    db: Database

    async def LeaseRate(self, request: pb.LeaseRateRequest, call: Call) -> pb.LeaseRateResponse:
        # No answer is kept for a repeat: what was given and not heard of is soon over.
        def lease(session: Session) -> pb.LeaseRateResponse:
            share = rates.lease(
                session,
                call.caller,
                endpoint=request.endpoint,
                wanted=request.wanted,
                per_second=request.per_second,
                is_emergency=request.emergency,
                now=self.db.now(session),
            )
            return pb.LeaseRateResponse(
                granted=share.granted,
                per_second=share.per_second,
                begin_after_micros=share.delay // timedelta(microseconds=1),
                retry_after_millis=math.ceil(share.wait.total_seconds() * 1_000),
            )

        return await self.db.write(lease)

    @mutation
    def ReportQuota(
        self, session: Session, request: pb.ReportQuotaRequest, call: Call
    ) -> pb.ReportQuotaResponse:
        rates.report_quota(
            session,
            call.caller,
            most=request.limit,
            used=request.used,
            period=request.period,
            now=call.now,
        )
        return pb.ReportQuotaResponse()

    async def ListQuotas(self, request: pb.ListQuotasRequest, call: Call) -> pb.ListQuotasResponse:
        del request
        found = await self.db.read(lambda s: rates.quotas(s, call.caller.municipality))
        return pb.ListQuotasResponse(
            quotas=[
                pb.Quota(
                    channel=row.channel,
                    limit=row.most,
                    used=row.used,
                    period=row.period,
                    report_time=to_timestamp(row.report_time),
                )
                for row in found
            ]
        )
