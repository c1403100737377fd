"""What one item of a project is, in words: its rubric says how many responses it has."""

from apps.core.words import count, spell, start_sentence


def describe_item(responses: int) -> str:
    """As “An item is a prompt with two responses to compare.”"""
    kinds = {0: "without a response", 1: "with one response", 2: "with two responses to compare"}
    many = f"with up to {spell(responses)} responses to compare"
    return f"An item is a prompt {kinds.get(responses, many)}."


def describe_beginning(responses: int) -> str:
    """When items come to be, for after “as soon as”."""
    if responses == 0:
        return "a prompt is approved"
    if responses == 1:
        return "a response to a prompt is finished"
    if responses == 2:
        return "two responses to a prompt are finished"
    return f"{spell(responses)} responses to a prompt are finished, or fewer and no more are on their way"


def describe_lack(prompts: int, responses: int) -> str:
    """As “Three prompts lack two responses”: an item needs two at least, or the one that it is about."""
    lacking = "a response" if responses == 1 else "two responses"
    return f"{start_sentence(count(prompts, 'prompt lacks', 'prompts lack'))} {lacking}"
