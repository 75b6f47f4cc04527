"""Programs as processes of their own, with the time and the memory they took."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.matching.sets import Set


@dataclass(frozen=True)
class Run:
    """Seconds on the clock and of CPU, and the most memory in bytes; `output` is what it said."""

    seconds: float
    cpu: float
    memory: int
    output: str


def match(given: Set, links: Path) -> Run:
    """Match a set by the product's own command."""
    files = "--registrations", given.registrations, "--roster", given.roster, "--out", links
    return run(Path(sys.executable).with_name("todoke"), "match", *files)


def join(given: Set) -> Run:
    """Only read both files and join them on the birth date."""
    files = given.registrations, given.roster
    return run(sys.executable, "-m", "tests.bench.matching.join", *files)


def splink(given: Set, links: Path) -> Run:
    """Match a set by Splink, with the threshold that suits the truth best."""
    files = given.registrations, given.roster, given.truth, links
    return run(sys.executable, "-m", "tests.bench.matching.by_splink", *files)


def run(*command: str | Path) -> Run:
    """Run a program to its end; `RuntimeError` with what it said if it fails."""
    began = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"{command} failed:\n{output}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, output)
