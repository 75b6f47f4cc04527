"""A process that reads one workbook: the file on its input, its text on its output, in frames.

A workbook can only be read whole: what that takes of memory has a limit, and ends with the process.
"""

import pickle
import resource
import struct
import sys
from typing import BinaryIO

from core.errors import Refusal
from core.rosters.workbook import text_of, unreadable

MOST_MEMORY = 8 << 30


def main(given: BinaryIO, told: BinaryIO) -> None:
    """Take the file, give frames: a length and a text, at the end a length of 0 and a refusal."""
    try:
        texts = text_of(given.read())
        told.writelines(struct.pack(">I", len(text)) + text for text in texts)
        refusal: Refusal | None = None
    except Refusal as refused:
        refusal = refused
    except MemoryError:
        refusal = unreadable("TOO_LARGE")
    told.write(struct.pack(">I", 0) + pickle.dumps(refusal))
    told.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    main(sys.stdin.buffer, sys.stdout.buffer)
