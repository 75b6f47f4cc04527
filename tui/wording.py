"""The staff's words: one catalogue a language, and what a refusal of the core is called in it.

No words stand in code; a key that is missing is a bug and says so.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from todoke.client import CoreError
from todoke.v1.activity_pb2 import Event

CATALOGUES = Path(__file__).with_name("words")
LANGUAGES = ("ja", "en")
MISSING = "—"
OLDEST = 150
"""Where ages that count end, there is no end."""
TYPED = frozenset({"place"})
"""Metadata in which a person's own words come back."""

INDEX = re.compile(r"\[[^]]*\]")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal in words: what is wrong, what to do, and which fields are meant, by their paths."""

    what: str
    remedy: str
    fields: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.what}\n{self.remedy}" if self.remedy else self.what


class Words:
    """The catalogue of one language; called with a key it gives the text, its places filled."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts: dict[str, str] = {}
        for file in sorted((CATALOGUES / language).glob("*.toml")):
            self._texts.update(texts_of(file))

    def __call__(self, key: str, **values: object) -> str:
        return self._texts[key].format_map(_Given(values))

    def find(self, key: str, **values: object) -> str | None:
        """Return the text of a key, or None where the catalogue has none."""
        return self(key, **values) if key in self._texts else None

    @property
    def texts(self) -> Mapping[str, str]:
        return self._texts

    def refusal(self, error: CoreError) -> Refusal:
        """Word what the core refused, or that it could not be reached."""
        if error.reason == "FIELD_INVALID":
            return self._fields(error)
        if error.reason:
            refusal = self.reason(error.reason, error.metadata)
            fields = {violation.field: refusal.what for violation in error.violations}
            return Refusal(refusal.what, refusal.remedy, fields)
        code = error.code.name if f"code.{error.code.name}.what" in self._texts else "OTHER"
        values = {"code": error.code.name, "message": error.message}
        return Refusal(self(f"code.{code}.what", **values), self(f"code.{code}.remedy", **values))

    def reason(self, reason: str, metadata: Mapping[str, str]) -> Refusal:
        """Word one ErrorReason, by its `problem` where the catalogue knows that.

        Metadata's values, or what stands between their commas, are worded where they are known;
        what somebody typed is told as it is.
        """
        values = {
            key: value if key in TYPED else self._value(value) for key, value in metadata.items()
        }
        told = metadata.get("amountProblem") or metadata.get("problem", "")
        problem = f"problem.{reason}.{told}"
        key = problem if f"{problem}.what" in self._texts else f"reason.{reason}"
        what = self.find(f"{key}.what", **values)
        if what is None:
            return Refusal(
                self("reason_unknown.what", reason=reason), self("reason_unknown.remedy")
            )
        return Refusal(what, self(f"{key}.remedy", **values))

    def rule_of(self, path: str, otherwise: str = "") -> str:
        """Say what a field takes; `otherwise` where the catalogue knows no rule of that name.

        What many things have, such as a title, is told by the whole path where that has words; a
        text in several languages by where it stands.
        """
        whole = INDEX.sub("", path).removesuffix(".by_language").replace(".", "_")
        name = path.rpartition(".")[2].partition("[")[0]
        label = self.find(f"field.{whole}") or self.find(f"field.{name}") or path
        rule = self.find(f"rule.{whole}") or self.find(f"rule.{name}") or otherwise
        return self("rule_of", label=label, rule=rule)

    def ages(self, first: int, last: int) -> str:
        """Say which ages a row counts."""
        if last >= OLDEST:
            return self("ages_from", first=first)
        return self("ages", first=first, last=last)

    def event(self, event: Event) -> str:
        """Say in words who did what."""
        return self("event_line", actor=self.actor(event.actor), deed=self.deed(event.kind))

    def deed(self, kind: str) -> str:
        """Say in words what was done; a kind without words is told by its name."""
        return self.find(f"event.{kind.replace('.', '_')}") or kind

    def actor(self, actor: str) -> str:
        """Name who did it: "staff:hana", "channel:line" or "core"."""
        kind, _, name = actor.partition(":")
        return self.find(f"actor.{kind}", name=name) or actor

    def channel(self, channel: str) -> str:
        """Name a channel as people call it; one without words is told by its key."""
        return self.find(f"channel.{channel}") or channel

    def _value(self, value: str) -> str:
        parts = [
            self.find(f"value.{part}") or self.find(f"language.{part}") for part in value.split(",")
        ]
        known = [part for part in parts if part is not None]
        return self("comma").join(known) if len(known) == len(parts) else value

    def _fields(self, error: CoreError) -> Refusal:
        fields = {}
        for violation in error.violations:
            fields[violation.field] = self.rule_of(violation.field, violation.description)
        what = self("reason.FIELD_INVALID.what", fields="\n".join(fields.values()) or MISSING)
        return Refusal(what, self("reason.FIELD_INVALID.remedy"), fields)


def texts_of(file: Path) -> dict[str, str]:
    """Read one catalogue: its texts, each by its whole key."""
    return dict(_flat(tomllib.loads(file.read_text(encoding="utf-8"))))


class _Given(dict[str, object]):
    """What fills the places of a text; a place nobody gave shows as a dash."""

    def __missing__(self, key: str) -> str:
        return MISSING


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        path = f"{prefix}{key}"
        match value:
            case dict():
                yield from _flat(value, f"{path}.")
            case [what, remedy]:
                yield f"{path}.what", what
                yield f"{path}.remedy", remedy
            case _:
                yield path, value
