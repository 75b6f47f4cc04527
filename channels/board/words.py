"""How pages are worded: sentences from the catalogues in `words/`, one file a language."""

from pathlib import Path
from typing import ClassVar

from channels.spoken import Spoken
from channels.wording import Catalogues
from todoke.v1.circulars_pb2 import (
    CIRCULAR_KIND_NOTICE,
    RECEIPT_WAY_TAPPED,
    CircularKind,
    CircularState,
    OfficeKind,
    ReceiptWay,
)

CATALOGUES = Catalogues(Path(__file__).parent / "words")


class Words(Spoken):
    """The words of one language."""

    __slots__ = ()
    ENUMS: ClassVar = {
        "circular_kind": CircularKind,
        "circular_state": CircularState,
        "office_kind": OfficeKind,
        "receipt_way": ReceiptWay,
    }

    def say(self, name: str, /, **places: object) -> str:
        subject, _, sentence = name.partition(".")
        return CATALOGUES.say(subject, sentence, self.language, places)

    def way(self, value: int, kind: int) -> str:
        """Word how a household read; what asks for more than 見ました is answered."""
        if value == RECEIPT_WAY_TAPPED and kind != CIRCULAR_KIND_NOTICE:
            return self.say("receipts.answered")
        return self.enum("receipt_way", value)
