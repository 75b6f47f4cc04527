"""A program whose residents came differently far, and what staff ask of its ledger."""

from dataclasses import dataclass

from channels.simulators.card import Holder
from tests.cards import Cards, a_holder
from tests.core.eligibility.makers import a_file, a_program, a_row, matched, upload
from tests.makers import Registered, a_request_id, a_resident
from tests.town import Town
from todoke.client import Core
from todoke.v1 import applications_pb2, eligibility_pb2
from todoke.v1 import ledger_pb2 as pb


@dataclass
class City:
    """A program with a roster, and who has to do with it."""

    town: Town
    line: Core
    clerk: Core
    program: eligibility_pb2.Program
    residents: dict[str, Registered]
    holders: dict[str, Holder]

    async def ledger(self, *states: int, **changes) -> pb.ListLedgerResponse:
        request = pb.ListLedgerRequest(program_id=self.program.program_id, states=states, **changes)
        return await self.clerk.ask(self.clerk.ledger.ListLedger, request)

    async def entry(self, reference: str) -> pb.LedgerEntry:
        found = (await self.ledger(page_size=200)).entries
        return next(one for one in found if one.entitlement.reference == reference)

    async def contacted(self, reference: str, **changes) -> pb.LedgerEntry:
        entry = await self.entry(reference)
        request = pb.RecordContactRequest(
            entitlement_id=entry.entitlement.entitlement_id,
            way=pb.CONTACT_WAY_PHONE,
            reached=True,
            note="折り返しを約束",
            request_id=a_request_id(),
        )
        request.contact_time.FromDatetime(self.town.clock())
        for name, value in changes.items():
            setattr(request, name, value)
        return (await self.clerk.ask(self.clerk.ledger.RecordContact, request)).entry

    async def invite(self) -> applications_pb2.InviteResidentsResponse:
        request = applications_pb2.InviteResidentsRequest(
            program_id=self.program.program_id, request_id=a_request_id()
        )
        return await self.clerk.ask(self.clerk.applications.InviteResidents, request)


async def a_city(town: Town, cards: Cards, *, here: str = "12", absent: str = "34") -> City:
    """Put everybody on the roster by a number of one digit; those who are `here` registered."""
    line, clerk = await town.channel(), await town.staff()
    holders = {reference: a_holder() for reference in here + absent}
    residents = {one: await a_resident(town, line, cards.issue(holders[one])) for one in here}
    program = await a_program(clerk)
    await upload(clerk, program, a_file(*(a_row(holders[one], one) for one in holders)))
    await matched(clerk, program)
    return City(town, line, clerk, program, residents, holders)
