"""A project with prompts of many lengths."""

import hashlib
import random
from typing import Any

from apps.generation.models import ModelConfig, Run
from apps.generation.services import create_model_config, start_run
from apps.generation.steps import work_off_steps
from apps.projects.models import Project
from apps.projects.services import create_project
from apps.prompts.models import Prompt

TEXT = """
how do I read a large file of orders in pieces and add up what every customer paid last year when some of the
rows are broken and the machine has little memory please show the steps and explain them briefly
"""
WORDS = TEXT.split()


def create_benchmark_project(name: str) -> Project:
    return create_project(name=name, user=None)


def write_prompts(project: Project, *, number: int, seed: int) -> list[Prompt]:
    """Approved prompts of 4 to 300 words, short ones more often, as people write them."""
    chance = random.Random(seed)
    return Prompt.objects.bulk_create(_write(project, chance, f"{seed}-{place}") for place in range(number))


def _write(project: Project, chance: random.Random, name: str) -> Prompt:
    words = chance.choices(WORDS, k=min(300, max(4, round(chance.lognormvariate(3.3, 0.9)))))
    messages = [{"role": "user", "content": f"{name}: {' '.join(words)}?"}]
    digest = hashlib.sha256(str(messages).encode()).digest()
    return Prompt(project=project, messages=messages, digest=digest)


def add_run(project: Project, *, number: int, seed: int, **config: Any) -> Run:
    """A run of one new configuration over `number` new prompts."""
    prompts = write_prompts(project, number=number, seed=seed)
    chosen = create_model_config(project=project, user=None, name=f"configuration {seed}", **config)
    wanted = Prompt.objects.filter(pk__in=[prompt.pk for prompt in prompts])
    run = start_run(project=project, configs=[chosen], prompts=wanted, seed=seed, user=None)
    work_off_steps()  # a large run is prepared by a worker
    return run


def read_config(run: Run) -> ModelConfig:
    return run.configs.get()
