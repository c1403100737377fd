import json
import re
from io import StringIO

import pytest
from django.core.management import call_command

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.generation.models import Response, Run
from apps.overview.demo.credentials import make_password
from apps.overview.demo.seed import ADMIN, GUIDELINE, NAMES, PROMPTS, RATER, TRAINER, seed_demo
from apps.projects.models import Membership, Project
from apps.projects.permissions import Role

pytestmark = pytest.mark.django_db


def _call(*arguments: str) -> str:
    out = StringIO()
    call_command("seed_demo", *arguments, stdout=out)
    return out.getvalue()


def _read_passwords(printed: str) -> dict[str, str]:
    return dict(re.findall(r"(\S+@demo\.localhost) +(\w{4}-\w{4}-\w{4}-\w{4})\n", printed))


def test_the_first_call_prints_passwords_that_work() -> None:
    passwords = _read_passwords(_call())
    assert set(passwords) == set(NAMES)
    for email, password in passwords.items():
        assert User.objects.get(email=email).check_password(password)


def test_passwords_are_nowhere_in_the_database() -> None:
    passwords = _read_passwords(_call()).values()
    stored = str(list(User.objects.values())) + str(list(AuditEvent.objects.values()))
    assert not any(password in stored for password in passwords)


def test_the_demo_is_ready_to_be_answered() -> None:
    seed_demo()
    project = Project.objects.get(slug="demo")
    assert (project.overlap, project.prompts.count(), project.guideline.version) == (1, 24, 1)
    run = Run.objects.get()
    assert [config.model for config in run.configs.all()] == ["bundled", "bundled"]
    assert Response.objects.filter(run=run).count() == 48


def test_everybody_has_their_role() -> None:
    seed_demo()
    roles = dict(Membership.objects.values_list("user__email", "role"))
    assert roles == {ADMIN: Role.OWNER, RATER: Role.RATER, TRAINER: Role.TRAINER}
    assert list(User.objects.filter(is_superuser=True)) == [User.objects.get(email=ADMIN)]


def test_a_second_call_changes_nothing_and_says_how_to_get_in() -> None:
    _call()
    before = list(User.objects.order_by("id").values_list("password", flat=True))
    printed = _call()
    assert _read_passwords(printed) == {}
    assert "--new-passwords" in printed
    assert list(User.objects.order_by("id").values_list("password", flat=True)) == before
    assert (Project.objects.count(), Run.objects.count()) == (1, 1)


def test_what_people_changed_in_the_demo_stays() -> None:
    seed_demo()
    Project.objects.update(name="Mine now", overlap=3)
    User.objects.filter(email=RATER).update(is_active=False)
    seed_demo()
    assert Project.objects.filter(name="Mine now", overlap=3).count() == 1
    assert not User.objects.get(email=RATER).is_active


def test_new_passwords_replace_the_old_ones() -> None:
    old, new = _read_passwords(_call()), _read_passwords(_call("--new-passwords"))
    for email in NAMES:
        user = User.objects.get(email=email)
        assert user.check_password(new[email])
        assert not user.check_password(old[email])


def test_passwords_differ_and_can_be_read_aloud() -> None:
    passwords = {make_password() for _ in range(200)}
    assert len(passwords) == 200
    assert not any(character in "il1o0" for password in passwords for character in password)


def test_the_prompts_cover_what_they_should() -> None:
    rows = [json.loads(line) for line in PROMPTS.read_text(encoding="utf-8").splitlines()]
    categories = {row["metadata"]["category"] for row in rows}
    assert categories == {"writing", "reasoning", "code", "safety", "everyday advice", "multi-turn"}
    assert {row["metadata"]["language"] for row in rows} == {"en", "de", "es"}
    assert any("messages" in row for row in rows)
    assert any("system" in row for row in rows)
    # The first to be answered are the first to be rated: nobody should wait for a long one.
    assert all(len(row.get("prompt", "x" * 200)) < 100 for row in rows[:4])


def test_the_guideline_has_no_broken_lines() -> None:
    """A line break in it is one on the page."""
    paragraphs = GUIDELINE.read_text(encoding="utf-8").split("\n\n")
    plain = [text for text in paragraphs if not re.match(r"#|\||- |\d+\. ", text)]
    assert not any("\n" in text.strip() for text in plain)
