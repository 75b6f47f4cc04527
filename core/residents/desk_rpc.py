"""The part of ResidentService that is for staff: finding residents, protecting, closing."""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from sqlalchemy.orm import Session

from core.db import Database
from core.japan import JST
from core.residents import actions, protecting, rows, searching
from core.residents.convert import (
    FROM_CLOSING,
    FROM_STALE,
    period_to_pb,
    resident_to_pb,
    stale_to_pb,
    summary_to_pb,
)
from core.residents.stale_rows import Stale
from core.wire import paging
from core.wire.door import Call, FieldInvalid
from core.wire.mutation import about, mutation
from todoke.v1 import residents_pb2 as pb

ResidentsOfReference = Callable[[Session, str, str], Collection[str]]
"""Returns whom a municipality's own number of an addressee leads to, by their ids."""


class Desk:
    """Answers what staff ask and decide of residents."""

    db: Database
    residents_of_reference: ResidentsOfReference
    hides: Sequence[protecting.Hide]

    async def GetResident(
        self, request: pb.GetResidentRequest, call: Call
    ) -> pb.GetResidentResponse:
        found = await self.db.write(
            lambda s: actions.view_resident(
                s, call.caller, resident_id=request.resident_id, now=call.now
            )
        )
        return pb.GetResidentResponse(resident=resident_to_pb(*found))

    async def SearchResidents(
        self, request: pb.SearchResidentsRequest, call: Call
    ) -> pb.SearchResidentsResponse:
        limit = paging.limit_of(request.page_size)
        before = "".join(paging.key_of(request.page_token))
        born = day_of(request.birth_date, field="birth_date") if request.birth_date else None

        def found(session: Session) -> list[tuple[rows.Resident, rows.Facts]]:
            residents = None
            if request.reference:
                municipality = call.caller.municipality
                residents = self.residents_of_reference(session, municipality, request.reference)
            question = searching.Question(request.name, born, request.external_id, residents)
            return searching.search(
                session, call.caller, question, before=before, limit=limit, now=call.now
            )

        page = await self.db.write(found)
        shown, token = paging.split(page, limit, lambda one: (one[0].id,))
        return pb.SearchResidentsResponse(
            residents=[summary_to_pb(*one) for one in shown], next_page_token=token
        )

    async def ListResidentHistory(
        self, request: pb.ListResidentHistoryRequest, call: Call
    ) -> pb.ListResidentHistoryResponse:
        limit = paging.limit_of(request.page_size)
        before = "".join(paging.key_of(request.page_token))
        page = await self.db.write(
            lambda s: actions.view_history(
                s,
                call.caller,
                resident_id=request.resident_id,
                before=before,
                limit=limit + 1,
                now=call.now,
            )
        )
        shown, token = paging.split(page, limit, lambda facts: (facts.id,))
        return pb.ListResidentHistoryResponse(
            periods=map(period_to_pb, shown), next_page_token=token
        )

    async def ListStaleResidents(
        self, request: pb.ListStaleResidentsRequest, call: Call
    ) -> pb.ListStaleResidentsResponse:
        limit = paging.limit_of(request.page_size)
        after = paging.moment_of(request.page_token)
        page = await self.db.write(
            lambda s: actions.view_stale(
                s,
                call.caller,
                cause=FROM_STALE.get(request.cause),
                after=after,
                limit=limit,
                now=call.now,
            )
        )
        shown, token = paging.split(page, limit, _stale_key)
        return pb.ListStaleResidentsResponse(
            residents=[stale_to_pb(*one) for one in shown], next_page_token=token
        )

    @mutation
    def SuppressResident(
        self, session: Session, request: pb.SuppressResidentRequest, call: Call
    ) -> pb.SuppressResidentResponse:
        resident = protecting.suppress(
            session,
            call.caller,
            resident_id=request.resident_id,
            reason=request.reason,
            etag=request.etag,
            hides=self.hides,
            now=call.now,
        )
        return pb.SuppressResidentResponse(resident=_shown(session, resident))

    @mutation
    def ClearSuppression(
        self, session: Session, request: pb.ClearSuppressionRequest, call: Call
    ) -> pb.ClearSuppressionResponse:
        resident = protecting.clear(
            session,
            call.caller,
            resident_id=request.resident_id,
            reason=request.reason,
            etag=request.etag,
            now=call.now,
        )
        return pb.ClearSuppressionResponse(resident=_shown(session, resident))

    @mutation
    def CloseResident(
        self, session: Session, request: pb.CloseResidentRequest, call: Call
    ) -> pb.CloseResidentResponse:
        day = day_of(request.date, field="date")
        if day > call.now.astimezone(JST).date():
            raise FieldInvalid("the day is still to come: close it when it is there", field="date")
        resident = protecting.close(
            session,
            call.caller,
            resident_id=request.resident_id,
            cause=FROM_CLOSING[request.cause],
            day=day,
            reason=request.reason,
            etag=request.etag,
            now=call.now,
        )
        return pb.CloseResidentResponse(resident=_shown(session, resident))


def day_of(text: str, *, field: str) -> date:
    """Return the day of ISO 8601 digits; raise FieldInvalid where the calendar has none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldInvalid("the calendar has no such day", field=field) from None


def _shown(session: Session, resident: rows.Resident) -> pb.Resident:
    about(session, resident.id)
    return resident_to_pb(*actions.whole(session, resident))


def _stale_key(one: tuple[rows.Resident, rows.Facts, list[Stale]]) -> tuple[str, str]:
    resident, _, causes = one
    return min(cause.since_time for cause in causes).isoformat(), resident.id
