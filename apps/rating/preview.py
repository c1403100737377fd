"""A rubric as its raters would meet it, with made-up responses: nothing of it is stored or can be sent."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.utils import timezone

from apps.projects.questions.base import LETTERS
from apps.projects.rubrics import RubricDocument
from apps.rating.desk import ShownPassage, ShownResponse, ShownTurn, Task
from apps.rating.models import Lease
from apps.rating.pace import Stand

TURNS = (
    ("user", "I moved into a flat with little light. Which herbs will grow there?"),
    ("assistant", "Mint, parsley and chives need the least light. Where is your window?"),
    ("user", "North-facing, on the second floor. How often should I water **mint** in a pot?"),
)
RESPONSES = (
    "Water mint when the top centimetre of soil is dry, which in a pot is **every two or three days** in "
    "summer and about once a week in winter.\n\n- Put a finger into the soil before you water.\n- Empty the "
    "saucer after half an hour.\n- By a north window it dries slowly, so look first.",
    "Every day.",
    "Mint likes soil that is moist and never wet. A pot with holes, and water when its surface feels dry, is "
    "all that it takes.",
    "It depends on the pot, the soil and the season. Could you tell me how large the pot is?",
    "Twice a week. Use `250 ml` for a pot of 15 cm, and half of that in winter.",
    "Mint is hardy and forgives a lot; if its leaves hang, water it, and they will rise within the hour.",
    "Once a month is enough for herbs indoors, since they evaporate little there.",
    "Water it from below: set the pot into a bowl for ten minutes whenever it feels light.",
    "I would not grow mint by a north window at all. Take a lamp, or another herb.",
)
PASSAGES = (
    ("1", "Herbs indoors", "Mint grows in half shade. Keep its soil moist; water when the surface is dry."),
    ("2", "Pots", "A pot without holes drowns its roots. Empty saucers half an hour after watering."),
)


@dataclass(frozen=True)
class SampleTask(Task):
    """A task that no item stands behind."""

    document: RubricDocument

    @property
    def rubric(self) -> RubricDocument:
        return self.document

    @cached_property
    def passages(self) -> list[ShownPassage]:
        return [ShownPassage(text, None, name, title) for name, title, text in PASSAGES]


def make_sample(document: RubricDocument) -> SampleTask:
    """The made-up item of as many responses as the rubric asks about."""
    size = document.responses
    return SampleTask(
        lease=Lease(uid=UUID(int=0), shown_order=list(range(size)), expires_at=timezone.now()),
        turns=[ShownTurn(text, None, role) for role, text in TURNS],
        rubric_id=0,
        responses=[
            ShownResponse(text, None, letter, str(UUID(int=number)))
            for number, (letter, text) in enumerate(zip(LETTERS, RESPONSES[:size], strict=False), start=1)
        ],
        stand=Stand(0, 0, None, 0),
        document=document,
    )
