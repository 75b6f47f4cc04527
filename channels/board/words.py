"""How pages are worded: sentences from the catalogues in `words/`, one file a language.

Japanese is complete; another language falls back to it sentence by sentence.
"""

import tomllib
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from channels import wording
from todoke.v1.circulars_pb2 import (
    CIRCULAR_KIND_NOTICE,
    RECEIPT_WAY_TAPPED,
    CircularKind,
    CircularState,
    OfficeKind,
    ReceiptWay,
)

CATALOGUES = Path(__file__).parent / "words"

ENUMS: dict[str, Any] = {
    "circular_kind": CircularKind,
    "circular_state": CircularState,
    "office_kind": OfficeKind,
    "receipt_way": ReceiptWay,
}
"""The enums that have a section of words each, by the name of both."""


@cache
def catalogue(language: str) -> dict[str, Any]:
    """Return the sentences of a language, by section; empty where there is no catalogue."""
    file = CATALOGUES / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: str

    def say(self, name: str, /, **places: object) -> str:
        """Word `subject.name`: the sentence `name` of the section `subject`."""
        subject, _, sentence = name.partition(".")
        for tried in (self.language, wording.FIRST):
            found = catalogue(tried).get(subject, {}).get(sentence)
            if found is not None:
                return str(found).format(**places)
        raise wording.NothingToSay(f"no words for {name}: update this channel")

    def enum(self, subject: str, value: int) -> str:
        """Word a value; one that is younger than the catalogue is something else."""
        try:
            name = ENUMS[subject].Name(value).removeprefix(f"{subject.upper()}_")
            return self.say(f"{subject}.{name}")
        except (ValueError, wording.NothingToSay):
            return self.say(f"{subject}.other")

    def way(self, value: int, kind: int) -> str:
        """Word how a household read; what asks for more than 見ました is answered."""
        if value == RECEIPT_WAY_TAPPED and kind != CIRCULAR_KIND_NOTICE:
            return self.say("receipts.answered")
        return self.enum("receipt_way", value)

    def day(self, time: Timestamp) -> str:
        return wording.date(time.ToDatetime(UTC), self.language)

    def clock(self, time: Timestamp) -> str:
        return wording.clock(time.ToDatetime(UTC), self.language)

    def iso_day(self, iso: str) -> str:
        """Write a day of the contract; what is none stands as it is."""
        try:
            return wording.day(iso, self.language)
        except ValueError:
            return iso

    def channel(self, name: str) -> str:
        return wording.channel(name, self.language)
