"""The cast comes in as people do: by signing in, by invitation links, and with tokens of their own."""

import re

from tests.smoke.checks import MismatchError
from tests.smoke.http import Api, Browser
from tests.smoke.server import manage

ADMIN = "admin@smoke.example.org"
PASSWORD = "stone leaves a streak of gold"
ADMIN_SCOPES = ("view_project", "manage_project", "manage_prompts", "manage_generation", "export")


def make_admin(site: str) -> tuple[Browser, Api]:
    """The first account has to be made on the server; all else goes over the network."""
    said = manage("create_admin", ADMIN, "--name", "Ada", "--generate")
    password = said.strip().rsplit(": ", 1)[-1]
    browser = Browser(site)
    browser.submit("/accounts/sign-in", "/accounts/sign-in", username=ADMIN, password=password)
    return browser, Api(site, make_token(browser, *ADMIN_SCOPES))


def make_token(browser: Browser, *scopes: str) -> str:
    page = browser.submit(
        "/accounts/profile", "/accounts/profile/tokens", name="smoke", days="7", scopes=list(scopes)
    )
    return _find(r"tst_[\w-]{20,}", page, "a new token on the profile page")


def invite_rater(admin: Browser, site: str, slug: str, number: int) -> Api:
    """A newcomer follows an invitation's link, makes an account and a token."""
    people = f"/p/{slug}/people/"
    link = _find(
        r'https?://[^\s"<]+\?link=[\w-]+', admin.submit(people, f"{people}invite", role="rater"), "a link"
    )
    browser = Browser(site)
    browser.open(link)
    join = f"{people}join"
    email = f"rater{number}@smoke.example.org"
    browser.submit(join, join, name=f"Rater {number}", email=email, password=PASSWORD)
    return Api(site, make_token(browser, "rate"))


def _find(pattern: str, page: str, what: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise MismatchError(f"there is not {what}:\n{page[-3000:]}")
    return found.group()
