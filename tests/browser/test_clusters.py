"""Near-duplicates on a phone."""

from playwright.sync_api import expect

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts.models import JobKind
from apps.prompts.prompt_jobs import request_job
from apps.prompts.prompt_work import work_off_jobs
from tests.browser.conftest import Visit
from tests.factories import PromptFactory

# Of what is seen: the box round words may be higher than they are.
MIDDLE = """element => {
  const range = document.createRange();
  element.firstChild ? range.selectNodeContents(element) : range.selectNode(element);
  const place = range.getBoundingClientRect();
  return place.y + place.height / 2;
}"""


def test_a_choice_and_what_is_said_of_it_stand_on_one_line(
    visit: Visit, curator: User, project: Project
) -> None:
    for text in (
        "May my landlord raise the rent twice a year?",
        "May my landlord raise the rent twice a year",
    ):
        PromptFactory(project=project, messages=[{"role": "user", "content": text}])
    request_job(project=project, kind=JobKind.DUPLICATES)
    work_off_jobs()
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit(curator, "/p/helpful/prompts/clusters/")
    expect(page.locator(".member-head")).to_have_count(2)
    for head in page.locator(".member-head").all():
        radio, words = head.locator("input"), head.locator(":scope > .ink3")
        assert abs(radio.evaluate(MIDDLE) - words.evaluate(MIDDLE)) <= 2
