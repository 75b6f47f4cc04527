"""Circulars, as a chair writes and members read them in tests."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pylopdf_fonts_jp
import typst

from tests.adapter import Adapter, an_adapter
from tests.core.associations.makers import Neighbour, Neighbourhood, an_association
from tests.makers import a_request_id
from tests.town import Town
from todoke.client import Core, CoreError
from todoke.v1 import circulars_pb2 as pb
from todoke.v1 import dispatches_pb2
from todoke.v1.dispatches_pb2 import OUTCOME_RESULT_ACCEPTED

EVERYBODY = pb.Targets(everybody=True)
SEEN = pb.HouseholdAnswer(seen=True)
YES_NO = (
    pb.CircularOption(value="yes", label="はい"),
    pb.CircularOption(value="no", label="いいえ"),
)


def a_pdf(text: str = "総会の議案です。") -> bytes:
    """Return two pages with Japanese text, as an office writes them."""
    made: bytes = typst.compile(
        f'#set text(font: "Noto Sans JP", lang: "ja")\n{text}\n#pagebreak()\nPage two'.encode(),
        font_paths=[str(pylopdf_fonts_jp.sans_path().parent)],
        ignore_system_fonts=True,
    )
    return made


@dataclass
class Block:
    """An association with the callers that its people use."""

    town: Town
    line: Core
    staff: Core
    of: Neighbourhood

    async def save(self, by: Neighbour, **fields) -> pb.Circular:
        """Keep a draft: a notice to everybody, but for what is named."""
        request = a_draft(self.of.association_id, by, **fields)
        return (await self.line.ask(self.line.circulars.SaveCircular, request)).circular

    async def publish(self, by: Neighbour, circular: pb.Circular, **fields) -> pb.Circular:
        request = pb.PublishCircularRequest(
            speaker=by.speaker,
            circular_id=circular.circular_id,
            etag=circular.etag,
            request_id=a_request_id(),
            **fields,
        )
        return (await self.line.ask(self.line.circulars.PublishCircular, request)).circular

    async def send(self, by: Neighbour | None = None, **fields) -> pb.Circular:
        by = by or self.of.chair
        return await self.publish(by, await self.save(by, **fields))

    async def open(self, who: Neighbour, circular_id: str) -> pb.OwnCircular:
        request = pb.OpenCircularRequest(
            speaker=who.speaker, circular_id=circular_id, request_id=a_request_id()
        )
        return (await self.line.ask(self.line.circulars.OpenCircular, request)).circular

    async def answer(
        self, who: Neighbour, circular_id: str, answer: pb.HouseholdAnswer = SEEN
    ) -> pb.OwnCircular:
        request = pb.AnswerCircularRequest(
            speaker=who.speaker,
            circular_id=circular_id,
            answer=answer,
            request_id=a_request_id(),
        )
        return (await self.line.ask(self.line.circulars.AnswerCircular, request)).circular

    async def own(self, who: Neighbour, words: str = "", **page) -> pb.ListOwnCircularsResponse:
        request = pb.ListOwnCircularsRequest(speaker=who.speaker, words=words, **page)
        return await self.line.ask(self.line.circulars.ListOwnCirculars, request)

    async def receipts(self, by: Neighbour, circular_id: str, **fields) -> pb.ListReceiptsResponse:
        request = pb.ListReceiptsRequest(speaker=by.speaker, circular_id=circular_id, **fields)
        return await self.line.ask(self.line.circulars.ListReceipts, request)

    async def enter(
        self, by: Neighbour, circular_id: str, *lines: pb.PaperLine
    ) -> pb.RecordPaperReceiptResponse:
        request = pb.RecordPaperReceiptRequest(
            speaker=by.speaker, circular_id=circular_id, lines=lines, request_id=a_request_id()
        )
        return await self.line.ask(self.line.circulars.RecordPaperReceipt, request)

    async def results(self, by: Neighbour, circular_id: str) -> pb.GetCircularResultsResponse:
        request = pb.GetCircularResultsRequest(speaker=by.speaker, circular_id=circular_id)
        return await self.line.ask(self.line.circulars.GetCircularResults, request)

    async def listed(self, by: Neighbour, **fields) -> list[str]:
        request = pb.ListCircularsRequest(
            speaker=by.speaker, association_id=self.of.association_id, **fields
        )
        found = await self.line.ask(self.line.circulars.ListCirculars, request)
        return [one.circular_id for one in found.circulars]

    async def told(self, number: int) -> list[dispatches_pb2.Dispatch]:
        """Take so many dispatches from the queue, all accepted."""
        async with an_adapter(self.line) as adapter:
            return [await _taken(adapter) for _ in range(number)]

    async def told_all(self) -> list[dispatches_pb2.Dispatch]:
        """Take all that is in the queue."""
        return await self.told(len(await self.queued()))

    async def waiting(self) -> int:
        """Return how many are to be told what is in the queue."""
        return sum(one.recipients for one in await self.queued())

    async def queued(self) -> list[dispatches_pb2.DispatchSummary]:
        """Return the dispatches in the queue."""
        request = dispatches_pb2.ListDispatchesRequest(
            state=dispatches_pb2.DISPATCH_STATE_QUEUED, page_size=200
        )
        staff = await self.town.staff()
        return list((await staff.ask(staff.dispatches.ListDispatches, request)).dispatches)


async def _taken(adapter: Adapter) -> dispatches_pb2.Dispatch:
    adapter.ready(1)
    dispatch = await adapter.dispatch()
    adapter.report(dispatch, OUTCOME_RESULT_ACCEPTED)
    assert await adapter.taken()
    return dispatch


async def a_block(town: Town, *, line: Core | None = None) -> Block:
    """Let an association come to be whose queue is empty."""
    line = line or await town.channel()
    staff = await town.staff()
    block = Block(town, line, staff, await an_association(town, staff, line))
    await block.told_all()
    return block


def a_draft(
    association_id: str,
    by: Neighbour | None,
    *,
    title: str = "清掃のお知らせ",
    body: str = "日曜日に公園を清掃します。",
    kind: pb.CircularKind.ValueType = pb.CIRCULAR_KIND_NOTICE,
    targets: pb.Targets = EVERYBODY,
    due_date: str = "",
    circular_id: str = "",
    etag: str = "",
    **content,
) -> pb.SaveCircularRequest:
    return pb.SaveCircularRequest(
        speaker=by.speaker if by else None,
        circular_id=circular_id,
        association_id=association_id,
        kind=kind,
        content=pb.CircularContent(title=title, body=body, **content),
        targets=targets,
        due_date=due_date,
        etag=etag,
        request_id=a_request_id(),
    )


def people(told: Iterable[dispatches_pb2.Dispatch]) -> list[str]:
    """Return whom dispatches went to, by the channel's ids."""
    return sorted(id for one in told for id in one.recipients)


def a_vote(
    *, secret: bool, electorate: pb.Electorate.ValueType = pb.ELECTORATE_HOUSEHOLDS, quorum: int = 0
) -> pb.VoteRules:
    return pb.VoteRules(electorate=electorate, secret=secret, quorum_percent=quorum, options=YES_NO)


async def refusal_of(asked: Callable) -> CoreError:
    """Return how a call is refused."""
    try:
        await asked()
    except CoreError as refused:
        return refused
    raise AssertionError("it was not refused")
