"""Conditions on what somebody has to do with: associations, programs, procedures, campaigns."""

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.applications_pb2 import ApplicationState
from todoke.v1.circulars_pb2 import OfficeKind
from tui.conditions.known import read_association
from tui.conditions.wording import office
from tui.screens.condition_asking import Asking, labels_of


class Ties(Asking):
    """Asks for each out of the core's lists; raises CoreError where a list cannot be read."""

    async def association(self, before: pb.Condition) -> pb.Condition | None:
        """Ask for an association, a group of it, and offices in it."""
        words = self.words
        id = await self.which_association(before)
        if id is None:
            return None
        groups = [(words("condition.whole"), ""), *labels_of(self.known.groups[id])]
        group = await self.one("condition.group", groups, before.association.group_id)
        if group is None:
            return None
        names = OfficeKind.keys()[1:]
        labels = [(office(words, OfficeKind.Value(name)), name) for name in names]
        held = [OfficeKind.Name(kind) for kind in before.association.offices]
        offices = await self.several("condition.offices", labels, held)
        if offices is None:
            return None
        part = pb.AssociationPart(
            association_id=id,
            group_id=group,
            offices=[OfficeKind.Value(kind) for kind in offices],
        )
        return pb.Condition(association=part)

    async def household(self, before: pb.Condition) -> pb.Condition | None:
        id = await self.which_association(before)
        if id is None:
            return None
        labels, held = labels_of(self.known.households[id]), before.association.household_ids
        ids = await self.several("condition_kind.household", labels, list(held), must=True)
        if not ids:
            return None
        return pb.Condition(association=pb.AssociationPart(association_id=id, household_ids=ids))

    async def which_association(self, before: pb.Condition) -> str | None:
        labels = labels_of(self.known.associations)
        held = before.association.association_id
        id = await self.one("condition_kind.association", labels, held)
        if id is not None:
            await read_association(self.desk, self.known, id)
        return id

    async def program(self, before: pb.Condition) -> pb.Condition | None:
        held = before.program
        labels = labels_of(self.known.programs)
        id = await self.one("condition_kind.program", labels, held.program_id)
        if id is None:
            return None
        names = ApplicationState.keys()[1:]
        states = await self.several(
            "condition.states",
            [(self.words(f"state.{name}"), name) for name in names],
            [ApplicationState.Name(one) for one in held.states],
        )
        if states is None:
            return None
        numbers = [ApplicationState.Value(name) for name in states]
        return pb.Condition(program=pb.ProgramStanding(program_id=id, states=numbers))

    async def answer(self, before: pb.Condition) -> pb.Condition | None:
        known, held = self.known, before.answer
        steps = {
            f"{procedure.key} {step.key}": (procedure, step) for procedure, step in known.marked()
        }
        labels = [
            (f"{known.said(procedure.title)} {known.said(step.text)}", key)
            for key, (procedure, step) in steps.items()
        ]
        at = await self.one("condition_kind.answer", labels, f"{held.procedure} {held.step}")
        if at is None:
            return None
        procedure, step = steps[at]
        values = [(known.said(one.label), one.value) for one in step.choices]
        value = await self.one("condition.value", values, held.value)
        if value is None:
            return None
        answer = pb.MarkedAnswer(procedure=procedure.key, step=step.key, value=value)
        return pb.Condition(answer=answer)

    async def campaign(self, before: pb.Condition) -> pb.Condition | None:
        held, labels = before.campaign, labels_of(self.known.campaigns)
        id = await self.one("condition_kind.campaign", labels, held.campaign_id)
        if id is None:
            return None
        kinds = [(self.words(f"engagement.{one}"), one) for one in pb.Engagement.keys()[1:]]
        chosen = await self.one("condition.engagement", kinds, pb.Engagement.Name(held.engagement))
        if chosen is None:
            return None
        outcome = pb.CampaignOutcome(campaign_id=id, engagement=pb.Engagement.Value(chosen))
        return pb.Condition(campaign=outcome)
