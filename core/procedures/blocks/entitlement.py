"""What somebody is entitled to by the program, told line by line: somebody reads on."""

from typing import ClassVar

from core.procedures.blocks.held import ShowingBlock
from core.procedures.blocks.info import InfoBlock


class EntitlementBlock(ShowingBlock, InfoBlock):
    name: ClassVar[str] = "entitlement"
