"""`make chaos`: tell 60,000 while every part is killed; exits 0 only if each was told once."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine

from core.schema import METADATA
from tests.bench.__main__ import DATABASES, database
from tests.chaos import messaging
from tests.chaos.messaging import ALONE, AMIDST, EACH, EVERYBODY, Played, Size

RATES = {"multicast": 5, "push": 300}
"""A second, of both adapters: slow enough that every part dies while there is something to do."""

MORE_SECONDS = 2.0
"""How much longer than alone an emergency may take in the middle of all that."""

NAMES = {
    EVERYBODY: "in multicasts",
    EACH: "a push to each",
    ALONE: "emergency, alone",
    AMIDST: "emergency, in the middle",
}

console = Console()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--together", type=int, default=50_000, help="told in multicasts")
    parser.add_argument("--each", type=int, default=10_000, help="told each in own words")
    parser.add_argument("--kills", type=int, default=20, help="by SIGKILL, of all parts in turns")
    parser.add_argument("--seed", type=int, default=1, help="of the order and moments of kills")
    parser.add_argument("--lease", type=int, default=60, help="seconds, as the core is set")
    parser.add_argument("--log", type=Path, help="where what the parts said is kept")
    parser.add_argument("--only", nargs="+", choices=DATABASES, default=DATABASES)
    return parser.parse_args()


def play(kind: str, given: argparse.Namespace) -> Played:
    size = Size(
        together=given.together, each=given.each, kills=given.kills, seed=given.seed,
        lease_seconds=given.lease, rates=RATES,
    )  # fmt: skip
    with (
        tempfile.TemporaryDirectory(prefix="todoke-chaos-") as name,
        database(kind, Path(name)) as url,
    ):
        engine = create_engine(url)
        METADATA.create_all(engine)
        engine.dispose()
        began = time.monotonic()

        def say(what: str) -> None:
            print(f"{time.monotonic() - began:6.1f} s  {what}", file=sys.stderr, flush=True)

        try:
            return asyncio.run(messaging.play(url, Path(name), size, say=say))
        finally:
            if given.log is not None and (said := Path(name) / "log").exists():
                with given.log.open("a", encoding="utf-8") as kept:
                    kept.write(said.read_text(encoding="utf-8"))


def show(kind: str, played: Played) -> None:
    """Show by campaign what residents saw, and what it all came to."""
    table = Table(title=f"{kind}: told while all parts are killed")
    table.add_column("")
    for name in ("by the core", "told", "doubled", "lost", "not theirs", "seconds"):
        table.add_column(name, justify="right")
    for words, told in played.told.items():
        seconds = played.emergencies.get(words)
        table.add_row(
            NAMES[words], f"{played.counted[words]:,}", f"{told.people:,}", f"{told.doubled:,}",
            f"{told.lost:,}", f"{told.strangers + told.misread:,}",
            "" if seconds is None else f"{seconds:.1f}",
        )  # fmt: skip
    console.print(table)
    kills = ", ".join(f"{name} {times}" for name, times in played.kills.items())
    console.print(f"killed {sum(played.kills.values())} times: {kills}; {played.seconds:.0f} s")
    console.print(
        f"accepted by LINE {played.accepted:,}, charged {played.quota:,}, sent by the core"
        f" {played.dispatches.get('sent', 0):,}, unknown {played.unknown:,},"
        f" resumed by staff {played.resumed} times"
    )


def main() -> int:
    given = arguments()
    holds = True
    for kind in given.only:
        played = play(kind, given)
        show(kind, played)
        seconds = played.emergencies
        in_time = seconds[AMIDST] <= seconds[ALONE] + MORE_SECONDS
        for what, is_so in (
            ("everybody told once, and all count the same", played.is_exact),
            (f"the emergency within {MORE_SECONDS:.0f} s of its time alone", in_time),
        ):
            console.print(f"{'holds' if is_so else 'FAILS'}: {what}")
            holds = holds and is_so
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
