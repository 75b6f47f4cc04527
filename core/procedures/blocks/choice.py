"""One of several: a tap. An option may end the conversation at once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from core.procedures.blocks.block import Block, Choice, Input, Key, Seen, Words, Wrong
from core.procedures.definition import End, Outcome
from core.procedures.hearing import folded, means, spoken
from core.procedures.texts import Argument, Called


class Button(BaseModel):
    """Something to choose."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Key
    label: Words
    help: Words | None = None


class Option(Button):
    """A button. `submit` files at once and says this; `hand_over` leaves the rest to staff."""

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
        return offered(self.options, seen)

    def shown(self, answer: Any, seen: Seen) -> str:
        return labelled(self.options, answer, seen)

    def fills(self, answer: Any, seen: Seen) -> Argument:
        return Called(answer, self.shown(answer, seen))

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


def offered(buttons: Sequence[Button], seen: Seen) -> tuple[Choice, ...]:
    return tuple(
        Choice(one.value, seen.say(one.label), seen.say(one.help) if one.help else "")
        for one in buttons
    )


def labelled(buttons: Sequence[Button], value: str, seen: Seen) -> str:
    """Return a choice's label; its value where it is offered no more."""
    return next((seen.say(one.label) for one in buttons if one.value == value), value)


def heard(words: str, choices: tuple[Choice, ...]) -> str | None:
    """Return the choice that words name: by its label or its beginning, its value, its number.

    "Yes" and "no" in other words name the one choice that means them.
    """
    for said in spoken(words):
        bare = said.removesuffix("番")
        for number, choice in enumerate(choices, 1):
            if said in {folded(choice.label), choice.value} or bare == str(number):
                return choice.value
        begun = [
            one.value for one in choices if len(said) > 1 and folded(one.label).startswith(said)
        ]
        if len(begun) == 1:
            return begun[0]
        for meaning in ("yes", "no"):
            named = [
                one.value for one in choices if one.value == meaning or means(one.label, meaning)
            ]
            if means(said, meaning) and len(named) == 1:
                return named[0]
    return None


def option_texts(
    options: Sequence[Button], under: str = "options"
) -> Iterator[tuple[str, Mapping[str, str]]]:
    for number, option in enumerate(options):
        for name in ("label", "help", "submit", "hand_over"):
            if text := getattr(option, name, None):
                yield f"{under}.{number}.{name}", text


def option_flaws(options: Sequence[Button], under: str = "options") -> Iterator[tuple[str, str]]:
    values = [option.value for option in options]
    for number, option in enumerate(options):
        if option.value in values[:number]:
            yield f"{under}.{number}.value", f"{option.value} is there twice"
        if isinstance(option, Option) and option.submit and option.hand_over:
            yield f"{under}.{number}", "has two ends"
