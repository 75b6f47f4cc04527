"""What a round sheet asks of each household, and where on the line it is answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.circulars.rules import Kind, is_asked_on_paper

NOTHING: dict[str, Any] = {"note": "", "questions": [], "places": []}


def on_paper(words: Mapping[str, str], kind: Kind, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is printed above the round, and the places in each household's line.

    A place has options to be ticked, or a blank with `unit` after it.
    """
    if kind is Kind.ATTENDANCE:
        place = _place(words["coming"], unit=words["people"])
        return {"note": words["fill_in"], "questions": [], "places": [place]}
    if kind is Kind.SURVEY:
        return _survey(words, content["questions"])
    if kind is Kind.VOTE:
        return _vote(words, content["vote"])
    return NOTHING


def _survey(words: Mapping[str, str], questions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    asked, places = [], []
    for number, one in enumerate(questions, 1):
        name = words["question"].format(number=number)
        text = words["several"].format(question=one["text"]) if one.get("several") else one["text"]
        asked.append({"name": name, "text": text})
        places.append(_place(name, options=_labels(one)))
    return {"note": words["ticked"], "questions": asked, "places": places}


def _vote(words: Mapping[str, str], rules: Mapping[str, Any]) -> dict[str, Any]:
    if not is_asked_on_paper(Kind.VOTE, {"vote": rules}):
        note = words["secret_vote" if rules.get("secret") else "members_vote"]
        return NOTHING | {"note": note}
    place = _place("", options=_labels(rules))
    return {"note": words["ticked"], "questions": [], "places": [place]}


def _place(name: str, *, options: Sequence[str] = (), unit: str = "") -> dict[str, Any]:
    return {"name": name, "options": list(options), "unit": unit}


def _labels(asked: Mapping[str, Any]) -> list[str]:
    return [one["label"] for one in asked.get("options", [])]
