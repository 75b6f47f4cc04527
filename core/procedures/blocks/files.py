"""Photographs, files and a drawn signature: what was uploaded before, named by its ids."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.procedures.blocks.block import Block, Input, Seen, Wrong
from core.procedures.expressions import Kind
from core.procedures.texts import Argument
from core.procedures.wording import word

MEGABYTE = 1024 * 1024


class FileType(StrEnum):
    """What may be uploaded, by its media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"


TypeName = Annotated[str, Field(pattern=r"^(jpeg|png|webp|pdf)$")]


class FileBlock(Block):
    name: ClassVar[str] = "file"
    input: ClassVar[Input] = Input.FILES
    kind: ClassVar[Kind] = Kind.NUMBER
    takes: ClassVar[tuple[type, ...]] = (list,)
    counted: ClassVar[str] = "files"

    least: Annotated[int, Field(ge=1, le=10)] = 1
    most: Annotated[int, Field(ge=1, le=10)] = 1
    megabytes: Annotated[int, Field(ge=1, le=20)] = 10
    """The most of one."""
    types: Annotated[tuple[TypeName, ...], Field(min_length=1)] = ("jpeg", "png", "webp", "pdf")

    def read(self, given: Any, seen: Seen) -> Any:
        del seen
        ids = list(dict.fromkeys(one for one in given if isinstance(one, str) and one))
        if len(ids) < self.least:
            raise Wrong("too_few", limit=str(self.least))
        if len(ids) > self.most:
            raise Wrong("too_many", limit=str(self.most))
        return ids

    @classmethod
    def as_given(cls, answer: Any) -> dict[str, Any]:
        return {"files": {"attachment_ids": answer}}

    def hear(self, words: str, seen: Seen) -> Any:
        del words, seen

    def asks(self, seen: Seen) -> dict[str, Any]:
        del seen
        return {
            "least": self.least,
            "most": self.most,
            "most_bytes": self.megabytes * MEGABYTE,
            "media_types": [str(FileType[one.upper()]) for one in self.types],
        }

    def shown(self, answer: Any, seen: Seen) -> str:
        return seen.say(word(self.counted), count=len(answer))

    def for_expressions(self, answer: Any) -> Any:
        return len(answer)

    def attachments(self, answer: Any) -> tuple[str, ...]:
        return tuple(answer)

    def flaws(self) -> Iterator[tuple[str, str]]:
        if self.least > self.most:
            yield "least", "is more than most"


class PhotoBlock(FileBlock):
    name: ClassVar[str] = "photo"
    counted: ClassVar[str] = "photos"

    types: Annotated[tuple[TypeName, ...], Field(min_length=1)] = ("jpeg", "png", "webp")

    def flaws(self) -> Iterator[tuple[str, str]]:
        yield from super().flaws()
        if "pdf" in self.types:
            yield "types", "a photograph is no pdf: use file"


class SignatureBlock(Block):
    name: ClassVar[str] = "signature"
    input: ClassVar[Input] = Input.SIGNATURE
    kind: ClassVar[Kind] = Kind.TRUTH
    is_sensitive: ClassVar[bool] = True
    takes: ClassVar[tuple[type, ...]] = (list,)

    def read(self, given: Any, seen: Seen) -> Any:
        del seen
        if len(given) != 1 or not isinstance(given[0], str) or not given[0]:
            raise Wrong("required")
        return given

    @classmethod
    def as_given(cls, answer: Any) -> dict[str, Any]:
        return {"files": {"attachment_ids": answer}}

    def hear(self, words: str, seen: Seen) -> Any:
        del words, seen

    def asks(self, seen: Seen) -> dict[str, Any]:
        del seen
        drawn = str(FileType.PNG)
        return {"least": 1, "most": 1, "most_bytes": MEGABYTE, "media_types": [drawn]}

    def shown(self, answer: Any, seen: Seen) -> str:
        del answer
        return seen.say(word("signed"))

    def for_expressions(self, answer: Any) -> Any:
        return bool(answer)

    def fills(self, answer: Any, seen: Seen) -> Argument:
        return self.shown(answer, seen)

    def attachments(self, answer: Any) -> tuple[str, ...]:
        return tuple(answer)
