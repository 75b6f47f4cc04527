"""Associations, from rows to the contract's messages."""

from collections.abc import Iterable

from core.associations import member_rows, rows
from core.associations.overview import Leading
from core.associations.rules import JoinState, OfficeKind, Standing
from core.associations.structure_rows import Counts, Place
from core.etags import etag_of
from core.wire import paging
from core.wire.convert import to_date, to_timestamp
from todoke.v1 import circulars_pb2 as pb

TO_KIND = {kind: pb.OfficeKind.Value(f"OFFICE_KIND_{kind.name}") for kind in OfficeKind}
FROM_KIND = {value: kind for kind, value in TO_KIND.items()}
TO_JOIN_STATE = {
    state: pb.JoinRequestState.Value(f"JOIN_REQUEST_STATE_{state.name}") for state in JoinState
}


def association_to_pb(row: rows.Association) -> pb.Association:
    return pb.Association(
        association_id=row.id,
        number=row.number,
        name=row.name,
        area=row.area,
        etag=etag_of(row.revision),
    )


def summary_to_pb(
    row: rows.Association, counts: Counts, *, leaderless: bool
) -> pb.AssociationSummary:
    return pb.AssociationSummary(
        association=association_to_pb(row),
        groups=counts.groups,
        households=counts.households,
        joined=counts.joined,
        leaderless=leaderless,
    )


def overview_to_pb(
    row: rows.Association, counts: Counts, leading: Leading, last: pb.Round | None
) -> pb.AssociationSummary:
    """Return an association as the city's section looks over it."""
    told = summary_to_pb(row, counts, leaderless=leading.chair_until is None)
    told.chair_until = to_date(leading.chair_until)
    told.offices, told.headless_groups = leading.offices, leading.headless_groups
    told.join_requests = leading.join_requests
    if last is not None:
        told.last_round.CopyFrom(last)
    return told


def group_to_pb(row: rows.Group) -> pb.Group:
    return pb.Group(
        group_id=row.id, name=row.name, round_order=row.round_order, etag=etag_of(row.revision)
    )


def household_to_pb(row: rows.Household) -> pb.Household:
    return pb.Household(
        household_id=row.id,
        group_id=row.group_id,
        name=row.name,
        address=row.address,
        round_order=row.round_order,
        paper=row.paper,
        etag=etag_of(row.revision),
    )


def member_to_pb(row: member_rows.Member, channel: str) -> pb.Member:
    return pb.Member(
        member_id=row.id,
        household_id=row.household_id,
        display_name=row.display_name,
        channel=channel,
        join_time=to_timestamp(row.join_time),
    )


def office_to_pb(row: member_rows.Office, holder: str) -> pb.Office:
    return pb.Office(
        office_id=row.id,
        kind=TO_KIND[row.kind],
        group_id=row.group_id,
        member_id=row.member_id,
        display_name=holder,
        begin_date=to_date(row.begin_date),
        end_date=to_date(row.end_date),
    )


def place_of(page_token: str) -> Place | None:
    """Return the household after which a page goes on; raise CursorExpired for no token of ours."""
    key = paging.key_of(page_token, parts=4)
    return (paging.number_of(key[0]), key[1], paging.number_of(key[2]), key[3]) if key else None


def rights_to_pb(standing: Standing, group_ids: Iterable[str]) -> pb.OfficerRights:
    """Return what somebody's offices let them do, in an association of these groups."""
    return pb.OfficerRights(
        write_offices=standing.writes_offices,
        lead_all=standing.is_staff or standing.leads_all,
        led_group_ids=[id for id in group_ids if standing.leads(id)],
    )


def join_request_to_pb(row: member_rows.JoinRequest) -> pb.JoinRequest:
    return pb.JoinRequest(
        join_request_id=row.id,
        association_id=row.association_id,
        household_id=row.household_id,
        group_id=row.group_id,
        display_name=row.display_name,
        state=TO_JOIN_STATE[row.state],
        create_time=to_timestamp(row.create_time),
    )
