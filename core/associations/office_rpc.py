"""The part of CircularService about offices."""

from datetime import date

from sqlalchemy.orm import Session

from core.associations import office_rows, offices
from core.associations.convert import FROM_KIND, office_to_pb
from core.associations.rules import FieldRefused, OfficeKind
from core.associations.speakers import in_person, standing_of
from core.db import Database
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import circulars_pb2 as pb


class Offices:
    """Answers the chair, and the city's section, about who holds which office."""

    db: Database

    @mutation
    def AppointOfficer(
        self, session: Session, request: pb.AppointOfficerRequest, call: Call
    ) -> pb.AppointOfficerResponse:
        office, holder = offices.appoint(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            association_id=request.association_id,
            new=_new(request.office, "office"),
            begin=_day(request.begin_date, "begin_date"),
            end=_day(request.end_date, "end_date"),
            now=call.now,
        )
        about(session, holder.id)
        return pb.AppointOfficerResponse(office=office_to_pb(office, holder.display_name))

    @mutation
    def EndOffice(
        self, session: Session, request: pb.EndOfficeRequest, call: Call
    ) -> pb.EndOfficeResponse:
        office, holder = offices.end(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            office_id=request.office_id,
            last_day=_day(request.end_date, "end_date"),
            reason=request.reason,
            now=call.now,
        )
        about(session, holder.id)
        return pb.EndOfficeResponse(office=office_to_pb(office, holder.display_name))

    @mutation
    def HandOverOffices(
        self, session: Session, request: pb.HandOverOfficesRequest, call: Call
    ) -> pb.HandOverOfficesResponse:
        new = [_new(one, f"offices[{at}]") for at, one in enumerate(request.offices)]
        if OfficeKind.CHAIR not in {one.kind for one in new}:
            raise FieldRefused("a handover names the chair to come", field="offices")
        given = offices.hand_over(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            association_id=request.association_id,
            new=new,
            begin=_day(request.begin_date, "begin_date"),
            end=_day(request.end_date, "end_date"),
            etag=request.etag,
            now=call.now,
        )
        # Without names: an answer is kept for its repeats, and is about one person at most.
        return pb.HandOverOfficesResponse(offices=[office_to_pb(office, "") for office, _ in given])

    async def ListOffices(
        self, request: pb.ListOfficesRequest, call: Call
    ) -> pb.ListOfficesResponse:
        limit = paging.limit_of(request.page_size)
        after = _after(paging.key_of(request.page_token, 2))

        def read(session: Session) -> pb.ListOfficesResponse:
            association, standing = standing_of(session, request, call.caller, call.now)
            standing.check_sees()
            found = office_rows.page(session, association, after=after, limit=limit + 1)
            shown, token = paging.split(
                found, limit, lambda row: (row[0].begin_date.isoformat(), row[0].id)
            )
            return pb.ListOfficesResponse(
                offices=[office_to_pb(office, holder.display_name) for office, holder in shown],
                next_page_token=token,
            )

        return await self.db.read(read)


def _new(office: pb.NewOffice, field: str) -> offices.NewOffice:
    """Return an office to be given; raise FieldRefused where group and kind do not fit."""
    kind = FROM_KIND[office.kind]
    if bool(office.group_id) != (kind is OfficeKind.GROUP_HEAD):
        raise FieldRefused("a group head has a group, and nobody else", field=f"{field}.group_id")
    return offices.NewOffice(kind, office.group_id, office.member_id)


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldRefused("there is no such day", field=field) from None


def _after(key: tuple[str, ...]) -> tuple[date, str] | None:
    """Return where a page token says to go on; raise CursorExpired where it is none of ours."""
    if not key:
        return None
    try:
        return date.fromisoformat(key[0]), key[1]
    except ValueError:
        raise paging.expired() from None
