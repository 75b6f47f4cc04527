"""How pages word what the core says in fields: enums, names of things, times."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from channels import wording
from channels.spoken import Spoken
from channels.web import readings
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

WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Words(Spoken):
    """The words of one language."""

    __slots__ = ()
    ENUMS: ClassVar = {
        "assurance": Assurance,
        "closing_cause": ClosingCause,
        "consent_purpose": ConsentPurpose,
        "identity_document": IdentityDocument,
        "revocation": Revocation,
        "sex": Sex,
    }

    def say(self, name: str, /, **places: object) -> str:
        """Word `subject.name`: the sentence `name` of the section `web_subject`."""
        return readings.plain(self.read(name, **places))

    def read(self, name: str, **places: object) -> str:
        """Word it with the readings of its kanji, where the catalogue gives them."""
        subject, _, sentence = name.partition(".")
        return wording.say(f"web_{subject}", sentence, self.language, **places)

    def stale(self, resident: Resident) -> list[str]:
        """Say why facts should be verified anew."""
        until = self.day(resident.certificate_expire_time)
        names = [StaleCause.Name(cause) for cause in resident.stale_causes]
        return [
            wording.say("stale", name.removeprefix("STALE_CAUSE_"), self.language, until=until)
            for name in names
        ]

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


@dataclass(frozen=True, slots=True)
class Reading:
    """What pages say where readings can stand: everywhere but in titles and names of things."""

    words: Words
    is_wanted: bool

    def say(self, name: str, **places: object) -> Markup:
        """Word a sentence of the catalogue."""
        text = self.words.read(name, **places)
        plain = readings.plain(text)
        return readings.shown(plain, text if plain != text else "", is_wanted=self.is_wanted)

    def text(self, text: str, ruby: str) -> Markup:
        """Write what the core says."""
        return readings.shown(text, ruby, is_wanted=self.is_wanted)
