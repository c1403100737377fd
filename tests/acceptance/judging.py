"""Simulated raters. What one says follows from texts and from noise of a fixed seed, whatever the sides."""

import hashlib
import random
from dataclasses import dataclass
from typing import Any

NOISE = 0.12
BAD, SAME = 0.2, 0.07  # up to so good a text is bad; two that are so near are a tie
STEP = 0.22  # apart makes another step of strength
COMMENTS = (
    "The first point of the other one is wrong.",
    "Kürzer, und trotzdem vollständig — 更清楚.",
    "Two reasons:\n\n1. it answers *what was asked*\n2. no filler 🙂",
)
Answers = dict[str, Any]


def rate_text(text: str) -> float:
    """How good a text is in everybody's eyes, 0 to 1."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 2**32


@dataclass(frozen=True)
class Judge:
    """One rater: `name` is the seed of the noise."""

    name: str

    def answer(self, task: dict[str, Any]) -> Answers:
        """Answers to all questions of a task that the API gave."""
        seen = {one["uid"]: self._look(one["text"]) for one in task["responses"]}
        texts = {one["uid"]: one["text"] for one in task["responses"]}
        noise = random.Random(f"{self.name}:{sorted(texts.values())}")
        answers: Answers = {}
        for question in task["rubric"]["questions"]:
            said = getattr(self, f"_answer_{question['kind']}")(question, seen, texts, noise)
            if said is not None:
                answers[question["key"]] = said
        return answers

    def _look(self, text: str) -> float:
        return rate_text(text) + random.Random(f"{self.name}:{text}").gauss(0, NOISE)

    def _answer_preference(
        self, question: Answers, seen: dict[str, float], texts: dict[str, str], noise: random.Random
    ) -> Answers:
        (worse, low), (better, high) = sorted(seen.items(), key=lambda one: (one[1], texts[one[0]]))
        if high < BAD and question["both_bad"]:
            return {"relation": "both_bad"}
        if noise.random() < 0.02 and question["cannot_tell"]:
            return {"relation": "cannot_tell"}
        if texts[better] == texts[worse] or high - low < SAME:
            return {"relation": "tie"}
        strength = min(question["steps"], 1 + int((high - low) / STEP))
        return {"relation": "prefers", "response": better, "strength": strength}

    def _answer_reasons(
        self, question: Answers, seen: dict[str, float], texts: dict[str, str], noise: random.Random
    ) -> Answers | None:
        if noise.random() < 0.5:
            return None
        best, worst = max(seen, key=lambda uid: seen[uid]), min(seen, key=lambda uid: seen[uid])
        return {
            best: sorted(noise.sample(question["praise"], 2)),
            worst: [noise.choice(question["blame"])],
        }

    def _answer_text(
        self, question: Answers, seen: dict[str, float], texts: dict[str, str], noise: random.Random
    ) -> Answers | None:
        if noise.random() < 0.6 and not question["required"]:
            return None
        return {"text": noise.choice(COMMENTS)}

    def _answer_scale(
        self, question: Answers, seen: dict[str, float], texts: dict[str, str], noise: random.Random
    ) -> Answers:
        last = len(question["anchors"]) - 1
        points = {uid: min(last, max(0, int(high * (last + 1)))) for uid, high in seen.items()}
        return {uid: {"value": question["low"] + point} for uid, point in points.items()}

    def _answer_rewrite(
        self, question: Answers, seen: dict[str, float], texts: dict[str, str], noise: random.Random
    ) -> Answers:
        best = max(seen, key=lambda uid: seen[uid])
        if question["as_is"] and seen[best] > 0.8 and noise.random() < 0.5:
            return {"response": best, "text": "", "as_is": True}
        return {"response": best, "text": f"{texts[best].strip()}\n\nIn short: {noise.random():.3f} …"}
