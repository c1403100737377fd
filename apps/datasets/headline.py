"""The finding that the datasets page opens with."""

from apps.datasets.tally import Tally


def write_headline(tally: Tally) -> str:
    """Such as “12 pairs would train; 9 items stay out”."""
    if not tally.answered and tally.others:
        return "There is no dataset yet: pairs are made of items with two responses"
    if not tally.answered:
        return "There is no dataset yet: nobody has answered an item"
    out = tally.left_out_total
    pairs = _count(tally.pairs, "pair") if tally.pairs else "No pair"
    rest = f"{_count(out, 'item')} {'stays' if out == 1 else 'stay'} out" if out else "nothing stays out"
    return f"{pairs} would train{'' if tally.pairs else ' yet'}; {rest}"


def write_measure(tally: Tally) -> str:
    """From what the finding was counted."""
    sentences = []
    if tally.pairs:
        prompts, raters = _count(tally.prompts, "prompt"), _count(len(tally.raters), "rater")
        sentences.append(f"From {prompts}, judged by {raters}.")
    if tally.waiting:
        verb = "waits" if tally.waiting == 1 else "wait"
        sentences.append(f"{_count(tally.waiting, 'more item')} {verb} for a first answer.")
    if tally.others:
        verb = "is" if tally.others == 1 else "are"
        sentences.append(
            f"{_count(tally.others, 'answered item')} {verb} not of two responses, and left out."
        )
    return " ".join([*sentences, "Counted just now."])


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
