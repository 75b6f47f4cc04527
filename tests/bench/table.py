"""The figures as a table."""

import statistics

from rich.console import Console
from rich.table import Table

from tests.bench import outbox
from tests.bench.calls import ONE_BY_ONE, WRITE, Measured
from tests.bench.outbox import Delivered

console = Console()


def show_calls(database: str, found: list[Measured]) -> None:
    """Show the rate of each call, its ratio to the empty one, and what it costs."""
    table = Table(title=f"{database}: 64 calls in flight, all interceptors on")
    table.add_column("call", no_wrap=True)
    for name in ("calls/s", "× empty", "least–most", "CPU ms"):
        table.add_column(name, justify="right")
    for one in found:
        least, most = one.ratios[0], one.ratios[-1]
        middle = statistics.median(one.ratios)
        table.add_row(
            one.name, f"{one.rate:,.0f}", f"{middle:.2f}", f"{least:.2f}–{most:.2f}",
            f"{one.cpu_ms:.2f}",
        )  # fmt: skip
    console.print(table)
    rates = {one.name: one.rate for one in found}
    grouped, single = rates[WRITE], rates[ONE_BY_ONE]
    console.print(f"commits in groups are {grouped / single:.1f} times one commit a call\n")


def show_deliveries(database: str, found: Delivered) -> None:
    """Show how fast pushes went out, beside what LINE takes."""
    table = Table(title=f"{database}: outbox to LINE", show_header=False)
    table.add_column("")
    table.add_column("", justify="right")
    table.add_row("sent", f"{found.sent:,} of {found.queued:,}")
    table.add_row("deliveries/s", f"{found.rate:,.0f}")
    table.add_row("× LINE's limit of 2,000 pushes/s", f"{found.rate / outbox.LIMIT:.2f}")
    for name in found.cpu:
        table.add_row(f"CPU of the {name}, ms each", f"{found.cpu_ms(name):.2f}")
    console.print(table)
