"""Rows against what people saw and said, and against the files that it all began with."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.acceptance import comparing, expecting
from tests.acceptance.agreement import TABLE, measure_agreement, read_votes
from tests.acceptance.diary import Diary
from tests.acceptance.loading import join
from tests.acceptance.making import Made
from tests.acceptance.other_formats import Expected, check_other_formats
from tests.acceptance.projects import OVERLAP
from tests.acceptance.real_data import list_ranked_pairs
from tests.smoke.checks import check
from tests.smoke.steps import Steps

Row = dict[str, Any]
OF_PAIRS = ("pairs", "pairs as lines")
OF_PEOPLE = (*OF_PAIRS, "scales", "scales as lines", "rewrites")


FIND: dict[str, Callable[[Diary], Expected]] = {
    "pairs": lambda diary: Expected(
        pairs={(one.prompt, (one.chosen, one.rejected)) for one in expecting.find_pairs(diary, OVERLAP)},
        lessons={(prompt, (text,)) for prompt, text in expecting.find_chosen(diary, OVERLAP)},
    ),
    "scales": lambda diary: Expected(
        labels={(prompt, (text,)) for prompt, text in expecting.find_labels(diary)}
    ),
    "rewrites": lambda diary: Expected(
        lessons={(prompt, (text,)) for prompt, text in expecting.find_rewritten(diary.entries.values())}
    ),
}


def prove_rows(made: Made, steps: Steps) -> dict[str, int]:
    """Every row that rests on the simulated raters' word."""
    figures = {
        "pairs": steps.run(
            "compare pairs, margins, conversations and answers with the raters' votes",
            lambda: sum(_prove_pairs(made, name) for name in OF_PAIRS),
            _tell,
        ),
        "labels": steps.run("compare labels with the raters' points", lambda: _prove_labels(made), _tell),
        "rewrites": steps.run("compare lessons with what was written", lambda: _prove_rewrites(made), _tell),
        "other_formats": steps.run(
            "read files as LLaMA-Factory, OpenAI and others do, compare with what raters saw",
            lambda: sum(_prove_other(made, name) for name in OF_PEOPLE),
            _tell,
        ),
    }
    steps.run("compare Parquet with JSON Lines", lambda: _compare_containers(made))
    return figures


def _prove_pairs(made: Made, name: str) -> int:
    diary, loaded = made.find_project(name).diary, made.loaded[name]
    lessons = expecting.find_chosen(diary, OVERLAP)
    return sum(
        (
            *(comparing.compare_pairs(join(loaded[one]), diary, OVERLAP) for one in ("preference", "reward")),
            *(
                comparing.compare_conversations(join(loaded[one]), lessons, one)
                for one in ("sft", "prompt_completion")
            ),
            comparing.compare_answers(join(loaded["comparisons"]), diary),
        )
    )


def _prove_labels(made: Made) -> int:
    diary = made.projects["scales"].diary
    return comparing.compare_labels(join(made.loaded["scales"]["kto"]), diary)


def _prove_rewrites(made: Made) -> int:
    written = expecting.find_rewritten(made.projects["rewrites"].diary.entries.values())
    return comparing.compare_conversations(join(made.loaded["rewrites"]["sft"]), written, "rewrites")


def _prove_other(made: Made, name: str) -> int:
    project = made.find_project(name)
    return check_other_formats(made.arrived[name], project.diary, FIND[project.slug](project.diary))


def _compare_containers(made: Made) -> None:
    """All but pseudonyms, which each recipe has its own of."""
    first, second = (made.loaded[name] for name in OF_PAIRS)
    for name in first:
        check(list(first[name]) == list(second[name]), f"the splits of {name} differ between kinds of files")
        same = [list(_leave_out_origin(join(loaded[name]))) for loaded in (first, second)]
        check(same[0] == same[1], f"{name} differs between Parquet and JSON Lines")


def _leave_out_origin(rows: Any) -> Iterator[Row]:
    for row in rows:
        yield {name: value for name, value in row.items() if name != "metadata"}


def prove_sources(made: Made, steps: Steps) -> dict[str, int]:
    """The way back from exported rows to the published figures and to the file."""
    pairs = steps.run(
        "compare the exported ranks of the trees with those of the file",
        lambda: _prove_ranks(made),
        lambda count: f": {count} pairs",
    )
    votes = steps.run(
        "work out Table 5 of MT-bench from the exported answers",
        lambda: _prove_agreement(made),
        lambda count: f": {len(TABLE)} figures of {count:,} votes",
    )
    return {"ranked_pairs": pairs, "votes": votes}


def _prove_ranks(made: Made) -> int:
    expected = list_ranked_pairs()
    rows = join(made.loaded["trees"]["preference"])
    found = {
        (
            tuple((one["role"], one["content"]) for one in row["prompt"]),
            row["chosen"][0]["content"],
            row["rejected"][0]["content"],
        )
        for row in rows
    }
    lost, foreign = len(expected - found), len(found - expected)
    check(not lost and not foreign, f"of the file's pairs {lost} are lost, and {foreign} are not in it")
    check(len(rows) == len(expected), f"{len(rows)} pairs left, and the file has {len(expected)}")
    return len(rows)


def _prove_agreement(made: Made) -> int:
    rows = join(made.loaded["votes"]["comparisons"])
    found = measure_agreement(read_votes(rows))
    wrong = {setup: count for setup, count in found.items() if count != TABLE[setup]}
    check(not wrong, f"the agreement of judges comes out as {wrong}")
    return len(rows)


def _tell(count: int) -> str:
    return f": {count:,} rows"
