"""Phrasings: [a|b] is a choice, {x} a slot, {x_cap} the slot with a capital first letter."""

import re

_SLOT = re.compile(r"\{(\w+)\}")


def parse(text):
    """A phrasing as a tree: strings, ('slot', name, capital) and ('alt', [trees])."""
    tree, end = _parse_alternatives(text, 0)
    if end != len(text):
        raise ValueError(f"unbalanced brackets: {text}")
    return tree[0] if len(tree) == 1 else [("alt", tree)]


def _parse_alternatives(text, i):
    alternatives, current, plain = [], [], []

    def flush():
        if plain:
            _append_slots("".join(plain), current)
            plain.clear()

    depth_start = i
    while i < len(text):
        c = text[i]
        if c == "[":
            flush()
            inner, i = _parse_alternatives(text, i + 1)
            if i >= len(text) or text[i] != "]":
                raise ValueError(f"unbalanced brackets: {text}")
            current.append(("alt", inner))
        elif c == "]":
            break
        elif c == "|" and depth_start > 0:
            flush()
            alternatives.append(current)
            current = []
        else:
            plain.append(c)
        i += 1
    flush()
    alternatives.append(current)
    return alternatives, i


def _append_slots(text, out):
    last = 0
    for match in _SLOT.finditer(text):
        if match.start() > last:
            out.append(text[last:match.start()])
        name = match.group(1)
        capital = name.endswith("_cap")
        out.append(("slot", name[:-4] if capital else name, capital))
        last = match.end()
    if last < len(text):
        out.append(text[last:])


def slots_of(tree):
    """The names of all slots of a tree."""
    names = set()
    for part in tree:
        if isinstance(part, str):
            continue
        if part[0] == "slot":
            names.add(part[1])
        else:
            for alternative in part[1]:
                names |= slots_of(alternative)
    return names


def capital(text):
    return text[:1].upper() + text[1:]


def expand(tree, slots, rng):
    """One wording of a tree. A slot that is missing raises KeyError."""
    out = []
    _expand(tree, slots, rng.random, out)
    return tidy("".join(out))


def _expand(tree, slots, random, out):
    for part in tree:
        if isinstance(part, str):
            out.append(part)
        elif part[0] == "slot":
            value = slots[part[1]]
            out.append(capital(value) if part[2] else value)
        else:
            choices = part[1]
            _expand(choices[int(random() * len(choices))], slots, random, out)


_SPACES = re.compile(r" {2,}")
_BEFORE = re.compile(r" +([.,?!;:])")
_DOUBLE = re.compile(r"([.?!])[.,]+")
_START = re.compile(r"([.?!] )([a-z])")


def tidy(text):
    """White space and full stops as in print, and a capital at the start of each sentence."""
    text = _SPACES.sub(" ", text).strip()
    text = _BEFORE.sub(r"\1", text)
    text = _DOUBLE.sub(r"\1", text)
    text = _START.sub(lambda m: m.group(1) + m.group(2).upper(), text)
    return capital(text)


def read(path):
    """{kind: {letter: [(tree, slot names)]}} of a file of phrasings."""
    kinds, current = {}, None
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line = line.rstrip("\n")
            if not line.strip() or line.startswith("#"):
                continue
            if line.startswith("== "):
                current = kinds.setdefault(line[3:].strip(), {})
                continue
            letter, text = line[0], line[3:]
            if current is None or line[1:3] != ": ":
                raise ValueError(f"{path}:{number}: no phrasing: {line}")
            tree = parse(text)
            current.setdefault(letter, []).append((tree, slots_of(tree)))
    return kinds
