"""`make fuzz`: whatever text comes as a procedure has faults within it, or is walked. Linux only.

Run as `python -m tests.fuzz.procedures SECONDS`; a crash leaves its input in `build/fuzz`.
"""

import sys
import time
from datetime import date
from importlib.resources import files
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["core.procedures"]):
    from core.procedures import engine
    from core.procedures.definition import Context
    from core.procedures.source import parse

FOLDER = Path("build/fuzz")
CONTEXT = Context(today=date(2026, 4, 1))
DICTIONARY = (
    "steps:", "values:", "when: ", "checks:", "says: ", "options:", "choice: ", "procedure: ",
    "{aa, plural, other {#}}", "{aa, select, other {", "{aa, date, long}", "answered.aa",
    "days_between(", ".matches(", ".map(x, ", "&aa ", "*aa", "!!str ", "today-18y", "《", "》",
)  # fmt: skip


def one_source(data: bytes) -> None:
    """Read the bytes as a source; walk what it makes."""
    text = data.decode("utf-8", "replace")
    begun = time.thread_time()
    parsed = parse(text)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    assert parsed.procedure or parsed.problems
    for one in parsed.problems:
        assert 1 <= one.line <= len(lines), one
        assert 1 <= one.column <= len(lines[one.line - 1]) + 1, one
    if parsed.procedure:
        for language in ("ja", "en"):
            engine.turn(parsed.procedure, {}, CONTEXT, language)
    assert time.thread_time() - begun < 1, "takes too long"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    seconds = int(sys.argv[1]) if sys.argv[1:] else 60
    seeds, words = FOLDER / "procedures", FOLDER / "procedures.dict"
    seeds.mkdir(exist_ok=True)
    for file in (files("core.procedures") / "library").iterdir():
        (seeds / file.name).write_bytes(file.read_bytes())
    escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in DICTIONARY)
    words.write_text("".join(f'"{word}"\n' for word in escaped), encoding="ascii")
    arguments = [
        sys.argv[0],
        f"-max_total_time={seconds}",
        f"-artifact_prefix={FOLDER}/",
        f"-dict={words}",
        "-max_len=8192",
        "-timeout=20",
        str(seeds),
    ]
    atheris.Setup(arguments, one_source)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
