"""What the engine says, with the contract's names: for messages, also those that are kept."""

from dataclasses import asdict
from typing import Any

from core.procedures.blocks.block import Wrong
from core.procedures.blocks.registry import BLOCKS
from core.procedures.engine import Line, Prompt, Review

PLAIN = (
    "step", "title", "text", "ruby", "help", "optional", "sensitive", "previous_step", "number",
    "total",
)  # fmt: skip
"""What of a prompt the contract has under the same name."""


def prompt_fields(prompt: Prompt, block: str) -> dict[str, Any]:
    """Return a prompt with the contract's names, without whose it is."""
    fields = {name: getattr(prompt, name) for name in PLAIN}
    fields["input"] = {str(prompt.input): prompt.asks}
    fields["facts"] = [asdict(fact) for fact in prompt.facts]
    fields["choices"] = [asdict(choice) for choice in prompt.choices]
    if prompt.current is not None:
        fields["current"] = BLOCKS[block].as_given(prompt.current)
    return fields


def review_fields(review: Review) -> dict[str, Any]:
    """Return a review with the contract's names, without whose it is."""
    return {
        "title": review.title,
        "previous_step": review.previous_step,
        "lines": [line_fields(line) for line in review.lines],
    }


def line_fields(line: Line) -> dict[str, Any]:
    return {
        "step": line.step,
        "label": line.label,
        "value": line.value,
        "changeable": True,
        "sensitive": line.sensitive,
        "attachment_ids": list(line.attachments),
    }


def problem_fields(wrong: Wrong) -> dict[str, Any]:
    return {
        "problem": wrong.problem,
        "field": wrong.field,
        "text": wrong.text,
        "metadata": dict[str, str](wrong.metadata),
    }
