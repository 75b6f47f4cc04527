"""The figures as a table."""

import statistics

from rich.console import Console
from rich.table import Table

from tests.bench import bulk, messaging, outbox, people
from tests.bench.answers import Measured as Answered
from tests.bench.calls import ONE_BY_ONE, WRITE, Measured
from tests.bench.outbox import Delivered
from tests.bench.procedures import Took
from tests.bench.rosters import Taken

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


def show_answers(database: str, found: Answered) -> None:
    """Show what an answer costs beside a bare write, and how long a crowd waited."""
    table = Table(title=f"{database}: {found.people:,} residents answering", show_header=False)
    table.add_column("")
    table.add_column("", justify="right")
    table.add_row(
        "answers/s, 64 in flight", f"{statistics.median(r.rate for r in found.answers):,.0f}"
    )
    least, most = found.ratios[0], found.ratios[-1]
    middle = statistics.median(found.ratios)
    table.add_row("× durable write, least–most", f"{middle:.2f}, {least:.2f}–{most:.2f}")
    for what, runs in (("answers", found.answers), ("writes", found.writes)):
        cpu = statistics.median(run.cpu_ms for run in runs)
        table.add_row(f"CPU of a thousand {what}, s", f"{cpu:.2f}")
    table.add_row("statements of an answer", f"{found.statements:.2f}")
    table.add_section()
    table.add_row("filed", f"{found.filed:,} of {found.people:,}")
    table.add_row("answers/s while they think", f"{len(found.waited_ms) / found.seconds:,.0f}")
    middle, late = people.quantile(found.waited_ms, 0.5), people.quantile(found.waited_ms, 0.99)
    table.add_row("an answer, ms: median, p99", f"{middle:.1f}, {late:.1f}")
    cpu = found.cpu / len(found.waited_ms) * 1000
    table.add_row("CPU of a thousand, beginning and filing too, s", f"{cpu:.2f}")
    errors = ", ".join(f"{reason} {times}" for reason, times in found.errors.items())
    table.add_row("errors", errors or "none")
    console.print(table)


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


def show_messaging(database: str, found: messaging.Measured) -> None:
    """Show how fast campaigns are laid out and go out, beside what LINE takes."""
    table = Table(title=f"{database}: campaigns to LINE")
    table.add_column("")
    for title in ("in multicasts", "a push to each"):
        table.add_column(title, justify="right")
    both, limits = (found.together, found.each), (messaging.MULTICASTS, messaging.PUSHES)
    for name, shown in (
        ("people", [f"{one.people:,}" for one in both]),
        ("counted twice before, s", [f"{one.counted_seconds:.1f}" for one in both]),
        ("laid out, s", [f"{one.laid_out_seconds:.1f}" for one in both]),
        ("laid out a second", [f"{one.people / one.laid_out_seconds:,.0f}" for one in both]),
        (
            "CPU of laying out a thousand, ms",
            [f"{one.laid_out_cpu / one.people * 1e6:,.0f}" for one in both],
        ),
        ("sent a second, outcomes stored", [f"{one.rate:,.0f}" for one in both]),
        (
            "× LINE's limit",
            [f"{one.rate / limit:.2f}" for one, limit in zip(both, limits, strict=True)],
        ),
        (
            "the middle 8 of 10, × LINE's limit",
            [f"{one.sustained / limit:.2f}" for one, limit in zip(both, limits, strict=True)],
        ),
        *(
            (
                f"CPU of the {name}, ms a thousand",
                [f"{one.cpu_of_a_thousand(name) * 1e3:,.0f}" for one in both],
            )
            for name in found.together.cpu
        ),
        ("most MB of a core", [f"{one.core_mb:,.0f}" for one in both]),
    ):
        table.add_row(name, *shown)
    console.print(table)
    expected = found.together.people + found.each.people
    console.print(f"heard by people in LINE: {found.heard:,} of {expected:,}\n")


def show_bulk(database: str, found: bulk.Measured) -> None:
    """Show how long decisions take that are made at once."""
    table = Table(title=f"{database}: {found.decisions:,} decisions at once", show_header=False)
    table.add_column("")
    table.add_column("", justify="right")
    table.add_row("freezing the list, s", f"{found.begin_seconds:.2f}")
    table.add_row("seconds", f"{found.seconds:,.0f}")
    table.add_row("decisions/s", f"{found.rate:,.0f}")
    table.add_row("CPU of the core, µs a decision", _each(found.core_cpu, found))
    table.add_row("CPU with database and caller", _each(found.all_cpu, found))
    waits = found.waits
    table.add_row("another who writes waits, s: median", f"{people.quantile(waits, 0.5):.2f}")
    table.add_row("p99", f"{people.quantile(waits, 0.99):.2f}")
    table.add_row("the longest", f"{max(waits):.2f}")
    table.add_row("MB of the core at a tenth", f"{found.early_mb:,.0f}")
    table.add_row("most MB of a core", f"{found.mb:,.0f}")
    table.add_row("load of the machine", f"{found.load:.0f}")
    console.print(table)


def _each(seconds: float, found: bulk.Measured) -> str:
    return f"{seconds / found.decisions * 1e6:,.0f}"


def show_people(database: str, found: people.Measured) -> None:
    """Show how fast people register, are found, and are sealed anew."""
    table = Table(title=f"{database}: {found.people:,} residents", show_header=False)
    table.add_column("")
    table.add_column("", justify="right")
    table.add_row("registrations/s", f"{found.register_rate:,.0f}")
    table.add_row("× contacts seen/s", f"{found.register_rate / found.see_rate:.2f}")
    table.add_row("CPU of a registration, ms", f"{found.register_cpu_ms:.2f}")
    table.add_section()
    usual = people.quantile(found.get_ms, 0.5)
    _add_delays(table, "a contact read", found.get_ms, usual)
    for way, delays in found.search_ms.items():
        _add_delays(table, f"found by {way}", delays, usual)
    table.add_row(
        "memory of the core, MB: before, after looking",
        f"{found.core_mb_before:,.0f}, {found.core_mb_after:,.0f}",
    )
    table.add_section()
    table.add_row("values sealed anew", f"{found.reseal_values:,}")
    table.add_row("values/s", f"{found.reseal_values / found.reseal_seconds:,.0f}")
    _add_delays(table, "a contact read meanwhile", found.get_ms_meanwhile, usual)
    console.print(table)


def _add_delays(table: Table, name: str, delays: list[float], usual: float) -> None:
    middle, late = people.quantile(delays, 0.5), people.quantile(delays, 0.99)
    table.add_row(
        f"{name}, ms: median, p99 (× median read)",
        f"{middle:.1f}, {late:.1f} ({late / usual:.1f})",
    )


def show_rosters(database: str, found: list[Taken]) -> None:
    """Show how fast rosters of several lengths are taken, and in how much memory."""
    table = Table(title=f"{database}: rosters, all the way through the core")
    table.add_column("")
    for one in found:
        table.add_column(f"{one.rows:,} rows", justify="right")
    for name, shown in (
        ("MB of the file", [f"{one.bytes / 1e6:,.0f}" for one in found]),
        ("seconds", [f"{one.seconds:,.1f}" for one in found]),
        ("rows/s", [f"{one.rate:,.0f}" for one in found]),
        ("× Python's csv alone", [f"{one.seconds / one.csv_seconds:,.0f}" for one in found]),
        ("CPU of the core, µs a row", [f"{one.core_cpu / one.rows * 1e6:,.0f}" for one in found]),
        ("CPU with its workers, µs a row", [f"{one.cpu / one.rows * 1e6:,.0f}" for one in found]),
        ("CPU with database and caller", [f"{one.all_cpu / one.rows * 1e6:,.0f}" for one in found]),
        ("longest wait of another who writes, s", [f"{one.longest_wait:.2f}" for one in found]),
        ("most MB of a core", [f"{one.core_mb:,.0f}" for one in found]),
        ("most MB with its workers", [f"{one.mb:,.0f}" for one in found]),
    ):
        table.add_row(name, *shown)
    console.print(table)


def show_procedures(found: list[Took]) -> None:
    """Show how long the engine takes for a procedure of a hundred steps, and suggestions take."""
    table = Table(title="a hundred steps; ms in this process")
    table.add_column("", no_wrap=True)
    for name in ("calls", "median", "p99", "CPU p99"):
        table.add_column(name, justify="right")
    for one in found:
        figures = (f"{each:.2f}" for each in (one.median, one.p99, one.cpu_p99))
        table.add_row(one.name, f"{one.calls:,}", *figures)
    console.print(table)
