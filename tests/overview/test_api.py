from apps.accounts.models import User
from apps.projects.models import Project
from tests.conftest import SignIn
from tests.datasets.factories import make_item, make_judged

PROJECT = "/api/v1/projects/helpful/"


def test_a_project_comes_with_its_counts(sign_in: SignIn, trainer: User, project: Project) -> None:
    make_judged(project, "a2 a1 b1")
    make_judged(project, "tie")
    make_item(project)
    data = sign_in(trainer).get(PROJECT).json()
    assert (data["slug"], data["stage"]) == ("helpful", "production")
    assert data["counts"] == {"prompts": 3, "responses": 6, "items": 3, "annotations": 4, "decided": 1}


def test_who_may_not_view_gets_no_counts(sign_in: SignIn, rater: User, stranger: User) -> None:
    assert sign_in(rater).get(PROJECT).status_code == 403
    assert sign_in(stranger).get(PROJECT).status_code == 404
