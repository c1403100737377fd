"""Three models over the questions of a real file, as a curator has them answered."""

from unittest.mock import Mock

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import User
from apps.generation.claims import claim_batch
from apps.generation.models import ModelConfig, Run, RunStatus
from apps.generation.tasks import drain_generation
from apps.projects.models import Project
from tests.conftest import SignIn
from tests.generation.stub_server import StubServer, say
from tests.generation.working import work_on

pytestmark = pytest.mark.django_db(transaction=True)
QUESTIONS = settings.SHARED_DATA / "mt_bench_questions.jsonl"
PROMPTS, ROOM = "/p/helpful/prompts/", "/p/helpful/generation/"
MODELS = ("small", "middle", "large")


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def set_up_models(client: Client, base_url: str) -> None:
    form = {
        "provider": "openai", "base_url": base_url, "in_flight": "8", "temperature": "0.7", "top_p": "1",
        "top_k": "0", "max_new_tokens": "16", "repetition_penalty": "1",
    }  # fmt: skip
    for name in MODELS:
        assert client.post(f"{ROOM}models/", {**form, "name": name, "model": name}).status_code == 302


@pytest.mark.skipif(not QUESTIONS.exists(), reason=f"there is no {QUESTIONS}")
def test_a_run_is_started_watched_interrupted_and_finished(
    project: Project, curator: User, sign_in: SignIn, stub_server: StubServer, sent: Mock
) -> None:
    stub_server.script = lambda request: say(f"{request.body['model']} on {request.question}")
    client = sign_in(curator)
    file = SimpleUploadedFile(QUESTIONS.name, QUESTIONS.read_bytes())
    assert b"80 prompts are in" in client.post(f"{PROMPTS}imports/", {"file": file}, follow=True).content
    set_up_models(client, stub_server.base_url)
    chosen = list(ModelConfig.objects.values_list("pk", flat=True))
    client.post(f"{ROOM}runs/", {"configs": chosen, "which": "all", "samples": "1", "priority": "0"})
    run, page = Run.objects.get(), f"{ROOM}runs/1/"
    assert run.asked == 240
    assert "0 of 240 responses" in read(client, page)
    for _ in range(6):
        batch = claim_batch()
        assert batch is not None
        work_on(batch)
    done = run.responses.done().count()
    assert 0 < done < 240
    assert f"{done} of 240 responses are in" in read(client, f"{page}progress/")
    client.post(f"{page}cancel/")
    assert f"the other {240 - done} are generated" in read(client, page)
    client.post(f"{page}resume/")
    drain_generation()
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED
    html = read(client, page)
    assert "240 of 240 responses are in" in html
    assert "Every configuration is through" in html
    for response in run.responses.done().select_related("config", "prompt"):
        assert response.text == f"{response.config.model} on {response.prompt.last_message}"
