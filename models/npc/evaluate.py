"""Greedy answers in the training framework, and the figures they give. EngineLlm's own come from `enginellm eval-npc`."""

import json
import os
import random

import score
import written
from world import sentences

HERE = os.path.dirname(os.path.abspath(__file__))


def read_set(name):
    """The rows of eval/NAME.jsonl."""
    with open(os.path.join(HERE, "eval", name + ".jsonl"), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def held_out_questions(count, seed=5):
    """Some of the questions of the sheets that are held out: [(persona, question, number of the sentence that answers it, or -1)]."""
    asked = []
    for sheet in written.read():
        if sheet.is_sheet and written.is_held_out(sheet):
            asked += [(sheet.personas[0], q, exchange.source) for exchange in sheet.exchanges for q in exchange.questions]
    return random.Random(seed).sample(asked, min(count, len(asked)))


def sentence_told(answer, persona):
    """Which sentence of a persona an answer shares the most words with, by its number; -1 for none."""
    said = written.content_words(answer)
    shared = [len(said & written.content_words(written.spoken(part))) for part in sentences(persona)]
    return shared.index(max(shared)) if 2 * max(shared) > len(said) else -1


def copy_of(model):
    """The model without what was compiled for training."""
    import torch
    from model import Npc
    device = next(model.parameters()).device
    plain = Npc(model.shape).to(device).eval()
    plain.load_state_dict(model.state_dict())
    return plain


def held_out_loss(model, torch, ids, mask=None):
    """Mean loss in nats a token."""
    from torch.nn import functional as F
    total, count = 0.0, 0
    device = next(model.parameters()).device
    with torch.no_grad(), torch.autocast("cuda", torch.bfloat16):
        for i in range(0, min(len(ids), 512), 32):
            rows = torch.from_numpy(ids[i:i + 32].astype("int64")).to(device)
            targets = rows[:, 1:].clone()
            if mask is not None:
                targets[~torch.from_numpy(mask[i:i + 32, 1:]).to(device)] = -100
            logits = model.logits(model.hidden(rows[:, :-1]))
            total += F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100, reduction="sum").item()
            count += int((targets != -100).sum())
    return total / max(1, count)


def answer(model, torch, tokenizer, conversations, most=72):
    """Greedy answers to conversations [(persona, [(role, text)])] whose last turn is the player's."""
    prompts = []
    for persona, turns in conversations:
        ids = [1, *tokenizer.encode("system\n" + persona).ids, 2, *tokenizer.encode("\n").ids]
        for role, text in turns:
            ids += [1, *tokenizer.encode(f"{role}\n{text}").ids, 2, *tokenizer.encode("\n").ids]
        prompts.append((ids + [1, *tokenizer.encode("assistant\n").ids])[-950:])
    answers = [None] * len(prompts)
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    device = next(model.parameters()).device
    for first in range(0, len(order), 128):
        group = order[first:first + 128]
        length = max(len(prompts[i]) for i in group) + most
        length += -length % 64
        ids = torch.zeros(len(group), length, dtype=torch.long, device=device)
        ends = torch.tensor([len(prompts[i]) for i in group], device=device)
        for row, i in enumerate(group):
            ids[row, :len(prompts[i])] = torch.tensor(prompts[i], device=device)
        rows = torch.arange(len(group), device=device)
        over = torch.zeros(len(group), dtype=torch.bool, device=device)
        begins = ends.clone()
        with torch.no_grad(), torch.autocast("cuda", torch.bfloat16):
            for step in range(most):
                now = int(ends.max()) if step % 16 == 0 else now
                width = min(length, now + 16)
                hidden = model.hidden(ids[:, :width])
                chosen = model.logits(hidden[rows, ends - 1]).argmax(-1)
                over |= (chosen == 2) | (chosen == 0)
                if bool(over.all()):
                    break
                ids[rows, ends] = torch.where(over, ids[rows, ends], chosen)
                ends = torch.where(over, ends, ends + 1)
        for row, i in enumerate(group):
            answers[i] = tokenizer.decode(ids[row, begins[row]:ends[row]].tolist()).strip()
    return answers


def figures(model, torch, tokenizer, sets, log):
    """The issue's figures, by greedy answers in the training framework."""
    result = {}
    for name in ("facts", "unknown", "dev", "hand", "hand2"):
        rows = sets.get(name)
        if not rows:
            continue
        said = answer(model, torch, tokenizer, [(r["persona"], [("user", r["turns"][0]["text"])]) for r in rows])
        right = wrong = declined = facts = unknown = 0
        by_kind = {}
        for row, text in zip(rows, said):
            expected = row["turns"][1]
            is_fact = bool(expected.get("fact"))
            good = score.holds_any(text, expected["fact"]) if is_fact else score.declines(text)
            bad = score.holds_any(text, expected.get("wrong"))
            facts, unknown = facts + is_fact, unknown + (not is_fact)
            right, wrong, declined = right + (good and is_fact), wrong + bad, declined + (good and not is_fact)
            kind = by_kind.setdefault(expected["intent"], [0, 0])
            kind[0] += good
            kind[1] += 1
            log.write(json.dumps({"set": name, "right": good, "wrong": bad, "persona": row["persona"], "q": row["turns"][0]["text"], "a": text, "expected": expected.get("fact")}) + "\n")
        result[name] = {"good": (right + declined) / len(rows), "facts": facts, "right": right / max(1, facts), "wrong": wrong / len(rows), "unknown": unknown, "declined": declined / max(1, unknown),
                         "kinds": {k: f"{v[0]}/{v[1]}" for k, v in sorted(by_kind.items())}}
    asked = sets.get("held")
    if asked:
        said = answer(model, torch, tokenizer, [(persona, [("user", question)]) for persona, question, _ in asked])
        told = [-1 if score.declines(text) else sentence_told(text, persona) for text, (persona, *_) in zip(said, asked)]
        good = {is_fact: [t == wanted for t, (*_, wanted) in zip(told, asked) if (wanted >= 0) == is_fact] for is_fact in (True, False)}
        result["held"] = {"right": sum(good[True]) / max(1, len(good[True])), "declined": sum(good[False]) / max(1, len(good[False])), "facts": len(good[True]), "unknown": len(good[False])}
        for (persona, question, wanted), text, mine in zip(asked, said, told):
            log.write(json.dumps({"set": "held", "right": mine == wanted, "persona": persona, "q": question, "a": text, "sentence": wanted}) + "\n")
    talks = sets.get("talks")
    if talks:
        held = [[] for _ in talks]
        good = {"whole": 0, "no_loop": 0, "first_person": 0, "all": 0}
        for turn in range(5):
            for talk, turns in zip(talks, held):
                turns.append(("user", talk["turns"][2 * turn]["text"]))
            for turns, text in zip(held, answer(model, torch, tokenizer, [(t["persona"], h) for t, h in zip(talks, held)])):
                turns.append(("assistant", text or "..."))
                checks = (score.is_whole(text or "..."), not score.loops(text), score.is_first_person(text))
                for key, value in zip(("whole", "no_loop", "first_person", "all"), (*checks, all(checks))):
                    good[key] += value
        result["talks"] = {key: value / (5 * len(talks)) for key, value in good.items()}
        for talk, turns in zip(talks, held):
            log.write(json.dumps({"set": "talks", "persona": talk["persona"], "turns": turns}) + "\n")
    return result
