"""Talks and sheets of questions written by hand, in `talks/` and `sheets/`, and the many conversations that are made of each.

A file holds talks, each ended by a line `===`: `P:` lines word the same persona, `swap:` names the words that may be exchanged for others
of their kind, `alt:` lines name words with what else could stand there (`bell=drum|horn`, or forms together: `saddler/saddle=cooper/barrel`), and
blocks of `Q:` and `A:` lines are exchanges in any order; lines that begin with `> ` follow the block above them.
"""

import glob
import json
import os
import random
import re
import zlib
from dataclasses import dataclass, field

import score
import talk as T
import words as W
from world import is_test, sentences

HERE = os.path.dirname(os.path.abspath(__file__))
MOST_DECLINED = 1.2  # of the questions that nothing answers, so many are asked in one conversation on average at most
HELD_OUT = 40  # one talk in so many is held out
_KEY = re.compile(r"[^a-z0-9 ]")

TAVERNS = [f"{a} {b}" for a in W.w("Black Blind Blue Brass Crooked Dancing Drunken Golden Green Grey Hungry Jolly Lame Lucky Merry Old Painted Proud Red Rusty Salty Silver Singing Sleeping Thirsty White Wicked")
           for b in W.w("Anchor Badger Barrel Bell Boar Bucket Cat Cockerel Crown Duck Fiddler Fox Goose Hare Heron Hound Kettle Lantern Mermaid Mule Otter Owl Pike Plough Pony Raven Saddle Ship Stag Swan Tankard Toad Wheel Wolf")]
POOLS = {
    "tavern": TAVERNS,
    "number": W.w("two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty") + ["twenty-two", "twenty-five", "thirty-one", "thirty-six", "forty-four", "fifty-five"],
    "coins": W.w("pennies coppers crowns marks shillings groats ducats florins thalers pieces farthings silvers nobles stivers"),
    "weekday": W.w("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    "month": W.w("January February March April June July August September October November December"),
    "colour": W.w("red blue green yellow white black grey brown purple crimson golden silver scarlet"),
    "animal": W.w("dog cat goat horse pony mule donkey pig sheep cow goose hen duck rabbit ferret fox raven owl crow"),
    "fruit": W.w("apples pears plums cherries quinces figs grapes apricots peaches medlars blackberries strawberries"),
    "metal": W.w("iron copper silver gold tin brass bronze lead steel pewter"),
    "gem": W.w("ruby emerald sapphire pearl opal garnet topaz amethyst diamond"),
    "direction": W.w("north south east west"),
    "relative": W.w("brother sister uncle aunt cousin nephew niece"),
}
PEOPLE = ("male", "female", "surname", "town")


@dataclass
class Exchange:
    questions: list
    answers: list
    follow: list = field(default_factory=list)
    source: int = -1  # which sentence of the first persona the answer stands in; -1 for none, or for more than one


@dataclass
class WrittenTalk:
    personas: list
    swaps: dict  # word -> kind
    exchanges: list
    alternatives: list = field(default_factory=list)  # lists of tuples of words: any of these may stand for the first
    is_sheet: bool = False


def key(text):
    """What two questions share that are the same but for case, punctuation and spaces."""
    return " ".join(_KEY.sub(" ", text.lower()).split())


def parse(text, name):
    talks, personas, swaps, alternatives, exchanges, follows, questions, answers = [], [], {}, [], [], False, [], []

    def end_block():
        nonlocal questions, answers
        if questions and answers:
            (exchanges[-1].follow if follows and exchanges else exchanges).append(Exchange(questions, answers))
        questions, answers = [], []

    for number, line in enumerate([*text.splitlines(), "==="], 1):
        line = line.strip()
        deeper = line.startswith(">")
        line = line.lstrip("> ")
        letter, _, words = line.partition(":")
        words = words.strip()
        if line.startswith("==="):
            end_block()
            if personas and exchanges:
                talks.append(WrittenTalk(personas, swaps, exchanges, alternatives))
                find_sources(talks[-1])
            personas, swaps, alternatives, exchanges, follows = [], {}, [], [], False
        elif not line or line.startswith("#"):
            continue
        elif letter == "P":
            personas.append(words)
        elif letter == "swap":
            swaps = read_swaps(words)
        elif letter == "alt":
            alternatives = read_alternatives(words)
        elif letter == "Q":
            if answers or (questions and deeper != follows):
                end_block()
            follows = deeper
            questions.append(words)
        elif letter == "A":
            answers.append(words)
        else:
            raise ValueError(f"{name}:{number}: neither persona, question nor answer: {line[:60]}")
    return talks


def parse_sheets(text, name):
    """Sheets: sentences of a persona, each with the questions (`? `) that it answers, and questions that nothing answers (`! `)."""
    sheets, parts, questions, missing, swaps, alternatives = [], [], [], [], {}, []
    for number, line in enumerate([*text.splitlines(), "==="], 1):
        line = line.strip()
        if line.startswith("==="):
            if parts:
                if sentences(" ".join(parts)) != parts:
                    raise ValueError(f"{name}:{number}: a sentence of the sheet above does not end in . ! or ?")
                exchanges = [Exchange(asked, [spoken(part)], [], i) for i, (part, asked) in enumerate(zip(parts, questions)) if asked]
                exchanges += [Exchange([q], ["I don't know."]) for q in missing]
                sheets.append(WrittenTalk([" ".join(parts)], swaps, exchanges, alternatives, True))
            parts, questions, missing, swaps, alternatives = [], [], [], {}, []
        elif line.startswith("swap:"):
            swaps = read_swaps(line[5:])
        elif line.startswith("alt:"):
            alternatives = read_alternatives(line[4:])
        elif line.startswith("!"):
            missing.append(line[1:].strip())
        elif line.startswith("?"):
            if not questions:
                raise ValueError(f"{name}:{number}: a question before the first sentence")
            questions[-1].append(line[1:].strip())
        elif line and not line.startswith("#"):
            for part in sentences(line):
                parts.append(part)
                questions.append([])
    return sheets


def read_swaps(text):
    pairs = (pair.partition("=") for pair in text.split(","))
    return {word.strip(): kind.strip() for word, _, kind in pairs if (kind.strip() in POOLS or kind.strip() in PEOPLE) and word.strip() not in ("one", "hundred")}


def read_alternatives(text):
    found = []
    for part in text.split(";"):
        word, _, others = part.partition("=")
        options = [tuple(form.strip() for form in option.split("/")) for option in [word, *others.split("|")]]
        if len(options) > 1 and all(options[0]) and len({len(option) for option in options}) == 1:
            found.append(options)
    return found


def read(folder=HERE):
    """All talks and sheets."""
    talks = []
    for kind, parse_file in (("talks", parse), ("sheets", parse_sheets)):
        for path in sorted(glob.glob(os.path.join(folder, kind, "*.txt"))):
            with open(path, encoding="utf-8") as file:
                talks += parse_file(file.read(), os.path.basename(path))
    return talks


def everything():
    """The text of all talks."""
    parts = []
    for talk in read():
        parts += talk.personas
        blocks = list(talk.exchanges)
        while blocks:
            block = blocks.pop()
            parts += block.questions + block.answers
            blocks += block.follow
    return "\n".join(parts)


def is_held_out(talk):
    return zlib.crc32(talk.personas[0].encode()) % HELD_OUT == 0


def without(talks, questions):
    """The talks less the questions of the evaluation sets: none of those is ever trained on."""
    taboo = {key(q) for q in questions}

    def clean(exchanges):
        kept = []
        for e in exchanges:
            left = [q for q in e.questions if key(q) not in taboo]
            if left:
                kept.append(Exchange(left, e.answers, clean(e.follow), e.source))
        return kept

    return [WrittenTalk(t.personas, t.swaps, clean(t.exchanges), t.alternatives, t.is_sheet) for t in talks]


def asked():
    """Every question of the evaluation sets written by hand."""
    for name in ("dev", "hand", "hand2"):
        with open(os.path.join(HERE, "eval", name + ".jsonl"), encoding="utf-8") as file:
            for line in file:
                yield from (turn["text"] for turn in json.loads(line)["turns"] if turn["role"] == "user")


def for_training():
    """All talks but those that are held out, less the questions of the evaluation sets."""
    return [talk for talk in without(read(), asked()) if not is_held_out(talk)]


def penned(paths):
    """The sheets in files that the teacher wrote (pen.py), less the questions of the evaluation sets; what is a name or a number is found by how it looks."""
    sheets = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            sheets += parse_sheets(file.read(), os.path.basename(path))
    for sheet in sheets:
        if sheet.swaps or sheet.alternatives:
            continue
        persona = sheet.personas[0]
        name = re.match(r"You are ([A-Z][a-z]+)(?: ([A-Z][a-z]+))?\b", persona)
        if name:
            sheet.swaps.update({word: kind for word, kind in zip(name.groups(), ("male", "surname")) if word})
        sheet.swaps.update({word: "number" for word in POOLS["number"] if re.search(rf"\b{word}\b", persona)})
    return without(sheets, asked())


def replacement(talk, world, rng):
    """A function that exchanges a talk's names and values for others, the same everywhere in it."""
    chosen = {}
    for options in talk.alternatives:
        chosen.update((word, other) for word, other in zip(options[0], rng.choice(options)) if word != other)
    for word, kind in talk.swaps.items():
        if word in chosen or (rng.random() < 0.1 and not is_test(word)):
            continue
        for _ in range(8):
            value = rng.choice({"male": world.given, "female": world.given, "surname": world.surnames, "town": world.towns}.get(kind) or POOLS[kind])
            if value not in chosen.values() and value not in talk.swaps:
                chosen[word] = value
                break
    if not chosen:
        return lambda text: text
    pattern = re.compile(r"(?<![\w-])(" + "|".join(re.escape(w) for w in sorted(chosen, key=len, reverse=True)) + r")(?![\w-])", re.IGNORECASE)
    low = {word.lower(): value for word, value in chosen.items()}

    def other(match):
        found, value = match.group(1), low[match.group(1).lower()]
        if found.islower():
            return value.lower()
        return value[:1].upper() + value[1:] if found[:1].isupper() else value

    def exchange(text):
        text = pattern.sub(other, text)
        text = re.sub(r"\b([Aa])n (?=[bcdfgjklmnpqrstvwxyzBCDFGJKLMNPQRSTVWXYZ])", r"\1 ", text)
        return re.sub(r"\b([Aa]) (?=[aeioAEIO])", r"\1n ", text)

    return exchange


def in_haste(text, rng):
    """Now and then a player does not care for capitals, or for the end of a sentence."""
    look = rng.random()
    if look < 0.06:
        return text.lower()
    if look < 0.12:
        return text.rstrip("?.!")
    if look < 0.17:
        return text.lower().rstrip("?.!")
    if look < 0.20 and len(text) > 14:
        i = rng.randrange(2, len(text) - 1)
        return text[:i] + text[i + 1:]
    return text


_WORD = re.compile(r"[a-z][a-z'-]+|\d+")
_COMMON = set(W.w("about after again all also always and another any anyone are aren because been before being but came can can't come could did didn't does doesn't don don't down each even ever every everyone from get give go goes going good had has hasn't have haven't he he'd he'll he's her here him his how i'd i'll i'm i've if into is isn't it it's its just keep know let like little long made make many may me might mine more most much must my never new no nobody none not nothing now of off old on once one only or other our out over own people said same say says see she she's should since so some someone something still take tell than that that's the their them then there there's these they they're thing things think this those though to too two until up upon us very was wasn't way we we're well went were what what's when where which while who why will with without won't work would yes yet you you'd you'll you're you've your yours"))


def content_words(text):
    return {word for word in _WORD.findall(text.lower()) if word not in _COMMON}


_PREPOSITIONS = set(W.w("to for with of from at by on in about behind against between near beside without over under around past toward towards upon into onto through beneath above"))
_AFTER_OBJECT = set(W.w("a an the his her its their my your this that these those and but or nor in to for with as at on when if because who whom by from out up down off away back once twice every each one two three no only nothing more last most again about into over under like than so too now here there alone well good much half all some any still before after until while where how not never always"))
_JOINING = set(W.w("and but or nor that because when if while what where who why how as than since until so though although whether which whom whose"))
_CAUSING = set(W.w("make makes made let lets help helps helped see sees saw seen hear hears heard watch watches watched have has bid bids call calls called tell tells told give gives gave owe owes owed pay pays paid teach teaches taught send sends sent leave leaves left find finds found name names named hate hates hated love loves loved know knows knew want wants wanted ask asks asked bring brings brought making taking keeping"))
_YOURS = [(re.compile(pattern), told) for pattern, told in (
    (r"\b[Yy]ou are\b", "I am"), (r"\b[Aa]re you\b", "am I"), (r"\b[Yy]ou were\b", "I was"), (r"\b[Ww]ere you\b", "was I"), (r"\b[Yy]ou're\b", "I'm"), (r"\b[Yy]ou weren't\b", "I wasn't"), (r"\b[Yy]ou aren't\b", "I'm not"),
    (r"\b[Yy]ou've\b", "I've"), (r"\b[Yy]ou'll\b", "I'll"), (r"\b[Yy]ou'd\b", "I'd"), (r"\byourself\b", "myself"), (r"\bYours\b", "Mine"), (r"\byours\b", "mine"), (r"\bYour\b", "My"), (r"\byour\b", "my"))]


def spoken(sentence):
    """A sentence of a persona as the character says it: You keep your goats -> I keep my goats."""
    for pattern, told in _YOURS:
        sentence = pattern.sub(told, sentence)
    pieces = re.split(r"(\b[Yy]ou\b)", sentence)
    for i in range(1, len(pieces), 2):
        before = re.findall(r"[a-z']+", pieces[i - 1].lower())[-1:]
        joined = pieces[i - 1].rstrip()[-1:] not in (",", ";", ":", ".", "") and bool(before)
        after = re.match(r"\s+([A-Za-z']+)", pieces[i + 1])
        following = after.group(1).lower() if after else ""
        reason = re.search(r"[,;] for $", pieces[i - 1]) is not None  # "for you are old", not "for you alone"
        is_object = joined and not reason and (before[0] in _PREPOSITIONS or before[0] in _CAUSING and before[0] not in ("have", "has", "called", "named", "left") or not following
                                               or following in _AFTER_OBJECT and before[0] not in _JOINING)
        pieces[i] = "me" if is_object else "I"
    text = "".join(pieces)
    return text[:1].upper() + text[1:]


_COURTESY = re.compile(r"(good ?(bye|day|morning|evening|night|afternoon)?\b|hello|hi\b|hail|hey|bye|farewell|thank|see you|how are you|how do you do|marry me|cheer|well met|greetings|bless|sorry)", re.IGNORECASE)


def find_sources(talk):
    """Sets each exchange's source: the sentence of the first persona that holds most of what its answers say beyond its questions."""
    parts = [content_words(part) for part in sentences(talk.personas[0])]
    for exchange in talk.exchanges:
        if any(_COURTESY.match(q) and len(q) < 40 for q in exchange.questions):
            continue
        said = content_words(" ".join(exchange.answers))
        beyond = said - content_words(" ".join(exchange.questions))
        ranks = sorted(((2 * len(words & beyond) + len(words & said), i) for i, words in enumerate(parts)), reverse=True)
        if ranks and ranks[0][0] >= (3 if ranks[0][1] else 4) and not (len(ranks) > 1 and ranks[1][0] == ranks[0][0]) and not any(score.declines(a) for a in exchange.answers):
            exchange.source = ranks[0][1]


def is_grounded(answer, question, persona):
    """Whether most of what an answer says stands in the persona or the question."""
    said = content_words(answer)
    return len(said & content_words(persona + " " + question)) >= 0.6 * len(said) and len(answer) < 150


_INTRODUCED = re.compile(r"You are ([A-Z][\w'-]+(?: [A-Z][\w'-]+)*), ((?:(an?|the|and you) )?.+)")
_NAMED = re.compile(r"(?:You are|You're|Your name is|Your name's|[Cc]all you) ((?:[A-Z][a-z]+ ?)+)\b")


def reintroduced(sentence, rng):
    """Who a persona is, now and then in other words than You are, with which nearly all that was written begins."""
    found = _INTRODUCED.match(sentence)
    if not found or rng.random() > 0.3:
        return sentence
    name, told, kind = found.groups()
    ways = [f"You're {name}, {told}", f"They call you {name}, {told}", f"People call you {name}, {told}"]
    if kind:
        told = told if kind == "and you" else "and you are " + told
        alone = "Y" + told.removeprefix("and y")
        ways = [*ways[:1], rng.choice(ways[1:]), f"Your name is {name}, {told}", f"Your name is {name}. {alone}", f"Your name is {name}. {alone}", f"Your name's {name}. {alone}", f"{alone} Your name is {name}."]
    return rng.choice(ways)


def converse(talk, world, rng, characters):
    """One conversation: {persona, turns}.

    What can be answered with a sentence of the persona is, in the first person, or now and then in the words that were written. Sentences go missing,
    and what hung on them is not known; sentences of others come in, and can be asked about.
    """
    exchange = replacement(talk, world, rng)
    parts = sentences(talk.personas[0])
    parts[0] = reintroduced(parts[0], rng)
    gone = set()
    while len(parts) - len(gone) > 3 and rng.random() < 0.2:
        gone.add(rng.randrange(1, len(parts)))
    left = " ".join(part for i, part in enumerate(parts) if i not in gone)
    persona = [exchange(part) for i, part in enumerate(parts) if i not in gone]
    if talk.is_sheet and rng.random() < 0.4:
        # Each sentence stands alone, so their order is nothing to learn.
        kept = 1 if rng.random() < 0.8 else 0
        persona[kept:] = rng.sample(persona[kept:], len(persona) - kept)
    known = content_words(" ".join(persona))
    asked = []  # [(question, answer, follow-ups)]
    unanswered = sum(any(map(score.declines, block.answers)) for block in talk.exchanges)
    for block in talk.exchanges:
        question = rng.choice(block.questions)
        if block.source in gone:
            told = content_words(" ".join(block.answers)) & content_words(parts[block.source])
            if told and not (told - content_words(question)) & content_words(left):
                asked.append((exchange(question), rng.choice(DECLINES), ()))
        elif block.source >= 0:
            answer = rng.choice(block.answers)
            if rng.random() < 0.75 or not is_grounded(answer, question, left):
                answer = spoken(parts[block.source])
            asked.append((exchange(question), exchange(answer), block.follow))
            if talk.is_sheet and rng.random() < 0.15:
                # Whoever did not listen asks again, in the same words or in others.
                asked.append((exchange(rng.choice(block.questions)), exchange(answer), ()))
        elif any(score.declines(a) for a in block.answers):
            if rng.random() < min(0.55, MOST_DECLINED / unanswered):
                asked.append((exchange(question), rng.choice(DECLINES), ()))
        elif rng.random() < 0.3:
            answer = min(block.answers, key=len)
            if len(content_words(answer) - content_words(left + question)) <= 2:
                asked.append((exchange(question), exchange(answer), ()))
    while rng.random() < 0.4:
        line = foreign(known, world, rng)
        if line:
            sentence, question, answer = line
            persona.insert(rng.randint(1, len(persona)), sentence)
            known |= content_words(sentence)
            asked.append((question, answer, ()))
    if rng.random() < 0.12:
        persona.insert(rng.randint(0, len(persona)), rng.choice(W.VOICES))
    text = ("\n" if rng.random() < 0.08 else " ").join(persona)
    turns, length = [], len(text)
    rng.shuffle(asked)

    def say(question, answer):
        nonlocal length
        turns.append({"role": "user", "text": in_haste(question, rng)})
        turns.append({"role": "assistant", "text": answer})
        length += len(question) + len(answer) + 30

    name = _NAMED.search(text)
    slots = {"name": name.group(1).strip()} if name else {}

    def be_polite(kind):
        phrases = T.MANNERS[kind]
        say(T.wording(phrases["Q"], slots, rng), T.wording(phrases["A"], slots, rng))

    if slots and rng.random() < 0.05:
        be_polite("hello")
    for question, answer, follows in asked:
        if length > characters:
            break
        say(question, answer)
        if rng.random() < 0.015:
            be_polite(rng.choice(("howareyou", "thanks", "provoke", "insult") if slots else ("howareyou", "thanks")))
        if rng.random() < 0.04:
            question = stranger(known, world, rng)
            if question:
                say(question, rng.choice(DECLINES))
        for follow in follows:
            told = rng.choice(follow.answers)
            if is_grounded(told, "", left):
                say(exchange(rng.choice(follow.questions)), exchange(told))
    if rng.random() < 0.05:
        be_polite(rng.choice(("bye", "night")))
    return {"persona": text, "turns": turns}


_lines, _named = [], []  # sentences that stand alone with a question each; questions that name somebody; with their talks


def _gather():
    for talk in for_training():
        parts = sentences(talk.personas[0])
        names = {word for word, kind in talk.swaps.items() if kind in PEOPLE}
        for block in talk.exchanges:
            _named.extend((q, talk) for q in block.questions if names & set(re.findall(r"\w+", q)) and q.endswith("?"))
            if block.source < 1 or not re.match(r"You\b|Your\b", parts[block.source]) or _LEANING.search(parts[block.source]):
                continue
            words = content_words(parts[block.source])
            _lines.extend((parts[block.source], q, talk) for q in block.questions if content_words(q) & words)


_LEANING = re.compile(r"\b([Hh]e|[Ss]he|[Tt]hey|[Ii]t|[Hh]is|[Hh]er|[Hh]im|[Tt]hem|[Tt]heir|[Tt]his|[Tt]hat|[Tt]here)\b")


def foreign(known, world, rng):
    """(sentence, question, answer) of somebody else, about things of which this persona says nothing yet."""
    if not _lines:
        _gather()
    sentence, question, talk = rng.choice(_lines)
    exchange = replacement(talk, world, rng)
    sentence = exchange(sentence)
    return None if len(content_words(sentence) & known) > 1 else (sentence, exchange(question), spoken(sentence))


def stranger(known, world, rng):
    """A question of another talk about somebody of whom this persona knows nothing."""
    if not _named:
        _gather()
    question, talk = rng.choice(_named)
    question = replacement(talk, world, rng)(question)
    return None if content_words(question) & known else question


DECLINES = [
    "I don't know.", "I couldn't say.", "I can't say.", "No idea, friend.", "I have no idea.", "That's more than I know.", "I couldn't tell you, I'm sorry.", "You'd have to ask someone else. I don't know.",
    "I know nothing of that.", "Hm. I can't say that I know.", "That's beyond me.", "I wish I knew, but I don't know.", "Not a thing I could tell you. I don't know.", "I don't know, and that's the truth.", "I couldn't say, not for certain.",
    "Don't ask me. I have no idea.", "I've no answer to that. I don't know.", "If I knew, I'd tell you. I don't know.", "I know nothing about it.", "You ask me something I don't know.", "I can't tell you that. I don't know it myself.",
]
assert all(score.declines(text) for text in DECLINES)
