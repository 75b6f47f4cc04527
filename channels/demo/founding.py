"""What the city's section does for a neighbourhood association: founds it, and lets people in."""

from datetime import UTC, datetime, timedelta

from channels.demo import city_hall
from channels.demo.neighbours import HOUSEHOLDS
from channels.demo.stage import Stage
from channels.demo.steady import SteadyCore
from todoke.v1 import circulars_pb2 as pb

JAPAN = timedelta(hours=9)
YEAR = timedelta(days=364)


class Founding:
    """The section's desk; `homes` are the households in the order of the round, the last on paper.

    Every deed is done once, however often the core must be asked for it.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._desk: SteadyCore | None = None
        self.association_id = ""
        self.homes: list[pb.Household] = []

    @property
    def desk(self) -> SteadyCore:
        if self._desk is None:
            raise RuntimeError("found the association first")
        return self._desk

    async def found(self) -> None:
        """Keep an association with a group and its households."""
        self._desk = await self._stage.hall.sign_in(city_hall.ASSOCIATIONS.name)
        words, circulars = self._stage.words, self.desk.core.circulars
        association = pb.SaveAssociationRequest(
            association=pb.Association(number="1", name=words("association", "name")),
            request_id="demo:association",
        )
        kept = await self.desk.ask(circulars.SaveAssociation, association)
        self.association_id = kept.association.association_id
        group = pb.SaveGroupRequest(
            association_id=self.association_id,
            group=pb.Group(name=words("association", "group"), round_order=1),
            request_id="demo:association:group",
        )
        group_id = (await self.desk.ask(circulars.SaveGroup, group)).group.group_id
        for place in range(1, HOUSEHOLDS + 1):
            household = pb.SaveHouseholdRequest(
                association_id=self.association_id,
                household=pb.Household(
                    group_id=group_id,
                    name=words("association", f"home_{place}"),
                    round_order=place,
                    paper=place == HOUSEHOLDS,
                ),
                request_id=f"demo:association:home:{place}",
            )
            self.homes.append((await self.desk.ask(circulars.SaveHousehold, household)).household)

    async def invite(self, home: pb.Household) -> str:
        """Make a code to join a household."""
        request = pb.CreateInvitationRequest(
            association_id=self.association_id,
            household_id=home.household_id,
            days=14,
            request_id=f"demo:invite:{home.household_id}",
        )
        return (await self.desk.ask(self.desk.core.circulars.CreateInvitation, request)).code

    async def confirm(self, home: pb.Household) -> str:
        """Confirm who asked to join a household; return the member's id."""
        circulars = self.desk.core.circulars
        waiting = pb.ListJoinRequestsRequest(association_id=self.association_id)
        wishes = (await self.desk.ask(circulars.ListJoinRequests, waiting)).join_requests
        wish = next(one for one in wishes if one.household_id == home.household_id)
        request = pb.DecideJoinRequestRequest(
            join_request_id=wish.join_request_id,
            confirmed=True,
            household_id=home.household_id,
            request_id=f"demo:confirm:{home.household_id}",
        )
        return (await self.desk.ask(circulars.DecideJoinRequest, request)).member.member_id

    async def appoint_chair(self, member_id: str) -> None:
        today = (datetime.now(UTC) + JAPAN).date()
        request = pb.AppointOfficerRequest(
            association_id=self.association_id,
            office=pb.NewOffice(kind=pb.OFFICE_KIND_CHAIR, member_id=member_id),
            begin_date=today.isoformat(),
            end_date=(today + YEAR).isoformat(),
            request_id="demo:chair",
        )
        await self.desk.ask(self.desk.core.circulars.AppointOfficer, request)

    async def send_to_leaders(self) -> None:
        """Send the city's circular to the leaders, for them to pass on."""
        words, circulars = self._stage.words, self.desk.core.circulars
        draft = pb.SaveCircularRequest(
            kind=pb.CIRCULAR_KIND_NOTICE,
            content=pb.CircularContent(
                title=words("association", "title"),
                body=words("association", "body"),
                on_board=True,
            ),
            targets=pb.Targets(all_associations=True),
            request_id="demo:circular",
        )
        saved = (await self.desk.ask(circulars.SaveCircular, draft)).circular
        publish = pb.PublishCircularRequest(
            circular_id=saved.circular_id, etag=saved.etag, request_id="demo:circular:publish"
        )
        await self.desk.ask(circulars.PublishCircular, publish)

    async def joined(self) -> int:
        """Count the households of which somebody joined."""
        request = pb.GetAssociationRequest(association_id=self.association_id)
        answer = await self.desk.ask(self.desk.core.circulars.GetAssociation, request)
        return answer.association.joined
