"""Boxes for where something is: an address by its postal code, a place on the map."""

import re
import unicodedata

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from todoke.v1.procedures_pb2 import SUGGESTION_KIND_ADDRESS, Answer, GivenAddress, Place
from tui.questions.box import Box, Unfit
from tui.questions.line import Line
from tui.questions.suggested import Suggested


class AddressBox(Box):
    """A postal code or the name of a town offers the rest of the address."""

    def compose(self) -> ComposeResult:
        words, given = self.words, self.current.address
        yield Suggested(
            self.desk,
            "postal_code",
            SUGGESTION_KIND_ADDRESS,
            words("question.postal_code"),
            value=given.postal_code,
            hint=words("question.postal_hint"),
        )
        yield Line("area", words("question.area"), given.area, hint=words("question.area_hint"))
        yield Line("rest", words("question.rest"), given.rest, hint=words("question.rest_hint"))

    def given(self) -> Answer:
        lines = {line.field: line.value for line in self.query(Line)}
        postal = re.sub(r"[\s〒-]", "", unicodedata.normalize("NFKC", lines["postal_code"]))
        if postal and not re.fullmatch(r"\d{7}", postal):
            raise Unfit("not_a_postal_code", "postal_code")
        if not lines["area"]:
            raise Unfit("required", "area")
        address = GivenAddress(postal_code=postal, area=lines["area"], rest=lines["rest"])
        return Answer(address=address)

    @on(Suggested.Taken)
    def fill_in(self, message: Suggested.Taken) -> None:
        """Put the town into its field; what follows it is typed by hand."""
        found = message.suggestion
        if found is None:
            self.query_one("#part-area").focus()
            return
        self.query_one(Suggested).show(found.postal_code, found.postal_code)
        self.query_one("#part-area", Input).value = found.value
        self.query_one("#part-rest").focus()

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        if event.input.id == "part-area":
            self.query_one("#part-rest").focus()
        else:
            self.post_message(self.Done())


class PlaceBox(Box):
    """A place by its degrees, both in one line as maps copy them, and what people call it."""

    def compose(self) -> ComposeResult:
        words, place = self.words, self.current.place
        given = f"{place.latitude}, {place.longitude}" if self.current.HasField("place") else ""
        yield Line("place", words("question.degrees"), given, hint=words("question.degrees_hint"))
        yield Line("address", words("question.called"), place.address, limit=200)
        yield Static(words("question.place_about"), classes="quiet", markup=False)

    def given(self) -> Answer:
        lines = {line.field: line.value for line in self.query(Line)}
        written = unicodedata.normalize("NFKC", lines["place"])
        if not written:
            raise Unfit("required", "place")
        found = re.fullmatch(r"(-?\d{1,2}(?:\.\d+)?)[,、\s]+(-?\d{1,3}(?:\.\d+)?)", written)
        if found is None:
            raise Unfit("not_a_place", "place")
        latitude, longitude = map(float, found.groups())
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise Unfit("not_a_place", "place")
        address = lines["address"]
        return Answer(place=Place(latitude=latitude, longitude=longitude, address=address))

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        if event.input.id == "part-place":
            self.query_one("#part-address").focus()
        else:
            self.post_message(self.Done())
