"""The steps of another procedure, in the place of this one: they are put in when it is compiled."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.procedures.blocks.block import Block, Input, Key, Seen
from core.procedures.expressions import Kind


class ProcedureBlock(Block):
    name: ClassVar[str] = "procedure"
    input: ClassVar[Input] = Input.READ
    kind: ClassVar[Kind] = Kind.TRUTH
    is_answer: ClassVar[bool] = False
    takes: ClassVar[tuple[type, ...]] = (bool,)

    use: Key
    """The key of the procedure."""
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    """Its version: what is published does not change when the other one does."""

    def read(self, given: Any, seen: Seen) -> Any:
        del given, seen
        return True
