"""The figures of matching as tables."""

from rich.table import Table

from tests.bench.matching.measure import Measured
from tests.bench.matching.runs import Run
from tests.bench.matching.scores import Score
from tests.bench.table import console

GIB = 1 << 30


def show(found: Measured) -> None:
    score = found.score
    title = f"{found.name}: {score.registrations:,} registrations × {score.rows:,} rows"
    table = Table(title=title)
    table.add_column("", no_wrap=True)
    for name in ("s", "CPU s", "GiB", "× join", "false links", "twice", "recall", "to review"):
        table.add_column(name, justify="right")
    table.add_row("only read and join", *_run(found.join, found.join))
    table.add_row("todoke match", *_run(found.match, found.join), *_score(score))
    if found.splink and found.splink_score:
        splink = _run(found.splink, found.join)
        table.add_row("Splink", *splink, *_score(found.splink_score))
    console.print(table)
    if found.splink:
        f1, threshold = found.splink.output.split()[-2:]
        console.print(f"Splink's F1 is {f1} at its best threshold, {threshold}")
    else:
        console.print("Splink is left out: it would take many minutes")
    _show_classes(score)


def _show_classes(score: Score) -> None:
    table = Table(title="what became of the pairs of each class (a pair may have several)")
    table.add_column("class", no_wrap=True)
    table.add_column("label", no_wrap=True)
    for name in ("pairs", "linked", "to review", "missed"):
        table.add_column(name, justify="right")
    for one in score.classes:
        linked, review = one.accepted / one.pairs, one.reviewed / one.pairs
        missed = one.missed / one.pairs
        table.add_row(
            one.name, one.label, f"{one.pairs:,}", f"{linked:.4f}", f"{review:.4f}",
            f"{missed:.4f}",
        )  # fmt: skip
    console.print(table)
    ones = f"{score.reviewed_true:,} of {score.reviews:,}"
    console.print(f"pairs to review that are of one person: {ones}\n")


def _run(run: Run, beside: Run) -> list[str]:
    times = run.seconds / beside.seconds
    return [f"{run.seconds:.2f}", f"{run.cpu:.2f}", f"{run.memory / GIB:.2f}", f"{times:.1f}"]


def _score(score: Score) -> list[str]:
    return [f"{score.false:,}", f"{score.doubled:,}", f"{score.recall:.4f}", f"{score.reviews:,}"]
