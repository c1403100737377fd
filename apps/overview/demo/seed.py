"""Fill in the demo project: people, prompts, two models, and a run that answers them."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.generation.providers.bundled import BUNDLED
from apps.generation.services import create_model_config, start_run
from apps.overview.demo.credentials import make_password
from apps.projects.models import Membership, Project
from apps.projects.permissions import Role
from apps.projects.services import create_project
from apps.prompts.importing import import_prompts

HERE = Path(__file__).parent
PROMPTS = HERE / "prompts.jsonl"
GUIDELINE = HERE / "guideline.md"
SLUG = "demo"
SEED = 20_260  # any number does; the same one draws the same responses everywhere
ADMIN, RATER, TRAINER = (f"{name}@demo.localhost" for name in ("admin", "rater", "trainer"))
NAMES = {ADMIN: "Alma Admin", RATER: "Rumi Rater", TRAINER: "Tove Trainer"}


@dataclass(frozen=True)
class Credential:
    """A password that exists in clear here and nowhere else."""

    email: str
    password: str


@transaction.atomic
def seed_demo() -> list[Credential]:
    """Make what is missing of the demo; returns the passwords of the accounts it made, none at later calls.

    Nothing that is there is changed, so that people may work in the demo and keep what they did.
    """
    people = {email: _find_or_make(email) for email in NAMES}
    if not Project.objects.filter(slug=SLUG).exists():
        _make_project({email: user for email, (user, _) in people.items()})
    return [Credential(email, password) for email, (_, password) in people.items() if password]


@transaction.atomic
def renew_passwords() -> list[Credential]:
    """Give every demo account a new password."""
    renewed = []
    for user in User.objects.filter(email__in=NAMES).order_by("id"):
        credential = Credential(user.email, make_password())
        user.set_password(credential.password)
        user.save(update_fields=["password"])
        record_event(actor=None, action="demo.password_renewed", subject=f"user:{user.uid}")
        renewed.append(credential)
    return renewed


def _find_or_make(email: str) -> tuple[User, str]:
    """The account, and its password where it was made just now."""
    user = User.objects.filter(email=email).first()
    if user is not None:
        return user, ""
    password = make_password()
    make = User.objects.create_superuser if email == ADMIN else User.objects.create_user
    return make(email, password, name=NAMES[email]), password


def _make_project(people: dict[str, User]) -> Project:
    admin = people[ADMIN]
    project = create_project(
        user=admin,
        name="Everyday assistant",
        description="Which of two answers helps more, over 24 everyday questions to a very small model.",
        overlap=1,
        slug=SLUG,
        guideline=GUIDELINE.read_text(encoding="utf-8"),
    )
    Membership.objects.create(project=project, user=people[RATER], role=Role.RATER)
    Membership.objects.create(project=project, user=people[TRAINER], role=Role.TRAINER)
    with PROMPTS.open("rb") as file:
        import_prompts(project=project, file=file, file_name=PROMPTS.name, user=admin)
    plain = create_model_config(
        project=project,
        user=admin,
        name="SmolLM2, plain",
        model=BUNDLED,
        sampling={"temperature": 0.2, "repetition_penalty": 1.1, "max_new_tokens": 220},
    )
    warm = create_model_config(
        project=project,
        user=admin,
        name="SmolLM2, short and warm",
        model=BUNDLED,
        sampling={"temperature": 0.6, "top_p": 0.9, "repetition_penalty": 1.1, "max_new_tokens": 140},
        system_prompt="You are a warm and friendly helper. Answer in at most three short sentences.",
    )
    start_run(project=project, configs=[plain, warm], samples=1, seed=SEED, user=admin)
    return project
