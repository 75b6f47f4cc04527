"""Whatever the procedures that ship say, in whatever language, LINE takes it."""

from collections.abc import Iterator

import pytest
from google.protobuf.json_format import ParseDict

from channels.line import turns
from core.procedures import engine, recordings
from core.procedures.definition import Procedure
from core.procedures.fields import prompt_fields, review_fields
from core.procedures.loading import shipped
from core.procedures.source import RecordedConversation, parse
from tests.channels.fake_core import APPLICATION
from tests.channels.line.chat import Said, wrong
from todoke.v1 import applications_pb2 as pb

LANGUAGES = ("ja", "en", "ja-x-easy")


def said(procedure: Procedure, recorded: RecordedConversation, language: str) -> Iterator[pb.Turn]:
    """Yield each turn of a conversation as the core sends it, for a proxy, who reads most."""
    shared = {"application_id": APPLICATION, "language": language, "on_behalf_of": "届　花子"}
    for turn, answers, context in recordings.turns(procedure, recorded, language):
        match turn:
            case engine.Prompt():
                fields = prompt_fields(turn, procedure.step(turn.step).block.name)
                yield ParseDict({"prompt": {**fields, **shared}}, pb.Turn())
            case engine.Review():
                yield ParseDict({"review": {**review_fields(turn), **shared}}, pb.Turn())
                text = engine.said_at_end(procedure, answers, context, language)
                yield pb.Turn(closing=pb.Closing(text=text, receipt_number="A-1", **shared))
            case engine.Closing():
                yield pb.Turn(closing=pb.Closing(text=turn.text, **shared))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(shipped()))
def test_line_takes_every_turn_of_every_recorded_conversation(key: str, language: str) -> None:
    parsed = parse(shipped()[key].source)
    assert parsed.source is not None
    assert parsed.procedure is not None
    assert set(parsed.procedure.languages) == set(LANGUAGES)
    for recorded in parsed.source.conversations:
        for turn in said(parsed.procedure, recorded, language):
            messages = turns.of_turn(turn)
            assert wrong(messages) == []
            assert 1 <= len(messages) <= 5
            blank = [
                part for part in Said(messages).parts if part.get("text", "?").strip() in {"", "―"}
            ]
            assert blank == [], turn
