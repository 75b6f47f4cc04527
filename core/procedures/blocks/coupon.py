"""A code that the town has printed on a letter or a leaflet."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from core import coupon_codes
from core.procedures.blocks.block import Block, Input, Seen, Words, Wrong
from core.procedures.blocks.date import said_day

MOST = 40
"""What may be typed, with whatever stands between the characters."""


class CouponBlock(Block):
    name: ClassVar[str] = "coupon"
    input: ClassVar[Input] = Input.TEXT

    example: Words | None = None

    def read(self, given: Any, seen: Seen) -> Any:
        try:
            code = coupon_codes.read(given)
        except coupon_codes.Mistyped:
            raise Wrong("code_mistyped") from None
        refused = seen.context.refused.get((seen.step, code))
        if refused is not None:
            problem, limit = refused
            told = said_day(limit, seen) if isinstance(limit, date) else limit
            raise Wrong(problem, **({"limit": told} if told else {}))
        return code

    def asks(self, seen: Seen) -> dict[str, Any]:
        return {
            "kind": "TEXT_KIND_PLAIN",
            "least": coupon_codes.LENGTH,
            "most": MOST,
            "lines": False,
            "example": seen.say(self.example) if self.example else "ABCD-EFGH-JKLM",
        }

    def shown(self, answer: Any, seen: Seen) -> str:
        del seen
        return coupon_codes.printed(answer)

    def texts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        if self.example:
            yield "example", self.example
