"""A survey as far as it is answered in the chat."""

from dataclasses import dataclass, field

from channels.line.postback import Do
from channels.line.respondents import Asked, Respondent
from channels.line.verbs import Verb
from todoke.v1 import circulars_pb2 as pb


@dataclass(slots=True)
class Filling:
    """A survey that is being answered; `so_far` has the answers by question."""

    circular_id: str
    by: Respondent
    of: Asked
    so_far: dict[str, pb.SurveyAnswer] = field(default_factory=dict)

    @property
    def questions(self) -> list[pb.CircularQuestion]:
        return list(self.of.circular.content.questions)

    def question(self, key: str) -> pb.CircularQuestion | None:
        return next((one for one in self.questions if one.key == key), None)

    def chosen(self, key: str) -> list[str]:
        return list(self.so_far[key].choices) if key in self.so_far else []

    def put(self, key: str, *, choices: list[str] | None = None, text: str = "") -> None:
        """Put an answer in place of what was answered; nothing takes it away."""
        self.so_far.pop(key, None)
        if choices or text:
            self.so_far[key] = pb.SurveyAnswer(question=key, choices=choices or [], text=text)

    def after(self, key: str) -> str:
        """Name the question after one; nothing after the last."""
        keys = [one.key for one in self.questions]
        return "".join(keys[keys.index(key) + 1 :][:1])

    def missing(self) -> str:
        """Name what must still be answered; on paper all but one may be left out."""
        if self.by.is_on_paper:
            return "" if self.so_far else self.questions[0].key
        left_out = (one.key for one in self.questions if one.options and one.key not in self.so_far)
        return next(left_out, "")

    @property
    def answers(self) -> list[pb.SurveyAnswer]:
        """Return what was answered, in the order of the questions."""
        return [self.so_far[one.key] for one in self.questions if one.key in self.so_far]

    def do(self, verb: Verb, *arguments: str) -> Do:
        return Do(verb, (self.circular_id, str(self.by), *arguments))
