#!/usr/bin/env python3
"""Trains the embedded NPC model: from the corpus to a GGUF file, in a given time.

  train.py CORPUS WORK --minutes 9            # everything, from the tokenizer on
  train.py CORPUS WORK --minutes 9 --resume   # goes on from WORK's checkpoint before its rate fell
  train.py CORPUS WORK --smoke                # all of it, tiny, in a minute

WORK keeps tokenizer, checkpoints and files; --out FOLDER gets what should travel, in pieces of at most 15 MiB.
Phase 1 learns English from tales and chats, phase 2 to answer from a persona, with the loss on the character's words only.
"""

import argparse
import json
import math
import multiprocessing
import os
import shutil
import sys
import time

START = time.time()
NAME, LICENSE = "Lantern NPC", "mit"
TEMPLATE = ("{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}"
            "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")
PIECE = 15 << 20


def say(text):
    print(f"[{time.time() - START:6.1f}s] {text}", flush=True)


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("work")
    parser.add_argument("--out", help="folder for the files to take home")
    parser.add_argument("--minutes", type=float, default=9, help="time for all of it, start and export included")
    parser.add_argument("--phase1", type=float, default=0.33, help="share of the training time for tales and chats")
    parser.add_argument("--decay", type=float, default=0.45, help="share of the training time in which the rate falls")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--batch-tokens", type=int, default=65536)
    parser.add_argument("--workers", type=int, default=14)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--smoke", action="store_true")
    return parser.parse_args()


class Feed:
    """Rows on the device, given out in shuffled batches; rows may be added while it runs."""

    def __init__(self, device, seed):
        import torch
        self.torch, self.device = torch, device
        self.ids, self.masks, self.order, self.at, self.epochs = [], [], None, 0, 0
        self.generator = torch.Generator().manual_seed(seed)

    def add(self, ids, mask=None):
        torch = self.torch
        if len(ids) == 0:
            return
        self.ids.append(torch.from_numpy(ids.astype("int16")).to(self.device))
        self.masks.append(None if mask is None else torch.from_numpy(mask).to(self.device))

    def __len__(self):
        return sum(len(block) for block in self.ids)

    def batch(self, count):
        """(inputs, targets) of one block's rows: blocks are visited in turn, rows at random, each once an epoch of its block."""
        torch = self.torch
        block = self.at % len(self.ids)
        self.epochs = self.at // len(self.ids)
        self.at += 1
        ids, mask = self.ids[block], self.masks[block]
        pick = torch.randint(len(ids), (count,), generator=self.generator).to(self.device, non_blocking=True)
        rows = ids[pick].long()
        targets = rows[:, 1:]
        if mask is not None:
            targets = torch.where(mask[pick][:, 1:], targets, -100)
        return rows[:, :-1], targets.contiguous()


def pack(streams, length):
    """Streams of ids cut into rows of length + 1."""
    import numpy as np
    everything = np.concatenate(streams)
    count = len(everything) // (length + 1)
    return everything[:count * (length + 1)].reshape(count, length + 1)


def read_corpus(pool, o, corpus):
    """Rows of the tales and chats, and held-out rows by kind."""
    train, held = {"tales": [], "chats": []}, {"tales": [], "chats": []}
    for number, (kind, text) in enumerate(corpus.documents(o.corpus)):
        if o.smoke and number % 40:
            continue
        (held if corpus.is_held_out(text) else train)[kind].append(text)
    cut = lambda texts: [texts[i:i + 200] for i in range(0, len(texts), 200)]
    rows = {kind: pack(pool.map(corpus.stream, cut(texts)), 1024) for kind, texts in train.items()}
    held_rows = {kind: pack(pool.map(corpus.stream, cut(texts)), 1024) for kind, texts in held.items() if texts}
    return rows, held_rows


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


def evaluate(model, torch, tokenizer, sets, log):
    """The issue's figures, by greedy answers in the training framework."""
    import score
    figures = {}
    for name in ("facts", "hand", "unknown"):
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
        figures[name] = {"facts": facts, "right": right / max(1, facts), "wrong": wrong / len(rows), "unknown": unknown, "declined": declined / max(1, unknown),
                         "kinds": {k: f"{v[0]}/{v[1]}" for k, v in sorted(by_kind.items())}}
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
        figures["talks"] = {key: value / (5 * len(talks)) for key, value in good.items()}
        for talk, turns in zip(talks, held):
            log.write(json.dumps({"set": "talks", "persona": talk["persona"], "turns": turns}) + "\n")
    return figures


def metadata(shape, tokenizer, file_type):
    """GGUF's keys, in the order of the usual converters."""
    saved = json.loads(tokenizer.to_str())["model"]
    words = [word for word, _ in sorted(saved["vocab"].items(), key=lambda item: item[1])]
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in saved["merges"]]
    assert len(words) == shape.vocabulary, len(words)
    return {
        "general.architecture": "llama", "general.type": "model", "general.name": NAME, "general.author": "The EngineLlm developers", "general.size_label": "34M",
        "general.license": LICENSE, "general.languages": ["en"], "general.description": "Game characters that answer from their persona; trained from scratch for EngineLlm.",
        "llama.block_count": shape.layers, "llama.context_length": shape.context, "llama.embedding_length": shape.width, "llama.feed_forward_length": shape.feed_forward,
        "llama.attention.head_count": shape.heads, "llama.attention.head_count_kv": shape.kv_heads, "llama.rope.freq_base": shape.rope_base,
        "llama.attention.layer_norm_rms_epsilon": shape.epsilon, "general.file_type": file_type, "llama.vocab_size": shape.vocabulary,
        "llama.rope.dimension_count": shape.head_size, "tokenizer.ggml.add_space_prefix": False, "tokenizer.ggml.add_bos_token": False,
        "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "gpt-2", "tokenizer.ggml.tokens": words, "tokenizer.ggml.token_type": [3, 3, 3] + [1] * (len(words) - 3),
        "tokenizer.ggml.merges": merges, "tokenizer.ggml.bos_token_id": 1, "tokenizer.ggml.eos_token_id": 2, "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.padding_token_id": 0, "tokenizer.chat_template": TEMPLATE, "general.quantization_version": 2,
    }


RECIPES = {  # type of the embedding, of attention's matrices, of the feed-forward part's
    "f16": ("F16", "F16", "F16"), "q8_0": ("Q8_0", "Q8_0", "Q8_0"), "q5_0": ("Q8_0", "Q5_0", "Q5_0"), "q8q4": ("Q8_0", "Q8_0", "Q4_0"), "q4_1": ("Q8_0", "Q4_1", "Q4_1"), "q4_0": ("Q8_0", "Q4_0", "Q4_0"),
}


def export(model, tokenizer, path, recipe):
    """Writes one file; returns the weights as they read back."""
    import gguf
    tensors = {name: p.detach().float().cpu().numpy() for name, p in model.named_parameters()}
    kinds = {}
    for name, values in tensors.items():
        part = 0 if name.startswith("token_embd") else 1 if ".attn_" in name else 2
        kinds[name] = gguf.F32 if values.ndim == 1 else gguf.TYPES[RECIPES[recipe][part]]
    file_type = gguf.FILE_TYPES[gguf.TYPES[RECIPES[recipe][2]]]
    return gguf.write(path, metadata(model.shape, tokenizer, file_type), tensors, kinds)


def load_weights(model, torch, weights):
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(torch.from_numpy(weights[name].copy()))


def goldens(model, torch, tokenizer, texts, path, best=128):
    """Logits in the format of the repository's other references, in full precision."""
    device = next(model.parameters()).device
    specials = {"<|im_start|>": 1, "<|im_end|>": 2, "<|endoftext|>": 0}
    with open(path, "w", encoding="utf-8") as file, torch.no_grad():
        for text, special in texts:
            ids = tokenizer.encode(text).ids
            if not special:
                assert not set(ids) & set(specials.values())
            logprobs = model.logits(model.hidden(torch.tensor([ids], device=device)))[0].log_softmax(-1)
            top = logprobs.topk(best)
            greedy, whole = [], list(ids)
            while len(greedy) < 40:
                token = int(model.logits(model.hidden(torch.tensor([whole], device=device))[:, -1])[0].argmax())
                greedy.append(token)
                whole.append(token)
                if token in (0, 2):
                    break
            row = {"text": text, "parse_special": special, "tokens": ids, "greedy": greedy,
                   "top": [{"ids": i, "logprobs": [round(min(v, 0.0), 5) for v in p]} for i, p in zip(top.indices.tolist(), top.values.tolist())]}
            file.write(json.dumps(row, separators=(",", ":")) + "\n")


def token_goldens(tokenizer, texts, path):
    with open(path, "w", encoding="utf-8") as file:
        for text in texts:
            ids = tokenizer.encode(text).ids
            file.write(json.dumps({"text": text, "parse_special": True, "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=False)}) + "\n")


class Clock:
    """How far a time-boxed training is, from 0 to 1."""

    def __init__(self, seconds):
        self.begin, self.seconds = time.time(), seconds

    @property
    def share(self):
        return min(1.0, (time.time() - self.begin) / self.seconds)


def rate_at(o, share, step, resumed):
    warm = min(1.0, (step + 1) / (60 if resumed else 200))
    fall = 1.0 if share < 1 - o.decay else max(0.02, (1 - share) / o.decay)
    return o.rate * warm * fall


def train(model, torch, o, feeds, jobs, work, seconds):
    """The two phases. feeds: {'text', 'talk', 'long', 'chat'}; jobs: rows that workers are still making."""
    import torch._dynamo
    from model import Muon, head_loss
    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and "blk" in n]
    others = [p for n, p in model.named_parameters() if not (p.dim() == 2 and "blk" in n)]
    muon = Muon(matrices)
    adam = torch.optim.AdamW(others, lr=o.rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
    loss_of = head_loss
    if not o.no_compile:
        # One entry a layer and shape at the worst; beyond the limit the compiler would silently give up.
        torch._dynamo.config.recompile_limit = 64
        for block in model.blk:
            block.compile(dynamic=False)
        loss_of = torch.compile(head_loss, dynamic=False)
    clock, step, tokens, counted, saved_stable = Clock(seconds), 0, 0, {}, False
    limit = 24 if o.smoke else 10 ** 9
    window, window_tokens, losses = time.time(), 0, {}
    while clock.share < 1 and step < limit:
        jobs.collect(feeds)
        share = step / limit if o.smoke else clock.share
        in_talk = share >= (0 if o.resume else o.phase1)
        place = step % 20
        if in_talk:
            kind = "long" if place in (3, 13) and len(feeds["long"]) else "chat" if place == 7 and len(feeds["chat"]) else "talk"
        else:
            kind = "talk" if place % 4 == 3 and len(feeds["talk"]) else "text"
        if not len(feeds[kind]):
            kind = "talk" if in_talk else "text"
            while not len(feeds[kind]):
                time.sleep(0.2)
                jobs.collect(feeds)
        length = feeds[kind].ids[0].shape[1] - 1
        inputs, targets = feeds[kind].batch(max(1, o.batch_tokens // length))
        rate = rate_at(o, share, step, o.resume)
        for group in adam.param_groups:
            group["lr"] = rate
        with torch.autocast("cuda", torch.bfloat16):
            loss = loss_of(model.hidden(inputs), model.token_embd.weight, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        muon.step(rate)
        adam.step()
        model.zero_grad(set_to_none=True)
        tokens += inputs.numel()
        window_tokens += inputs.numel()
        counted[kind] = counted.get(kind, 0) + inputs.numel()
        losses.setdefault(kind, []).append(loss.detach())
        step += 1
        if step % 10 == 0 or o.smoke:
            torch.cuda.synchronize()
        if step % 200 == 0 or (o.smoke and step % 4 == 0):
            means = {k: round(torch.stack(v).mean().item(), 3) for k, v in losses.items()}
            speed = window_tokens / (time.time() - window)
            flops = 6 * sum(p.numel() for p in model.parameters()) * speed
            say(f"step {step} {clock.share:5.1%} rate {rate:.1e} loss {means} {speed / 1e3:.0f}k tokens/s ({flops / 1e12:.0f} TFLOP/s), rows {({k: len(f) for k, f in feeds.items()})}")
            window, window_tokens, losses = time.time(), 0, {}
        if not saved_stable and share > 1 - o.decay:
            torch.save(model.state_dict(), os.path.join(work, "stable.pt"))
            saved_stable = True
    torch.save(model.state_dict(), os.path.join(work, "final.pt"))
    return {"steps": step, "tokens": tokens, "tokens_by_kind": counted, "seconds": round(time.time() - clock.begin, 1)}


class Jobs:
    """Rows that worker processes are making."""

    def __init__(self, pool, corpus, o):
        if o.smoke:
            plan = [("talk", corpus.generated_rows, (o.seed, n, 512)) for n in range(3)] + [("long", corpus.generated_rows, (o.seed, 10 ** 6, 1024))]
        else:
            talk = [("talk", corpus.generated_rows, (o.seed, n, 512)) for n in range(1800)]
            long = [("long", corpus.generated_rows, (o.seed, 10 ** 6 + n, 1024)) for n in range(120)]
            plan = long[:8] + [job for i, job in enumerate(talk) for job in ([job, long[8 + i // 16]] if i % 16 == 0 and 8 + i // 16 < len(long) else [job])]
        self.results = [(kind, pool.apply_async(function, (arguments,))) for kind, function, arguments in plan]

    def collect(self, feeds):
        """Takes over what is ready."""
        import numpy as np
        ready = [(kind, r) for kind, r in self.results if r.ready()]
        if not ready or (len(ready) < 20 and len(self.results) > 20 and len(feeds["talk"])):
            return
        self.results = [(kind, r) for kind, r in self.results if not any(r is done for _, done in ready)]
        for wanted in ("talk", "long"):
            got = [r.get() for kind, r in ready if kind == wanted]
            if got:
                feeds[wanted].add(np.concatenate([g[0] for g in got]), np.concatenate([g[1] for g in got]))


def pieces(path, out):
    """Copies a file, cut into pieces where it is too large for one."""
    name = os.path.basename(path)
    with open(path, "rb") as file:
        data = file.read()
    if len(data) <= PIECE:
        shutil.copy(path, out)
        return
    for number, first in enumerate(range(0, len(data), PIECE)):
        with open(os.path.join(out, f"{name}.part{number}"), "wb") as piece:
            piece.write(data[first:first + PIECE])


def main():
    o = options()
    os.makedirs(o.work, exist_ok=True)
    import corpus
    tokenizer_path = os.path.join(o.work, "tokenizer.json")
    if not os.path.exists(tokenizer_path):
        corpus.train_tokenizer(o.corpus, tokenizer_path)
    say("tokenizer is there")
    # Worker processes are started afresh: those of a process that has used the tokenizers' threads or CUDA could hang.
    pool = multiprocessing.get_context("spawn").Pool(2 if o.smoke else o.workers, corpus.start, (o.corpus, tokenizer_path))
    jobs_of_persona = [pool.apply_async(corpus.persona_rows, ((talks, 512),)) for talks in [list(corpus.persona_talks(o.corpus))[: (200 if o.smoke else None)]]]
    rows, held = read_corpus(pool, o, corpus)
    say(f"rows of 1,024: { {k: len(v) for k, v in rows.items()} }, held out { {k: len(v) for k, v in held.items()} }")
    jobs = Jobs(pool, corpus, o)

    import numpy as np
    import torch
    import generate
    from model import Npc, Shape
    from tokenizers import Tokenizer
    torch.manual_seed(o.seed)
    torch.backends.cuda.matmul.allow_tf32 = False
    device = "cuda"
    tokenizer = Tokenizer.from_file(tokenizer_path)
    shape = Shape()
    if tokenizer.get_vocab_size() != shape.vocabulary:
        sys.exit(f"the tokenizer has {tokenizer.get_vocab_size()} words, not {shape.vocabulary}")
    model = Npc(shape).to(device)
    count = sum(p.numel() for p in model.parameters())
    say(f"{count:,} parameters on {torch.cuda.get_device_name()}")
    if o.resume:
        model.load_state_dict(torch.load(os.path.join(o.work, "stable.pt"), map_location=device))
    feeds = {kind: Feed(device, o.seed + i) for i, kind in enumerate(("text", "talk", "long", "chat"))}
    text_rows = np.concatenate(list(rows.values()))
    feeds["text"].add(text_rows[np.random.default_rng(o.seed).permutation(len(text_rows))])
    feeds["chat"].add(*jobs_of_persona[0].get())

    ending = 20 if o.smoke else 75
    seconds = 600 if o.smoke else o.minutes * 60 - (time.time() - START) - ending
    report = {"name": NAME, "parameters": count, "shape": shape.to_dict(), "options": vars(o), "rows": {k: len(v) for k, v in rows.items()}}
    report["training"] = train(model, torch, o, feeds, jobs, o.work, seconds)
    report["training"]["talk_rows"] = {k: len(f) for k, f in feeds.items()}
    say(f"trained: {report['training']}")
    pool.terminate()
    finish(model, torch, o, corpus, generate, tokenizer, tokenizer_path, held, report)


def finish(model, torch, o, corpus, generate, tokenizer, tokenizer_path, held, report):
    """Measures, exports, and puts into --out what should travel."""
    from model import Npc
    out = o.out or os.path.join(o.work, "out")
    os.makedirs(out, exist_ok=True)
    plain = Npc(model.shape).to("cuda")
    plain.load_state_dict(model.state_dict())
    sets = generate.evaluation(o.corpus, 1)
    if o.smoke:
        sets = {name: rows[:32] for name, rows in sets.items()}
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "eval", "hand.jsonl"), encoding="utf-8") as file:
        sets["hand"] = [json.loads(line) for line in file]
    corpus.start(o.corpus, tokenizer_path)
    talk_ids, talk_mask = corpus.rows(sets["talks"], 1024)
    losses = lambda: {**{k: round(held_out_loss(plain, torch, v), 4) for k, v in held.items()}, "talk": round(held_out_loss(plain, torch, talk_ids, talk_mask), 4)}
    report["held_out_loss"] = losses()
    say(f"held-out loss (nats a token): {report['held_out_loss']}; perplexity {({k: round(math.exp(v), 2) for k, v in report['held_out_loss'].items()})}")
    report["sizes"] = {}
    best, weights = None, {}
    for recipe in RECIPES:
        path = os.path.join(o.work, f"lantern-{recipe}.gguf")
        weights[recipe] = export(model, tokenizer, path, recipe)
        load_weights(plain, torch, weights[recipe])
        size = os.path.getsize(path)
        report["sizes"][recipe] = {"bytes": size, "mib": round(size / 2 ** 20, 2), "loss": losses()}
        say(f"{recipe}: {report['sizes'][recipe]}")
        if size <= 25 << 20 and (best is None or report["sizes"][recipe]["loss"]["talk"] < report["sizes"][best]["loss"]["talk"]):
            best = recipe
    report["shipped"] = best
    with open(os.path.join(o.work, "answers.jsonl"), "w", encoding="utf-8") as log:
        for recipe in ("q8_0", best):
            load_weights(plain, torch, weights[recipe])
            report[f"figures_{recipe}"] = evaluate(plain, torch, tokenizer, sets, log)
            say(f"{recipe}: {json.dumps(report[f'figures_{recipe}'])}")
    texts = []
    for talk in sets["talks"][:2]:
        text = f"<|im_start|>system\n{talk['persona']}<|im_end|>\n"
        for turn in talk["turns"][:3]:
            text += f"<|im_start|>{turn['role']}\n{turn['text']}<|im_end|>\n"
        texts.append((text + "<|im_start|>assistant\n", True))
    texts += [("Once upon a time there was a miller who had three sons,", False), ("The lighthouse keeper's lamp cost 12 crowns - or so he said.\n\nIt's late.", False)]
    for recipe in ("f16", best):
        load_weights(plain, torch, weights[recipe])
        goldens(plain, torch, tokenizer, texts, os.path.join(o.work, f"logits-{recipe}.jsonl"))
    sample = [row["persona"] for row in sets["facts"][:20]] + [row["turns"][0]["text"] for row in sets["facts"][20:40]]
    sample += [t for t, _ in texts] + ["  two  spaces\n\n\nand lines\t tabs ", "caf\u00e9 na\u00efve \u65e5\u672c\u8a9e \U0001f642 \u2014 12345 they're I'LL don't", ""]
    token_goldens(tokenizer, sample, os.path.join(o.work, "tokens.jsonl"))
    with open(os.path.join(o.work, "report.json"), "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1)
    pieces(os.path.join(o.work, f"lantern-{best}.gguf"), out)
    pieces(os.path.join(o.work, "lantern-q8_0.gguf"), out)
    small = os.path.join(o.work, "small")
    os.makedirs(small, exist_ok=True)
    for name in ("report.json", "answers.jsonl", "tokens.jsonl", "logits-f16.jsonl", f"logits-{best}.jsonl", "tokenizer.json"):
        shutil.copy(os.path.join(o.work, name), small)
    shutil.make_archive(os.path.join(out, "small"), "gztar", small)
    say(f"done: {sorted(os.listdir(out))}")


if __name__ == "__main__":
    main()
