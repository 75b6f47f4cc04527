"""The part of CircularService about associations, their groups and their households."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from core.associations import office_rows, overview, structure, structure_rows
from core.associations.convert import (
    association_to_pb,
    group_to_pb,
    household_to_pb,
    office_to_pb,
    overview_to_pb,
    place_of,
    rights_to_pb,
    summary_to_pb,
)
from core.associations.rows import Association
from core.associations.rules import Standing
from core.associations.speakers import in_person, standing_of
from core.associations.structure import GroupGiven, HouseholdGiven
from core.db import Database
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import mutation
from todoke.v1 import circulars_pb2 as pb

LastRounds = Callable[[Session, str, Collection[str], datetime], Mapping[str, pb.Round]]
"""Returns what went round last, by association, as the city's section may know of it."""

Care = Callable[[Session, str, Collection[str], datetime], set[str]]
"""Returns those of the households that consented to be looked after, and have stopped reading."""


class Structure:
    """Answers what an association is made of."""

    db: Database
    stopped_reading: Care
    last_rounds: LastRounds

    async def ListAssociations(
        self, request: pb.ListAssociationsRequest, call: Call
    ) -> pb.ListAssociationsResponse:
        def read(session: Session) -> pb.ListAssociationsResponse:
            shown, token = _page(session, request, call)
            return pb.ListAssociationsResponse(
                associations=self._overviews(session, shown, call), next_page_token=token
            )

        return await self.db.read(read)

    def _overviews(
        self, session: Session, found: Sequence[Association], call: Call
    ) -> list[pb.AssociationSummary]:
        """Return associations as the city's section looks over them."""
        municipality, ids = call.caller.municipality, [one.id for one in found]
        counts = structure_rows.counts(session, municipality, ids)
        leading = overview.of(session, municipality, ids, call.now)
        last = self.last_rounds(session, municipality, ids, call.now)
        return [
            overview_to_pb(one, counts[one.id], leading[one.id], last.get(one.id)) for one in found
        ]

    @mutation
    def SaveAssociation(
        self, session: Session, request: pb.SaveAssociationRequest, call: Call
    ) -> pb.SaveAssociationResponse:
        given = request.association
        association = structure.save_association(
            session,
            call.caller,
            id=given.association_id,
            number=given.number,
            name=given.name,
            area=given.area,
            etag=given.etag,
            now=call.now,
        )
        return pb.SaveAssociationResponse(association=association_to_pb(association))

    async def GetAssociation(
        self, request: pb.GetAssociationRequest, call: Call
    ) -> pb.GetAssociationResponse:
        def read(session: Session) -> pb.GetAssociationResponse:
            association, standing = standing_of(session, request, call.caller, call.now)
            standing.check_sees()
            groups = structure_rows.groups_of(session, association)
            held = office_rows.held_in(session, association, call.now)
            if standing.is_staff:
                [summary] = self._overviews(session, [association], call)
            else:
                summary = _seen(session, association, standing, call)
            return pb.GetAssociationResponse(
                association=summary,
                groups=[group_to_pb(group) for group in groups if standing.sees(group.id)],
                offices=[office_to_pb(office, member.display_name) for office, member in held],
                rights=rights_to_pb(standing, [group.id for group in groups]),
            )

        return await self.db.read(read)

    @mutation
    def SaveGroup(
        self, session: Session, request: pb.SaveGroupRequest, call: Call
    ) -> pb.SaveGroupResponse:
        given = request.group
        group = structure.save_group(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            association_id=request.association_id,
            given=GroupGiven(given.group_id, given.name, given.round_order, given.etag),
            now=call.now,
        )
        return pb.SaveGroupResponse(group=group_to_pb(group))

    @mutation
    def SaveHousehold(
        self, session: Session, request: pb.SaveHouseholdRequest, call: Call
    ) -> pb.SaveHouseholdResponse:
        given = request.household
        household = structure.save_household(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            association_id=request.association_id,
            given=HouseholdGiven(
                given.household_id,
                given.group_id,
                given.name,
                given.address,
                given.round_order,
                given.paper,
                given.etag,
            ),
            now=call.now,
        )
        return pb.SaveHouseholdResponse(household=household_to_pb(household))

    async def ListHouseholds(
        self, request: pb.ListHouseholdsRequest, call: Call
    ) -> pb.ListHouseholdsResponse:
        limit = paging.limit_of(request.page_size)
        after = place_of(request.page_token)

        def read(session: Session) -> pb.ListHouseholdsResponse:
            association, standing = standing_of(session, request, call.caller, call.now)
            standing.check_sees()
            seen = standing.seen_groups
            if request.group_id:
                structure_rows.get_group(session, association, request.group_id)
                standing.check_sees_group(request.group_id)
                seen = frozenset({request.group_id})
            found = structure_rows.households_of(
                session, association, group_ids=seen, after=after, limit=limit + 1
            )
            shown, token = paging.split(found, limit, lambda row: tuple(map(str, row[2])))
            structure.note_look(
                session, call.caller, association.id, shown=len(shown), now=call.now
            )
            # Who reads is not the city's to see.
            ids = [household.id for household, _, _ in shown] if call.caller.is_channel else []
            care = self.stopped_reading(session, association.municipality, ids, call.now)
            households = [
                pb.HouseholdSummary(
                    household=household_to_pb(one),
                    members=members,
                    care=one.id in care,
                    care_consent=call.caller.is_channel and one.care_time is not None,
                )
                for one, members, _ in shown
            ]
            return pb.ListHouseholdsResponse(households=households, next_page_token=token)

        if call.caller.is_channel:
            return await self.db.read(read)
        return await self.db.write(read)  # The log of what staff saw.


def _page(
    session: Session, request: pb.ListAssociationsRequest, call: Call
) -> tuple[Sequence[Association], str]:
    """Return a page of associations and the token of the next; raise CursorExpired."""
    municipality, limit = call.caller.municipality, paging.limit_of(request.page_size)
    if not request.by_term:
        key = paging.key_of(request.page_token, 2) or ("", "")
        found = structure_rows.page(session, municipality, after=(key[0], key[1]), limit=limit + 1)
        return paging.split(found, limit, lambda row: (row.name, row.id))
    after = _term(paging.key_of(request.page_token, 3))
    by_term = overview.page_by_term(
        session, municipality, after=after, limit=limit + 1, now=call.now
    )
    shown, token = paging.split(
        by_term, limit, lambda row: (row[1].isoformat(), row[0].name, row[0].id)
    )
    return [row for row, _ in shown], token


def _term(key: tuple[str, ...]) -> overview.Key | None:
    """Return where a page token says to go on; raise CursorExpired where it is none of ours."""
    if not key:
        return None
    try:
        return date.fromisoformat(key[0]), key[1], key[2]
    except ValueError:
        raise paging.expired() from None


def _seen(
    session: Session, association: Association, standing: Standing, call: Call
) -> pb.AssociationSummary:
    """Return an association with the counts that an officer sees."""
    municipality, id = association.municipality, association.id
    seen = standing.seen_groups
    counts = structure_rows.counts(session, municipality, [id], group_ids=seen)
    led = office_rows.with_chair(session, municipality, call.now)
    return summary_to_pb(association, counts[id], leaderless=id not in led)
