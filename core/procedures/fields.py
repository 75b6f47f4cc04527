"""What the engine says, with the contract's names: for messages, also those that are kept."""

from dataclasses import asdict
from typing import Any

from core.procedures.blocks.block import Wrong
from core.procedures.blocks.registry import BLOCKS
from core.procedures.engine import Line, Prompt, Review


def prompt_fields(prompt: Prompt, block: str) -> dict[str, Any]:
    """Return a prompt with the contract's names, without whose it is."""
    fields = asdict(prompt)
    kind, asks = str(fields.pop("input")), fields.pop("asks")
    current = fields.pop("current")
    fields["input"] = {kind: asks}
    if current is not None:
        fields["current"] = BLOCKS[block].as_given(current)
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
