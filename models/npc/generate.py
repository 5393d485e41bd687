#!/usr/bin/env python3
"""Writes conversations with grounded answers, and the held-out evaluation sets, as JSON lines.

  generate.py CORPUS train.jsonl --count 100000 --seed 1 --workers 16
  generate.py CORPUS --evaluation FOLDER

The same seed gives the same file, whatever the number of workers. Standard library only.
"""

import argparse
import json
import multiprocessing
import os
import random

import score
import talk as T
import written
from world import World

BLOCK = 500  # conversations that share a seed
_world = None


def start(corpus, test=False):
    global _world
    _world = World(corpus, test)


def world():
    return _world


def block(job):
    """One block of conversations; job is (seed, number of the block, characters a conversation)."""
    seed, number, characters = job
    rng = random.Random(f"{seed}/{number}")
    return [T.converse(_world, rng, characters) for _ in range(BLOCK)]


def lines(job):
    return "".join(json.dumps(c, ensure_ascii=False) + "\n" for c in block(job))


def evaluation(corpus, seed):
    """The held-out sets, from the pools of the test split."""
    world, rng = World(corpus, True), random.Random(f"evaluation/{seed}")
    facts, unknown, talks = [], [], []
    known = written.everything()  # no fact of the test split may stand in a talk written by hand
    quota = {}
    while len(facts) < 500:
        persona = T.Persona(world, rng)
        talk = T.Talk(persona, rng)
        if not persona.facts:
            continue
        fact = rng.choice(persona.facts)
        if fact.kind == "secret" or quota.get(fact.kind, 0) >= 60:
            continue
        talk.fact(fact)
        if not talk.turns[1].get("fact"):
            continue
        if fact.type in ("person", "place", "price") and any(score.holds(known, phrase) for phrase in fact.accept):
            continue
        quota[fact.kind] = quota.get(fact.kind, 0) + 1
        facts.append({"persona": persona.text, "turns": talk.turns[:2]})
    while len(unknown) < 100:
        persona = T.Persona(world, rng)
        talk = T.Talk(persona, rng)
        talk.missing()
        if talk.turns:
            unknown.append({"persona": persona.text, "turns": talk.turns[:2]})
    while len(talks) < 100:
        conversation = T.converse(world, rng, 10 ** 6, turns=5)
        if len(conversation["turns"]) == 10:
            talks.append(conversation)
    return {"facts": facts, "unknown": unknown, "talks": talks}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", help="the folder with light_characters.json.xz, light_rooms.json.xz and light_objects.json.xz")
    parser.add_argument("output", nargs="?", help="the file to write")
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--characters", type=int, default=2000, help="about how long a conversation is, persona included")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--evaluation", metavar="FOLDER", help="write facts.jsonl, unknown.jsonl and talks.jsonl there")
    options = parser.parse_args()
    if options.evaluation:
        os.makedirs(options.evaluation, exist_ok=True)
        for name, rows in evaluation(options.corpus, options.seed).items():
            with open(os.path.join(options.evaluation, name + ".jsonl"), "w", encoding="utf-8") as file:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if options.output:
        jobs = [(options.seed, i, options.characters) for i in range((options.count + BLOCK - 1) // BLOCK)]
        with multiprocessing.Pool(options.workers, start, (options.corpus,)) as pool, open(options.output, "w", encoding="utf-8") as file:
            for text in pool.imap(lines, jobs):
                file.write(text)


if __name__ == "__main__":
    main()
