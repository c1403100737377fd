from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from apps.generation import writing
from apps.generation.models import Response, ResponseStatus
from apps.generation.results import WRITTEN
from apps.generation.writing import insert_responses, update_responses
from tests.factories import PromptFactory, ResponseFactory

pytestmark = pytest.mark.django_db
ODD = 'A "quote", a \\ backslash, a\ttab, a\nline, 100% and {braces}; <b>ünïcödé</b> 🦉 \' -- DROP'


def test_new_rows_have_the_models_own_defaults() -> None:
    uids = [uuid4() for _ in range(3)]
    rows = [{"uid": uid, "prompt_id": PromptFactory().pk, "sample": place} for place, uid in enumerate(uids)]
    insert_responses(rows, same={"model": ODD, "seed": 7})
    written = Response.objects.order_by("sample")
    assert [response.uid for response in written] == uids
    for response in written:
        plain = Response(pk=response.pk, uid=response.uid, prompt=response.prompt, sample=response.sample)
        plain.model, plain.seed = ODD, 7
        for field in Response._meta.concrete_fields:
            assert getattr(response, field.attname) == getattr(plain, field.attname), field.attname


def test_no_rows_are_no_statement() -> None:
    insert_responses([], same={})
    assert not Response.objects.exists()


def test_every_kind_of_value_arrives_as_it_was() -> None:
    changed, other = ResponseFactory.create_batch(2)
    values = {
        "status": ResponseStatus.DONE,
        "text": ODD,
        "reasoning": "",
        "sampling": {"temperature": 0.7, "stop": ["\n", "END"]},
        "seed": 2**31 - 1,
        "tokens_in": 0,
        "tokens_out": None,
        "finished_at": datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC),
    }
    for name, value in values.items():
        setattr(changed, name, value)
    before = Response.objects.filter(pk=other.pk).values().get()
    update_responses([changed], WRITTEN)
    stored = Response.objects.get(pk=changed.pk)
    assert {name: getattr(stored, name) for name in values} == values
    assert Response.objects.filter(pk=other.pk).values().get() == before


def test_the_database_s_rules_hold() -> None:
    response = ResponseFactory()
    response.status = ResponseStatus.FAILED
    with pytest.raises(IntegrityError, match=r"response_(failed_has_error|done_has_text)"):
        update_responses([response], ["status"])


def test_more_text_than_a_statement_holds_goes_in_several(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(writing, "MOST_LETTERS", 10)
    changed = ResponseFactory.create_batch(4)
    for response, length in zip(changed, (30, 4, 5, 6), strict=True):
        response.text, response.reasoning = "x" * length, ""
    with django_assert_num_queries(3):
        update_responses(changed, ["text", "reasoning"])
    stored = Response.objects.order_by("pk").values_list("text", flat=True)
    assert list(map(len, stored)) == [30, 4, 5, 6]
