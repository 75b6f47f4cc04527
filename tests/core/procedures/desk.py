"""Runs commands one after another in this process: `python desk.py < steps.json > results.json`.

A step is a file to write, or a command with what is typed at it; a result is what a command prints
and ends with. One process for all, since each takes a second to begin.
"""

import json
import shlex
import sys
from pathlib import Path

from click.testing import CliRunner

from todoke.command import main


def results(steps: list[dict[str, str]]) -> list[dict[str, str | int]]:
    found: list[dict[str, str | int]] = []
    for step in steps:
        if "file" in step:
            Path(step["file"]).write_text(step["text"], encoding="utf-8")
            continue
        program, *words = shlex.split(step["words"])
        assert program == "todoke"
        result = CliRunner().invoke(main, words, input=step["typed"])
        found.append({"output": result.output, "code": result.exit_code})
    return found


if __name__ == "__main__":
    json.dump(results(json.load(sys.stdin)), sys.stdout)
