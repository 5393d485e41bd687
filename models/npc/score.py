"""What counts as right, wrong, declined, and well formed. EngineLlm.Cli's eval-npc counts in the same way."""

import re

DECLINES = [
    "don't know", "do not know", "couldn't say", "can't say", "could not say", "cannot say", "can't tell", "couldn't tell", "no idea", "can't help you with that",
    "never heard", "not heard of", "don't sell", "do not sell", "don't have that", "i have no", "not among my wares", "more than i know", "nothing i know",
    "know nothing", "don't understand", "not something i know", "have none", "never told me", "not told me", "beyond me",
]
_FIRST = re.compile(r"\b(i|i'm|i'll|i'd|i've|me|my|mine|myself|we|us|our)\b")


def holds(text, phrase):
    """Whether a text has a phrase as whole words; a hyphen joins words."""
    return re.search(r"(?<![\w-])" + re.escape(phrase.lower()) + r"(?![\w-])", text.lower()) is not None


def holds_any(text, phrases):
    return any(holds(text, phrase) for phrase in phrases or ())


def declines(text):
    low = text.lower()
    return any(marker in low for marker in DECLINES)


def is_whole(text):
    """Begins like a sentence, ends like one, and is more than a word."""
    text = text.strip()
    return len(text.split()) >= 2 and (text[0].isupper() or text[0].isdigit() or text[0] in "\"'") and text.rstrip("\"')")[-1:] in (".", "!", "?")


def loops(text):
    words = text.lower().split()
    seen = {}
    for i in range(len(words) - 5):
        gram = tuple(words[i:i + 6])
        seen[gram] = seen.get(gram, 0) + 1
        if seen[gram] >= 3:
            return True
    return False


def is_first_person(text):
    return _FIRST.search(text.lower()) is not None
