"""Texts to compare on, one JSON object a line: those of a reference file, and 3,000 made up from words, letters of all scripts and marks."""
import json
import random
import sys
import unicodedata

WORDS = [
    " the", "Hello", "don't", "I'LL", "camelCase", "HTTPServer", "1234567", "na\u00efve", "\u041f\u0440\u0438\u0432\u0435\u0442",
    "\u3053\u3093\u306b\u3061\u306f", "\u4f60\u597d", "\U0001f600", "\n\n", "    ", "\t\t", "//", "---", "\u00e9t\u00e9", "\u200d", "e\u0301",
]
COMMON = "aAbZs'tTdDmMrReElLvV    \n\r\t 0189.,!?(|)/-_<>$+=^~`{}[]\u00c9\u00e9\u01c5\u02b0\u3042\u4f60\uac00\u0301\u2160\u00b2\uff0c\u3002"
# SentencePiece's space, and two characters that are cases of ASCII letters to some regular expressions alone.
LEFT_OUT = "\u2581\u017f\u212a"
PLANES = [(0x20, 0x3000), (0x3000, 0xD800), (0xE000, 0x110000), (0x10000, 0x20000)]


def any_character():
    """A character that every version of Unicode in use agrees on."""
    while True:
        character = chr(random.randrange(*random.choice(PLANES)))
        if unicodedata.category(character) not in ("Cn", "Cs") and character not in LEFT_OUT:
            return character


def piece():
    kind = random.random()
    if kind < 0.35:
        return random.choice(WORDS)
    return random.choice(COMMON) if kind < 0.75 else any_character()


random.seed(5)
with open(sys.argv[1], encoding="utf-8") as reference:
    texts = list(dict.fromkeys(json.loads(line)["text"] for line in reference))
texts += ["".join(piece() for _ in range(random.randrange(1, 16))) for _ in range(3000)]
for text in texts:
    print(json.dumps({"text": text}))
