"""The way through a procedure: what was answered so far, and what is asked next.

Nothing of it is kept anywhere else. Who goes back changes one answer; the others are given again by
themselves, as far as they are still asked and still fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from todoke.client import CoreError
from todoke.v1.applications_pb2 import Application
from todoke.v1.procedures_pb2 import Answer, GivenAnswer, Prompt, Review

Next = Prompt | Review | Application | str
"""A question, all answers to look through, what was filed, or the last words of a preview."""

UNFIT = frozenset({"ANSWER_INVALID", "ANSWER_NOT_OFFERED"})


ENDING = frozenset({"APPLICATION_EXISTS", "CALLER_UNKNOWN"})
"""After these refusals there is nothing to go on with."""


ON_PAPER = frozenset({"files", "signature"})
"""What may be left out at the counter because it lies in the file."""


@dataclass(frozen=True, slots=True)
class Walked:
    """How it ended: what was filed, or what stands in the way; and what was answered."""

    answers: list[GivenAnswer]
    application: Application | None = None
    refused: CoreError | None = None


class Asker(Protocol):
    """Tells what comes after some answers; it keeps nothing unless it is told to `file`."""

    async def next(self, answers: Sequence[GivenAnswer], *, file: bool) -> Next: ...


class Walk:
    """`told` is what is asked now; `kept` is every answer, by its step."""

    def __init__(self, asker: Asker, given: Sequence[GivenAnswer] = ()) -> None:
        self._asker = asker
        self.kept = {one.step: one.answer for one in given}
        self.path: list[str] = []
        self.told: Next | None = None
        self.asked: dict[str, Prompt] = {}
        """How each step was asked last."""

    @property
    def answers(self) -> list[GivenAnswer]:
        return [GivenAnswer(step=step, answer=self.kept[step]) for step in self.path]

    async def begin(self) -> Next:
        """Ask the first question that is not answered; raise CoreError."""
        self.path = []
        return await self._on()

    async def answer(self, step: str, answer: Answer) -> Next:
        """Give an answer; raise CoreError with what is wrong, and then nothing has changed."""
        before, path = self.kept.get(step), list(self.path)
        self.kept[step] = answer
        self.path = [*self._before(step), step]
        try:
            return await self._on(just=step)
        except CoreError:
            self.path = path
            if before is None:
                del self.kept[step]
            else:
                self.kept[step] = before
            raise

    async def change(self, step: str) -> Next:
        """Go back to a step; raise CoreError."""
        path = self.path
        self.path = self._before(step)
        try:
            told = await self._asker.next(self.answers, file=False)
        except CoreError:
            self.path = path
            raise
        if isinstance(told, Prompt) and told.step in self.kept:
            told.current.CopyFrom(self.kept[told.step])
        return self._tell(told)

    async def back(self) -> Next | None:
        """Go to the question before; None where there is none. Raises CoreError."""
        step = self.told.previous_step if isinstance(self.told, Prompt | Review) else ""
        if step not in self.path:
            step = self.path[-1] if self.path else ""
        return await self.change(step) if step else None

    async def file(self) -> Next:
        """File what is answered; raise CoreError."""
        self.told = await self._asker.next(self.answers, file=True)
        return self.told

    def _before(self, step: str) -> list[str]:
        return self.path[: self.path.index(step)] if step in self.path else list(self.path)

    async def _on(self, *, just: str = "") -> Next:
        """Go on over what is answered already, to the first question that is not."""
        while True:
            try:
                told = await self._asker.next(self.answers, file=False)
            except CoreError as error:
                last = self.path[-1] if self.path else ""
                if error.reason not in UNFIT or last in {just, ""}:
                    raise
                # It does not fit any more, after what was changed before it: it is asked again.
                self.path.pop()
                self.kept.pop(last)
                continue
            again = isinstance(told, Prompt) and not told.problems and told.step in self.kept
            if isinstance(told, Prompt) and again and told.step not in self.path:
                self.asked[told.step] = told
                self.path.append(told.step)
                continue
            return self._tell(told)

    def _tell(self, told: Next) -> Next:
        if isinstance(told, Prompt):
            self.asked[told.step] = told
        self.told = told
        return told
