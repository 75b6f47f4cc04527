"""A place on the map, within the town where it has bounds, or one that is told in words."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from core.procedures.blocks.block import Block, Input, Seen, Wrong, clean, part

Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
PAIR = re.compile(r"\s*(-?[0-9]{1,2}\.[0-9]+)\s*[,\s]\s*(-?[0-9]{1,3}\.[0-9]+)\s*")
PRECISION = 6
"""Decimals that are kept: a tenth of a metre."""


class Bounds(BaseModel):
    """The box that a town lies in, in degrees, WGS 84."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    south: Latitude
    west: Longitude
    north: Latitude
    east: Longitude


class Point(BaseModel):
    """Where a map begins."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    latitude: Latitude
    longitude: Longitude


class PlaceBlock(Block):
    name: ClassVar[str] = "place"
    input: ClassVar[Input] = Input.PLACE
    takes: ClassVar[tuple[type, ...]] = (dict,)

    within: Bounds | None = None
    start: Point | None = None

    def read(self, given: Any, seen: Seen) -> Any:
        del seen
        address = clean(part(given, "address"), most=200, field="address")
        latitude, longitude = (_degrees(given.get(name, 0)) for name in ("latitude", "longitude"))
        if latitude == longitude == 0:
            # Nowhere: it is told in words, as on a page that draws no map.
            if not address:
                raise Wrong("not_a_place")
            return {"address": address}
        if not -90 <= latitude <= 90 or not -180 <= longitude <= 180:
            raise Wrong("not_a_place")
        box = self.within
        if box and not (box.south <= latitude <= box.north and box.west <= longitude <= box.east):
            raise Wrong("outside_area")
        return {
            "latitude": round(latitude, PRECISION),
            "longitude": round(longitude, PRECISION),
            "address": address,
        }

    def hear(self, words: str, seen: Seen) -> Any:
        del seen
        found = PAIR.fullmatch(unicodedata.normalize("NFKC", words))
        if found:
            return {"latitude": float(found[1]), "longitude": float(found[2])}
        return {"address": words} if len(words.strip()) > 1 else None

    def asks(self, seen: Seen) -> dict[str, Any]:
        del seen
        if self.start:
            return {"latitude": self.start.latitude, "longitude": self.start.longitude}
        if self.within:
            box = self.within
            return {
                "latitude": (box.south + box.north) / 2,
                "longitude": (box.west + box.east) / 2,
            }
        return {}

    def shown(self, answer: Any, seen: Seen) -> str:
        del seen
        return self.for_expressions(answer)

    def for_expressions(self, answer: Any) -> str:
        return answer["address"] or f"{answer['latitude']}, {answer['longitude']}"

    def flaws(self) -> Iterator[tuple[str, str]]:
        if self.within and self.within.south >= self.within.north:
            yield "within.south", "is not south of north"
        if self.within and self.within.west >= self.within.east:
            yield "within.west", "is not west of east"


def _degrees(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong("not_a_place")
    return float(value)
