"""What checks against passages found, for who mends the knowledge base."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.overview.gaps import UNSAID, Gaps, read_gaps
from apps.projects.models import Project, Rubric
from apps.projects.presets import get_preset
from apps.rating.allocation import claim_next
from apps.rating.items import build_items
from apps.rating.models import Annotation
from apps.rating.submission import submit_annotation
from apps.rating.telling import tell_all_the_same
from tests.conftest import SignIn
from tests.factories import PromptFactory, ResponseFactory
from tests.rating.factories import given

HOURS = {"id": "hours", "title": "Opening hours", "text": "Closed on Mondays."}
PRICES = {"id": "prices", "text": "Free."}


@pytest.fixture
def checked(project: Project) -> Project:
    document = get_preset("knowledge_base").rubric.model_dump(mode="json")
    Rubric.objects.create(project=project, version=2, document=document)
    return project


def check(project: Project, rater: User, verdict: str, **more: Any) -> Annotation:
    response = ResponseFactory(prompt=PromptFactory(project=project, metadata={"passages": [HOURS, PRICES]}))
    build_items(project=project)
    lease = claim_next(project=project, rater=rater)
    assert lease is not None
    answers = {"verdict": {str(response.uid): {"verdict": verdict, **more}}}
    return submit_annotation(project=project, rater=rater, lease_uid=str(lease.uid), answers=given(answers))


def check_some(project: Project, rater: User) -> None:
    check(project, rater, "correct", passage="hours")
    check(project, rater, "incorrect", passage="hours", note="Not on Mondays.")
    check(project, rater, "incomplete", passage="hours", note="Thursdays, too.")
    check(project, rater, "incomplete", passage="", note="Nothing on dogs.")
    check(project, rater, "cannot_tell")


def list_notes(gaps: Gaps) -> list[tuple[str, str | None, str]]:
    return [(gap.verdict, gap.passage, gap.note) for gap in gaps.gaps]


def test_faults_are_counted_by_the_passage_that_they_point_at(checked: Project, rater: User) -> None:
    check_some(checked, rater)
    found = read_gaps(project=checked, reader=rater)
    assert [(row.name, row.incorrect, row.incomplete, row.cannot_tell) for row in found.rows] == [
        ("hours · Opening hours", 1, 1, 0),
        ("No passage says it", 0, 1, 0),
        ("No passage named", 0, 0, 1),
    ]
    assert found.finding.lead == "Three faults in five checks; for one, no passage has the answer"
    assert found.finding.measured == "Counted answers: 1 correct, 1 incorrect, 2 incomplete, 1 cannot tell."


def test_what_was_said_stands_newest_first(checked: Project, rater: User) -> None:
    check_some(checked, rater)
    found = read_gaps(project=checked, reader=rater)
    assert list_notes(found) == [
        ("Cannot tell", None, ""),
        ("Incomplete", "", "Nothing on dogs."),
        ("Incomplete", "hours", "Thursdays, too."),
        ("Incorrect", "hours", "Not on Mondays."),
    ]
    older = read_gaps(project=checked, reader=rater, before=found.gaps[1].outcome)
    assert list_notes(older) == list_notes(found)[2:]


@pytest.mark.parametrize(("passage", "verdicts"), [("hours", 2), ("", 1), (UNSAID, 1), ("prices", 0)])
def test_one_passage_can_be_read_alone(checked: Project, rater: User, passage: str, verdicts: int) -> None:
    check_some(checked, rater)
    assert len(read_gaps(project=checked, reader=rater, passage=passage).gaps) == verdicts


def test_a_verdict_about_the_conversation_has_its_passage_too(project: Project, rater: User) -> None:
    question = {"kind": "verdict", "key": "verdict", "title": "Right?", "about": "conversation"}
    Rubric.objects.create(project=project, version=2, document={"responses": 1, "questions": [question]})
    ResponseFactory(prompt=PromptFactory(project=project, metadata={"passages": [HOURS]}))
    build_items(project=project)
    lease = claim_next(project=project, rater=rater)
    assert lease is not None
    answers = {"verdict": {"verdict": "incorrect", "passage": "hours", "note": "No."}}
    submit_annotation(project=project, rater=rater, lease_uid=str(lease.uid), answers=given(answers))
    assert list_notes(read_gaps(project=project, reader=rater)) == [("Incorrect", "hours", "No.")]


def test_answers_that_do_not_count_are_left_out(checked: Project, rater: User) -> None:
    annotation = check(checked, rater, "incorrect", passage="hours", note="No.")
    annotation.value_outcomes.all().delete()  # as when it is taken back
    assert read_gaps(project=checked, reader=rater).finding.lead == "Nothing has been checked yet"


def test_no_fault_is_said_so(checked: Project, rater: User) -> None:
    check(checked, rater, "correct")
    assert read_gaps(project=checked, reader=rater).finding.lead == "One check, and nothing wrong found"


def test_the_page_lists_them_and_the_queue_leads_there(
    checked: Project, rater: User, curator: User, sign_in: SignIn
) -> None:
    check(checked, rater, "incorrect", passage="hours", note="Not <b>on</b> Mondays.")
    client: Client = sign_in(curator)
    address = reverse("overview:gaps", args=[checked.slug])
    page = client.get(address).content.decode()
    assert "One fault in one check" in page
    assert "Not &lt;b&gt;on&lt;/b&gt; Mondays." in page
    assert address in client.get(reverse("queue:index", args=[checked.slug])).content.decode()
    for query in ("?passage=hours", "?passage=%3F", "?before=x", "?before=99999999999999999999", "?passage="):
        assert client.get(address + query).status_code == 200


def test_a_project_without_checks_has_no_link(project: Project, curator: User, sign_in: SignIn) -> None:
    page = sign_in(curator).get(reverse("queue:index", args=[project.slug])).content.decode()
    assert reverse("overview:gaps", args=[project.slug]) not in page


def test_an_address_that_no_passage_can_have_finds_none(
    checked: Project, owner: User, sign_in: SignIn
) -> None:
    url = reverse("overview:gaps", args=[checked.slug])
    assert sign_in(owner).get(url, {"passage": "\x00"}).status_code == 200


# --- what a reader may still answer or revise -------------------------------------------------------
def test_what_others_found_in_an_item_in_hand_counts_nowhere(
    checked: Project, rater: User, curator: User
) -> None:
    checked.overlap = 2
    checked.save(update_fields=["overlap"])
    check(checked, rater, "incorrect", passage="hours", note="Not on Mondays.")
    assert claim_next(project=checked, rater=curator) is not None
    check(checked, rater, "incomplete", passage="prices", note="Not free.")
    found = read_gaps(project=checked, reader=curator)
    assert list_notes(found) == [("Incomplete", "prices", "Not free.")]
    assert [row.passage for row in found.rows] == ["prices"]
    assert (found.finding.lead, found.kept) == ("One fault in one check", 1)


def test_ones_own_verdict_shows_where_those_of_others_are_kept(
    checked: Project, rater: User, curator: User, sign_in: SignIn
) -> None:
    checked.overlap = 2
    checked.save(update_fields=["overlap"])
    theirs = check(checked, rater, "incorrect", passage="hours", note="Not on Mondays.")
    lease = claim_next(project=checked, rater=curator)
    assert lease is not None
    (uid,) = theirs.answers["verdict"]
    own = {"verdict": {uid: {"verdict": "incomplete", "passage": "prices", "note": "Mine."}}}
    submit_annotation(project=checked, rater=curator, lease_uid=str(lease.uid), answers=given(own))
    found = read_gaps(project=checked, reader=curator)
    assert list_notes(found) == [("Incomplete", "prices", "Mine.")]
    page = sign_in(curator).get(reverse("overview:gaps", args=[checked.slug])).content.decode()
    assert "One verdict of others is left out: you can still answer or revise what it is about." in page
    tell_all_the_same(project=checked, reader=curator, item=lease.item.uid)
    assert len(read_gaps(project=checked, reader=curator).gaps) == 2


def test_who_has_read_a_verdict_does_not_get_its_item(checked: Project, rater: User, curator: User) -> None:
    checked.overlap = 2
    checked.save(update_fields=["overlap"])
    check(checked, rater, "incorrect", passage="hours", note="Not on Mondays.")
    assert len(read_gaps(project=checked, reader=curator).gaps) == 1
    assert claim_next(project=checked, rater=curator) is None
