"""Whose answer is given in the chat: one's own, that of whom one acts for, or one on paper."""

from dataclasses import dataclass
from typing import Self

from channels.line.visits import Visit
from channels.line.whose import Whose
from todoke.v1 import circulars_pb2 as pb

OWN, FOR, HOME = "own", "for", "home"


@dataclass(frozen=True, slots=True)
class Respondent:
    """`id` is the resident for whom one acts, or the household whose paper an officer has."""

    kind: str = OWN
    id: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what stands in a button."""
        kind, _, id = text.partition("_")
        return cls(kind, id)

    @classmethod
    def of(cls, whose: Whose) -> Self:
        return cls(FOR, whose.resident_id) if whose.resident_id else cls()

    def __str__(self) -> str:
        return f"{self.kind}_{self.id}" if self.id else self.kind

    @property
    def is_on_paper(self) -> bool:
        return self.kind == HOME

    async def look(self, visit: Visit, circular_id: str) -> "Asked":
        """Look at what is asked, and what was answered. Raises CoreError."""
        if self.is_on_paper:
            return await _on_paper(visit, circular_id, self.id)
        request = pb.OpenCircularRequest(
            speaker=self._whose.speaker(visit),
            circular_id=circular_id,
            request_id=f"{visit.event.id}:open",
        )
        own = (await visit.core.ask(visit.core.circulars.OpenCircular, request)).circular
        return Asked(own.circular, own.answer)

    async def give(self, visit: Visit, circular_id: str, answer: pb.HouseholdAnswer) -> bool:
        """Give the answer; False where the household answered itself what came on paper."""
        if self.is_on_paper:
            line = pb.PaperLine(household_id=self.id, answer=answer)
            entering = pb.RecordPaperReceiptRequest(
                speaker=visit.speaker,
                circular_id=circular_id,
                lines=[line],
                request_id=visit.event.id,
            )
            done = await visit.core.ask(visit.core.circulars.RecordPaperReceipt, entering)
            return not done.answered_themselves
        request = pb.AnswerCircularRequest(
            speaker=self._whose.speaker(visit),
            circular_id=circular_id,
            answer=answer,
            request_id=visit.event.id,
        )
        await visit.core.ask(visit.core.circulars.AnswerCircular, request)
        return True

    @property
    def _whose(self) -> Whose:
        return Whose(self.id)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a circular asks, what was answered, and of which household on paper."""

    circular: pb.Circular
    answer: pb.HouseholdAnswer
    household: str = ""


async def _on_paper(visit: Visit, circular_id: str, household_id: str) -> Asked:
    getting = pb.GetCircularRequest(speaker=visit.speaker, circular_id=circular_id)
    circular = (await visit.core.ask(visit.core.circulars.GetCircular, getting)).circular
    for one in await receipts(visit, circular_id):
        if one.household.household_id == household_id:
            return Asked(circular, one.answer, one.household.name)
    return Asked(circular, pb.HouseholdAnswer())


MOST_PAGES = 20


async def receipts(visit: Visit, circular_id: str, *, unread: bool = False) -> list[pb.Receipt]:
    """List the households that a circular is for, in the order of the round."""
    request = pb.ListReceiptsRequest(speaker=visit.speaker, circular_id=circular_id, unread=unread)
    method = visit.core.circulars.ListReceipts
    pages = visit.core.pages(method, request, most=MOST_PAGES)
    return [one async for page in pages for one in page.receipts]
