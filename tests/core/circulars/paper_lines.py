"""What stands on a round sheet that came back, as tests enter it, and who is asked by one."""

from datetime import timedelta

from tests.core.associations.makers import Neighbour
from tests.core.circulars.makers import (
    Block,
)
from tests.town import Town
from todoke.v1 import circulars_pb2 as pb

TAPPED = pb.RECEIPT_WAY_TAPPED
PAPER = pb.RECEIPT_WAY_PAPER
OPENED = pb.RECEIPT_WAY_OPENED
UNREAD = pb.RECEIPT_WAY_UNSPECIFIED


def coming(number: int) -> pb.HouseholdAnswer:
    return pb.HouseholdAnswer(attendance=pb.Attendance(coming=number))


def voting(choice: str) -> pb.HouseholdAnswer:
    return pb.HouseholdAnswer(vote=choice)


def answered(household_id: str, answer: pb.HouseholdAnswer) -> pb.PaperLine:
    return pb.PaperLine(household_id=household_id, answer=answer)


def read(household_id: str) -> pb.PaperLine:
    return pb.PaperLine(household_id=household_id, read=True)


def nothing(household_id: str) -> pb.PaperLine:
    return pb.PaperLine(household_id=household_id, read=False)


def in_days(town: Town, days: int) -> str:
    return (town.clock() + timedelta(days=days)).date().isoformat()


async def asked(block: Block, **fields) -> str:
    """Ask who comes, until in a week."""
    given = {"kind": pb.CIRCULAR_KIND_ATTENDANCE, "due_date": in_days(block.town, 7)}
    return (await block.send(**{**given, **fields})).circular_id


async def lines(block: Block, by: Neighbour, id: str, **fields) -> dict[str, pb.Receipt]:
    found = await block.receipts(by, id, **fields)
    return {one.household.household_id: one for one in found.receipts}
