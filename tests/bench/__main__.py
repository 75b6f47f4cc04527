"""`make bench`: calls, answers, the outbox, campaigns, people, rosters, procedures, matching."""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import postgres
from tests.bench import (
    answers,
    bulk,
    calls,
    messaging,
    outbox,
    people,
    procedures,
    rosters,
    table,
    town,
)
from tests.bench.matching import tables
from tests.bench.matching.measure import measure

DATABASES = ("sqlite", "postgresql")
# These run on each database; the others need none.
ON_DATABASES = ("calls", "answers", "outbox", "messaging", "bulk", "people", "rosters")
PARTS = (*ON_DATABASES, "procedures", "matching")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2, help="of each case in each round")
    parser.add_argument("--rounds", type=int, default=5, help="whose median is shown")
    parser.add_argument("--deliveries", type=int, default=3_000, help="through the outbox")
    parser.add_argument("--answering", type=int, default=0, help="who answer at the same time")
    parser.add_argument(
        "--thinking", type=float, default=answers.THINKING_SECONDS, help="at most, between answers"
    )
    parser.add_argument("--decisions", type=int, default=100_000, help="that are made at once")
    parser.add_argument("--told", type=int, default=100_000, help="whom a campaign is for")
    parser.add_argument("--told-each", type=int, default=10_000, help="of them, in own words")
    parser.add_argument(
        "--workers", type=int, default=2, help="cores with an adapter each, on PostgreSQL"
    )
    parser.add_argument("--people", type=int, default=100_000, help="who register")
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[100_000, 1_000_000], help="of the rosters"
    )
    parser.add_argument("--sizes", nargs="*", type=int, default=[10_000, 70_000, 1_000_000])
    parser.add_argument("--stress", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--seed", type=int, default=1, help="of the people to match")
    parser.add_argument("--only", nargs="+", choices=(*DATABASES, *PARTS), default=[])
    return parser.parse_args()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of an empty database whose commits survive a power cut."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'todoke.db'}"
        return
    server = postgres.start(durable=True)
    try:
        yield server.create()
    finally:
        server.stop()


async def bench(kind: str, parts: tuple[str, ...], given: argparse.Namespace) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="todoke-bench-") as name,
        database(kind, Path(name)) as url,
    ):
        folder = Path(name)
        log = folder / "log"
        city = await town.found(url, folder)
        if "calls" in parts:
            with calls.cases(city, log) as cases:
                found = await calls.measure(cases, rounds=given.rounds, seconds=given.seconds)
            table.show_calls(kind, found)
        if "answers" in parts:
            answered = await answers.measure(
                city,
                log,
                people=given.answering or answers.CROWD[kind],
                thinking=given.thinking,
                rounds=given.rounds,
                seconds=given.seconds,
            )
            table.show_answers(kind, answered)
        if "outbox" in parts:
            delivered = await outbox.measure(city, folder, log, deliveries=given.deliveries)
            table.show_deliveries(kind, delivered)
        if "messaging" in parts:
            sent = await messaging.measure(
                city,
                folder,
                log,
                people=given.told,
                personal=given.told_each,
                workers=given.workers if kind == "postgresql" else 1,
            )
            table.show_messaging(kind, sent)
        if "bulk" in parts:
            table.show_bulk(kind, await bulk.measure(city, log, decisions=given.decisions))
        if "people" in parts:
            table.show_people(kind, await people.measure(city, log, people=given.people))
        if "rosters" in parts:
            table.show_rosters(kind, await rosters.measure(city, folder, log, sizes=given.rows))


def main() -> None:
    given = arguments()
    parts = tuple(part for part in PARTS if part in given.only) or PARTS
    if not set(parts).isdisjoint(ON_DATABASES):
        for kind in [kind for kind in DATABASES if kind in given.only] or DATABASES:
            asyncio.run(bench(kind, parts, given))
    if "procedures" in parts:
        table.show_procedures(procedures.measure(rounds=given.rounds * 4))
    if "matching" in parts:
        for found in measure(given.sizes, given.stress, given.seed):
            tables.show(found)


if __name__ == "__main__":
    main()
