"""The pools that personas are made of. Those of the test split hold nothing that those of training hold."""

import json
import lzma
import os
import random
import re
import zlib

import words as W

TEST_SHARE = 12  # one name, place, thing or price in so many belongs to the test split


def is_test(text):
    return zlib.crc32(text.lower().encode()) % TEST_SHARE == 0


def article(noun):
    return ("an " if noun[0].lower() in "aeiou" else "a ") + noun


def plural(noun):
    head, of, rest = noun.partition(" of ")
    if head.endswith("man"):
        many = head[:-3] + "men"
    elif head == "wolf":
        many = "wolves"
    elif head.endswith(("s", "x", "ch", "sh")):
        many = head if head.endswith("s") else head + "es"
    elif head.endswith("y") and head[-2] not in "aeiou":
        many = head[:-1] + "ies"
    else:
        many = head + "s"
    return many + of + rest


_YOU = [(re.compile(r"\b" + a + r"\b"), b) for a, b in [
    ("I am", "you are"), ("I'm", "you're"), ("I was", "you were"), ("I've", "you've"), ("I'll", "you'll"), ("I'd", "you'd"), ("am I", "are you"),
    ("I", "you"), ("[Mm]y", "your"), ("me", "you"), ("mine", "yours"), ("[Mm]yself", "yourself")]]


def to_second_person(text):
    """I keep my goats -> You keep your goats."""
    for pattern, replacement in _YOU:
        text = pattern.sub(replacement, text)
    text = re.sub(r"([.!?] +)([a-z])", lambda m: m.group(1) + m.group(2).upper(), text)
    return text[:1].upper() + text[1:]


_CLEAN = re.compile(r"^[A-Za-z0-9 ,.;:'!?()-]+$")


_MINE = [(re.compile(r"\byour\b"), "my"), (re.compile(r"\byou\b"), "I")]


def to_first_person(text):
    """with your boat -> with my boat; for phrases in which the character is never the object."""
    for pattern, replacement in _MINE:
        text = pattern.sub(replacement, text)
    return text


def good_saying(text):
    return (20 < len(text) < 160 and _CLEAN.match(text) and text[0].isupper() and text[-1] in ".!"
            and re.search(r"\b(I|my|me|My)\b", text) and not re.search(r"\b(you|your|You|Your|we|We|our)\b", text))


def load(folder, name):
    path = os.path.join(folder, name)
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def sentences(text):
    return [part.strip() for part in re.split(r"(?<=[.!?])(?<!Mr\.)(?<!Mrs\.)(?<!Dr\.)(?<!St\.)\s+", text.replace("\xa0", " ")) if part.strip()]


class World:
    """Everything of one split. Made once a process; what it gives is new each time."""

    def __init__(self, corpus, test, modern=True):
        self.test = test
        keep = lambda text: is_test(text) == test
        rng = random.Random(20 + test)
        self.given = [n for n in self._names(rng) if keep(n)]
        surnames = [a + b for a in W.SURNAMES_A for b in W.SURNAMES_B if a.lower() != b] + [n + "s" for n in self.given[:200]]
        self.surnames = [s for s in surnames if keep(s)]
        self.towns = [t for t in (a + b for a in W.TOWN_A for b in W.TOWN_B if a.lower() != b) if keep(t)]
        self.places = [f"{a} {n}" for a in W.PLACE_ADJ for n in W.PLACE_NOUN if keep(f"{a} {n}")]
        items = {i.strip() for line in W.TRADES for i in line.split("|")[2].split(",") if i.strip()}
        items |= {f"{a} {n}" for a in W.ITEM_ADJ for n in W.ITEM_NOUN}
        self._read_light(corpus, keep)
        self.items = sorted(i for i in items | self.light_items if keep(i))
        own = [self._trade(line) for line in W.TRADES]
        self.trades = own * max(1, len(self.light_trades) // len(own)) * 2 + [(t, None, []) for t in self.light_trades]
        self.numbers = W.NUMBERS
        if modern and not test:
            self._read_chat_facts(corpus)

    def _names(self, rng):
        names = set(W.FIRST_NAMES) | set(W.NICKNAMES)
        while len(names) < 9000:
            kind = rng.random()
            middle = "" if kind < 0.6 else rng.choice(W.NAME_MIDDLES)
            name = rng.choice(W.NAME_STARTS) + middle + rng.choice(W.NAME_ENDS)
            if 3 <= len(name) <= 10 and not re.search(r"(.)\1\1|[aeiou]{3}", name.lower()):
                names.add(name)
        return sorted(names)

    def _trade(self, line):
        noun, verb, wares = (part.strip() for part in line.split("|"))
        return noun, verb, [i for i in wares.split(",") if i and is_test(i) == self.test]

    def _read_light(self, corpus, keep):
        self.light_trades, self.sayings, self.light_items, self.scenery = [], [], set(), []
        bad = re.compile(r"\b(men|women|people|children|things?|animals|other|dead|human|man|woman|person|fight)\b")
        for character in load(corpus, "light_characters.json.xz"):
            name = re.sub(r"^(a|an|the) ", "", character["name"].strip().lower())
            if re.fullmatch(r"[a-z]+( [a-z]+)?", name) and not name.endswith(("s", "men")) and keep(name) and not bad.search(name) and character["char_type"] == "person" and len(name) > 3:
                self.light_trades.append(name)
            if is_test(str(character["id"])) == self.test:
                for persona in character["persona"]:
                    parts = sentences(persona)
                    for count in (1, 2):
                        text = " ".join(parts[:count])
                        if good_saying(text):
                            self.sayings.append(text)
                    self.sayings += [p for p in parts[1:] if good_saying(p)]
        self.light_trades = sorted(set(self.light_trades))
        for thing in load(corpus, "light_objects.json.xz"):
            name = re.sub(r"^(a|an|the|some) ", "", thing["name"].strip().lower())
            if re.fullmatch(r"[a-z]+( [a-z]+){0,2}", name) and not name.endswith("s") and 3 < len(name) < 22:
                self.light_items.add(name)
        for room in load(corpus, "light_rooms.json.xz"):
            if is_test(str(room["id"])) == self.test:
                first = sentences(room["description"])[:1]
                if first and 30 < len(first[0]) < 200 and _CLEAN.match(first[0]) and first[0][-1] == ".":
                    self.scenery.append(first[0][:1].upper() + first[0][1:])

    def _read_chat_facts(self, corpus):
        path = os.path.join(corpus, "persona_chat.jsonl.xz")
        if not os.path.exists(path):
            return
        found = set()
        with lzma.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                chat = json.loads(line)
                for text in chat["user1"] + chat["user2"]:
                    text = re.sub(r"\bi\b", "I", text.strip())
                    if good_saying(text) and text.startswith("I"):
                        found.add(text)
        self.sayings += sorted(found)

    def price(self, rng):
        while True:
            number = self.numbers[int(rng.random() ** 1.5 * len(self.numbers))]
            one, many = rng.choice(W.COINS)
            price = f"{number} {one if number == 'one' else many}"
            if is_test(price) == self.test:
                return price

    def town(self, rng):
        return rng.choice(self.towns)

    def place(self, rng):
        """(name with its article, with its preposition)."""
        if rng.random() < 0.3:
            town = self.town(rng)
            return town, "in " + town
        name = rng.choice(self.places)
        if rng.random() < 0.06:
            name = rng.choice(self.surnames) + " " + name.split()[-1]
            return name, "at " + name
        noun = name.split()[-1]
        preposition = "on" if noun in W.ON_NOUNS else "in" if noun in W.IN_NOUNS else "at"
        named = "the " + name
        return named, f"{preposition} {named}"

    def person(self, rng):
        """(full name, short name)."""
        given = rng.choice(self.given)
        kind = rng.random()
        if kind < 0.45:
            return given, given
        if kind < 0.75:
            return f"{given} {rng.choice(self.surnames)}", given
        title = rng.choice(W.TITLES)
        return (f"{title} {given}", given) if kind < 0.92 else (f"{title} {given} {rng.choice(self.surnames)}", given)

    def item(self, rng):
        return rng.choice(self.items)

    def a_job(self, rng):
        return article(rng.choice(self.trades)[0])

    def fill(self, text, rng, keys, **more):
        """Fills a list's line with things of this world; what is particular to it goes into keys."""
        def value(match):
            name = match.group(1)
            if name in more:
                return more[name]
            if name in ("person", "person2"):
                full, short = self.person(rng)
                keys.append(short)
                return full
            if name == "town":
                keys.append(self.town(rng))
                return keys[-1]
            if name in ("place", "at_place", "landmark", "landmark2"):
                bare, at = self.place(rng)
                keys.append(bare.removeprefix("the "))
                return at if name == "at_place" else bare
            if name in ("thing", "a_item"):
                thing = self.item(rng)
                keys.append(thing)
                return article(thing) if name == "a_item" else rng.choice(("the ", "the ", "a ")) + thing if thing[0] not in "aeiou" else "the " + thing
            if name == "price":
                keys.append(self.price(rng))
                return keys[-1]
            return {
                "monster": lambda: rng.choice(W.MONSTERS), "monsters": lambda: plural(rng.choice(W.MONSTERS)), "animals": lambda: rng.choice(W.ANIMALS),
                "role": lambda: rng.choice(W.ROLES), "a_job": lambda: self.a_job(rng), "goods": lambda: rng.choice(W.GOODS),
                "food": lambda: rng.choice(W.FOODS), "illness": lambda: rng.choice(W.ILLNESSES), "when": lambda: rng.choice(W.WHENS),
                "item_noun": lambda: rng.choice(W.ITEM_NOUN), "password": lambda: rng.choice(W.PASSWORDS), "secretname": lambda: rng.choice(self.given),
            }[name]()
        return re.sub(r"\{(\w+)\}", value, text)
