"""How the values of a condition are asked: one of a list, some of a list, or typed."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from textual.app import App

from todoke.v1 import campaigns_pb2 as pb
from tui.conditions.known import Known, Named
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Ended, Field
from tui.dialogs.choose import Choose
from tui.dialogs.choose_several import ChooseSeveral

Reader: TypeAlias = "Callable[[Answers], pb.Condition]"
"""Reads what was filled in; raises Mistyped."""


OTHER = "?"
"""Chosen where it is to be typed, whatever a list is narrowed by: no key of the core's looks so."""


class Asking:
    """Asks in dialogs over the screen, from a worker; None where somebody backed out."""

    def __init__(self, app: App[None], desk: Desk, known: Known, own_id: str = "") -> None:
        self.app = app
        self.desk = desk
        self.words = desk.words
        self.known = known
        self.own_id = own_id

    async def one(
        self, title: str, labels: Sequence[tuple[str, str]], held: str = ""
    ) -> str | None:
        """Ask for one of a list, which is narrowed by typing."""
        hint, nothing = self.words("choose.narrow"), self.words("choose.nothing")
        dialog = Choose(
            self.words(title), labels, chosen=held, hint=hint, nothing=nothing, always=OTHER
        )
        chosen: str | None = await self.app.push_screen_wait(dialog)
        return chosen

    async def several(
        self,
        title: str,
        labels: Sequence[tuple[str, str]],
        held: Sequence[str],
        *,
        must: bool = False,
    ) -> list[str] | None:
        """Ask for some of a list, or for one at least."""
        words, about = self.words, self.words.find(f"{title}_about") or ""
        dialog = ChooseSeveral(words, words(title), labels, chosen=held, about=about, must=must)
        chosen: list[str] | None = await self.app.push_screen_wait(dialog)
        return chosen

    async def read(self, kind: str, fields: Sequence[Field], read: Reader) -> pb.Condition | None:
        """Ask to fill in; what cannot be read is said in the dialog."""

        async def given(answers: Answers, _: str) -> pb.Condition:
            return read(answers)

        about = self.words(f"condition_kind.{kind}")
        dialog = Ask(self.words, "condition", given, about=about, fields=fields)
        ended: Ended | None = await self.app.push_screen_wait(dialog)
        return ended.answer if ended and isinstance(ended.answer, pb.Condition) else None


def labels_of(known: Named) -> list[tuple[str, str]]:
    return [(name, key) for key, name in known.items()]
