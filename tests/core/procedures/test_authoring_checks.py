"""Looking at a source through the door: its faults, its recorded conversations, what it asks."""

import pytest
import yaml

from core.callers import Role
from core.procedures.linting import lint
from tests.core.procedures.authoring import SWIM
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import procedures_pb2 as pb

CHILD = pb.GivenAnswer(step="who", answer=pb.Answer(choice="child"))
TWO = pb.GivenAnswer(step="how_many", answer=pb.Answer(number=2))


async def linted(town: Town, source: str) -> pb.LintProcedureResponse:
    author = await town.staff(Role.PROCEDURE_AUTHOR)
    request = pb.LintProcedureRequest(source=source)
    return await author.ask(author.procedures.LintProcedure, request)


async def previewed(town: Town, *answers: pb.GivenAnswer, source: str = SWIM, **more):
    author = await town.staff(Role.PROCEDURE_AUTHOR)
    request = pb.PreviewProcedureRequest(
        source=source, answers=answers, **({"language": "ja"} | more)
    )
    return await author.ask(author.procedures.PreviewProcedure, request)


@on_sqlite
async def test_a_sound_source_is_told_by_its_steps_and_replayed_conversations(
    a_town: Town,
) -> None:
    answer = await linted(a_town, SWIM)

    assert (list(answer.problems), answer.steps, answer.replayed) == ([], 2, 1)


@pytest.mark.parametrize(
    ("changed", "to", "line", "problem"),
    [
        ("answer: 2}", "answer: 20}", 22, "“two children”: is refused: too_large"),
        ("answer: child}", "answer: boy}", 20, "“two children”: is refused: not_offered"),
        ("refused: check", "refused: too_small", 21,
         '“two children”: is refused: check ("1人からです。"), where too_small is recorded'),
        ("answer: 0, ", "answer: 1, ", 21, "“two children”: is taken, where check is recorded"),
        ("{step: who, answer: child}", "{step: how_many, answer: 1}", 20,
         "“two children”: the answers so far do not lead to step how_many; it asks who"),
        ("ends: review", "ends: submit", 23,
         "“two children”: it ends with review, where submit is recorded"),
        ("ends: review", "asks: who", 23,
         "“two children”: it ends with review, where who is recorded"),
        ("values: {fee: 600}", "values: {cost: 1}", 24,
         "“two children”: cost is no value of this procedure"),
        ("    ends: review", "    resident: {height: 3}\n    ends: review", 23,
         "“two children”: is none of address, age, birth_date, name, registered, sex"),
    ],
)  # fmt: skip
def test_a_conversation_that_comes_out_otherwise_is_told_with_what_came(
    changed: str, to: str, line: int, problem: str
) -> None:
    assert changed in SWIM
    found = lint(SWIM.replace(changed, to))

    assert [(one.line, one.problem) for one in found.problems] == [(line, problem)]
    assert (found.replayed, found.conversations) == (0, 1)


@on_sqlite
async def test_a_preview_asks_what_a_resident_would_be_asked(a_town: Town) -> None:
    first = await previewed(a_town, language="en")
    second = await previewed(a_town, CHILD)
    end = await previewed(a_town, CHILD, TWO)

    assert first.prompt.text == "Who comes?"
    assert [choice.value for choice in first.prompt.choices] == ["adult", "child"]
    assert (second.prompt.step, second.prompt.text) == ("how_many", "こどもは何人ですか。")
    assert [(one.label, one.value) for one in end.review.lines] == [
        ("どなたが参加しますか。", "こども"), ("こどもは何人ですか。", "2"),
    ]  # fmt: skip
    assert dict(end.values) == {"fee": "600"}


@on_sqlite
async def test_a_preview_is_recorded_so_that_it_replays(a_town: Town) -> None:
    end = await previewed(a_town, CHILD, TWO, context={"today": "2026-05-01", "age": "70"})

    recorded = yaml.safe_load(end.recorded)
    assert recorded[0]["answers"] == [
        {"step": "who", "answer": "child"}, {"step": "how_many", "answer": 2},
    ]  # fmt: skip
    assert (str(recorded[0]["today"]), recorded[0]["ends"]) == ("2026-05-01", "review")
    found = lint(SWIM + end.recorded)
    assert (found.problems, found.replayed) == ((), 2)


@on_sqlite
async def test_a_preview_knows_what_the_city_would_know(a_town: Town) -> None:
    source = SWIM.replace(
        "どなたが参加しますか。,", "'{name}さん({today, date, long})、{amount}円',"
    ).replace("  - key: how_many", "  - key: how_many\n    when: resident.age >= 65")

    young = await previewed(a_town, CHILD, source=source, context={"birth_date": "2000-01-01"})
    old = await previewed(a_town, CHILD, source=source, context={"age": "70"})
    first = await previewed(
        a_town, source=source, context={"name": "山田", "amount": "5", "today": "2026-04-01"}
    )

    assert young.WhichOneof("next") == "review"
    assert old.prompt.step == "how_many"
    assert first.prompt.text == "山田さん(令和8年4月1日)、5円"


@pytest.mark.parametrize(
    ("answers", "context", "reason", "metadata"),
    [
        ([pb.GivenAnswer(step="who", answer=pb.Answer(choice="boy_"))], {}, "ANSWER_INVALID",
         {"step": "who", "problem": "not_offered"}),
        ([pb.GivenAnswer(step="who", answer=pb.Answer(text="boy"))], {}, "ANSWER_INVALID",
         {"step": "who", "problem": "of_another_kind"}),
        ([TWO], {}, "ANSWER_INVALID", {"step": "how_many", "problem": "not_asked"}),
        ([pb.GivenAnswer(step="when_", answer=pb.Answer(number=1))], {}, "ANSWER_INVALID",
         {"step": "when_", "problem": "not_asked"}),
        ([], {"age": "old"}, "PROCEDURE_INVALID",
         {"path": "context.age", "problem": "is no whole number"}),
        ([], {"today": "1.4."}, "PROCEDURE_INVALID",
         {"path": "context.today", "problem": "is no day as 2026-04-01"}),
    ],
)  # fmt: skip
@on_sqlite
async def test_a_preview_says_what_it_cannot_take(
    a_town: Town, answers, context, reason: str, metadata: dict[str, str]
) -> None:
    with pytest.raises(CoreError) as refused:
        await previewed(a_town, *answers, context=context)

    assert refused.value.reason == reason
    assert refused.value.metadata.items() >= metadata.items()


@on_sqlite
async def test_a_preview_knows_which_seats_others_took(a_town: Town) -> None:
    source = SWIM.replace(
        "values:\n",
        "  - key: seat\n    says: どの回ですか。\n    slot:\n      slots:\n"
        "        - {value: july, label: 七月, capacity: 2}\n"
        "        - {value: august, label: 八月, capacity: 2}\nvalues:\n",
    )

    full = await previewed(a_town, CHILD, TWO, source=source, context={"taken.seat.july": "2"})

    assert [(one.value, one.full) for one in full.prompt.choices] == [
        ("july", True), ("august", False),
    ]  # fmt: skip
