"""The fake core as a server on loopback, which can go away and come back on the same port."""

from typing import Self

import grpc

from tests.tui.fake_core.benefits import ApplicationServicer
from tests.tui.fake_core.city import MUNICIPALITY, MUNICIPALITY_NAME, STAFF, City
from tests.tui.fake_core.crossings import CrossingServicer
from tests.tui.fake_core.ledger import LedgerServicer
from tests.tui.fake_core.matching import MatchingServicer
from tests.tui.fake_core.money import PaymentServicer
from tests.tui.fake_core.people import ActivityServicer, DispatchServicer, StaffServicer
from tests.tui.fake_core.procedures import ProcedureServicer
from tests.tui.fake_core.programs import EligibilityServicer
from tests.tui.fake_core.rosters import RosterServicer
from tests.tui.fake_core.town_hall import (
    AccessServicer,
    ProxyServicer,
    RecordServicer,
    RegistrationServicer,
    ResidentServicer,
)
from todoke.v1 import (
    access_pb2_grpc,
    activity_pb2_grpc,
    applications_pb2_grpc,
    crossings_pb2_grpc,
    dispatches_pb2_grpc,
    eligibility_pb2_grpc,
    ledger_pb2_grpc,
    matching_pb2_grpc,
    payments_pb2_grpc,
    procedures_pb2_grpc,
    proxies_pb2_grpc,
    records_pb2_grpc,
    registration_pb2_grpc,
    residents_pb2_grpc,
    rosters_pb2_grpc,
    staff_pb2_grpc,
)
from tui.desk import Person


class FakeCore:
    """`async with FakeCore() as core` serves `core.city` at `core.address`."""

    def __init__(self) -> None:
        self.city = City()
        self.port = 0
        self._server: grpc.aio.Server | None = None
        self._staff = StaffServicer(self.city)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def seat(self, name: str) -> Person:
        """Let somebody have signed in, by the token of their name."""
        self._staff.person = STAFF[name]
        self.city.who = name
        return Person(MUNICIPALITY, MUNICIPALITY_NAME, STAFF[name])

    async def __aenter__(self) -> Self:
        await self.come()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.go_away()

    async def come(self) -> None:
        self.city.closing = False
        server = grpc.aio.server()
        staff_pb2_grpc.add_StaffServiceServicer_to_server(self._staff, server)
        activity_pb2_grpc.add_ActivityServiceServicer_to_server(ActivityServicer(self.city), server)
        dispatches_pb2_grpc.add_DispatchServiceServicer_to_server(
            DispatchServicer(self.city), server
        )
        eligibility_pb2_grpc.add_EligibilityServiceServicer_to_server(
            EligibilityServicer(self.city), server
        )
        matching_pb2_grpc.add_MatchingServiceServicer_to_server(MatchingServicer(self.city), server)
        rosters_pb2_grpc.add_RosterServiceServicer_to_server(RosterServicer(self.city), server)
        applications_pb2_grpc.add_ApplicationServiceServicer_to_server(
            ApplicationServicer(self.city), server
        )
        payments_pb2_grpc.add_PaymentServiceServicer_to_server(PaymentServicer(self.city), server)
        procedures_pb2_grpc.add_ProcedureServiceServicer_to_server(
            ProcedureServicer(self.city), server
        )
        residents_pb2_grpc.add_ResidentServiceServicer_to_server(
            ResidentServicer(self.city), server
        )
        registration_pb2_grpc.add_RegistrationServiceServicer_to_server(
            RegistrationServicer(self.city), server
        )
        access_pb2_grpc.add_AccessServiceServicer_to_server(AccessServicer(self.city), server)
        proxies_pb2_grpc.add_ProxyServiceServicer_to_server(ProxyServicer(self.city), server)
        records_pb2_grpc.add_RecordServiceServicer_to_server(RecordServicer(self.city), server)
        crossings_pb2_grpc.add_CrossingServiceServicer_to_server(
            CrossingServicer(self.city), server
        )
        ledger_pb2_grpc.add_LedgerServiceServicer_to_server(LedgerServicer(self.city), server)
        self.port = server.add_insecure_port(f"127.0.0.1:{self.port}")
        await server.start()
        self._server = server

    async def go_away(self) -> None:
        if self._server is not None:
            self.city.closing = True
            self.city.wake()
            await self._server.stop(None)
            self._server = None
