"""The figures of matching as tables."""

from rich.table import Table

from channels.simulators.pairs.corruptions import SPELLING
from channels.simulators.pairs.subjects import Label
from tests.bench.matching.measure import Measured
from tests.bench.matching.runs import Run
from tests.bench.matching.scores import ByClass, Score
from tests.bench.table import console

GIB = 1 << 30
SPELLINGS = {each.name for each in SPELLING} | {"birth_era", "birth_compact", "substituted", "none"}


def show(found: Measured) -> None:
    """Show what matching cost and what it is worth, and what became of each class."""
    score = found.score
    title = f"{found.name}: {score.registrations:,} registrations × {score.rows:,} rows"
    _show(title, ("s", "CPU s", "GiB", "× join"), [
        ("only read and join", _run(found.join, found.join)),
        ("todoke match", _run(found.match, found.join)),
        *([("Splink", _run(found.splink, found.join))] if found.splink else []),
    ])  # fmt: skip
    worth = ("links", "false", "twice", "recall", "to review", "of one person")
    _show("what it is worth", worth, [
        ("todoke match", _score(score)),
        *([("Splink", _score(found.splink_score))] if found.splink_score else []),
    ])  # fmt: skip
    if found.splink:
        f1, threshold = found.splink.output.split()[-2:]
        console.print(f"Splink's F1 is {f1} at its best threshold, {threshold}\n")
    else:
        console.print("Splink is left out: it would take many minutes\n")
    pairs = ("label", "pairs", "linked", "to review", "missed")
    classes = [(one.name, _class(one)) for one in score.classes if _tells(one)]
    _show("pairs by class; one pair may be of several", pairs, classes)


def _show(title: str, columns: tuple[str, ...], rows: list[tuple[str, list[str]]]) -> None:
    table = Table(title=title)
    table.add_column("", no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    for name, cells in rows:
        table.add_row(name, *cells)
    console.print(table)


def _tells(one: ByClass) -> bool:
    """Leave out changes of spelling where another class asks for doubt."""
    return one.label == Label.MUST_ACCEPT or one.name not in SPELLINGS


def _class(one: ByClass) -> list[str]:
    shares = (count / one.pairs for count in (one.accepted, one.reviewed, one.missed))
    return [one.label, f"{one.pairs:,}", *(f"{share:.4f}" for share in shares)]


def _run(run: Run, beside: Run) -> list[str]:
    times = run.seconds / beside.seconds
    return [f"{run.seconds:.2f}", f"{run.cpu:.2f}", f"{run.memory / GIB:.2f}", f"{times:.1f}"]


def _score(score: Score) -> list[str]:
    counts = (score.accepted, score.false, score.doubled)
    reviews = (f"{score.reviews:,}", f"{score.reviewed_true:,}")
    return [*(f"{count:,}" for count in counts), f"{score.recall:.4f}", *reviews]
