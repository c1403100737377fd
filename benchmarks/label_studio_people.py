"""People at a Label Studio: they sign up, make a project and annotate, through its own pages and API."""

import json
import sys
from typing import Any
from urllib.parse import urlencode

from benchmarks.clients import TOKEN, Caller
from benchmarks.texts import TEXT

PAIRWISE = """
<View>
  <Header value="$prompt" />
  <Pairwise name="pw" toName="text1,text2" />
  <Text name="text1" value="$text1" />
  <Text name="text2" value="$text2" />
</View>
"""
CHOICE = {"from_name": "pw", "to_name": "pw", "type": "pairwise", "value": {"selected": "left"}}
CHUNK = 5_000


class Annotator(Caller):
    """One person in one browser, who asks for the next task and annotates it, again and again."""

    def __init__(self, port: int, person: int) -> None:
        form_headers = {
            "Cookie": f"csrftoken={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        super().__init__(port, form_headers)
        self.headers = {"Cookie": self._sign_up(person), "Content-Type": "application/json"}
        self.project = 0

    def _sign_up(self, person: int) -> str:
        """As on the page; returns the cookie of the session."""
        form = {"email": f"rater{person}@example.org", "password": "benchmark", "csrfmiddlewaretoken": TOKEN}
        response = self.request("POST", "/user/signup/", urlencode(form))
        for cookie in response.headers.get_all("Set-Cookie", []):
            if cookie.startswith("sessionid="):
                return cookie.split(";")[0]
        raise ConnectionError(f"Signing up as {form['email']} was answered with {response.status}")

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What the API answers; anything but success is an error here."""
        response = self.request(method, path, json.dumps(body) if body is not None else "")
        if response.status >= 300:
            raise ConnectionError(f"{method} {path}: {response.status} {self.page[:300]!r}")
        self.tally.received += len(self.page)
        return json.loads(self.page)

    def annotate(self) -> bool:
        """Get the next task and answer it."""
        try:
            task = self.ask("GET", f"/api/projects/{self.project}/next")
            answer = {"result": [CHOICE], "lead_time": 5}
            self.ask("POST", f"/api/tasks/{task['id']}/annotations", answer)
        except ConnectionError as error:
            print(error, file=sys.stderr)
            return False
        return True

    def annotate_until(self, end: float) -> None:
        self.repeat(self.annotate, end)


def fill_project(people: list[Annotator], *, items: int) -> None:
    """One project, made by the first person, with two responses to each prompt; everybody may annotate."""
    owner = people[0]
    project = owner.ask("POST", "/api/projects", {"title": "Benchmark", "label_config": PAIRWISE})
    for first in range(1, items + 1, CHUNK):
        tasks = [_task(number) for number in range(first, min(items, first + CHUNK - 1) + 1)]
        owner.ask("POST", f"/api/projects/{project['id']}/import", tasks)
    for person in people:
        person.project = project["id"]


def _task(number: int) -> dict[str, dict[str, str]]:
    answers = {f"text{side + 1}": f"Answer {side} to {number}{TEXT}" for side in range(2)}
    return {"data": {"prompt": f"How would you do {number}?", **answers}}
