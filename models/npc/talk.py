"""Personas and conversations: what a player asks, and what the character answers from its persona."""

import os
import random
import re

import facts as F
import spin
import words as W
from world import article, plural, to_first_person

_HERE = os.path.dirname(os.path.abspath(__file__))
PHRASES = spin.read(os.path.join(_HERE, "phrasings.txt"))
MANNERS = spin.read(os.path.join(_HERE, "manners.txt"))
FIRST_PERSON = re.compile(r"\b(I|I'm|I'll|I'd|I've|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself|[Ww]e|[Uu]s|[Oo]ur)\b")
_CAN_LOWER = re.compile(r"^(The|My|That|This|There|Your|You|For|It|We|Nobody|Show|Some|Then|Before|In|From|At|Since|With|To|People|They|Call|Nothing|By|One|If|Come|Go|Walk|Only|And|What|Yes|No)\b")


def wording(choices, slots, rng):
    """One wording of one of these phrasings; those that need a slot that is missing are passed over."""
    for _ in range(12):
        tree, needs = choices[int(rng.random() * len(choices))]
        if needs <= slots.keys():
            return spin.expand(tree, slots, rng)
    for tree, needs in choices:
        if needs <= slots.keys():
            return spin.expand(tree, slots, rng)
    raise KeyError(f"no phrasing fits the slots {sorted(slots)}")


class Persona:
    def __init__(self, world, rng, size=None):
        self.world, self.rng = world, rng
        full, first = world.person(rng)
        trade, verb, own = rng.choice(world.trades)
        place, at = world.place(rng)
        self.base = {"name": full, "first": first, "trade": trade, "a_trade": article(trade), "place": place, "at_place": at, "years": rng.choice(W.NUMBERS[2:30])}
        if verb:
            self.base["verb"] = verb
        self.first = first
        self.facts = []
        self._identity(verb)
        self._wares(own)
        self._others(size if size is not None else int(rng.random() ** 1.3 * 9))
        self.text = self._write()

    def _identity(self, verb):
        rng, base = self.rng, self.base
        if rng.random() < 0.97:
            self.facts.append(F.Fact("name", {}, [self.first], "person"))
        which = rng.random()
        if which < 0.75 or not verb:
            if rng.random() < 0.92:
                self.facts.append(F.Fact("trade", {}, [base["trade"]], "job"))
        else:
            self.facts.append(F.Fact("verb", {}, [to_first_person(base["verb"])], "job"))
        if rng.random() < 0.7:
            self.facts.append(F.Fact("place", {}, [base["place"].removeprefix("the ")], "place"))

    def _wares(self, own):
        rng = self.rng
        if rng.random() < 0.45:
            return
        items = []
        for _ in range(1 + int(rng.random() ** 1.2 * 4)):
            item = rng.choice(own) if own and rng.random() < 0.6 else self.world.item(rng)
            if item not in items:
                items.append(item)
        taken = set()
        if rng.random() < 0.88:
            for item in items:
                ware = F.ware(self.world, rng, item)
                if ware.slots["price"] not in taken:
                    taken.add(ware.slots["price"])
                    self.facts.append(ware)
        else:
            self.facts.append(F.Fact("wares", {"items": listing([plural(i) for i in items])}, [plural(items[0]), items[0]], "thing"))

    def _others(self, size):
        rng = self.rng
        kinds = list(F.MAKERS)
        weights = [F.MAKERS[k][1] for k in kinds]
        counts = {}
        for kind in rng.choices(kinds, weights, k=size):
            have = counts.get(kind, 0)
            rival = any(kind in pair and any(counts.get(other) for other in pair if other != kind) for pair in F.RIVALS)
            if have >= F.REPEATABLE.get(kind, 1) or rival:
                continue
            fact = F.MAKERS[kind][0](self.world, rng)
            if any(o.kind == kind and o.slots.get("role", o.slots.get("kin")) == fact.slots.get("role", fact.slots.get("kin", 0)) for o in self.facts):
                continue
            counts[kind] = have + 1
            self.facts.append(fact)

    def slots(self, fact):
        """For the persona and the player's questions."""
        return {**self.base, **fact.slots}

    def own_slots(self, fact):
        """For the character's answers."""
        slots = self.slots(fact)
        for name in ("verb", "fromwho", "misdeed", "reward", "task", "skill"):
            if name in slots and "you" in slots[name] and "about you" not in slots[name] and "as you like" not in slots[name]:
                slots[name] = to_first_person(slots[name])
        return slots

    def of(self, kind):
        return [f for f in self.facts if f.kind == kind]

    def _write(self):
        rng = self.rng
        kinds = {f.kind for f in self.facts}
        parts, done = [], set()
        opening = None
        if "name" in kinds and rng.random() < 0.7:
            opening, done = self._opening(kinds)
        wares = self.of("ware")
        if wares and rng.random() < 0.75:
            parts.append(self._ware_sentence(wares))
            done.add("ware")
        for fact in self.facts:
            if fact.kind not in done:
                parts.append(self._sentence(fact))
        rng.shuffle(parts)
        if opening is None and "name" in kinds and rng.random() < 0.8:
            named = [p for p in parts if self.base["name"] in p and p.startswith(("Your name", "You are", "You go", "People", "Everyone", "They"))][:1]
            parts = named + [p for p in parts if p not in named]
        if rng.random() < 0.35:
            parts.insert(rng.randrange(len(parts) + 1), rng.choice(W.VOICES))
        if rng.random() < 0.12:
            parts.insert(rng.randrange(len(parts) + 1), rng.choice(self.world.scenery) if self.world.scenery else "")
        parts = ([opening] if opening else []) + parts
        if rng.random() < 0.3:
            setting = self.world.fill(rng.choice(W.SETTINGS), rng, [], at_place=self.base["at_place"]) if "place" in kinds else rng.choice(("It is a rainy evening.", "A traveller talks to you.", "A stranger comes up to you."))
            parts.insert(0 if rng.random() < 0.8 else len(parts), setting)
        return self._join([p for p in parts if p])

    def _opening(self, kinds):
        rng, b = self.rng, self.base
        have_trade, have_verb, have_place = "trade" in kinds, "verb" in kinds, "place" in kinds
        forms = [("You are {name}.", set()), ("Your name is {name}.", set())]
        if have_trade:
            forms += [("You are {name}, {a_trade}.", {"trade"}), ("You are {a_trade} called {name}.", {"trade"}), ("You are {name}, the {trade}.", {"trade"}),
                      ("You are {a_trade}, and your name is {name}.", {"trade"}), ("Your name is {name}, and you are {a_trade}.", {"trade"}), ("You are an old {trade} named {name}.", {"trade"})]
        if have_verb:
            forms += [("You are {name}, who [{verb}].", {"verb"}), ("You are {name}, and you {verb}.", {"verb"}), ("Your name is {name}. You {verb}.", {"verb"})] [1:]
        if have_place:
            forms += [("You are {name}, and you live {at_place}.", {"place"}), ("You are {name} of {place}.", {"place"})]
        if have_trade and have_place:
            forms += [("You are {name}, {a_trade} {at_place}.", {"trade", "place"}), ("You are {name}, the {trade} {at_place}.", {"trade", "place"}), ("Your name is {name}. You are {a_trade} {at_place}.", {"trade", "place"}),
                      ("You are {name}, and you work as {a_trade} {at_place}.", {"trade", "place"})] * 2
        if have_verb and have_place:
            forms += [("You are {name}. You {verb} {at_place}.", {"verb", "place"}), ("Your name is {name}, and you {verb} {at_place}.", {"verb", "place"})] * 2
        text, done = rng.choice(forms)
        return spin.tidy(text.format(**b)), done | {"name"}

    def _ware_sentence(self, wares):
        rng = self.rng
        many = rng.random() < 0.35
        form = rng.choice(("{i} for {p}", "{i} at {p}", "{i} for {p}", "{i} ({p})"))
        entries = [form.format(i=w.slots["items_pl" if many else "item"], p=w.slots["price"]) for w in wares]
        begin = rng.choice(("You sell ", "You sell ", "You offer ", "At your stall you sell ", "You have ", "Your wares are ", "You trade in ", "For sale you have ", "People buy from you: ", "You charge these prices: ", "You let go "))
        if rng.random() < 0.2:
            word = "cost" if many else "costs"
            return spin.tidy(listing([f"{w.slots['items_pl' if many else 'item']} {word} {w.slots['price']}" for w in wares])) + "."
        return begin + listing(entries) + "."

    def _sentence(self, fact):
        text = wording(PHRASES[fact.kind]["P"], self.slots(fact), self.rng)
        return text if text[-1] in ".!?" else text + "."

    def _join(self, parts):
        """Now and then two sentences become one."""
        rng, out = self.rng, []
        for part in parts:
            if out and out[-1].startswith("You ") and part.startswith("You ") and out[-1].endswith(".") and rng.random() < 0.15:
                out[-1] = out[-1][:-1] + rng.choice((" and you", ", and you", "; you")) + part[3:]
            else:
                out.append(part)
        return " ".join(out)


def listing(words):
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


class Talk:
    """A conversation with one persona, made turn by turn."""

    def __init__(self, persona, rng):
        self.persona, self.rng, self.world = persona, rng, persona.world
        self.turns, self.player, self.trusted = [], None, False
        self.last_answer, self.price_of = None, None

    # Turns. Each appends one or more exchanges.

    def fact(self, fact=None):
        rng, persona = self.rng, self.persona
        if not persona.facts:
            return self.missing()
        fact = fact or rng.choice(persona.facts)
        slots = persona.slots(fact)
        if fact.kind == "ware":
            return self._ware(fact, slots)
        if fact.kind == "secret" and not self.trusted:
            return self._secret(fact, slots)
        asks = PHRASES[fact.kind]["Q"]
        several = len(persona.of(fact.kind)) > 1
        if several:
            own = set(fact.slots)
            asks = [a for a in asks if a[1] & own] or asks
        question = wording(asks, slots, rng)
        accept = list(fact.accept)
        if fact.kind == "collect" and question.startswith("How"):
            accept = fact.also["many"]
        if several and fact.kind in ("free",):
            accept = [a for f in persona.of(fact.kind) for a in f.accept]
        self._say(question, wording(PHRASES[fact.kind]["A"], persona.own_slots(fact), rng), fact.kind, accept, self._wrong(fact, accept))
        if fact.kind == "quest":
            self._follow(fact, slots, "R", "B", 0.5)
            self._follow(fact, slots, "L", "M", 0.4)
        elif fact.kind == "pass":
            self._follow(fact, slots, "G", "H", 0.35 if any("gives it out" in p for p in [persona.text]) and fact.slots["giver"] in persona.text else 0)

    def _follow(self, fact, slots, ask, tell, chance):
        if self.rng.random() < chance:
            phrases = PHRASES[fact.kind]
            accept = fact.also[ask]
            self._say(wording(phrases[ask], slots, self.rng), wording(phrases[tell], self.persona.own_slots(fact), self.rng), fact.kind + "-" + ask, accept, self._wrong(fact, accept), plain=True)

    def _ware(self, fact, slots):
        rng = self.rng
        asked = dict(slots)
        bare = slots["item_bare"]
        asked["item"] = rng.choice((slots["item"], slots["item"], "the " + bare, "one of your " + slots["items_pl"], "that " + bare, "your " + bare))
        told = dict(slots)
        told["item"] = rng.choice((slots["item"], slots["item"], "the " + bare))
        self._say(wording(PHRASES["ware"]["Q"], asked, rng), wording(PHRASES["ware"]["A"], told, rng), "ware", fact.accept, self._wrong(fact, fact.accept))
        follow = rng.random()
        if follow < 0.10:
            self._say(wording(MANNERS["buy"]["Q"], asked, rng), wording(MANNERS["buy"]["A"], told, rng), "buy", fact.accept, self._wrong(fact, fact.accept))
        elif follow < 0.16:
            self._say(wording(MANNERS["haggle"]["Q"], asked, rng), wording(MANNERS["haggle"]["A"], told, rng), "haggle", fact.accept, self._wrong(fact, fact.accept))

    def _secret(self, fact, slots):
        rng, phrases = self.rng, PHRASES["secret"]
        if rng.random() < 0.75:
            self._say(wording(phrases["Q"], slots, rng), wording(phrases["N"], slots, rng), "secret-kept")
        if rng.random() < 0.6:
            self.trusted = True
            said = wording(phrases["T"], slots, rng)
            if rng.random() < 0.6:
                said += " " + wording(phrases["Q"], slots, rng)
            self._say(said, wording(phrases["A"], slots, rng), "secret", fact.accept, plain=True)

    def shop(self):
        """What is for sale, asked of someone whose wares have prices."""
        wares = self.persona.of("ware")
        if not wares:
            return self.fact()
        many = self.rng.random() < 0.4
        priced = self.rng.random() < 0.3
        names = [w.slots["items_pl" if many else "item"] + (" for " + w.slots["price"] if priced else "") for w in wares]
        slots = {**self.persona.base, "items": listing(names)}
        self._say(wording(PHRASES["wares"]["Q"], slots, self.rng), wording(PHRASES["wares"]["A"], slots, self.rng), "wares", [w.slots["item_bare"] for w in wares] + [w.slots["items_pl"] for w in wares])

    def missing(self):
        """A question whose answer the persona does not hold."""
        rng, world, persona = self.rng, self.world, self.persona
        base = dict(persona.base)
        pick = rng.random()
        full, _ = world.person(rng)
        if pick < 0.28:
            slots = {**base, "who": full, "where": world.place(rng)[0]}
            question = wording(MANNERS["unknown"]["Q"], slots, rng)
            about = full in question and rng.random() < 0.6
            answer = wording(MANNERS["noname" if about else "decline"]["A"], slots, rng)
        elif pick < 0.48:
            item = world.item(rng)
            wares = persona.of("ware")
            hint = "I sell " + listing([w.slots["items_pl"] for w in wares[:3]]) + "." if wares and rng.random() < 0.6 else ""
            asked = rng.choice((article(item), "the " + item, article(item)))
            slots = {**base, "item": asked, "item_bare": item, "hint": hint}
            if any(item in w.slots["item_bare"] or w.slots["item_bare"] in item for w in wares) or item in persona.text:
                return
            question = wording([q for q in PHRASES["ware"]["Q"]], slots, rng)
            answer = wording(MANNERS["nosell"]["A"], slots, rng)
        elif pick < 0.58:
            slots = base
            question = wording(MANNERS["modern"]["Q"], slots, rng)
            answer = wording(MANNERS["modern"]["A"], slots, rng)
        else:
            kind = rng.choice(("direction", "who", "family", "pet", "origin", "age", "past", "closed", "direction", "who", "hours", "collect"))
            fact = F.MAKERS[kind][0](world, rng)
            held = {f.slots.get("role") for f in persona.facts} | {f.slots.get("kin") for f in persona.facts}
            if kind in ("who", "family", "direction", "closed"):
                own = set(fact.slots) - {"person"}
                asks = [a for a in PHRASES[kind]["Q"] if a[1] & own]
                if fact.slots.get("role", fact.slots.get("kin")) in held - {None} or fact.slots.get("role", "-") in persona.text or fact.slots.get("kin", "-") in persona.text:
                    return
            elif persona.of(kind) or (kind == "past" and persona.of("origin")):
                return
            else:
                asks = PHRASES[kind]["Q"]
            slots = {**base, **fact.slots}
            question = wording(asks, slots, rng)
            if kind == "family":
                answer = rng.choice((f"I have no {fact.slots['kin']}, as far as I know.", f"I don't know of any {fact.slots['kin']} of mine.", wording(MANNERS["decline"]["A"], slots, rng)))
            else:
                answer = wording(MANNERS["decline"]["A"], slots, rng)
        self._say(question, answer, "unknown", plain=True)

    def manner(self, kind=None):
        rng = self.rng
        kind = kind or rng.choice(("hello", "hello", "howareyou", "thanks", "joke", "provoke", "provoke", "insult", "agree"))
        slots = {**self.persona.base}
        if not self.persona.of("name"):
            slots["name"] = slots["first"] = "nobody of importance"
        if not (self.persona.of("trade")):
            slots["a_trade"] = "only a simple soul"
        self._say(wording(MANNERS[kind]["Q"], slots, rng), wording(MANNERS[kind]["A"], slots, rng), kind, plain=True)

    def player_name(self):
        """The player says a name, and asks later whether it was kept in mind."""
        rng, phrases = self.rng, MANNERS["mynameis"]
        if self.player:
            return self._remember()
        if rng.random() < 0.15:
            return self._say(wording(phrases["R"], self.persona.base, rng), wording(phrases["X"], self.persona.base, rng), "unknown", plain=True)
        full, short = self.world.person(rng)
        slots = {**self.persona.base, "pc": full, "pcfrom": self.world.town(rng), "a_pctrade": self.world.a_job(rng)}
        question = wording(phrases["Q"], slots, rng)
        self.player = (slots, short, slots["pcfrom"] in question)
        self._say(question, wording(phrases["A"], slots, rng), "mynameis", plain=True)

    def _remember(self):
        slots, short, said_from = self.player
        phrases = MANNERS["mynameis"]
        if said_from and self.rng.random() < 0.3:
            return self._say(wording(phrases["L"], slots, self.rng), wording(phrases["M"], slots, self.rng), "remember", [slots["pcfrom"]], plain=True)
        self._say(wording(phrases["R"], slots, self.rng), wording(phrases["B"], slots, self.rng), "remember", [short], plain=True)

    def repeat(self):
        """The player did not hear the last answer, or asks again for a fact that was told before."""
        told = [t for t in self.turns if t.get("fact") and t["role"] == "assistant"]
        if not told:
            return self.fact()
        last = self.turns[-1]
        slots = {**self.persona.base, "last": last["text"]}
        if not FIRST_PERSON.search(last["text"]) or len(last["text"]) > 150:
            return self.fact()
        self._say(wording(MANNERS["again"]["Q"], slots, self.rng), wording(MANNERS["again"]["A"], slots, self.rng), "again", last.get("fact"), last.get("wrong"), plain=True)

    def farewell(self):
        self.manner(self.rng.choice(("bye", "thanks")))

    # Writing it down.

    def _wrong(self, fact, accept):
        """Facts of the same type that the persona holds and that this answer must not."""
        wrong = []
        for other in self.persona.facts:
            if other is not fact and other.type == fact.type and other.type in ("person", "price", "place", "job", "age", "count"):
                wrong += other.accept[:1] if other.type != "price" else other.accept
        if fact.type == "price":
            coin = fact.accept[0].split(" ", 1)[1]
            wrong += [f"{n} {coin}" for n in W.NUMBERS[:24]]
        low = [a.lower() for a in accept]
        return sorted({x for x in wrong if not any(x.lower() in a or a in x.lower() for a in low)})

    def _say(self, question, answer, intent, accept=None, wrong=None, plain=False):
        rng = self.rng
        question = self._ask_style(question)
        answer = self._answer_style(answer, plain)
        self.turns.append({"role": "user", "text": question, "intent": intent})
        turn = {"role": "assistant", "text": answer, "intent": intent}
        if accept:
            turn["fact"] = list(accept)
        if wrong:
            turn["wrong"] = wrong
        self.turns.append(turn)

    def _ask_style(self, text):
        rng = self.rng
        if rng.random() < 0.25:
            opener = rng.choice(W.QUESTION_OPENERS)
            if "{first}" in opener and not self.persona.of("name"):
                opener = "Excuse me,"
            opener = opener.format(first=self.persona.first, trade=self.persona.base["trade"])
            if opener[-1] in ",:" and not text.startswith(("I ", "I'", self.persona.first)) and text[:1].isalpha():
                text = text[0].lower() + text[1:]
            text = f"{opener} {text}"
        elif rng.random() < 0.06 and text.endswith("?"):
            text = text[:-1] + rng.choice((", friend?", ", please?", ", if I may ask?", ", " + self.persona.first + "?", " then?", " by any chance?"))
        look = rng.random()
        if look < 0.05:
            text = text.lower()
        elif look < 0.10:
            text = text.rstrip("?.!")
        elif look < 0.12:
            text = text.lower().rstrip("?.!")
        elif look < 0.14 and len(text) > 12:
            i = rng.randrange(1, len(text) - 1)
            text = text[:i] + text[i + 1:]
        return text

    def _answer_style(self, text, plain):
        rng = self.rng
        if text[-1] not in ".!?":
            text += "."
        if not plain and rng.random() < 0.22:
            opener = spin.expand(*self._opener())
            if opener[-1] in ",:" and _CAN_LOWER.match(text):
                text = text[0].lower() + text[1:]
            text = f"{opener} {text}"
        if not FIRST_PERSON.search(text):
            text += " " + rng.choice(W.TAILS)
        return text

    def _opener(self):
        return self.rng.choice(MANNERS["opener"]["A"])[0], {}, self.rng


MOVES = [("fact", 62), ("shop", 5), ("missing", 15), ("manner", 9), ("player_name", 5), ("repeat", 2)]
_NAMES, _WEIGHTS = [m[0] for m in MOVES], [m[1] for m in MOVES]


def converse(world, rng, characters, size=None, turns=None):
    """One conversation: {persona, turns}. It ends after so many exchanges, or so many characters in all."""
    if size is None:
        size = int(rng.random() ** 1.3 * (9 if characters < 3000 or turns else 16))
    persona = Persona(world, rng, size)
    talk = Talk(persona, rng)
    length = len(persona.text)
    left = list(persona.facts)
    rng.shuffle(left)
    if rng.random() < 0.12:
        talk.manner("hello")
    while True:
        before = len(talk.turns)
        move = rng.choices(_NAMES, _WEIGHTS)[0]
        if move == "fact":
            talk.fact(left.pop() if left and rng.random() < 0.8 else None) if persona.facts else talk.missing()
        else:
            getattr(talk, move)()
        length += sum(len(t["text"]) + 30 for t in talk.turns[before:])
        if length > characters or (turns and len(talk.turns) >= 2 * turns):
            break
    if turns:
        del talk.turns[2 * turns:]
    elif rng.random() < 0.05:
        talk.farewell()
    return {"persona": persona.text, "turns": talk.turns}
