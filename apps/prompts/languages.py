"""Which language a prompt is in: what its file says, else what its letters tell, else unknown."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.conf.locale import LANG_INFO

UNKNOWN = ""
# py3langid's own probability: “Write a poem” gets 0.07 for Romanian, a whole sentence mostly more than 0.6.
LEAST = 0.4
# More letters than this change little and cost time.
READ = 400
_FIELDS = ("language", "lang")
# What py3langid tells and Django has no name for.
_MORE = (
    "am Amharic, as Assamese, gu Gujarati, ha Hausa, ht Haitian Creole, jv Javanese, ku Kurdish, la Latin, "
    "lg Ganda, ln Lingala, lo Lao, mg Malagasy, mt Maltese, om Oromo, or Odia, ps Pashto, qu Quechua, "
    "rw Kinyarwanda, si Sinhala, so Somali, tl Tagalog, xh Xhosa, yo Yoruba, zh Chinese, zu Zulu"
)
_OF_ONE_NAME = {"yue": "zh", "wuu": "zh", "arz": "ar", "ary": "ar"}


def tell_language(messages: Iterable[Mapping[str, str]], metadata: Mapping[str, Any]) -> str:
    """Two letters of ISO 639-1, or `UNKNOWN`."""
    said = next((metadata[field] for field in _FIELDS if isinstance(metadata.get(field), str)), "")
    return read_language(said) or detect_language(messages)


def read_language(said: str) -> str:
    """What a file calls a language (`sv`, `sv-SE`, `Swedish`, `svenska`) as two letters."""
    word = said.strip().casefold()
    code = word.replace("_", "-").split("-")[0]
    return _codes_by_name().get(word) or (code if code in name_languages() else UNKNOWN)


def detect_language(messages: Iterable[Mapping[str, str]]) -> str:
    """The language of what the user says, as far as it can be told."""
    text = "\n".join(message["content"] for message in messages if message["role"] == "user")[:READ]
    code, probability = _identifier().classify(text)
    code = _OF_ONE_NAME.get(code, code)
    return str(code) if probability >= LEAST and code in name_languages() else UNKNOWN


def name_language(code: str) -> str:
    """Its English name, such as Swedish."""
    return name_languages().get(code, code)


@cache
def _identifier() -> Any:
    # 5 MB of model and a quarter of a second: only who tells languages pays for it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def name_languages() -> dict[str, str]:
    """The English name of each language that can be told, by its code."""
    known = {code: str(info["name"]) for code, info in LANG_INFO.items() if len(code) == 2}
    return known | dict(pair.split(" ", 1) for pair in _MORE.split(", "))


@cache
def _codes_by_name() -> dict[str, str]:
    local = {str(info["name_local"]).casefold(): code for code, info in LANG_INFO.items() if len(code) == 2}
    return local | {name.casefold(): code for code, name in name_languages().items()}
