"""Questions as the core asks them, for tests of the chat."""

from typing import Any

from tests.channels.fake_core import APPLICATION
from todoke.v1 import procedures_pb2 as pb


def a_question(count: int, kind: str = "choice", **more: Any) -> pb.Prompt:
    choices = [
        pb.Choice(value=f"value_{number}", label=f"選択肢{number}") for number in range(count)
    ]
    asked = pb.Prompt(
        application_id=APPLICATION, step="which", title="題", text="どれですか。", language="ja",
        choices=choices, **more,
    )  # fmt: skip
    getattr(asked.input, kind).SetInParent()
    return asked
