"""The figures as a table."""

from rich.console import Console
from rich.table import Table

from tests.bench import outbox
from tests.bench.calls import Measured
from tests.bench.outbox import Delivered

console = Console()


def show_calls(database: str, found: list[Measured]) -> None:
    """Show the rate of each call, its ratio to the empty one, and what it costs."""
    table = Table(title=f"{database}: 64 calls in flight, all interceptors on")
    table.add_column("call")
    for name in ("calls/s", "× empty call", "(least – most)", "core CPU, ms"):
        table.add_column(name, justify="right")
    yardstick = found[0].rate
    for one in found:
        low, *_, high = [one.ratios[0], *one.ratios]
        table.add_row(
            one.name, f"{one.rate:,.0f}", f"{one.rate / yardstick:.2f}", f"{low:.2f} – {high:.2f}",
            f"{one.cpu_ms:.2f}",
        )  # fmt: skip
    console.print(table)
    rates = {one.name: one.rate for one in found}
    grouped, single = rates["durable write"], rates["durable write, one commit a call"]
    console.print(f"commits in groups are {grouped / single:.1f} times one commit a call\n")


def show_deliveries(database: str, found: Delivered) -> None:
    """Show how fast pushes went out, beside what LINE takes."""
    table = Table(title=f"{database}: deliveries through the outbox, one message each")
    table.add_column("")
    table.add_column("", justify="right")
    table.add_row("sent", f"{found.sent:,} of {found.queued:,}")
    table.add_row("deliveries/s", f"{found.rate:,.0f}")
    table.add_row("× LINE's limit of 2,000 pushes/s", f"{found.rate / outbox.LIMIT:.2f}")
    for name in found.cpu:
        table.add_row(f"CPU of the {name}, ms each", f"{found.cpu_ms(name):.2f}")
    console.print(table)
