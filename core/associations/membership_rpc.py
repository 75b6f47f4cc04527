"""The part of CircularService about who belongs to a household, and where else they go on."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from core.access.guessing import guarded
from core.associations import (
    joined_rows,
    joining,
    leaving,
    linking,
    standings,
    structure,
    structure_rows,
)
from core.associations.convert import (
    association_to_pb,
    household_to_pb,
    join_request_to_pb,
    member_to_pb,
    office_to_pb,
)
from core.associations.member_rows import Member
from core.associations.rows import Household
from core.associations.rules import InvitationRefused
from core.associations.speakers import in_person, members_of, standing_of
from core.db import Database
from core.proxies import speaking
from core.proxies.rows import Proxy
from core.proxies.rules import Scope
from core.residents import contact_rows, fact_rows
from core.wire import paging
from core.wire.convert import to_timestamp
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.residents_pb2 import Speaker


class Memberships:
    """Answers who belongs to a household, and ends it."""

    db: Database

    async def ListMembers(
        self, request: pb.ListMembersRequest, call: Call
    ) -> pb.ListMembersResponse:
        limit = paging.limit_of(request.page_size)
        after = "".join(paging.key_of(request.page_token))

        def read(session: Session) -> pb.ListMembersResponse:
            of = _of_household if request.household_id else _of_association
            found = of(session, request, call, after, limit + 1)
            shown, token = paging.split(found, limit, lambda row: (row.id,))
            return pb.ListMembersResponse(
                members=members_to_pb(session, call.caller.municipality, shown),
                next_page_token=token,
            )

        return await self.db.read(read)

    async def ListMemberships(
        self, request: pb.ListMembershipsRequest, call: Call
    ) -> pb.ListMembershipsResponse:
        def read(session: Session) -> pb.ListMembershipsResponse:
            members = members_of(session, call.caller, request.speaker, call.now)
            memberships = [membership_to_pb(session, member, call) for member in members]
            memberships.sort(key=lambda one: one.association.name)
            told = pb.ListMembershipsResponse(memberships=memberships)
            if not request.speaker.for_resident_id:
                _tell_besides(session, request.speaker, call, told)
            return told

        return await self.db.read(read)

    @mutation
    def EndHousehold(
        self, session: Session, request: pb.EndHouseholdRequest, call: Call
    ) -> pb.EndHouseholdResponse:
        household = leaving.end_household(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            household_id=request.household_id,
            reason=request.reason,
            etag=request.etag,
            now=call.now,
        )
        return pb.EndHouseholdResponse(household=household_to_pb(household))

    @mutation
    def EndMembership(
        self, session: Session, request: pb.EndMembershipRequest, call: Call
    ) -> pb.EndMembershipResponse:
        member = leaving.end_membership(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            member_id=request.member_id,
            reason=request.reason,
            now=call.now,
        )
        about(session, member.id)
        shown = members_to_pb(session, member.municipality, [member])
        return pb.EndMembershipResponse(member=shown[0])

    @mutation
    def BeginMemberLink(
        self, session: Session, request: pb.BeginMemberLinkRequest, call: Call
    ) -> pb.BeginMemberLinkResponse:
        made = linking.begin(
            session,
            call.caller,
            speaker=request.speaker,
            member_id=request.member_id,
            now=call.now,
        )
        about(session, request.member_id)
        return pb.BeginMemberLinkResponse(
            code=made.code, expire_time=to_timestamp(made.expire_time)
        )

    async def CompleteMemberLink(
        self, request: pb.CompleteMemberLinkRequest, call: Call
    ) -> pb.CompleteMemberLinkResponse:
        external_id = in_person(request.speaker)

        def change(session: Session) -> pb.CompleteMemberLinkResponse:
            member, proxy = linking.complete(
                session, call.caller, external_id=external_id, code=request.code, now=call.now
            )
            about(session, member.id)
            told = pb.CompleteMemberLinkResponse(membership=membership_to_pb(session, member, call))
            if proxy is not None:
                [acted_for] = _named(session, [proxy])
                told.acted_for.CopyFrom(acted_for)
            return told

        return await guarded(
            self.db,
            call,
            method="CircularService.CompleteMemberLink",
            request=request,
            response_type=pb.CompleteMemberLinkResponse,
            change=change,
            guess=InvitationRefused,
            failed=lambda s, _: joining.count_guess(
                s, call.caller, external_id=external_id, now=call.now
            ),
        )

    @mutation
    def SetCare(
        self, session: Session, request: pb.SetCareRequest, call: Call
    ) -> pb.SetCareResponse:
        member = linking.set_care(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            household_id=request.household_id,
            consented=request.consented,
            now=call.now,
        )
        if member is None:
            return pb.SetCareResponse()
        about(session, member.id)
        return pb.SetCareResponse(membership=membership_to_pb(session, member, call))


def _of_household(
    session: Session, request: pb.ListMembersRequest, call: Call, after: str, limit: int
) -> list[Member]:
    household, standing = structure.household_known(
        session,
        call.caller,
        external_id=in_person(request.speaker),
        household_id=request.household_id,
        now=call.now,
    )
    if standing.household_id != household.id:
        standing.check_sees_group(household.group_id)
    return joined_rows.members_of_household(
        session, household.municipality, household.id, after=after, limit=limit
    )


def _of_association(
    session: Session, request: pb.ListMembersRequest, call: Call, after: str, limit: int
) -> list[Member]:
    association, standing = standing_of(session, request, call.caller, call.now)
    standing.check_sees()
    return joined_rows.members_of_association(
        session, association, group_ids=standing.seen_groups, after=after, limit=limit
    )


def _tell_besides(
    session: Session, speaker: Speaker, call: Call, told: pb.ListMembershipsResponse
) -> None:
    """Tell whose circulars a speaker reads besides, what they asked for, and what is over."""
    contact = contact_rows.contact_of(session, call.caller, speaker.external_id)
    acting = speaking.acted_for(session, contact, Scope.CIRCULARS, call.now)
    told.acted_for.extend(_named(session, acting))
    asked = joined_rows.asked_by(session, contact.municipality, contact.id)
    told.join_requests.extend(join_request_to_pb(one) for one in asked)
    here = {one.association.association_id for one in told.memberships}
    for member in joined_rows.ended_of(session, contact.municipality, contact.id):
        if member.association_id in here:
            continue
        here.add(member.association_id)
        association = structure_rows.get(session, member.municipality, member.association_id)
        told.ended.add(
            association=association_to_pb(association), end_time=to_timestamp(member.end_time)
        )


def _named(session: Session, proxies: Sequence[Proxy]) -> list[pb.ActedFor]:
    """Return for whom proxies act, by their verified names."""
    if not proxies:
        return []
    ids = {one.resident_id for one in proxies}
    names = fact_rows.names_of(session, proxies[0].municipality, ids)
    found = [pb.ActedFor(resident_id=id, name=names.get(id, "")) for id in ids]
    return sorted(found, key=lambda one: (one.name, one.resident_id))


def members_to_pb(
    session: Session, municipality: str, members: Iterable[Member]
) -> list[pb.Member]:
    """Return members, each with the channel of the newest seen contact."""
    members = list(members)
    contacts = joined_rows.contacts_by_member(
        session, municipality, [member.id for member in members]
    )
    channels = {id: of[0].channel for id, of in contacts.items()}
    return [member_to_pb(member, channels.get(member.id, "")) for member in members]


def membership_to_pb(session: Session, member: Member, call: Call) -> pb.Membership:
    """Return how a member belongs to the association today."""
    association = structure_rows.get(session, member.municipality, member.association_id)
    household = session.get_one(Household, (member.municipality, member.household_id))
    held = standings.offices_today(session, member.municipality, [member.id], call.now)
    return pb.Membership(
        association=association_to_pb(association),
        household=household_to_pb(household),
        member_id=member.id,
        offices=[office_to_pb(office, member.display_name) for office in held],
        care_consent=household.care_time is not None,
    )
