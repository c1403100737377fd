import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client, TestCase
from django.utils import timezone

from apps.accounts.models import User
from apps.overview import start
from apps.projects.models import Membership, Project, Stage
from apps.projects.permissions import Role
from apps.rating import waiting
from apps.rating.allocation import claim_next
from apps.rating.holding import leave_item, skip_item
from apps.rating.models import Lease
from apps.rating.submission import submit_annotation
from tests.conftest import SignIn
from tests.datasets.factories import make_item
from tests.factories import MembershipFactory, ProjectFactory, PromptFactory
from tests.overview.factories import annotate
from tests.rating.factories import given, say

NumQueries = Callable[[int], AbstractContextManager[object]]


def _read(client: Client) -> str:
    return client.get("/").content.decode()


def test_who_is_not_signed_in_is_asked_to(db: None) -> None:
    response = Client().get("/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/")


def test_a_rater_with_one_project_is_a_click_from_rating(
    sign_in: SignIn, rater: User, project: Project
) -> None:
    make_item(project)
    make_item(project)
    text = _read(sign_in(rater))
    assert "Two items wait for you in Helpful assistant" in text
    assert '<a class="btn primary big" href="/p/helpful/rate/">Rate the next item</a>' in text
    assert 'href="/p/helpful/"' not in text


def test_items_that_a_rater_has_had_do_not_wait(sign_in: SignIn, rater: User, project: Project) -> None:
    annotate(project, rater, [timezone.now()])
    project.items.update(overlap=2)
    assert "No items wait for you" in _read(sign_in(rater))


def _count_left(client: Client) -> int:
    """What the bar of the rating page says."""
    html = client.get("/p/helpful/rate/").content.decode()
    found = re.search(r'aria-label="(\d+) of (\d+) items answered"', html)
    return int(found[2]) - int(found[1]) if found else 0


def _count_waiting(client: Client) -> int:
    """What the start page says."""
    found = re.search(r"(\w+) items? waits? for you", _read(client))
    assert found
    return ["no", "one", "two", "three", "four"].index(found[1].lower())


def test_the_start_page_counts_what_the_rating_page_does(
    sign_in: SignIn, rater: User, project: Project
) -> None:
    for _ in range(4):
        make_item(project)
    client = sign_in(rater)
    counted = [(_count_waiting(client), 4)]
    for left, act in ((4, _claim), (3, _skip), (3, _claim), (2, _submit), (2, _leave), (2, _claim)):
        act(project, rater)
        counted.append((_count_waiting(client), left))
        assert _count_left(client) == left
    assert all(said == left for said, left in counted)


def test_a_rater_who_lacks_a_skill_or_reached_a_cap_has_nothing(
    sign_in: SignIn, rater: User, project: Project
) -> None:
    make_item(project)
    make_item(project, skills=["law"])
    client = sign_in(rater)
    assert _count_waiting(client) == 1
    _submit(project, rater)
    assert _count_waiting(client) == 0
    Membership.objects.update(skills=["law"])
    assert _count_waiting(client) == 1
    Project.objects.update(daily_cap=1)
    assert _count_waiting(client) == 0


def test_who_is_paused_has_nothing_though_they_hold_an_item(
    sign_in: SignIn, rater: User, project: Project
) -> None:
    make_item(project)
    _claim(project, rater)
    Membership.objects.update(paused_at=timezone.now(), pause_reason="Talk to Olga.")
    assert _count_waiting(sign_in(rater)) == 0


def test_a_guideline_to_be_read_first_hides_no_work(sign_in: SignIn, rater: User, project: Project) -> None:
    make_item(project)
    make_item(project)
    _submit(project, rater)
    project.guidelines.create(version=2, text="More.")
    assert _count_waiting(sign_in(rater)) == 1


def test_what_nobody_counts_to_its_end_is_told_so(
    sign_in: SignIn, rater: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (start, waiting):
        monkeypatch.setattr(module, "FAR", 2)
    for _ in range(3):
        make_item(project)
    assert "2 items or more wait for you in Helpful assistant" in _read(sign_in(rater))


def _claim(project: Project, rater: User) -> Lease:
    lease = claim_next(project=project, rater=rater)
    assert lease is not None
    return lease


def _submit(project: Project, rater: User) -> None:
    lease = _claim(project, rater)
    uid = str(lease.uid)
    submit_annotation(project=project, rater=rater, lease_uid=uid, answers=given(say("tie")))


def _skip(project: Project, rater: User) -> None:
    uid = str(_claim(project, rater).uid)
    with TestCase.captureOnCommitCallbacks(execute=True):
        skip_item(project=project, rater=rater, lease_uid=uid, reason="other")


def _leave(project: Project, rater: User) -> None:
    leave_item(project=project, rater=rater, lease_uid=str(_claim(project, rater).uid))


def test_a_closed_project_has_nothing_for_raters(sign_in: SignIn, rater: User, project: Project) -> None:
    make_item(project)
    Project.objects.update(stage=Stage.CLOSED)
    assert "No items wait for you" in _read(sign_in(rater))


def test_several_projects_are_a_list_with_their_progress(
    sign_in: SignIn, owner: User, rater: User, project: Project
) -> None:
    MembershipFactory(user=owner, role=Role.OWNER, project=ProjectFactory(name="Blank"))
    annotate(project, rater, [timezone.now(), timezone.now() - timedelta(days=2)])
    make_item(project, overlap=2)
    text = _read(sign_in(owner))
    assert "Two projects; one waits for you" in text  # Blank has no prompts
    assert "<b>2</b> of 4 annotations" in text
    assert "Two annotations to go" in text
    assert "last 14 days: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1" in text


def test_a_site_admin_sees_all_and_creates(sign_in: SignIn, site_admin: User, project: Project) -> None:
    text = _read(sign_in(site_admin))
    assert "Helpful assistant" in text
    assert 'href="/projects/new/"' in text


def test_only_a_site_admin_is_offered_to_create(sign_in: SignIn, owner: User) -> None:
    assert "/projects/new/" not in _read(sign_in(owner))


def test_who_has_no_project_learns_how_to_get_one(sign_in: SignIn, stranger: User) -> None:
    text = _read(sign_in(stranger))
    assert "You are in no project yet" in text
    assert "invitation link" in text


def test_an_installation_without_projects_offers_the_first(sign_in: SignIn, site_admin: User) -> None:
    text = _read(sign_in(site_admin))
    assert "No project yet" in text
    assert '<a class="btn primary" href="/projects/new/">Create project</a>' in text


def test_the_queries_do_not_grow_with_the_projects(
    sign_in: SignIn, owner: User, django_assert_max_num_queries: NumQueries
) -> None:
    for _ in range(8):
        make_item(MembershipFactory(user=owner, role=Role.OWNER).project)
    client = sign_in(owner)
    with django_assert_max_num_queries(8):
        client.get("/")


@pytest.mark.parametrize("overlap", ["", "0", "many"])
def test_a_project_that_cannot_be_keeps_what_was_typed(
    sign_in: SignIn, site_admin: User, overlap: str
) -> None:
    form = {"name": "Typed", "description": "", "overlap": overlap, "lease_minutes": "30"}
    response = sign_in(site_admin).post("/projects/new/", form)
    assert response.status_code == 422
    assert 'value="Typed"' in response.content.decode()
    assert not Project.objects.exists()


def test_creating_leads_to_the_projects_home(sign_in: SignIn, site_admin: User) -> None:
    form = {"name": "Kind answers", "description": "", "overlap": "3", "lease_minutes": "30"}
    response = sign_in(site_admin).post("/projects/new/", form, follow=True)
    assert response.redirect_chain == [("/p/kind-answers/", 302)]
    assert "Four steps to the first pair" in response.content.decode()


def test_nobody_else_may_create(sign_in: SignIn, owner: User) -> None:
    client = sign_in(owner)
    assert client.get("/projects/new/").status_code == 403
    assert client.post("/projects/new/", {"name": "x"}).status_code == 403


def test_withdrawn_items_do_not_hold_a_project_up(
    sign_in: SignIn, rater: User, owner: User, project: Project
) -> None:
    annotate(project, rater, [timezone.now()])
    make_item(project, status="withdrawn")
    MembershipFactory(user=owner, project=ProjectFactory(), role=Role.OWNER)
    assert "1 of 1" in sign_in(owner).get("/").content.decode()


def test_while_models_answer_nobody_is_asked_to_set_up(
    sign_in: SignIn, owner: User, project: Project
) -> None:
    PromptFactory(project=project)
    project.runs.create(number=1, seed=1)
    client = sign_in(owner)
    text = _read(client)
    assert "One project; its models are answering" in text
    assert "Models are answering; items come by themselves" in text
    assert ">See how far<" in text
    assert "Set up" not in text
    second = MembershipFactory(user=owner, role=Role.OWNER).project
    make_item(second)
    assert "Two projects; models answer in one of them" in _read(client)
    project.runs.update(status="finished", ended_at=timezone.now())
    assert "See how far" not in _read(client)
