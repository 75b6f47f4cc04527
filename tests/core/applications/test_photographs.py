"""Several photographs sent at once are one answer, in whatever order LINE tells of them."""

import asyncio
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cards import Cards
from tests.core.access.links import refused
from tests.core.applications.files import upload
from tests.core.applications.talks import Talk, turn_id
from tests.core.applications.test_attaching import PHOTO, asked_for_a_receipt
from tests.core.residents.makers import run_jobs
from tests.makers import a_request_id
from tests.notices import outbox
from tests.town import Town, on_sqlite
from todoke.v1 import applications_pb2 as pb

LARGE = pb.PHOTOGRAPH_PROBLEM_TOO_LARGE


class Phone:
    """Sends photographs at once, as an adapter passes them on."""

    def __init__(self, talk: Talk, set_id: str = "A1") -> None:
        self.talk, self.set_id = talk, set_id
        self.kept: dict[int, tuple[str, dict]] = {}

    async def expect(self, number: int, total: int) -> pb.ExpectAttachmentResponse:
        request = pb.ExpectAttachmentRequest(
            external_id=self.talk.external_id,
            place=pb.SetPlace(set_id=self.set_id, number=number, total=total),
            request_id=f"event:{self.set_id}-{number}:expect",
        )
        core = self.talk.core
        return await core.ask(core.applications.ExpectAttachment, request)

    async def send(
        self, number: int, total: int, problem: pb.PhotographProblem.ValueType | None = None
    ) -> pb.Turn | None:
        """Send one of them, the same again where it was sent before; return what is answered."""
        expected = await self.expect(number, total)
        assert expected.step == "receipt"
        came = {"problem": problem}
        if problem is None:
            made = await upload(
                self.talk, expected.application_id, "receipt", PHOTO,
                request_id=f"event:{self.set_id}-{number}:file",
            )  # fmt: skip
            came = {"attachment_id": made.attachment_id}
        place = pb.SetPlace(set_id=self.set_id, number=number, total=total)
        request = pb.AnswerInChatRequest(
            external_id=self.talk.external_id,
            one_of_set=pb.OneOfSet(place=place, **came),
            request_id=f"event:{self.set_id}-{number}",
        )
        core = self.talk.core
        answered = await core.ask(core.applications.AnswerInChat, request)
        return answered.turn if answered.HasField("turn") else None


def said(turn: pb.Turn) -> list[tuple[str, str]]:
    """What is told of a set: each problem with its number."""
    problems = getattr(turn, turn.WhichOneof("kind")).problems
    return [(one.problem, one.metadata.get("number", "")) for one in problems]


async def held(talk: Talk, id: str) -> int:
    """How many photographs are the answer now."""
    turn = await talk.reopen(id, "receipt")
    return len(turn.prompt.current.files.attachment_ids)


async def test_a_set_is_one_answer_in_any_order_and_however_often_it_is_told_of(
    a_town: Town, cards: Cards
) -> None:
    chat, id = await asked_for_a_receipt(a_town, cards)
    phone = Phone(chat)

    first, again = await phone.send(2, 2), await phone.send(2, 2)
    last = await phone.send(1, 2)
    repeats = [await phone.send(number, 2) for number in (1, 2)]

    assert (first, again) == (None, None)
    assert last is not None
    assert (last.prompt.step, said(last)) == ("paper", [])
    assert repeats == [last, None]
    assert await held(chat, id) == 2


async def test_those_that_come_at_the_same_time_are_answered_once(
    a_town: Town, cards: Cards
) -> None:
    chat, id = await asked_for_a_receipt(a_town, cards)
    phone = Phone(chat)

    turns = await asyncio.gather(*(phone.send(number, 2) for number in (1, 2)))

    assert [one.prompt.step for one in turns if one is not None] == ["paper"]
    assert await held(chat, id) == 2


@on_sqlite
async def test_it_is_said_exactly_which_were_not_taken(a_town: Town, cards: Cards) -> None:
    chat, id = await asked_for_a_receipt(a_town, cards)
    phone = Phone(chat)
    waiting = [await phone.send(number, 4, LARGE if number == 1 else None) for number in (4, 1, 3)]
    turn = await phone.send(2, 4)

    assert waiting == [None] * 3
    assert turn is not None
    assert turn.prompt.step == "paper"
    assert said(turn) == [
        ("photographs_taken", ""), ("photograph_too_large", "1"), ("photograph_too_many", "4"),
    ]  # fmt: skip
    assert turn.prompt.problems[0].metadata == {"taken": "2", "total": "4"}
    assert await held(chat, id) == 2


@on_sqlite
async def test_where_none_is_taken_the_same_is_asked_again(a_town: Town, cards: Cards) -> None:
    chat, _ = await asked_for_a_receipt(a_town, cards)
    phone = Phone(chat)
    await phone.send(1, 2, pb.PHOTOGRAPH_PROBLEM_REFUSED)
    turn = await phone.send(2, 2, pb.PHOTOGRAPH_PROBLEM_GONE)

    assert turn is not None
    assert turn.prompt.step == "receipt"
    assert [problem for problem, _ in said(turn)] == [
        "photographs_taken", "photograph_refused", "photograph_gone",
    ]  # fmt: skip


@on_sqlite
async def test_what_does_not_come_is_not_waited_for_and_is_put_beside_when_it_does(
    a_town: Town, cards: Cards
) -> None:
    chat, id = await asked_for_a_receipt(a_town, cards)
    phone = Phone(chat)
    await phone.send(2, 2)
    await run_jobs(a_town)
    before = await outbox(a_town)
    a_town.clock.pass_by(minutes=3)
    for _ in range(2):
        await run_jobs(a_town)
    told = (await outbox(a_town))[len(before) :]
    late = await phone.send(1, 2)

    ((external_id, content),) = told
    assert (external_id, content["prompt"]["step"]) == (chat.external_id, "paper")
    problems = [one["problem"] for one in content["prompt"]["problems"]]
    assert problems == ["photographs_taken", "photograph_missing"]
    assert late is not None
    assert (late.prompt.step, said(late)) == ("paper", [])
    assert await held(chat, id) == 2


@on_sqlite
async def test_a_set_that_nothing_was_asked_of_is_for_no_later_question(
    a_town: Town, cards: Cards
) -> None:
    chat, id = await asked_for_a_receipt(a_town, cards)
    await chat.reopen(id, "shop")
    phone = Phone(chat)
    first = await phone.expect(1, 3)
    await chat.say("別の店")
    second = await phone.expect(2, 3)
    single = pb.ExpectAttachmentRequest(external_id=chat.external_id, request_id=a_request_id())
    alone = await chat.core.ask(chat.core.applications.ExpectAttachment, single)

    assert [(one.step, one.first) for one in (first, second)] == [("", True), ("", False)]
    assert (alone.step, alone.first) == ("receipt", True)
    place = pb.SetPlace(set_id="A1", number=4, total=3)
    wrong = pb.ExpectAttachmentRequest(
        external_id=chat.external_id, place=place, request_id=a_request_id()
    )
    refusal = await refused(chat.core.ask(chat.core.applications.ExpectAttachment, wrong))
    assert refusal.reason == "FIELD_INVALID"


@on_sqlite
async def test_a_photograph_alone_is_put_beside_the_one_that_stands(
    a_town: Town, cards: Cards
) -> None:
    chat, id = await asked_for_a_receipt(a_town, cards)
    for count in (1, 2, 1):
        made = await upload(chat, id, "receipt", PHOTO)
        request = pb.AnswerInChatRequest(
            external_id=chat.external_id, attachment_id=made.attachment_id,
            request_id=a_request_id(),
        )  # fmt: skip
        turn = (await chat.core.ask(chat.core.applications.AnswerInChat, request)).turn
        assert (turn_id(turn), turn.prompt.step) == (id, "paper")
        assert await held(chat, id) == count


@pytest.mark.slow
@on_sqlite
async def test_any_order_of_any_set_with_any_problems_comes_to_the_same(
    a_town: Town, cards: Cards
) -> None:
    chat, id = await asked_for_a_receipt(a_town, cards)
    sets = itertools.count()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(st.sampled_from([None, None, LARGE]), min_size=2, max_size=4),
        st.randoms(use_true_random=False),
    )
    def come(problems, chance) -> None:
        sent = [*range(1, len(problems) + 1), *range(1, len(problems) + 1)]
        chance.shuffle(sent)
        tried.append((problems, sent))

    tried: list[tuple[list, list[int]]] = []
    come()
    for problems, sent in tried:
        stood = await held(chat, id)
        room = 2 - stood if stood < 2 else 2
        phone = Phone(chat, f"SET{next(sets)}")
        turns: dict[int, pb.Turn | None] = {}
        for number in sent:
            turn = await phone.send(number, len(problems), problems[number - 1])
            assert turns.setdefault(number, turn) == turn
        told = [turn for turn in turns.values() if turn is not None]
        assert len(told) == 1
        fit = [n for n, problem in enumerate(problems, 1) if problem is None]
        lost = {number for problem, number in said(told[0]) if number}
        assert lost == {str(n) for n in range(1, len(problems) + 1) if n not in fit[:room]}
