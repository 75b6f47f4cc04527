"""The JSON Schema of sources, for editors, and the reference that is drawn from it.

It is made of the classes that read sources and of every registered block, so that it knows what
they know: names, types, limits. What lies between the lines, such as an expression's type, only
`todoke procedure lint` tells.
"""

import json
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, get_type_hints

from core.procedures.blocks.block import Block, LongWords
from core.procedures.blocks.registry import BLOCKS
from core.procedures.expressions import Kind
from core.procedures.source import ProcedureSource

Json = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
REFERENCE = "#/$defs/{model}"
LANGUAGE = "^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
WORDS = [
    {"type": "string"},
    {"additionalProperties": {"type": "string"}, "type": "object"},
]
"""How pydantic writes a text by language."""

SPEAKS_BY_ITSELF = "procedure"
"""The block whose step needs no words of its own."""

KINDS = {
    Kind.TEXT: "a text",
    Kind.NUMBER: "a number",
    Kind.TRUTH: "true or false",
    Kind.TEXTS: "a list of texts",
    Kind.MAP: "a map",
    Kind.PARTS: "a map of texts",
}


@cache
def schema() -> Json:
    """Return the schema, draft 2020-12."""
    whole = ProcedureSource.model_json_schema(ref_template=REFERENCE)
    defs: Json = whole.pop("$defs")
    del defs["Block"]
    for name, block in BLOCKS.items():
        defs |= _definitions(name, block)
    defs["StepSource"] = _step(defs["StepSource"])
    defs["Text"] = _text(2_000)
    defs["LongText"] = _text(20_000)
    whole = {"$schema": DRAFT, "title": "Procedure", **_cleaned({**whole, "$defs": defs})}
    whole["title"] = "A procedure of Todoke"
    for name, described in _descriptions().items():
        _describe(whole if name == "ProcedureSource" else whole["$defs"][_name(name)], described)
    return whole


def schema_text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def tables() -> str:
    """Return the reference in Markdown: a table of each part's keys."""
    defs = schema()["$defs"]
    parts = [("A procedure", schema()), ("A step", defs["StepSource"])]
    parts += [
        ("A check", defs["CheckSource"]),
        ("A line of the checklist", defs["CheckItemSource"]),
    ]
    parts += [("A recorded conversation", defs["RecordedConversation"])]
    parts += [("A recorded answer", defs["RecordedAnswer"])]
    lines = [line for title, part in parts for line in _table(f"### {title}", "", part)]
    lines += ["### Blocks", ""]
    for name, block in BLOCKS.items():
        part = defs[_name(name)]
        told = f"{part['description']} {_as_value(block)}"
        lines += _table(f"#### `{name}`", told, part)
        lines += [one for inner in _inside(part, defs) for one in inner]
    return "\n".join(lines).rstrip("\n") + "\n"


def _definitions(name: str, block: type[Block]) -> Json:
    """Return a block's settings, and what they are made of."""
    found = block.model_json_schema(ref_template=REFERENCE)
    inner: Json = found.pop("$defs", {})
    for field, hint in get_type_hints(block, include_extras=True).items():
        if hint == LongWords:
            found["properties"][field] = {"$ref": REFERENCE.format(model="LongText")}
    return {_name(name): found, **inner}


def _step(step: Json) -> Json:
    """Return a step with its block under the block's name, of which there is one."""
    properties = {name: one for name, one in step["properties"].items() if name != "block"}
    branches = []
    for name, block in BLOCKS.items():
        settings: Json = {"$ref": REFERENCE.format(model=_name(name))}
        if all(not field.is_required() for field in block.model_fields.values()):
            settings = {"anyOf": [settings, {"type": "null"}]}
        properties[name] = settings
        needs = [name] if name == SPEAKS_BY_ITSELF else [name, "says"]
        branches.append({"required": needs})
    return {**step, "properties": properties, "required": ["key"], "oneOf": branches}


def _text(most: int) -> Json:
    words = {"type": "string", "minLength": 1, "maxLength": most}
    return {
        "description": "A text, in Japanese, or by language: {ja: …, en: …}.",
        "anyOf": [
            words,
            {
                "type": "object",
                "required": ["ja"],
                "propertyNames": {"pattern": LANGUAGE},
                "additionalProperties": words,
            },
        ],
    }


def _cleaned(node: Any) -> Any:
    """Return a schema with texts as references, closed maps, and without titles of classes."""
    if isinstance(node, list):
        return [_cleaned(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {
        name: one
        for name, one in node.items()
        if not (name == "title" and isinstance(one, str)) and name != "description"
    }
    others = kept.get("anyOf", [])
    if others[:2] == WORDS:
        text: Json = {"$ref": REFERENCE.format(model="Text")}
        rest = {name: one for name, one in kept.items() if name != "anyOf"}
        return {**rest, **({"anyOf": [text, *others[2:]]} if others[2:] else text)}
    cleaned = {name: _cleaned(one) for name, one in kept.items()}
    if "patternProperties" in cleaned:
        cleaned["additionalProperties"] = False
    return cleaned


@cache
def _descriptions() -> dict[str, dict[str, str]]:
    file = files("core.procedures") / "descriptions.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _describe(part: Json, described: dict[str, str]) -> None:
    for name, sentence in described.items():
        if name:
            part["properties"][name]["description"] = sentence
        else:
            part["description"] = sentence


def _name(name: str) -> str:
    return f"{name}_block" if name in BLOCKS else name


def _as_value(block: type[Block]) -> str:
    if not block.is_answer:
        return "It is no answer."
    hidden = " It is never asked in a chat." if block.is_sensitive else ""
    return f"Expressions see it as {KINDS[block.kind]}.{hidden}"


def _table(title: str, told: str, part: Json) -> Iterator[str]:
    yield from (title, "") if title else ()
    if told:
        yield told
        yield ""
    properties = part.get("properties", {})
    if not properties:
        return
    yield "| Key | | Default | Means |"
    yield "|---|---|---|---|"
    for name, one in properties.items():
        is_step = "oneOf" in part
        if is_step and name in BLOCKS:
            continue
        needed = name in part.get("required", ()) or (is_step and name == "says")
        default = "needed" if needed else _default(one)
        yield f"| `{name}` | {_type(one)} | {default} | {one.get('description', '')} |"
    yield ""


def _inside(part: Json, defs: Json) -> Iterator[Iterator[str]]:
    """Yield the tables of what a block's settings are made of."""
    for name, one in part.get("properties", {}).items():
        for found in (one, one.get("items", {}), *one.get("anyOf", ())):
            inner = defs.get(found.get("$ref", "").removeprefix("#/$defs/"), {})
            if inner.get("properties"):
                yield _table("", f"Of `{name}`:", inner)


def _default(one: Json) -> str:
    if "default" not in one or one["default"] in (None, "", [], {}):
        return ""
    return f"`{json.dumps(one['default'], ensure_ascii=False)}`"


def _type(one: Json) -> str:
    if "anyOf" in one:
        return _type(one["anyOf"][0])
    if "$ref" in one:
        name = one["$ref"].removeprefix("#/$defs/")
        return {"Text": "text", "LongText": "text", "Audience": "word", "TextKind": "word"}.get(
            name, "map"
        )
    names = {"string": "word", "integer": "number", "boolean": "true or false", "array": "list"}
    return names.get(one.get("type", ""), "map" if one.get("type") else "any")
