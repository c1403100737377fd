"""Rows for tests, with as little said as possible."""

import hashlib
import json
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from apps.accounts.models import User
from apps.generation.models import ModelConfig, ProviderName, Response, ResponseStatus
from apps.projects.models import Guideline, Membership, Project, Rubric
from apps.projects.permissions import Role
from apps.prompts.models import Prompt

PAIRWISE = {
    "questions": [
        {"kind": "preference", "key": "preference", "title": "Which response is better?"},
        {"kind": "reasons", "key": "reasons", "title": "Why?"},
        {"kind": "text", "key": "justification", "title": "In a sentence"},
    ]
}


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password("a long enough secret")


class ProjectFactory(DjangoModelFactory[Project]):
    """A project with a pairwise rubric and a guideline."""

    class Meta:
        model = Project
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Project {n}")
    slug = factory.Sequence(lambda n: f"project-{n}")
    overlap = 1

    @factory.post_generation
    def versions(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        Rubric.objects.create(project=self, version=1, document=PAIRWISE)
        Guideline.objects.create(project=self, version=1, text="# What we ask\n\nBe fair.")


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    project = factory.SubFactory(ProjectFactory)
    role = Role.RATER


class PromptFactory(DjangoModelFactory[Prompt]):
    class Meta:
        model = Prompt

    project = factory.SubFactory(ProjectFactory)
    messages = factory.Sequence(lambda n: [{"role": "user", "content": f"Question {n}?"}])
    digest = factory.LazyAttribute(lambda p: hashlib.sha256(json.dumps(p.messages).encode()).digest())


class ModelConfigFactory(DjangoModelFactory[ModelConfig]):
    class Meta:
        model = ModelConfig

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"config-{n}")
    provider = ProviderName.TRANSFORMERS
    model = "bundled"


class ResponseFactory(DjangoModelFactory[Response]):
    """A finished response, as if imported."""

    class Meta:
        model = Response

    prompt = factory.SubFactory(PromptFactory)
    text = factory.Sequence(lambda n: f"Answer {n}.")
    model = factory.Sequence(lambda n: f"secret-model-{n}")
    status = ResponseStatus.DONE
    finish_reason = "stop"
    finished_at = factory.LazyFunction(timezone.now)
