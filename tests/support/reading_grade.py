"""The Flesch-Kincaid grade of a text: how many years of school it asks of its reader."""

import re
from collections.abc import Sequence

_VOWELS = re.compile(r"[aeiouy]+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")


def syllables(word: str) -> int:
    """The syllables of an English word, by its groups of vowels; a silent e at the end is none."""
    text = word.lower().removesuffix("'s")
    if (
        len(text) > 3
        and text.endswith(("es", "ed"))
        and not text.endswith(("ted", "ded", "les", "ses", "ces", "ges"))
    ):
        text = text[:-2]
    elif len(text) > 2 and text.endswith("e") and not text.endswith("le"):
        text = text[:-1]
    return max(1, len(_VOWELS.findall(text)))


def grade(texts: Sequence[str]) -> float:
    """The grade of the texts together; one without words is no sentence."""
    sentences = [one for text in texts for one in _SENTENCE.split(text) if _WORD.search(one)]
    words = [word for one in sentences for word in _WORD.findall(one)]
    if not words:
        return 0.0
    parts = sum(syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * parts / len(words) - 15.59
