"""What very many households answered is counted, and told as far as one response has room."""

import json

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.circulars.rows import Receipt
from core.circulars.rules import Way
from tests.core.circulars.makers import YES_NO, a_block
from tests.core.circulars.many import lay_in
from tests.town import Town, on_sqlite
from todoke.v1 import circulars_pb2 as pb

MANY = range(100_000, 101_000)
LONG = "もう少し早く知らせてほしい。" * 70


def _answered_by_all(session: Session, circular_id: str, town: Town) -> None:
    answers = [{"question": "q1", "choices": ["yes"]}, {"question": "q2", "text": LONG}]
    answer = json.dumps({"survey": {"answers": answers}}, ensure_ascii=False)
    session.execute(
        update(Receipt)
        .where(Receipt.circular_id == circular_id)
        .values(way=Way.TAPPED, version=1, read_time=town.clock(), answer_json=answer)
    )


@on_sqlite
async def test_all_are_counted_and_as_many_texts_are_told_as_there_is_room_for(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    of = block.of.association_id
    await a_town.running.db.write(lambda s: lay_in(s, of, MANY, a_town.clock()))
    questions = [
        pb.CircularQuestion(key="q1", text="開きますか", options=YES_NO),
        pb.CircularQuestion(key="q2", text="ご意見"),
    ]
    sent = await block.send(kind=pb.CIRCULAR_KIND_SURVEY, questions=questions)
    await a_town.running.db.write(lambda s: _answered_by_all(s, sent.circular_id, a_town))

    counted = await block.results(block.of.chair, sent.circular_id)

    chosen, written = counted.results
    assert (counted.electorate, counted.answered) == (1004, 1004)
    assert dict(chosen.counts) == {"yes": 1004, "no": 0}
    assert written.written == 1004
    assert 300 < len(written.texts) < 1004
    assert counted.ByteSize() < 3 * 1024 * 1024
