from apps.generation.conversation import build_messages

QUESTION = {"role": "user", "content": "Hi"}


def test_without_a_system_prompt_the_turns_are_sent_as_they_are() -> None:
    assert build_messages(messages=[QUESTION], system_prompt="") == (QUESTION,)


def test_the_system_prompt_goes_first() -> None:
    messages = build_messages(messages=[QUESTION], system_prompt="Be brief.")
    assert messages == ({"role": "system", "content": "Be brief."}, QUESTION)


def test_a_system_turn_of_the_prompt_is_kept_behind_it() -> None:
    own = {"role": "system", "content": "Answer in French."}
    messages = build_messages(messages=[own, QUESTION], system_prompt="Be brief.")
    assert messages == ({"role": "system", "content": "Be brief.\n\nAnswer in French."}, QUESTION)
    assert own["content"] == "Answer in French."
