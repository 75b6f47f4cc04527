"""The fake core's staff and what they watch."""

import asyncio
from contextlib import suppress

from tests.tui.fake_core.city import MUNICIPALITY, MUNICIPALITY_NAME, PASSWORD, STAFF, Refused
from tests.tui.fake_core.door import Servicer, answered, check, status_of
from todoke.v1 import activity_pb2 as activity
from todoke.v1 import activity_pb2_grpc, dispatches_pb2, dispatches_pb2_grpc, staff_pb2_grpc
from todoke.v1 import staff_pb2 as staff

SIGN_OF_LIFE_SECONDS = 15.0


class StaffServicer(Servicer, staff_pb2_grpc.StaffServiceServicer):
    person = STAFF["hanako"]

    @answered
    def SignIn(self, request):
        person = STAFF.get(request.name)
        if person is None or request.password != PASSWORD:
            raise Refused("SIGN_IN_REFUSED")
        self.person = person
        self.city.who = person.name
        return staff.SignInResponse(token=f"token-{request.name}", staff=person)

    @answered
    def SignOut(self, request):
        return staff.SignOutResponse()

    @answered
    def GetCaller(self, request):
        return staff.GetCallerResponse(
            municipality=MUNICIPALITY, municipality_name=MUNICIPALITY_NAME, staff=self.person
        )


class ActivityServicer(Servicer, activity_pb2_grpc.ActivityServiceServicer):
    @answered
    def GetOverview(self, request):
        counts = {}
        for dispatch in self.city.dispatches:
            name = dispatches_pb2.DispatchState.Name(dispatch.state)
            key = name.removeprefix("DISPATCH_STATE_").lower()
            counts[key] = counts.get(key, 0) + 1
        return activity.GetOverviewResponse(
            residents=self.city.residents,
            contacts=self.city.residents,
            programs=reversed(self.city.programs.values()),
            dispatches=counts,
            stale_residents=sum(bool(r.stale_causes) for r in self.city.people.values()),
            registrations_to_decide=sum(r.state == 1 for r in self.city.registrations.values()),
            cursor=str(len(self.city.events)),
        )

    async def WatchEvents(self, request, context):
        city = self.city
        try:
            check(city, "WatchEvents", request, context)
        except Refused as refused:
            await context.abort_with_status(status_of(refused))
        seen = int(request.cursor or len(city.events))
        while not city.closing:
            changed = city.changed
            events = city.events[seen:]
            seen += len(events)
            yield activity.WatchEventsResponse(events=events, cursor=str(seen))
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), SIGN_OF_LIFE_SECONDS)

    @answered
    def ListEvents(self, request):
        before = int(request.page_token or len(self.city.events) + 1)
        found = [
            event
            for event in reversed(self.city.events)
            if event.seq < before and request.subject in {"", event.subject}
        ]
        shown = found[: request.page_size]
        token = str(shown[-1].seq) if len(found) > len(shown) else ""
        return activity.ListEventsResponse(events=shown, next_page_token=token)

    @answered
    def VerifyAudit(self, request):
        return activity.VerifyAuditResponse(
            events=len(self.city.events), head="ab" * 32, broken_at=self.city.broken_at
        )


class DispatchServicer(Servicer, dispatches_pb2_grpc.DispatchServiceServicer):
    @answered
    def ListDispatches(self, request):
        found = [d for d in self.city.dispatches if request.state in {0, d.state}]
        return dispatches_pb2.ListDispatchesResponse(dispatches=found)

    @answered
    def GetDeliveryStatus(self, request):
        del request
        doubtful = [
            d for d in self.city.dispatches if d.state == dispatches_pb2.DISPATCH_STATE_UNKNOWN
        ]
        return dispatches_pb2.GetDeliveryStatusResponse(unknown=len(doubtful))
