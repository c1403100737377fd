"""The first page of the room, as people with and without JavaScript use it."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from apps.core.secrets import decrypt
from apps.generation.models import ModelConfig, Run
from apps.generation.providers.errors import TimedOutError
from apps.generation.sampling import Sampling
from apps.generation.services import start_run
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.conftest import SignIn
from tests.factories import ModelConfigFactory, PromptFactory
from tests.generation.fakes import FakeProvider

INDEX = "/p/helpful/generation/"
CONFIG = {
    "name": "Brief", "provider": "transformers", "model": "bundled", "revision": "", "base_url": "",
    "api_key": "", "system_prompt": "Be brief.", "temperature": "0.5", "top_p": "0.9", "top_k": "0",
    "max_new_tokens": "64", "repetition_penalty": "1.0", "stop": "END\r\n\r\nSTOP",
}  # fmt: skip
SERVER = {
    **CONFIG,
    "provider": "openai",
    "model": "m",
    "base_url": "http://127.0.0.1:9/v1",
    "api_key": "sk-1",
}

pytestmark = pytest.mark.usefixtures("sent")
WorkOff = Callable[..., None]


@pytest.fixture
def client(curator: User, sign_in: SignIn) -> Client:
    return sign_in(curator)


def page(client: Client, path: str = INDEX) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


class TestIndex:
    def test_nothing_generated_and_no_prompt(self, client: Client) -> None:
        html = page(client)
        assert "Nothing has been generated yet" in html
        assert "No model is set up yet" in html
        assert "Go to the prompts" in html

    def test_prompts_but_no_model(self, client: Client, prompts: list[Prompt]) -> None:
        html = page(client)
        assert "Six prompts wait" in html
        assert "Start the run" not in html

    def test_it_says_what_a_run_would_make(
        self, client: Client, prompts: list[Prompt], configs: list[ModelConfig]
    ) -> None:
        assert "6 prompts × 2 configurations makes 12 responses." in page(client)

    def test_a_run_that_goes_is_followed(self, client: Client, run: Run, work_off: WorkOff) -> None:
        work_off(2)
        html = page(client)
        assert "2 of 12 responses are in" in html
        assert 'hx-trigger="every 2s"' in html
        assert '<progress value="2" max="12"' in html

    def test_while_nothing_came_it_says_what_it_waits_for(
        self, client: Client, project: Project, prompts: list[Prompt], configs: list[ModelConfig]
    ) -> None:
        server = ModelConfigFactory(project=project, provider="openai", base_url="http://127.0.0.1:9/v1")
        waits = []
        for chosen in ([configs[0]], [server], [configs[0], server]):
            project.runs.all().delete()
            start_run(project=project, configs=chosen, user=None)
            waits.append(page(client))
        assert "The model is being loaded." in waits[0]
        assert "The server has not answered yet." in waits[1]
        assert "The first answers are on their way." in waits[2]
        assert not any("being loaded" in html for html in waits[1:])

    def test_failures_are_no_responses_and_promise_no_end(
        self, client: Client, run: Run, prompts: list[Prompt], fake_provider: type[FakeProvider],
        work_off: WorkOff,
    ) -> None:  # fmt: skip
        fake_provider.answers = {prompt.last_message: TimedOutError() for prompt in prompts}
        work_off(4)
        html = page(client)
        failed = run.responses.failed().count()
        assert f"0 of 12 responses, {failed} failed · {12 - failed} still to try" in html
        assert "done in about" not in html
        assert "being loaded" not in html

    def test_a_run_that_ended_is_not_followed(self, client: Client, run: Run, work_off: WorkOff) -> None:
        work_off()
        html = page(client)
        assert "12 of 12 responses are in" in html
        assert "every 2s" not in html

    def test_models_show_what_their_responses_were_like(
        self, client: Client, run: Run, work_off: WorkOff
    ) -> None:
        work_off()
        html = page(client)
        assert "Two configurations have answered" in html
        assert "temperature 0.7 · top-p 0.95 · up to 40 tokens" in html

    def test_what_people_wrote_is_escaped(self, client: Client, project: Project) -> None:
        ModelConfigFactory(project=project, name="<script>x</script>", system_prompt="<img src=x onerror=x>")
        html = page(client)
        assert "<script>x" not in html
        assert "<img src=x" not in html

    def test_another_projects_models_are_not_there(self, client: Client) -> None:
        ModelConfigFactory(name="Somebody else's")
        assert "Somebody else" not in page(client)


class TestProgress:
    def test_while_a_run_goes_only_the_runs_are_sent(self, client: Client, run: Run) -> None:
        html = page(client, f"{INDEX}progress/")
        assert "every 2s" in html
        assert "<html" not in html
        assert 'id="models"' not in html

    def test_the_last_time_brings_the_models_and_ends_the_polling(
        self, client: Client, run: Run, work_off: WorkOff
    ) -> None:
        work_off()
        html = page(client, f"{INDEX}progress/")
        assert "every 2s" not in html
        assert 'id="models" hx-swap-oob="true"' in html

    def test_polling_asks_few_queries(
        self, client: Client, run: Run, work_off: WorkOff,
        django_assert_max_num_queries: Callable[[int], object],
    ) -> None:  # fmt: skip
        work_off(3)
        with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
            page(client, f"{INDEX}progress/")


class TestAddConfig:
    def test_it_is_added(self, client: Client, project: Project) -> None:
        response = client.post(f"{INDEX}models/", CONFIG)
        assert response.status_code == 302
        config = project.model_configs.get()
        assert (config.name, config.model, config.system_prompt) == ("Brief", "bundled", "Be brief.")
        assert Sampling.model_validate(config.sampling) == Sampling(
            temperature=0.5, top_p=0.9, max_new_tokens=64, stop=("END", "STOP")
        )

    def test_a_server_is_added_with_its_key_encrypted(self, client: Client, project: Project) -> None:
        client.post(f"{INDEX}models/", SERVER)
        assert decrypt(bytes(project.model_configs.get().api_key)) == "sk-1"
        html = page(client)
        assert "Key stored" in html
        assert "sk-1" not in html

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""), ("temperature", "3"), ("temperature", "hot"), ("top_p", "0"),
            ("max_new_tokens", "0"), ("repetition_penalty", ""), ("stop", "a\nb\nc\nd\ne"),
            ("provider", "oracle"), ("model", ""), ("in_flight", "513"), ("batch_tokens", "1"),
        ],
    )  # fmt: skip
    def test_a_mistake_is_shown_at_its_field_and_the_rest_is_kept(
        self, client: Client, project: Project, field: str, value: str
    ) -> None:
        response = client.post(f"{INDEX}models/", {**CONFIG, field: value})
        assert response.status_code == 422
        assert response.context["config_form"].errors.keys() == {field}
        assert "Be brief." in response.content.decode()
        assert not project.model_configs.exists()

    def test_how_much_goes_to_it_at_once(self, client: Client, project: Project) -> None:
        client.post(f"{INDEX}models/", SERVER)
        client.post(f"{INDEX}models/", {**SERVER, "name": "Wide", "in_flight": "64", "batch_tokens": ""})
        paces = project.model_configs.values_list("in_flight", "batch_tokens")
        assert list(paces) == [(16, 4096), (64, 4096)]

    def test_a_taken_name(self, client: Client, configs: list[ModelConfig]) -> None:
        response = client.post(f"{INDEX}models/", {**CONFIG, "name": "warm"})
        assert response.status_code == 409
        assert "already" in response.context["config_form"].errors["name"][0]

    def test_an_address_that_may_not_be_called(self, client: Client, settings: Settings) -> None:
        settings.ALLOW_PRIVATE_ENDPOINTS = False
        response = client.post(f"{INDEX}models/", SERVER)
        assert response.status_code == 422
        assert "not public" in response.context["config_form"].errors["base_url"][0]
        assert "sk-1" not in response.content.decode()

    def test_a_server_without_an_address(self, client: Client) -> None:
        response = client.post(f"{INDEX}models/", {**SERVER, "base_url": ""})
        assert response.context["config_form"].errors.keys() == {"base_url"}


class TestChangeKey:
    def test_it_is_changed(self, client: Client, project: Project) -> None:
        client.post(f"{INDEX}models/", SERVER)
        config = project.model_configs.get()
        client.post(f"{INDEX}models/{config.pk}/key/", {"api_key": "sk-2"})
        config.refresh_from_db()
        assert decrypt(bytes(config.api_key)) == "sk-2"

    def test_nothing_entered_changes_nothing(self, client: Client, project: Project) -> None:
        client.post(f"{INDEX}models/", SERVER)
        config = project.model_configs.get()
        assert client.post(f"{INDEX}models/{config.pk}/key/", {"api_key": ""}).status_code == 422
        assert decrypt(bytes(project.model_configs.get().api_key)) == "sk-1"

    def test_another_projects_key_cannot_be_changed(self, client: Client) -> None:
        config = ModelConfigFactory(provider="openai", base_url="http://127.0.0.1:9")
        assert client.post(f"{INDEX}models/{config.pk}/key/", {"api_key": "x"}).status_code == 404


class TestChangePace:
    def test_it_is_changed_on_the_page(self, client: Client, project: Project) -> None:
        client.post(f"{INDEX}models/", SERVER)
        client.post(f"{INDEX}models/", {**CONFIG, "name": "Own"})
        assert "16 requests at once: change" in page(client)
        assert "4,096 tokens a call: change" in page(client)
        server, worker = (project.model_configs.get(provider=kind) for kind in ("openai", "transformers"))
        client.post(f"{INDEX}models/{server.pk}/pace/", {"in_flight": "48"})
        client.post(f"{INDEX}models/{worker.pk}/pace/", {"batch_tokens": "65536"})
        paces = project.model_configs.order_by("pk").values_list("in_flight", "batch_tokens")
        assert list(paces) == [(48, 4096), (16, 65_536)]

    def test_a_mistake_changes_nothing(self, client: Client, project: Project) -> None:
        client.post(f"{INDEX}models/", SERVER)
        config = project.model_configs.get()
        for wrong in ("0", "many", ""):
            response = client.post(f"{INDEX}models/{config.pk}/pace/", {"in_flight": wrong})
            assert response.status_code == 422
            assert "othing was changed" in response.content.decode()

    def test_another_projects_stay_as_they_are(self, client: Client) -> None:
        config = ModelConfigFactory()
        assert client.post(f"{INDEX}models/{config.pk}/pace/", {"in_flight": "2"}).status_code == 404


class TestRemoveConfig:
    def test_one_that_no_run_took_goes(self, client: Client, project: Project) -> None:
        config = ModelConfigFactory(project=project, name="Mistaken")
        assert ">Remove</button>" in page(client)
        response = client.post(f"{INDEX}models/{config.pk}/remove/", follow=True)
        assert "Mistaken is removed." in response.content.decode()
        assert "No model is set up yet" in response.content.decode()

    def test_one_that_was_used_is_archived_and_can_come_back(
        self, client: Client, run: Run, configs: list[ModelConfig], work_off: WorkOff
    ) -> None:
        work_off()
        assert ">Archive</button>" in page(client)
        for config in configs:
            client.post(f"{INDEX}models/{config.pk}/remove/")
        html = page(client)
        assert "Every configuration is archived" in html
        assert "Start the run" not in html
        client.post(f"{INDEX}models/{configs[1].pk}/restore/")
        html = page(client)
        assert "6 prompts × 1 configuration makes 6 responses." in html
        assert "One configuration has answered" in html

    def test_another_projects_cannot_be_removed(self, client: Client) -> None:
        config = ModelConfigFactory()
        for action in ("remove", "restore"):
            assert client.post(f"{INDEX}models/{config.pk}/{action}/").status_code == 404
        assert ModelConfig.objects.filter(pk=config.pk).exists()


class TestStart:
    def test_a_run_is_started(
        self,
        client: Client,
        project: Project,
        prompts: list[Prompt],
        configs: list[ModelConfig],
        curator: User,
    ) -> None:
        form = {"configs": [configs[0].pk], "which": "all", "samples": "2", "seed": "7"}
        assert client.post(f"{INDEX}runs/", form).status_code == 302
        run = project.runs.get()
        assert (run.asked, run.seed, run.created_by) == (12, 7, curator)

    def test_only_new_prompts_if_asked(
        self, client: Client, project: Project, run: Run, configs: list[ModelConfig]
    ) -> None:
        PromptFactory.create_batch(2, project=project)
        form = {"configs": [c.pk for c in configs], "which": "new", "samples": "1", "seed": ""}
        client.post(f"{INDEX}runs/", form)
        assert project.runs.first().asked == 4

    def test_prompts_can_be_chosen_by_what_they_are(
        self, client: Client, project: Project, prompts: list[Prompt], configs: list[ModelConfig]
    ) -> None:
        PromptFactory(project=project, metadata={"category": "law", "source": "a"}, language="sv", tags=["x"])
        html = page(client)
        for option in ('value="law">law<', 'value="sv">Swedish<', 'value="x">x<', 'value="source">source<'):
            assert option in html
        form = {"configs": [configs[0].pk], "which": "all", "samples": "1", "seed": "", "category": "law"}
        effect = client.get(f"{INDEX}runs/effect/", form).content.decode()
        assert "1 prompt × 1 configuration makes 1 response." in effect
        assert "7 prompts are approved." in effect
        long = {**form, "least": "4000"}
        assert "0 prompts ×" in client.get(f"{INDEX}runs/effect/", long).content.decode()
        client.post(f"{INDEX}runs/", {**form, "language": "sv", "turns": "1", "most": "90", "priority": "4"})
        run = project.runs.get()
        assert (run.asked, run.priority) == (1, 4)
        assert run.choice == {"category": "law", "language": "sv", "turns": "1", "words": "-90"}

    def test_prompts_that_cannot_be_searched_yet_are_told(
        self, client: Client, prompts: list[Prompt], configs: list[ModelConfig]
    ) -> None:
        form = {"configs": [configs[0].pk], "which": "all", "samples": "1", "q": "rent"}
        html = client.get(f"{INDEX}runs/effect/", form).content.decode()
        assert "Six prompts came in a moment ago and cannot be searched yet." in html

    def test_a_choice_that_nothing_fits_says_so(
        self, client: Client, prompts: list[Prompt], configs: list[ModelConfig]
    ) -> None:
        form = {"configs": [configs[0].pk], "which": "all", "samples": "1", "q": "nothing says this"}
        response = client.post(f"{INDEX}runs/", form)
        assert response.status_code == 422
        assert "nothing says this" in response.content.decode()

    @pytest.mark.parametrize("wrong", [{"configs": []}, {"samples": "0"}, {"samples": "65"}, {"seed": "-1"}])
    def test_a_mistake_is_shown(
        self, client: Client, project: Project, prompts: list[Prompt], configs: list[ModelConfig],
        wrong: dict[str, object],
    ) -> None:  # fmt: skip
        form = {"configs": [configs[0].pk], "which": "all", "samples": "1", "seed": ""}
        assert client.post(f"{INDEX}runs/", {**form, **wrong}).status_code == 422
        assert not project.runs.exists()

    def test_another_projects_configuration_cannot_be_chosen(
        self, client: Client, project: Project, prompts: list[Prompt]
    ) -> None:
        form = {"configs": [ModelConfigFactory().pk], "which": "all", "samples": "1", "seed": ""}
        assert client.post(f"{INDEX}runs/", form).status_code == 422

    def test_the_effect_follows_the_choices(
        self, client: Client, prompts: list[Prompt], configs: list[ModelConfig]
    ) -> None:
        chosen = f"{INDEX}runs/effect/?configs={configs[0].pk}&which=all&samples=3&seed="
        assert "6 prompts × 1 configuration × 3 each makes 18 responses." in page(client, chosen)
        assert "answered nothing yet" in page(client, chosen)
        assert "At most 720 tokens" in page(client, chosen)
        assert "Choose who answers" in page(client, f"{INDEX}runs/effect/?which=all&samples=3")


def test_the_dry_run_tells_what_earlier_runs_told(
    client: Client, run: Run, configs: list[ModelConfig], work_off: WorkOff
) -> None:
    work_off()
    chosen = {"configs": [config.pk for config in configs], "which": "all", "samples": "1"}
    html = client.get(f"{INDEX}runs/effect/", chosen).content.decode()
    assert "as the latest responses of these configurations went, one after the other" in html
    assert "not known" not in html


@pytest.mark.parametrize("path", ["", "progress/", "runs/effect/"])
def test_raters_and_strangers_stay_outside(path: str, rater: User, stranger: User, sign_in: SignIn) -> None:
    assert sign_in(rater).get(INDEX + path).status_code == 403
    assert sign_in(stranger).get(INDEX + path).status_code == 404
    assert Client().get(INDEX + path).status_code == 302
