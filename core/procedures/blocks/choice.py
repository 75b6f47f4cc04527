"""One of several: a tap. An option may end the conversation at once."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from core.procedures.blocks.block import Block, Choice, Input, Key, Seen, Words, Wrong
from core.procedures.definition import End, Outcome


class Option(BaseModel):
    """A button. `submit` files at once and says this; `hand_over` leaves the rest to staff."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Key
    label: Words
    help: Words | None = None
    submit: Words | None = None
    hand_over: Words | None = None


class ChoiceBlock(Block):
    name: ClassVar[str] = "choice"
    input: ClassVar[Input] = Input.CHOICE

    options: Annotated[tuple[Option, ...], Field(min_length=1, max_length=50)]

    def read(self, given: Any, seen: Seen) -> Any:
        del seen
        if given not in {option.value for option in self.options}:
            offered = ", ".join(option.value for option in self.options)
            raise Wrong("not_offered", offered=offered)
        return given

    def hear(self, words: str, seen: Seen) -> Any:
        return heard(words, self.choices(seen))

    def choices(self, seen: Seen) -> tuple[Choice, ...]:
        return tuple(
            Choice(one.value, seen.say(one.label), seen.say(one.help) if one.help else "")
            for one in self.options
        )

    def shown(self, answer: Any, seen: Seen) -> str:
        return next(seen.say(one.label) for one in self.options if one.value == answer)

    def end(self, answer: Any) -> End | None:
        for option in self.options:
            if option.value == answer and option.submit:
                return End(Outcome.SUBMIT, option.submit)
            if option.value == answer and option.hand_over:
                return End(Outcome.HAND_OVER, option.hand_over)
        return None

    def texts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        yield from option_texts(self.options)

    def flaws(self) -> Iterator[tuple[str, str]]:
        yield from option_flaws(self.options)


def heard(words: str, choices: tuple[Choice, ...]) -> str | None:
    """Return the choice that words name: by its label, its value, or its number from 1."""
    said = folded(words)
    for number, choice in enumerate(choices, 1):
        if said in {folded(choice.label), choice.value, str(number)}:
            return choice.value
    return None


def folded(words: str) -> str:
    """Return words without what a phone's keys add: width, case, spaces, a full stop."""
    return unicodedata.normalize("NFKC", words).strip().strip("。.!").replace(" ", "").casefold()


def option_texts(options: tuple[Option, ...]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for number, option in enumerate(options):
        for name in ("label", "help", "submit", "hand_over"):
            if text := getattr(option, name):
                yield f"options.{number}.{name}", text


def option_flaws(options: tuple[Option, ...]) -> Iterator[tuple[str, str]]:
    values = [option.value for option in options]
    for number, option in enumerate(options):
        if option.value in values[:number]:
            yield f"options.{number}.value", f"{option.value} is there twice"
        if option.submit and option.hand_over:
            yield f"options.{number}", "has two ends"
