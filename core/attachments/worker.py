"""Makes one file anew in a process of its own, from its input to its output.

    python -m core.attachments.worker image/jpeg,image/png 2560 < file > answer

The number is the most that an image may be wide, in pixels.
The answer is a line of JSON, and the bytes after it.
"""

import json
import resource
import sys

from core.attachments.cleaning import NotTaken, Problem, clean

MOST_MEMORY = 1 << 30
MOST_SECONDS = 20


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    content = sys.stdin.buffer.read()
    answer: dict[str, str | int]
    try:
        made = clean(content, sys.argv[1].split(","), int(sys.argv[2]))
    except NotTaken as wrong:
        answer, body = {"problem": wrong.problem, "limit": wrong.limit}, b""
    except MemoryError:
        answer, body = {"problem": Problem.TOO_LARGE, "limit": ""}, b""
    else:
        answer = {"media_type": made.media_type, "width": made.width, "height": made.height}
        body = made.content
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
