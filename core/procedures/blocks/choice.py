"""One of several: a tap. An option may end the conversation at once."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from core.procedures.blocks.block import Block, Choice, Input, Key, Seen, Words, Wrong
from core.procedures.definition import End, Outcome
from core.procedures.hearing import folded, means, spoken
from core.procedures.texts import Argument, Called

DIGITS = re.compile(r"[0-9]{1,4}")
COUNT = re.compile(r"([0-9]{1,4})[^0-9]*")


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


def heard(words: str, choices: Sequence[Choice]) -> str | None:
    """Return the choice that words name: by its label or its beginning, its value, its number.

    "Yes" and "no" in other words name the one choice that means them.
    """
    labels = [folded(choice.label) for choice in choices]
    for said in spoken(words):
        for find in (_named, _numbered, _begun, _meant):
            at = find(said, labels, choices)
            if at is not None:
                return choices[at].value
    return None


def _named(said: str, labels: Sequence[str], choices: Sequence[Choice]) -> int | None:
    return _only(at for at, one in enumerate(choices) if said in {labels[at], one.value})


def _numbered(said: str, labels: Sequence[str], choices: Sequence[Choice]) -> int | None:
    number = said.removesuffix("番")
    if not DIGITS.fullmatch(number):
        return None
    own = [found[1] if (found := COUNT.fullmatch(label)) else "" for label in labels]
    if any(own):
        # Labels are numbers of something themselves, as 2人 is: a number is theirs.
        return _only(at for at, one in enumerate(own) if one == number)
    return int(number) - 1 if 1 <= int(number) <= len(choices) else None


def _begun(said: str, labels: Sequence[str], choices: Sequence[Choice]) -> int | None:
    del choices
    return _only(at for at, label in enumerate(labels) if len(said) > 1 and label.startswith(said))


def _meant(said: str, labels: Sequence[str], choices: Sequence[Choice]) -> int | None:
    for meaning in ("yes", "no"):
        if means(said, meaning):
            return _only(
                at
                for at, one in enumerate(choices)
                if one.value == meaning or means(labels[at], meaning)
            )
    return None


def _only(found: Iterable[int]) -> int | None:
    """Return the one that there is; None where there are none or several."""
    all_found = list(found)
    return all_found[0] if len(all_found) == 1 else None


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
