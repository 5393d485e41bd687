"""Facts of a persona: each has slots for the phrasings, the strings that a right answer holds, and a type for what would be wrong."""

import words as W
from world import article, plural, to_second_person


class Fact:
    __slots__ = ("kind", "slots", "accept", "type", "also")

    def __init__(self, kind, slots, accept, type_, also=None):
        self.kind, self.slots, self.accept, self.type = kind, slots, accept, type_
        self.also = also or {}  # accepted strings for the follow-up answers, by letter


def with_digits(price):
    number, _, coin = price.partition(" ")
    if price.startswith("a hundred "):
        return [price, "100 " + price[10:]]
    return [price, f"{W.DIGITS[number]} {coin}"] if number in W.DIGITS else [price]


def ware(world, rng, item=None):
    item = item or world.item(rng)
    price = world.price(rng)
    shown = price
    if rng.random() < 0.12:
        shown = with_digits(price)[-1]
    slots = {"item": article(item), "item_bare": item, "items_pl": plural(item), "price": shown}
    return Fact("ware", slots, with_digits(price), "price")


def family(world, rng):
    she = rng.choice(("he", "she"))
    kin = rng.choice(W.KIN[she])
    full, short = world.person(rng) if rng.random() < 0.2 else (rng.choice(world.given),) * 2
    keys = []
    does = world.fill(rng.choice(W.KIN_DOES), rng, keys)
    slots = {"kin": kin, "a_kin": article(kin), "kinname": full, "kindoes": does, "kinshe": she, "kinher": "him" if she == "he" else "her"}
    return Fact("family", slots, [short] + keys[:1], "person")


def who(world, rng):
    role = rng.choice(W.ROLES if rng.random() < 0.75 else W.MY_ROLES)
    full, short = world.person(rng)
    return Fact("who", {"role": role, "a_role": article(role), "person": full, "personher": rng.choice(("him", "her"))}, [short], "person")


def simple(kind, slot, choices):
    def make(world, rng):
        value = rng.choice(choices)
        if rng.random() < 0.25 and slot != "hated":
            value = plural(world.item(rng)) if slot == "liked" else value
        return Fact(kind, {slot: value}, [value], slot)
    return make


def rumour(world, rng):
    keys = []
    text = world.fill(rng.choice(W.RUMOURS), rng, keys)
    return Fact("rumour", {"rumour": text}, keys or [text], "news")


def event(world, rng):
    keys = []
    text = world.fill(rng.choice(W.EVENTS), rng, keys)
    return Fact("event", {"event": text, "when": rng.choice(W.WHENS)}, keys or [text], "news")


def direction(world, rng):
    keys = []
    dest, _ = world.place(rng)
    way = world.fill(rng.choice(W.WAYS), rng, keys)
    return Fact("direction", {"dest": dest, "way": way}, keys or [way], "place")


def closed(world, rng):
    keys = []
    dest, _ = world.place(rng)
    way = world.fill(rng.choice([w for w in W.WAYS if w.startswith(("past", "over", "across", "along", "through", "by"))]), rng, keys)
    cause = world.fill(rng.choice(W.CAUSES), rng, [])
    return Fact("closed", {"dest": dest, "way": way, "cause": cause}, keys + [cause], "place")


def quest(world, rng):
    keys, pay = [], []
    task = world.fill(rng.choice(W.TASKS), rng, keys)
    place, at = world.place(rng)
    reward = world.fill(rng.choice(W.REWARDS), rng, pay)
    where = place.removeprefix("the ")
    slots = {"task": task, "qplace": place, "qplace_at": at, "qplace_to": "to " + place, "reward": reward}
    accept = pay + ([reward.replace("your ", "")] if not pay else [])
    if pay and pay[0].split()[0] in W.DIGITS:
        accept = with_digits(pay[0])
    return Fact("quest", slots, (keys or [task]) + [where], "task", {"R": accept, "L": [where]})


def secret(world, rng):
    keys = []
    raw = rng.choice(W.SECRETS)
    text = world.fill(raw, rng, keys, you="{you}", your="{your}")
    means, meanses, says = rng.choice(W.TRUSTS)
    chosen = {}
    for name in ("thing", "price", "password", "town"):
        chosen[name] = world.fill("{" + name + "}", rng, [])
    fill = lambda t: world.fill(t, rng, [], you="{you}", your="{your}", **chosen)
    second = lambda t: t.replace("{your}", "your").replace("{you}", "you")
    first = text.replace("{you} are", "I am").replace("{your}", "my").replace("{you}", "I")
    slots = {"secret": second(text), "secret_i": first, "trust": second(fill(means)), "trusts": second(fill(meanses)),
             "trustsays": second(fill(says))}
    return Fact("secret", slots, keys or [first], "secret")


def origin(world, rng):
    town = world.town(rng)
    return Fact("origin", {"origin": town, "years": rng.choice(W.NUMBERS[2:30])}, [town], "place")


def age(world, rng):
    number = rng.choice(W.NUMBERS[7:-1])
    return Fact("age", {"age": number}, [number, str(W.DIGITS[number])], "age")


def pet(world, rng):
    animal, name = rng.choice(W.PETS), rng.choice(world.given)
    return Fact("pet", {"pet": animal, "a_pet": article(animal), "petname": name}, [name], "person")


def past(world, rng):
    job = world.a_job(rng)
    return Fact("past", {"a_past": job, "pastwho": "the " + rng.choice(W.ROLES)}, [job.split(" ", 1)[1]], "job")


def collect(world, rng):
    what, count = rng.choice(W.COLLECTED), rng.choice(W.NUMBERS[2:])
    return Fact("collect", {"collected": what, "count": count}, [count, what], "count", {"many": [count, str(W.DIGITS[count])]})


def carries(world, rng):
    thing = world.item(rng)
    return Fact("carries", {"thing": article(thing), "fromwho": world.fill(rng.choice(W.FROM_WHO), rng, [])}, [thing], "thing")


def hours(world, rng):
    opens, closes = rng.choice(W.OPENS), rng.choice(W.CLOSES)
    return Fact("hours", {"opens": opens, "closes": closes}, [opens, closes], "hours")


def gate(world, rng):
    keys = []
    token = world.fill(rng.choice(W.TOKENS), rng, keys)
    full, short = world.person(rng)
    return Fact("pass", {"token": token, "giver": full}, [token.split(" ", 1)[-1]], "token", {"G": [short]})


def distrust(world, rng):
    keys = []
    full, short = world.person(rng)
    return Fact("distrust", {"enemy": full, "misdeed": world.fill(rng.choice(W.MISDEEDS), rng, keys)}, [short] + keys[:1], "person")


def dream(world, rng):
    keys = []
    gerund, infinitive = rng.choice(W.DREAMS)
    names = {n: world.fill("{" + n + "}", rng, []) for n in ("a_item", "town", "a_job", "thing", "person", "place")}
    fill = lambda t: world.fill(t, rng, keys, **names)
    to = fill(infinitive)
    values = [v for n, v in names.items() if "{" + n + "}" in infinitive]
    return Fact("dream", {"dream": fill(gerund), "dream_to": to}, [values[0].split(" ", 1)[-1] if values else " ".join(to.split()[-3:]).removeprefix("to ")], "dream")


def skill(world, rng):
    text = world.fill(rng.choice(W.SKILLS), rng, [])
    return Fact("skill", {"skill": text}, [text], "skill")


def free(world, rng):
    told = rng.choice(world.sayings)
    return Fact("free", {"saying": to_second_person(told), "told": told}, [" ".join(told.rstrip(".!").split()[-3:])], "free")


MAKERS = {
    "family": (family, 1.5), "who": (who, 2.0), "fear": (simple("fear", "fear", W.FEARS), 1.3), "likes": (simple("likes", "liked", W.LIKES), 1.0),
    "hates": (simple("hates", "hated", W.HATES), 0.8), "rumour": (rumour, 1.4), "event": (event, 0.9), "direction": (direction, 1.4), "quest": (quest, 1.8),
    "secret": (secret, 1.2), "origin": (origin, 1.0), "age": (age, 0.5), "pet": (pet, 0.8), "past": (past, 0.7), "collect": (collect, 0.5),
    "carries": (carries, 0.6), "hours": (hours, 0.4), "pass": (gate, 0.7), "distrust": (distrust, 0.7), "dream": (dream, 0.7), "closed": (closed, 0.6),
    "skill": (skill, 0.5), "free": (free, 1.2),
}
# Kinds whose questions could be taken for each other's: a persona has one of them.
RIVALS = [{"rumour", "event"}, {"trade", "verb"}, {"past", "verb2"}]
REPEATABLE = {"family": 2, "who": 3, "direction": 2, "free": 2}
