"""Draws the pages of one file in a process of its own, from its input to its output.

    python -m core.attachments.page_worker application/pdf < file > answer

The answer is a line of JSON, and the bytes of the pictures after it.
"""

import json
import resource
import sys

import pikepdf
from PIL import UnidentifiedImageError

from core.attachments.cleaning import Problem
from core.attachments.paging import pages_of

MOST_MEMORY = 1 << 30
MOST_SECONDS = 25


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    content = sys.stdin.buffer.read()
    try:
        found = pages_of(sys.argv[1], content)
    except (pikepdf.PdfError, UnidentifiedImageError, ValueError, MemoryError):
        answer: dict[str, object] = {"problem": Problem.BROKEN, "limit": ""}
        body = b""
    else:
        pictures = [(media_type, len(picture)) for media_type, picture in found.pictures]
        answer = {"count": found.count, "text": found.text, "pictures": pictures}
        body = b"".join(picture for _, picture in found.pictures)
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
