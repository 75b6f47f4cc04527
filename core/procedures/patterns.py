"""Where the places of an ICU message are: what ICU itself does not tell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

NAME = re.compile(r"[a-z][a-z0-9_]*")
BRANCHED = {"plural", "selectordinal", "select"}
DAYS = {"date", "time"}
NUMBERS = {"number", "plural", "selectordinal", "spellout", "ordinal", "duration"}
DEEPEST = 20


class TextInvalid(ValueError):  # noqa: N818 - named for what is wrong.
    """A text is no message of ICU's."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its name and type ("" for a plain one), and where it is, from { to beyond }."""

    name: str
    type: str
    begin: int
    end: int
    name_begin: int


@lru_cache(maxsize=4096)
def places_of(pattern: str) -> tuple[Place, ...]:
    """Return a pattern's places in order, each before those within it. Raises TextInvalid."""
    reader = _Reader(pattern)
    found = sorted(reader.message(0), key=lambda one: one.begin)
    if reader.at < len(pattern):
        raise TextInvalid("has a } without its {")
    return tuple(found)


class _Reader:
    """Walks a pattern once; ICU checks the rest of its grammar."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def message(self, depth: int, *, plural: bool = False) -> Iterator[Place]:
        """Read up to the brace that ends the message, or to the end."""
        if depth > DEEPEST:
            raise TextInvalid("is nested too deep")
        while self.at < len(self.pattern):
            character = self.pattern[self.at]
            if character == "}":
                return
            if character == "{":
                yield from self._argument(depth)
            elif character == "'":
                self._quoted("{}#" if plural else "{}")
            else:
                self.at += 1

    def _argument(self, depth: int) -> Iterator[Place]:
        begin = self.at
        self.at += 1
        self._space()
        name_begin = self.at
        name = self._word()
        if not NAME.fullmatch(name):
            raise TextInvalid(f"{{{name}}} is no name of a place")
        kind = ""
        if self._peek() == ",":
            self.at += 1
            self._space()
            kind = self._word()
        inner: list[Place] = []
        if kind in BRANCHED:
            inner = list(self._branches(depth, plural=kind != "select"))
        elif kind:
            self._style()
        if self._peek() != "}":
            raise TextInvalid(f"{{{name} is not closed")
        self.at += 1
        yield Place(name, kind, begin, self.at, name_begin)
        yield from inner

    def _branches(self, depth: int, *, plural: bool) -> Iterator[Place]:
        while self.at < len(self.pattern) and self._peek() != "}":
            if self._peek() != "{":
                self.at += 1
                continue
            self.at += 1
            yield from self.message(depth + 1, plural=plural)
            if self._peek() != "}":
                raise TextInvalid("a branch is not closed")
            self.at += 1
            self._space()

    def _style(self) -> None:
        open_braces = 0
        while self.at < len(self.pattern):
            character = self.pattern[self.at]
            if character == "'":
                self._quoted("", always=True)
                continue
            if character == "}" and not open_braces:
                return
            open_braces += (character == "{") - (character == "}")
            self.at += 1

    def _quoted(self, starts: str, *, always: bool = False) -> None:
        """Pass over a quote: in a text, only one before a brace begins something quoted."""
        after = self.pattern[self.at + 1 : self.at + 2]
        if after == "'" and not always:
            self.at += 2
            return
        if not always and (not after or after not in starts):
            self.at += 1
            return
        self.at += 1
        while self.at < len(self.pattern):
            if self.pattern[self.at] == "'":
                if self.pattern[self.at + 1 : self.at + 2] != "'":
                    self.at += 1
                    return
                self.at += 1
            self.at += 1

    def _word(self) -> str:
        begin = self.at
        while self.at < len(self.pattern) and self._peek() not in "{},' \t\r\n":
            self.at += 1
        word = self.pattern[begin : self.at]
        self._space()
        return word

    def _space(self) -> None:
        while self.at < len(self.pattern) and self.pattern[self.at] in " \t\r\n":
            self.at += 1

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]
