"""Languages, offline: what the file says holds, then what the letters tell, else unknown."""

import pytest

from apps.projects.models import Project
from apps.prompts.languages import detect_language, name_language, read_language, tell_language
from apps.prompts.models import JobKind, Prompt, PromptJob
from apps.prompts.prompt_jobs import request_job
from apps.prompts.prompt_work import work_off_jobs
from tests.factories import PromptFactory


def say(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "What is the capital of France?"),
        ("sv", "Hur länge får arbetsgivaren vänta med lönen?"),
        ("de", "Was ist die Hauptstadt von Frankreich?"),
        ("fr", "Quelle est la capitale de la France ?"),
        ("es", "¿Cuál es la capital de Francia?"),
        ("ar", "ما هي عاصمة فرنسا؟"),
        ("he", "מהי בירת צרפת?"),
        ("zh", "法国的首都是哪里?"),
        ("ja", "フランスの首都はどこですか?"),
        ("hi", "फ्रांस की राजधानी क्या है?"),
    ],
)
def test_a_sentence_tells_its_language(code: str, text: str) -> None:
    assert detect_language(say(text)) == code


@pytest.mark.parametrize(
    "text", ["hi", "2 + 2 = ?", "print('hello world')", "👍", "", "def f(x): return x**2"]
)
def test_unsure_is_unknown(text: str) -> None:
    assert detect_language(say(text)) == ""


@pytest.mark.parametrize(
    ("said", "code"),
    [("sv", "sv"), ("SV-se", "sv"), ("pt_BR", "pt"), ("Swedish", "sv"), ("svenska", "sv"), ("zh-Hans", "zh"),
     ("Chinese", "zh"), ("klingon", ""), ("", "")],
)  # fmt: skip
def test_what_a_file_calls_a_language(said: str, code: str) -> None:
    assert read_language(said) == code


def test_the_file_holds_against_the_letters() -> None:
    assert tell_language(say("What is the capital of France?"), {"language": "sv"}) == "sv"
    assert tell_language(say("What is the capital of France?"), {"language": 5}) == "en"


def test_answers_and_instructions_in_another_language_do_not_count() -> None:
    messages = [
        {"role": "system", "content": "Antworte immer auf Deutsch und so ausführlich wie möglich."},
        {"role": "user", "content": "What is the capital of France?"},
    ]
    assert detect_language(messages) == "en"


def test_codes_have_names() -> None:
    assert name_language("sv") == "Swedish"
    assert name_language("zh") == "Chinese"


@pytest.mark.django_db
def test_the_job_tells_what_is_unknown_and_leaves_what_is_known(project: Project) -> None:
    english = PromptFactory.create(project=project, messages=say("What is the capital of France?"))
    mapped = PromptFactory.create(
        project=project, messages=say("What is it?"), metadata={"language": "Swedish"}
    )
    known = PromptFactory.create(project=project, messages=say("What is the capital?"), language="fi")
    unsure = PromptFactory.create(project=project, messages=say("2 + 2"))
    for _ in range(2):
        request_job(project=project, kind=JobKind.LANGUAGES)
        work_off_jobs()
        found = dict(Prompt.objects.values_list("pk", "language"))
        assert found == {english.pk: "en", mapped.pk: "sv", known.pk: "fi", unsure.pk: ""}
    first = PromptJob.objects.order_by("id").first()
    assert first is not None
    assert first.result == {"told": 2, "unknown": 1}
