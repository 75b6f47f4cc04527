"""The part of CircularService that tells who has read and what was answered."""

import json
from functools import partial

from google.protobuf.json_format import ParseDict
from sqlalchemy.orm import Session

from core.associations.convert import household_to_pb, place_of
from core.associations.rows import Household
from core.associations.speakers import in_person
from core.circulars import paper, receipts, results
from core.circulars.convert import TO_WAY, names_of
from core.circulars.paper import Line
from core.circulars.receipts import Round
from core.circulars.rows import Receipt
from core.db import Database
from core.wire import paging
from core.wire.convert import to_timestamp
from core.wire.door import Call
from core.wire.mutation import mutation
from core.wire.paging import CursorExpired
from todoke.v1 import circulars_pb2 as pb


class Receipts:
    """Answers what officers ask of the round, and write down of it."""

    db: Database

    async def ListReceipts(
        self, request: pb.ListReceiptsRequest, call: Call
    ) -> pb.ListReceiptsResponse:
        limit = paging.limit_of(request.page_size)
        work = partial(
            receipts.list_,
            by=call.caller,
            external_id=in_person(request.speaker),
            circular_id=request.circular_id,
            group_id=request.group_id,
            unread=request.unread,
            after=place_of(request.page_token),
            limit=limit + 1,
            now=call.now,
        )
        found = await self.db.read(work)
        shown, token = paging.split(found.lines, limit, lambda line: tuple(map(str, line[2])))
        return pb.ListReceiptsResponse(
            receipts=[_receipt(found, receipt, household) for receipt, household, _ in shown],
            next_page_token=token,
            households=found.counts.households,
            read=found.counts.read,
            asked_on_paper=found.asked_on_paper,
        )

    async def GetCircularResults(
        self, request: pb.GetCircularResultsRequest, call: Call
    ) -> pb.GetCircularResultsResponse:
        work = partial(
            results.of,
            by=call.caller,
            external_id=in_person(request.speaker),
            circular_id=request.circular_id,
            now=call.now,
        )
        after = _told(paging.key_of(request.page_token, parts=2))
        found = await self.db.read(work)
        questions, end = results.page(found.questions, after, paging.limit_of(request.page_size))
        return pb.GetCircularResultsResponse(
            results=[
                pb.QuestionResult(
                    question=one.key, counts=one.counts, texts=one.texts, written=one.written
                )
                for one in questions
            ],
            electorate=found.electorate,
            answered=found.answered,
            quorum_reached=found.quorum_reached,
            on_paper=found.on_paper,
            next_page_token=paging.token_of(*map(str, end)) if end else "",
        )

    @mutation
    def RemindUnread(
        self, session: Session, request: pb.RemindUnreadRequest, call: Call
    ) -> pb.RemindUnreadResponse:
        done = receipts.remind(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            circular_id=request.circular_id,
            now=call.now,
        )
        return pb.RemindUnreadResponse(
            reminded=done.reached, paper=done.unreached, waiting=done.waiting
        )

    @mutation
    def RecordPaperReceipt(
        self, session: Session, request: pb.RecordPaperReceiptRequest, call: Call
    ) -> pb.RecordPaperReceiptResponse:
        done = paper.enter(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            circular_id=request.circular_id,
            lines=[_line(line) for line in request.lines],
            reason="" if call.caller.is_channel else request.reason,
            now=call.now,
        )
        return pb.RecordPaperReceiptResponse(
            recorded=done.recorded, answered_themselves=done.answered_themselves
        )


def _line(line: pb.PaperLine) -> Line:
    if line.WhichOneof("said") == "read":
        return Line(line.household_id, line.read)
    return Line(line.household_id, answer=names_of(line.answer))


def _receipt(of: Round, receipt: Receipt, household: Household) -> pb.Receipt:
    return pb.Receipt(
        household=household_to_pb(household),
        way=TO_WAY[receipt.way] if receipt.way else pb.RECEIPT_WAY_UNSPECIFIED,
        version=receipt.version,
        read_time=to_timestamp(receipt.read_time),
        remind_time=to_timestamp(receipt.remind_time),
        answer=_answer(receipt) if of.shows_answer(receipt, household) else None,
        enter_time=to_timestamp(receipt.enter_time),
        entered_by=of.officers.get(receipt.entered_by, ""),
    )


def _answer(receipt: Receipt) -> pb.HouseholdAnswer | None:
    if not receipt.answer_json:
        return None
    return ParseDict(json.loads(receipt.answer_json), pb.HouseholdAnswer())


def _told(key: tuple[str, ...]) -> results.Place | None:
    """Return how far texts were told; raise CursorExpired for what is no token of ours."""
    if not key:
        return None
    if not (key[1].isascii() and key[1].isdigit() and len(key[1]) < MOST_DIGITS):
        raise CursorExpired("page_token is none of ours: list again from the first page")
    return key[0], int(key[1])


MOST_DIGITS = 10
