"""What very many households answered is counted, and what they wrote is told page by page."""

import json
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core.circulars.rows import Receipt
from core.circulars.rules import Way
from core.wire.paging import token_of
from tests.core.circulars.makers import YES_NO, a_block, refusal_of
from tests.core.circulars.many import lay_in
from tests.town import Town, on_sqlite
from todoke.v1 import circulars_pb2 as pb

MANY = range(100_000, 101_000)
LONG = "もう少し早く知らせてほしい。" * 70


def _answered_by_all(session: Session, circular_id: str, town: Town) -> None:
    answers = [{"question": "q1", "choices": ["yes"]}, {"question": "q2", "text": LONG}]
    _answer(session, Receipt.circular_id == circular_id, answers, town)
    some = session.scalars(select(Receipt).where(Receipt.circular_id == circular_id).limit(3)).all()
    for number, one in enumerate(some):
        more = [*answers, {"question": "q3", "text": f"その他{number}"}]
        is_this = Receipt.household_id == one.household_id
        _answer(session, (Receipt.circular_id == circular_id) & is_this, more, town)


def _answer(
    session: Session, whose: ColumnElement[bool], answers: list[dict[str, Any]], town: Town
) -> None:
    answer = json.dumps({"survey": {"answers": answers}}, ensure_ascii=False)
    session.execute(
        update(Receipt)
        .where(whose)
        .values(way=Way.TAPPED, version=1, read_time=town.clock(), answer_json=answer)
    )


@on_sqlite
async def test_all_are_counted_and_every_text_is_told_page_by_page(a_town: Town) -> None:
    block = await a_block(a_town)
    of = block.of.association_id
    await a_town.running.db.write(lambda s: lay_in(s, of, MANY, a_town.clock()))
    questions = [
        pb.CircularQuestion(key="q1", text="開きますか", options=YES_NO),
        pb.CircularQuestion(key="q2", text="ご意見"),
        pb.CircularQuestion(key="q3", text="ほかに"),
    ]
    sent = await block.send(kind=pb.CIRCULAR_KIND_SURVEY, questions=questions)
    await a_town.running.db.write(lambda s: _answered_by_all(s, sent.circular_id, a_town))

    counted = await block.results(block.of.chair, sent.circular_id)

    chosen, written, _ = counted.results
    assert (counted.electorate, counted.answered) == (1004, 1004)
    assert dict(chosen.counts) == {"yes": 1004, "no": 0}
    assert written.written == 1004
    assert len(written.texts) == 50

    request = pb.GetCircularResultsRequest(
        speaker=block.of.chair.speaker, circular_id=sent.circular_id
    )
    told, others, pages = 0, [], 0
    async for page in block.line.pages(block.line.circulars.GetCircularResults, request):
        pages += 1
        assert page.ByteSize() < 1024 * 1024
        assert page.answered == 1004
        assert sum(len(one.texts) for one in page.results) <= 200
        told += len(page.results[1].texts)
        others += page.results[2].texts
    assert (told, pages) == (1004, 6)
    assert others == [f"その他{number}" for number in range(3)]


@on_sqlite
async def test_a_token_that_is_none_is_refused(a_town: Town) -> None:
    block = await a_block(a_town)
    questions = [pb.CircularQuestion(key="q2", text="ご意見")]
    sent = await block.send(kind=pb.CIRCULAR_KIND_SURVEY, questions=questions)
    request = pb.GetCircularResultsRequest(
        speaker=block.of.chair.speaker, circular_id=sent.circular_id,
        page_token=token_of("q2", "many"),
    )  # fmt: skip

    refused = await refusal_of(
        lambda: block.line.ask(block.line.circulars.GetCircularResults, request)
    )

    assert refused.reason == "CURSOR_EXPIRED"
