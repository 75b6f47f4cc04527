"""An address: a postal code, what it stands for, and the rest of it."""

import re
import unicodedata
from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.procedures.blocks.block import Block, Input, Seen, Wrong, clean, part
from core.procedures.blocks.text import postal_code

CODE = re.compile(r"\s*〒?\s*([0-9]{3})[-‐–—−ー]?([0-9]{4})(?![0-9])\s*")
DASH = re.compile(r"(?<=[0-9])[‐–—−ー](?=[0-9])")
NUMBER = re.compile(r"[0-9一二三四五六七八九十]+\s*(丁目|番|[-‐–—−ー0-9]|$)")


class AddressBlock(Block):
    name: ClassVar[str] = "address"
    input: ClassVar[Input] = Input.ADDRESS
    takes: ClassVar[tuple[type, ...]] = (dict,)

    within: Annotated[
        tuple[Annotated[str, Field(min_length=2, max_length=100)], ...], Field(max_length=50)
    ] = ()
    """What an address must begin with, one of these, such as 岡山県総社市; empty means any."""

    def read(self, given: Any, seen: Seen) -> Any:
        del seen
        code = part(given, "postal_code")
        area = clean(part(given, "area"), least=1, most=100, field="area")
        rest = clean(part(given, "rest"), most=100, field="rest")
        if self.within and not area.startswith(self.within):
            raise Wrong("outside_area", field="area", area="、".join(self.within))
        if code:
            try:
                code = postal_code(code)
            except Wrong as wrong:
                raise Wrong(wrong.problem, field="postal_code") from None
        return {"postal_code": code, "area": area, "rest": rest}

    def hear(self, words: str, seen: Seen) -> Any:
        del seen
        plain = DASH.sub("-", unicodedata.normalize("NFKC", words).strip())
        code = CODE.match(plain)
        whole = plain[code.end() :] if code else plain
        number = NUMBER.search(whole)
        at = number.start() if number and number.start() > 1 else len(whole)
        if len(whole[:at].strip()) < 2:
            return None
        return {
            "postal_code": "".join(code.groups()) if code else "",
            "area": whole[:at].strip(),
            "rest": whole[at:].strip(),
        }

    def shown(self, answer: Any, seen: Seen) -> str:
        del seen
        code = answer["postal_code"]
        mark = f"〒{code[:3]}-{code[3:]} " if code else ""
        return mark + self.for_expressions(answer)

    def for_expressions(self, answer: Any) -> str:
        return str(answer["area"] + answer["rest"])
