"""How pages word what the core says in fields: enums, names of things, times."""

import re
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from channels import wording
from channels.web import readings
from channels.wording import NothingToSay
from todoke.v1.residents_pb2 import (
    Assurance,
    ClosingCause,
    ConsentPurpose,
    IdentityDocument,
    Resident,
    Revocation,
    Sex,
    StaleCause,
)

ENUMS: dict[str, Any] = {
    "assurance": Assurance,
    "closing_cause": ClosingCause,
    "consent_purpose": ConsentPurpose,
    "identity_document": IdentityDocument,
    "revocation": Revocation,
    "sex": Sex,
}
"""The enums that have a section of words each, by the name of both."""

WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: str

    def say(self, name: str, **places: object) -> str:
        """Word `subject.name`: the sentence `name` of the section `web_subject`."""
        return readings.plain(self.read(name, **places))

    def read(self, name: str, **places: object) -> str:
        """Word it with the readings of its kanji, where the catalogue gives them."""
        subject, _, sentence = name.partition(".")
        return wording.say(f"web_{subject}", sentence, self.language, **places)

    def named(self, subject: str, name: str) -> str:
        """Word the name of something; one that is younger than the catalogue is something else."""
        try:
            return self.say(f"{subject}.{name}")
        except NothingToSay:
            return self.say(f"{subject}.other")

    def enum(self, subject: str, value: int) -> str:
        try:
            name = str(ENUMS[subject].Name(value))
        except ValueError:
            name = "other"
        return self.named(subject, name.removeprefix(f"{subject.upper()}_"))

    def stale(self, resident: Resident) -> list[str]:
        """Say why facts should be verified anew."""
        until = self.day(resident.certificate_expire_time)
        names = [StaleCause.Name(cause) for cause in resident.stale_causes]
        return [
            wording.say("stale", name.removeprefix("STALE_CAUSE_"), self.language, until=until)
            for name in names
        ]

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

    def birth_day(self, iso: str) -> str:
        """Write a day with the year of its era beside, by which many know their birthday."""
        begun = [day for day in wording.catalogue(wording.FIRST)["eras"] if day <= iso]
        day = self.iso_day(iso)
        if not begun or not WHOLE_DAY.fullmatch(iso):
            return day
        first = max(begun)
        era = wording.say("eras", first, self.language)
        year = int(iso[:4]) - int(first[:4]) + 1
        return self.say("record.birth_day", day=day, era=era, year=year)

    def era(self, first: str) -> str:
        """Name an era by its first day, or the years that everybody counts."""
        if first not in wording.catalogue(wording.FIRST)["eras"]:
            return self.say("asking.western")
        return wording.say("eras", first, self.language)

    def yen(self, amount: int) -> str:
        return wording.yen(amount, self.language)

    def scope(self, scope: Any) -> str:
        return wording.scope(scope, self.language)

    def channel(self, name: str) -> str:
        return wording.channel(name, self.language)
