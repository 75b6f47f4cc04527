"""What the pages of all channels word alike: days, times, channels, and the values of enums."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, ClassVar

from google.protobuf.timestamp_pb2 import Timestamp

from channels import wording


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of one language; whose they are says where the sentences are."""

    language: str

    ENUMS: ClassVar[Mapping[str, Any]] = {}
    """The enums that have a section of words each, by the name of both."""

    def say(self, name: str, /, **places: object) -> str:
        """Word `subject.name`: the sentence `name` of the section `subject`."""
        raise NotImplementedError

    def named(self, subject: str, name: str) -> str:
        """Word the name of something; one that is younger than the catalogue is something else."""
        try:
            return self.say(f"{subject}.{name}")
        except wording.NothingToSay:
            return self.say(f"{subject}.other")

    def enum(self, subject: str, value: int) -> str:
        """Word a value, likewise."""
        try:
            name = str(self.ENUMS[subject].Name(value))
        except ValueError:
            name = "other"
        return self.named(subject, name.removeprefix(f"{subject.upper()}_"))

    def day(self, time: Timestamp) -> str:
        return wording.date(time.ToDatetime(UTC), self.language)

    def clock(self, time: Timestamp) -> str:
        return wording.clock(time.ToDatetime(UTC), self.language)

    def iso_day(self, iso: str) -> str:
        """Write a day of the contract; one that is not whole as it stands."""
        try:
            return wording.day(iso, self.language)
        except ValueError:
            return iso

    def channel(self, name: str) -> str:
        return wording.channel(name, self.language)
