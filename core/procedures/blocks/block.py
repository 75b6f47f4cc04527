"""What every block is: settings that an author writes, and how an answer is read and shown."""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from core.my_number import contains_my_number
from core.procedures.definition import Context, End
from core.procedures.expressions import Kind
from core.procedures.patterns import TextInvalid
from core.procedures.texts import Argument, Arguments, places, said

KEY = r"^[a-z][a-z0-9_]{1,63}$"
Key = Annotated[str, Field(pattern=KEY)]
"""A name within a procedure."""


def _by_language(value: Any) -> Any:
    return {"ja": value} if isinstance(value, str) else value


def _checked(text: dict[str, str]) -> dict[str, str]:
    if "ja" not in text:
        raise ValueError("has no ja")
    for language, pattern in text.items():
        try:
            places(pattern)
        except TextInvalid as wrong:
            raise ValueError(f"{language}: {wrong}") from None
    return text


LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
Words = Annotated[
    dict[LanguageTag, Annotated[str, Field(min_length=1, max_length=2000)]],
    BeforeValidator(_by_language, json_schema_input_type=str | dict[str, str]),
    AfterValidator(_checked),
]
"""A text by language; a plain text is Japanese."""
LongWords = Annotated[
    dict[LanguageTag, Annotated[str, Field(min_length=1, max_length=20_000)]],
    BeforeValidator(_by_language, json_schema_input_type=str | dict[str, str]),
    AfterValidator(_checked),
]
"""A text of some pages, such as the terms that somebody agrees to."""


class Input(StrEnum):
    """What a prompt wants to be answered with, as the contract's Input names it."""

    READ = "read"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DATE_TIME = "date_time"
    PLACE = "place"
    ADDRESS = "address"
    ACCOUNT = "account"
    FILES = "files"
    AGREE = "agree"
    MEMBERS = "members"
    SIGNATURE = "signature"
    SLOT = "slot"


class Wrong(Exception):  # noqa: N818 - named for what the answer is.
    """An answer that does not fit: `problem` is a key to word it by, `field` the part of it."""

    def __init__(self, problem: str, *, field: str = "", text: str = "", **metadata: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.field = field
        self.text = text
        self.metadata = metadata


PROBLEMS = frozenset(
    {
        "account_type_invalid",
        "bank_unknown",
        "branch_unknown",
        "check",
        "code_early",
        "code_elsewhere",
        "code_late",
        "code_mistyped",
        "code_rests",
        "code_unknown",
        "code_used",
        "code_void",
        "holder_illegal",
        "must_agree",
        "my_number",
        "not_a_date",
        "not_a_phone",
        "not_a_place",
        "not_a_postal_code",
        "not_a_time",
        "not_an_email",
        "not_kana",
        "not_of_the_form",
        "not_of_the_kind",
        "not_offered",
        "number_invalid",
        "outside_area",
        "outside_hours",
        "required",
        "slot_full",
        "symbol_invalid",
        "too_early",
        "too_few",
        "too_large",
        "too_late",
        "too_long",
        "too_many",
        "too_short",
        "too_small",
    }
)
"""Every key of a problem that channels word; `limit` and others are beside it as metadata."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button in the resident's language."""

    value: str
    label: str
    help: str = ""
    full: bool = False


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A line of what the city holds, in the resident's language."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a block sees when it asks or reads: its step's key, what is known, the language."""

    step: str
    context: Context
    language: str
    arguments: Arguments = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    """Answers and calculations so far, as expressions see them."""

    def say(self, text: Mapping[str, str], **arguments: Argument) -> str:
        """Return a text in the language, filled by what is known, or by these arguments."""
        return said(text, arguments or self.arguments, self.language)


class Block(BaseModel, ABC):
    """The settings of a step's block. A block is one file and one line in the registry.

    Answers are kept as what JSON can hold; `given` is an answer as the contract's Answer has it, by
    its plain value (a dict for a message).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: ClassVar[str]
    """Its name in YAML."""
    input: ClassVar[Input]
    kind: ClassVar[Kind] = Kind.TEXT
    """What its answer is to expressions."""
    is_answer: ClassVar[bool] = True
    """Whether it is an answer that is looked through and filed; false for what is only read."""
    is_sensitive: ClassVar[bool] = False
    """Whether its answers never belong into a chat, whatever the author says."""
    takes: ClassVar[tuple[type, ...]] = (str,)
    """What `given` may be; anything else is refused before it is read."""

    @abstractmethod
    def read(self, given: Any, seen: Seen) -> Any:
        """Return the answer as it is kept. Raises Wrong."""

    @classmethod
    def as_given(cls, answer: Any) -> dict[str, Any]:
        """Return a kept answer as the contract's Answer has it, in protobuf's JSON."""
        return {str(cls.input): answer}

    def hear(self, words: str, seen: Seen) -> Any:
        """Return what words in a chat answer, as `read` takes it; None where they say nothing.

        What is heard may still be Wrong when it is read.
        """
        del seen
        return words

    def asks(self, seen: Seen) -> dict[str, Any]:
        """Return the fields of the contract's input of this kind."""
        del seen
        return {}

    def choices(self, seen: Seen) -> tuple[Choice, ...]:
        del seen
        return ()

    def facts(self, seen: Seen) -> tuple[ShownFact, ...]:
        del seen
        return ()

    def shown(self, answer: Any, seen: Seen) -> str:
        """Return an answer as somebody reads it who looks it through; accounts are masked."""
        del seen
        return str(answer)

    def for_expressions(self, answer: Any) -> Any:
        """Return an answer as expressions see it, of the block's kind."""
        return answer

    def fills(self, answer: Any, seen: Seen) -> Argument:
        """Return what an answer fills a text's place with."""
        del seen
        value = self.for_expressions(answer)
        return value if isinstance(value, int) else str(value)

    def end(self, answer: Any) -> End | None:
        """Return the end that an answer leads to, if it leads to one."""
        del answer
        return None

    def attachments(self, answer: Any) -> tuple[str, ...]:
        """Return the ids of the attachments that an answer names."""
        del answer
        return ()

    def texts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield every text with its path within the block's settings."""
        yield from ()

    def flaws(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with settings beyond their types: a path within, and a problem."""
        yield from ()


def part(given: Any, name: str) -> str:
    """Return a part of an answer that is a message, "" where it has none."""
    value = given.get(name) if isinstance(given, dict) else None
    return value if isinstance(value, str) else ""


def clean(words: str, *, most: int, least: int = 0, lines: bool = False, field: str = "") -> str:
    """Return words in one line, or in several, without control characters.

    Raises Wrong, also where they hold a My Number, which is never to be kept.
    """
    text = unicodedata.normalize("NFC", words).replace("\r\n", "\n").replace("\r", "\n")
    text = CONTROL.sub("", text).strip()
    if not lines:
        text = " ".join(text.split("\n"))
    if contains_my_number(text):
        raise Wrong("my_number", field=field)
    if not text and least:
        raise Wrong("required", field=field)
    if len(text) < least:
        raise Wrong("too_short", field=field, limit=str(least))
    if len(text) > most:
        raise Wrong("too_long", field=field, limit=str(most))
    return text


CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
