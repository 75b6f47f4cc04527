"""`todoke procedure preview`: a procedure asked in the terminal, question by question."""

import sys
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from core.japan import today
from core.procedures import engine, yaml_places
from core.procedures.assuming import Assumed, AssumedWrong, of_strings
from core.procedures.blocks.block import Input, Wrong
from core.procedures.definition import AnswerNotOffered, Procedure
from core.procedures.loading import told
from core.procedures.neighbours import resolve_beside
from core.procedures.recording import NameTaken, with_conversation
from core.procedures.recordings import Given, recorded_as_yaml
from core.procedures.source import Severity, parse

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
HOW = "Enter: go on or leave out · <: back · ?: help · q: end"
BRACKETS = {"{": 1, "[": 1, "}": -1, "]": -1}


@dataclass(slots=True)
class Talk:
    """A conversation in the terminal: what was given, and what counts of it."""

    procedure: Procedure
    assumed: Assumed
    language: str
    given: list[Given] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    at: str = ""
    """The step that somebody went back to."""

    @property
    def turn(self) -> engine.Turn:
        context = self.assumed.context(self.language)
        return engine.turn(self.procedure, self.answers, context, self.language, at=self.at)

    def answer(self, step: str, words: str) -> str:
        """Take words as an answer; return the problem where they are none."""
        context = self.assumed.context(self.language)
        given: Any = None
        if words:
            given = self._meant(step, words)
            if given is None:
                return "not understood: " + HOW
        try:
            self.answers = engine.answered(
                self.procedure,
                self.answers,
                context,
                self.language,
                step=step,
                given=given,
                staff=self.procedure.step(step).staff,
            )
        except Wrong as wrong:
            self.given.append(Given(step, given, wrong.problem))
            limits = "".join(f", {name} {value}" for name, value in wrong.metadata.items())
            return wrong.text or f"{wrong.problem}{limits}"
        except AnswerNotOffered as refusal:
            return str(refusal)
        self.given.append(Given(step, given))
        self.at = ""
        return ""

    def _meant(self, step: str, words: str) -> Any:
        """Return what words answer: as in a chat, as YAML, or so many made-up files."""
        block = self.procedure.step(step).block
        if words[0] in "{[":
            try:
                return yaml_places.read(words).value
            except yaml_places.NotYaml:
                return None
        if block.input in {Input.FILES, Input.SIGNATURE} and words.isdigit():
            return [str(uuid.uuid4()) for _ in range(min(int(words), 20))]
        context = self.assumed.context(self.language)
        heard = engine.heard(
            self.procedure, self.answers, context, self.language, step=step, words=words
        )
        return heard.given if heard else None

    def recorded(self, name: str) -> str:
        return recorded_as_yaml(self.procedure, self.given, self.assumed, name=name)


@click.command("preview")
@click.argument("source", metavar="FILE", type=FILE)
@click.option("--language", default="ja", show_default=True)
@click.option(
    "--answers", multiple=True, metavar="STEP=ANSWER,…", help="Answers given beforehand, in order."
)
@click.option(
    "--context",
    multiple=True,
    metavar="NAME=VALUE",
    help="What the city knows: name, birth_date, age, program, amount, today, taken.STEP.SLOT …",
)
@click.option("--record", metavar="NAME", help="Write the conversation into FILE under this name.")
@click.option("--ask/--no-ask", default=None, help="Ask on; by default on a terminal only.")
def preview(
    source: Path,
    *,
    language: str,
    answers: tuple[str, ...],
    context: tuple[str, ...],
    record: str | None,
    ask: bool | None,
) -> None:
    """Ask a procedure's questions here, as residents are asked them. Nothing is sent anywhere."""
    text = source.read_text(encoding="utf-8")
    procedure = _procedure(source, text)
    talk = Talk(procedure, _assumed(context), language)
    for step, words in _pairs(answers):
        problem = talk.answer(step, words)
        if problem:
            raise click.ClickException(f"{step}={words}: {problem}")
    if sys.stdin.isatty() if ask is None else ask:
        _converse(talk)
    else:
        _show(talk.turn, procedure)
    if record:
        try:
            text = with_conversation(text, talk.recorded(record))
        except NameTaken as taken:
            raise click.ClickException(str(taken)) from None
        source.write_text(text, encoding="utf-8")
        click.echo(f"recorded as {record} in {source}")


def _procedure(source: Path, text: str) -> Procedure:
    parsed = parse(text, resolve_beside(source))
    if parsed.procedure is None:
        fault = next(one for one in parsed.problems if one.severity is Severity.ERROR)
        raise click.ClickException(f"{source}: {told(fault)}")
    return parsed.procedure


def _assumed(context: tuple[str, ...]) -> Assumed:
    given = {}
    for one in context:
        name, equals, value = one.partition("=")
        if not equals:
            raise click.BadParameter(f"{one}: write NAME=VALUE", param_hint="--context")
        given[name.strip()] = value.strip()
    try:
        assumed = of_strings(given, today(datetime.now(UTC)))
        assumed.context("ja")
    except AssumedWrong as wrong:
        raise click.BadParameter(str(wrong), param_hint="--context") from None
    return assumed


def _pairs(answers: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return steps with their words; a comma within brackets belongs to the answer."""
    parts, depth = [""], 0
    for letter in ",".join(answers):
        depth += BRACKETS.get(letter, 0)
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    pairs = []
    for part in filter(str.strip, parts):
        step, equals, words = part.partition("=")
        if not equals:
            raise click.BadParameter(f"{part}: write STEP=ANSWER", param_hint="--answers")
        pairs.append((step.strip(), words.strip()))
    return pairs


def _converse(talk: Talk) -> None:
    click.echo(click.style(HOW, dim=True))
    while True:
        turn = talk.turn
        _show(turn, talk.procedure)
        if not isinstance(turn, engine.Prompt):
            return
        try:
            words = click.prompt("", prompt_suffix="> ", default="", show_default=False).strip()
        except click.Abort:
            return
        if words == "q":
            return
        if words == "?":
            click.echo(turn.help or "no help is written for this step")
        elif words == "<":
            talk.at = turn.previous_step or turn.step
        else:
            is_read = talk.procedure.step(turn.step).block.input is Input.READ
            problem = talk.answer(turn.step, words or ("ok" if is_read else ""))
            if problem:
                click.echo(click.style(problem, fg="red"))


def _show(turn: engine.Turn, procedure: Procedure) -> None:
    if isinstance(turn, engine.Prompt):
        click.echo("")
        click.echo(click.style(f"{turn.title} ({turn.number}/{turn.total}) {turn.step}", dim=True))
        click.echo(turn.text)
        for fact in turn.facts:
            click.echo(f"  {fact.label}: {fact.value}")
        for number, choice in enumerate(turn.choices, 1):
            full = " (full)" if choice.full else ""
            click.echo(f"  {number}. {choice.label} [{choice.value}]{full}")
        if turn.input in {Input.FILES, Input.SIGNATURE}:
            click.echo("  (type how many files)")
        if turn.optional:
            click.echo("  (may be left out)")
    elif isinstance(turn, engine.Review):
        click.echo("")
        click.echo(click.style(turn.title, bold=True))
        for line in turn.lines:
            click.echo(f"  {line.label}: {line.value}")
        if procedure.done:
            click.echo("(filed once it is looked through)")
    else:
        click.echo("")
        click.echo(turn.text)
        click.echo(f"({turn.outcome})")
