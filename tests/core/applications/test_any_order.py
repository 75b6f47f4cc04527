"""Whatever is answered, jumped back to, said twice, late or by two at once: nothing breaks.

No answer is lost but those that depend on a changed one, nothing is filed twice, and what was
answered once is answered the same again.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core import events
from core.applications import rows
from core.applications.rules import WITH_THE_RESIDENT
from core.procedures.loading import compiled
from tests import town as towns
from tests.core.applications.procedures import REPORT, publish
from tests.core.applications.talks import Talk, problems, turn_id
from tests.examples import examples
from tests.makers import a_contact, a_request_id
from tests.town import MUNICIPALITY, Town
from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import procedures_pb2

PROCEDURE = compiled(REPORT, "test")
DEPENDS = {"what": {"which"}}
"""What may go when an answer changes: by the conditions that the procedure is written with."""

FITS = {
    "what": ("choice", "other"),
    "which": ("text", "穴"),
    "wide": ("number", 30),
    "name": ("text", "総社"),
    "note": ("text", "犬"),
}

REFUSED = {"ANSWER_NOT_OFFERED", "ANSWERS_MISSING", "NO_CONVERSATION", "MY_NUMBER_REFUSED"}
"""What the core may say no with; anything else is a fault."""

given = st.one_of(
    st.tuples(st.just("what"), st.sampled_from([("choice", "hole"), ("choice", "other")])),
    st.tuples(st.just("what"), st.sampled_from([("choice", "gold"), ("number", 3)])),
    st.tuples(
        st.just("which"),
        st.tuples(st.just("text"), st.sampled_from(["穴", "長" * 21, "1234-5678-9018"])),
    ),
    st.tuples(st.just("wide"), st.tuples(st.just("number"), st.sampled_from([0, 1, 30, 501]))),
    st.tuples(st.just("name"), st.sampled_from([("text", "総社"), ("skipped", True)])),
    st.tuples(st.just("note"), st.sampled_from([("text", "犬"), ("skipped", True)])),
)
words = st.sampled_from(["へこみ", "2", "30", "はい", "戻る", "やめる", "スキップ", "穴", "???"])
steps = st.sampled_from([step.key for step in PROCEDURE.steps])
who = st.sampled_from(["chat", "page"])


class Conversation(RuleBasedStateMachine):
    """One application that a chat began and a page goes on with."""

    runner: asyncio.Runner
    town: Town

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, Any, Any, Any]] = []
        """Each request with the method that it was sent to, and its answer or refusal."""

    @initialize()
    def begin(self) -> None:
        self.talks, self.id = self.runner.run(self._begun())

    async def _begun(self) -> tuple[dict[str, Talk], str]:
        line, web = self.town.cores[0], self.town.cores[1]
        chat = Talk(line, (await a_contact(self.town, line)).external_id)
        page = Talk(web, (await a_contact(self.town, web)).external_id)
        id = turn_id(await chat.begin("road_damage"))
        await page.take(await chat.link(id))
        return {"chat": chat, "page": page}, id

    def answer_of(self, by: str, step: str, one: tuple[str, Any]) -> tuple[Any, Any]:
        talk = self.talks[by]
        request = pb.AnswerPromptRequest(
            external_id=talk.external_id, application_id=self.id, step=step,
            given=procedures_pb2.Answer(**dict([one])), request_id=a_request_id(),
        )  # fmt: skip
        return talk.core.applications.AnswerPrompt, request

    async def send(self, by: str, method: Any, request: Any) -> Any:
        """Return the turn, or the reason of a refusal."""
        try:
            return (await self.talks[by].core.ask(method, request)).turn
        except CoreError as refused:
            if refused.reason not in REFUSED:
                raise
            return refused.reason

    @rule(by=who, one=given)
    def answer_one(self, by: str, one: tuple[str, tuple[str, Any]]) -> None:
        self.answer(by, one)

    def answer(self, by: str, one: tuple[str, tuple[str, Any]]) -> None:
        held, waits = self.held(), self.waits()
        method, request = self.answer_of(by, *one)
        turn = self.runner.run(self.send(by, method, request))
        self.sent.append((by, method, request, turn))
        if isinstance(turn, str) or problems_of(turn) or not waits:
            assert self.held() == held
        else:
            assert self.held()[one[0]] == (None if one[1][0] == "skipped" else one[1][1])
            self.require_kept(held, DEPENDS.get(one[0], set()) | {one[0]})

    @rule(by=who, far=st.integers(1, 5))
    def go_on(self, by: str, far: int) -> None:
        """Answer what is asked, as most people do."""
        for _ in range(far):
            turn = self.runner.run(self.talks[by].prompt(self.id))
            if turn.HasField("prompt"):
                self.answer(by, (turn.prompt.step, FITS[turn.prompt.step]))

    @rule(one=given, other=given)
    def answer_at_once(self, one: Any, other: Any) -> None:
        held = self.held()

        async def both() -> None:
            calls = [
                ("chat", *self.answer_of("chat", *one)),
                ("page", *self.answer_of("page", *other)),
            ]
            turns = await asyncio.gather(*(self.send(*call) for call in calls))
            self.sent += [(*call, turn) for call, turn in zip(calls, turns, strict=True)]

        self.runner.run(both())
        changed = {one[0], other[0]}
        self.require_kept(held, changed.union(*(DEPENDS.get(step, set()) for step in changed)))

    @precondition(lambda self: self.sent)
    @rule(number=st.integers(0, 50))
    def deliver_again(self, number: int) -> None:
        held, state = self.held(), self.state()
        by, method, request, turn = self.sent[number % len(self.sent)]
        again = self.runner.run(self.send(by, method, request))
        # A refusal is not kept: what was refused may fit by now.
        if not isinstance(turn, str):
            assert again == turn
            assert (self.held(), self.state()) == (held, state)

    @rule(by=who, step=steps)
    def go_back(self, by: str, step: str) -> None:
        held, talk = self.held(), self.talks[by]
        request = pb.ReopenAnswerRequest(
            speaker=talk.speaker, application_id=self.id, step=step, request_id=a_request_id()
        )
        self.runner.run(self.send(by, talk.core.applications.ReopenAnswer, request))
        assert self.held() == held

    @rule(said=words)
    def say(self, said: str) -> None:
        held, talk = self.held(), self.talks["chat"]
        request = pb.AnswerInChatRequest(
            external_id=talk.external_id, text=said, request_id=a_request_id()
        )
        turn = self.runner.run(self.send("chat", talk.core.applications.AnswerInChat, request))
        self.sent.append(("chat", talk.core.applications.AnswerInChat, request, turn))
        lost = {key for key in held if self.held().get(key, ...) != held[key]}
        assert len(lost - {"which"}) <= 1
        assert "name" not in lost, "a sensitive answer was taken in a chat"

    @rule(by=who)
    def submit(self, by: str) -> None:
        held, talk = self.held(), self.talks[by]
        request = pb.SubmitApplicationRequest(
            external_id=talk.external_id, application_id=self.id, request_id=a_request_id()
        )
        other = pb.SubmitApplicationRequest(
            external_id=talk.external_id, application_id=self.id, request_id=a_request_id()
        )
        method = talk.core.applications.SubmitApplication

        async def twice() -> list[Any]:
            """A tap that is delivered twice, and a second one."""
            calls = [self.send(by, method, one) for one in (request, request, other)]
            return await asyncio.gather(*calls)

        first, again, second = self.runner.run(twice())
        self.sent.append((by, method, request, first))
        assert first == again == second
        assert self.held() == held

    @invariant()
    def is_filed_once_at_most_and_says_what_stands(self) -> None:
        log = self.read(lambda s: events.about(s, MUNICIPALITY, self.id))
        filed = [event for event in log if event.kind == "application.received"]
        assert len(filed) == (not self.waits())
        turns = [self.runner.run(talk.prompt(self.id)) for talk in self.talks.values()]
        assert turns[0] == turns[1]
        assert turns[0].HasField("closing") == bool(filed)

    def read(self, work: Any) -> Any:
        return self.runner.run(self.town.read(work))

    def held(self) -> dict[str, Any]:
        return self.read(lambda s: rows.get(s, MUNICIPALITY, self.id).answers)

    def state(self) -> Any:
        return self.read(lambda s: rows.get(s, MUNICIPALITY, self.id).state)

    def waits(self) -> bool:
        return self.state() in WITH_THE_RESIDENT

    def require_kept(self, held: dict[str, Any], changed: set[str]) -> None:
        now = self.held()
        lost = {key for key in held if key not in changed and now.get(key, ...) != held[key]}
        assert not lost


def problems_of(turn: pb.Turn) -> list[str]:
    return [] if turn.HasField("closing") else problems(turn)


@pytest.fixture
def machine(database: str, tmp_path: Path) -> Iterator[type[Conversation]]:
    """Conversations in one town, each begun by others."""
    with asyncio.Runner() as runner:
        town = runner.run(towns.build(database, tmp_path))
        runner.run(publish(town, REPORT))
        for channel in ("line", "web"):
            runner.run(town.channel(channel))
        yield type("InTown", (Conversation,), {"runner": runner, "town": town})
        runner.run(town.close())


def test_in_any_order_no_answer_is_lost_and_nothing_is_filed_twice(
    machine: type[Conversation],
) -> None:
    run_state_machine_as_test(
        machine,
        settings=examples(8, *HealthCheck, stateful_step_count=20),
    )
