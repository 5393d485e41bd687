#!/usr/bin/env python3
"""Trains the embedded NPC model: from the corpus to a GGUF file, on as many GPUs as there are.

  train.py CORPUS WORK --teacher smollm2-135m-instruct-q4_1.gguf     # everything
  train.py CORPUS WORK --teacher FILE --stage data                   # one stage at a time; each goes on where it was cut off
  train.py CORPUS WORK --teacher FILE --smoke                        # all of it, tiny, in a few minutes on one GPU

Stages: `pen` has the teacher learn to write sheets of questions, and write them (those of an earlier run, put into WORK as older-NAME.txt, it only checks
again); `data` makes the tokenizer, the teacher's plain texts, the rows of tokens, and where in them the teacher can hint; `pretrain` learns English; `tune`
learns to answer from a persona, with the loss on the character's words only, with one mixture after another, of which the best on eval/dev.jsonl is kept;
`finish` measures, exports and writes the reference outputs. WORK keeps everything; --out FOLDER gets what should travel, in pieces of at most 15 MiB.
"""

import argparse
import glob
import json
import lzma
import math
import multiprocessing
import os
import shutil
import time

START = time.time()
PIECE = 15 << 20
BATCH_TOKENS = 65536  # of one GPU; of several, each has half as many
STAGES = ("pen", "data", "pretrain", "tune", "finish")
PRETRAIN_MIX = {"corpus": 0.45, "taught": 0.28, "talk": 0.15, "written": 0.03, "tale": 0.06, "chat": 0.03}
HINTS_UNTIL = 0.6  # the share of the tuning until which the teacher hints, where there is a --teacher
ROUNDED_FROM = 0.8  # the share of the tuning from which on the weights are rounded as they will be stored
VARIANTS = {  # name: (mixture of rows, dropout, highest rate)
    "main": ({"written": 0.32, "penned": 0.34, "talk": 0.08, "long": 0.02, "tale": 0.02, "chat": 0.03, "corpus": 0.14, "taught": 0.05}, 0.2, 1.2e-3),
}


def say(text):
    print(f"[{time.time() - START:6.1f}s] {text}", flush=True)


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("work")
    parser.add_argument("--stage", choices=STAGES, help="only this one; all of them otherwise")
    parser.add_argument("--teacher", help="GGUF of the model that writes sheets and plain English, and hints while the small one is tuned")
    parser.add_argument("--teacher-seconds", type=float, default=100)
    parser.add_argument("--pen-seconds", type=float, default=120, help="how long the teacher writes sheets, once it can")
    parser.add_argument("--talk-blocks", type=int, default=400, help="generated talks, in blocks of 500")
    parser.add_argument("--written-blocks", type=int, default=800, help="conversations made of the talks and sheets written by hand, in blocks of 1,000")
    parser.add_argument("--penned-blocks", type=int, default=600, help="conversations made of the teacher's sheets, likewise")
    parser.add_argument("--pretrain-seconds", type=float, default=200)
    parser.add_argument("--pretrained", help="GGUF to tune, with its vocabulary, instead of what the stage `pretrain` left in WORK")
    parser.add_argument("--tune-seconds", type=float, default=1100)
    parser.add_argument("--talking-seconds", type=float, default=70, help="how long the teacher learns to talk from the rows before it hints, beyond --tune-seconds")
    parser.add_argument("--pause-after", type=float, help="seconds after which `tune` stops, to be gone on with by the same command")
    parser.add_argument("--variants", default=",".join(VARIANTS), help="names of mixtures to tune with, one after another")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 2))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", help="folder for the files to take home")
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--smoke", action="store_true")
    o = parser.parse_args()
    if o.smoke:
        o.talk_blocks, o.written_blocks, o.penned_blocks = 4, 2, 2
        o.pen_seconds, o.teacher_seconds, o.pretrain_seconds, o.talking_seconds, o.tune_seconds = 40, 20, 20, 20, 20
    return o


# the second pen


def pen_rank(rank, ranks, o):
    import pen
    import written
    older = [sheet for path in sorted(glob.glob(os.path.join(o.work, "older-*.txt"))) for sheet in pen.read_sheets(path)]
    pen.write_sheets(o.corpus, o.teacher, written.for_training(), older, o.work, o.pen_seconds, rank, ranks, o.seed, say, compiled=not o.no_compile)


def write_sheets(o, gpus):
    if not o.teacher:
        return say("no sheets by the teacher: there is no --teacher")
    spawn_ranks(pen_rank, gpus, o)
    if o.out:
        os.makedirs(o.out, exist_ok=True)
        for path in glob.glob(os.path.join(o.work, "penned-*.txt")):
            with open(path, "rb") as file, lzma.open(os.path.join(o.out, os.path.basename(path) + ".xz"), "wb", preset=1) as packed:
                shutil.copyfileobj(file, packed)


# data


def pack(streams, length):
    """Streams of ids cut into rows of length + 1."""
    import numpy as np
    everything = np.concatenate(streams)
    count = len(everything) // (length + 1)
    return everything[:count * (length + 1)].reshape(count, length + 1)


def save_rows(folder, kind, parts):
    """Writes rows that may have masks; says how many."""
    import numpy as np
    if isinstance(parts[0], tuple):
        np.save(os.path.join(folder, kind + ".mask.npy"), np.concatenate([mask for _, mask in parts]))
        parts = [ids for ids, _ in parts]
    rows = np.concatenate(parts)
    np.save(os.path.join(folder, kind + ".ids.npy"), rows)
    say(f"rows: {kind} {len(rows):,} of {rows.shape[1] - 1} tokens")


def in_groups(texts, size=200):
    return [texts[i:i + size] for i in range(0, len(texts), size)]


def make_data(o, gpus):
    import corpus
    import gguf
    tokenizer_path, folder = os.path.join(o.work, "tokenizer.json"), os.path.join(o.work, "rows")
    os.makedirs(folder, exist_ok=True)
    spawn = multiprocessing.get_context("spawn")
    writers = []
    if o.teacher:
        import teacher
        for rank in range(gpus):
            writers.append(spawn.Process(target=teacher.write_texts, args=(o.corpus, o.teacher, o.work, o.teacher_seconds, rank, o.seed)))
            writers[-1].start()
    if o.pretrained:
        gguf.tokenizer_of(gguf.read(o.pretrained)[0]).save(tokenizer_path)
    if not os.path.exists(tokenizer_path):
        corpus.train_tokenizer(o.corpus, tokenizer_path)
        say("tokenizer is there")
    # Worker processes are started afresh: those of a process that has used the tokenizers' threads or CUDA could hang.
    penned = sorted(glob.glob(os.path.join(o.work, "penned-*.txt")))
    with spawn.Pool(o.workers, corpus.start, (o.corpus, tokenizer_path, False, penned)) as pool:
        def missing(kind):
            return not os.path.exists(os.path.join(folder, kind + ".ids.npy"))

        if missing("corpus"):
            train, held = [], {"tales": [], "chats": []}
            for kind, text in corpus.documents(o.corpus):
                if corpus.is_held_out(text):
                    held[kind].append(text)
                else:
                    train.append(text)
            for kind, texts in held.items():
                save_rows(folder, "held-" + kind, [pack(pool.map(corpus.stream, in_groups(texts)), 1024)])
            save_rows(folder, "held-written", [pool.apply(corpus.held_written_rows, (512,))])
            save_rows(folder, "corpus", [pack(pool.map(corpus.stream, in_groups(train)), 1024)])
        jobs = {  # kind: (function, arguments of its jobs)
            "tale": (corpus.persona_rows, [(group, 1024) for group in in_groups(list(corpus.tale_talks(o.corpus)))]),
            "chat": (corpus.persona_rows, [(group, 512) for group in in_groups(list(corpus.persona_talks(o.corpus)))]),
            "written": (corpus.written_rows, [("written", o.seed, n, 512) for n in range(o.written_blocks)]),
            "penned": (corpus.written_rows, [("penned", o.seed, n, 512) for n in range(o.penned_blocks if penned else 0)]),
            "long": (corpus.generated_rows, [(o.seed, 10 ** 6 + n, 1024) for n in range(o.talk_blocks // 12 + 1)]),
            "talk": (corpus.generated_rows, [(o.seed, n, 512) for n in range(o.talk_blocks)]),
        }
        for kind, (function, arguments) in jobs.items():
            if arguments and missing(kind):
                save_rows(folder, kind, pool.map(function, arguments, chunksize=2))
        for writer in writers:
            writer.join()
            if writer.exitcode:
                raise SystemExit("the teacher failed")
        taught = []
        for path in sorted(glob.glob(os.path.join(o.work, "taught-*.jsonl"))):
            with open(path, encoding="utf-8") as file:
                taught += [json.loads(line)["text"] for line in file]
        if taught:
            save_rows(folder, "taught", [pack(pool.map(corpus.stream, in_groups(taught, 1000)), 1024)])
    if o.teacher:
        align_rows(o, folder, tokenizer_path, spawn)


def align_rows(o, folder, tokenizer_path, spawn):
    """Finds where in the rows the teacher can hint, for those kinds of which that is not known yet."""
    import distil
    import gguf
    is_there = lambda kind, part: os.path.exists(os.path.join(folder, f"{kind}.{part}.npy"))
    kinds = [kind for kind in distil.MOST_ROWS if is_there(kind, "ids") and not is_there(kind, "places")]
    if not kinds:
        return
    teachers_path = os.path.join(o.work, "teacher-tokenizer.json")
    gguf.tokenizer_of(gguf.read(o.teacher)[0]).save(teachers_path)
    with spawn.Pool(o.workers, distil.start, (tokenizer_path, teachers_path)) as pool:
        for kind in kinds:
            say(f"hints: {distil.align(folder, kind, pool):.1%} of the tokens of {kind} end where one of the teacher's does")


# training


def available(mix, work):
    return {kind: weight for kind, weight in mix.items() if os.path.exists(os.path.join(work, "rows", kind + ".ids.npy"))}


def shared_settings(o, ranks):
    return {"seed": o.seed, "batch_tokens": BATCH_TOKENS // min(ranks, 2), "compiled": not o.no_compile, "most_steps": 24 if o.smoke else None}


def pretrain_rank(rank, ranks, o):
    import training
    from together import ranks_together
    rate = lambda share, step: o.rate * min(1.0, (step + 1) / 200)
    with ranks_together(rank, ranks):
        model, report = training.run(training.Plan("pretrain", o.work, available(PRETRAIN_MIX, o.work), o.pretrain_seconds, rate, **shared_settings(o, ranks)), rank, ranks, say)
    if rank == 0:
        report["mix"] = PRETRAIN_MIX
        add_to_report(o, {"pretrain": report})
        keep_pretrained(o, model)


def keep_pretrained(o, model):
    """Measures what was learnt so far, and writes it as a GGUF that --pretrained takes."""
    import numpy as np
    import torch
    import evaluate
    import export
    from tokenizers import Tokenizer
    plain = evaluate.copy_of(model)
    for kind in ("tales", "chats"):
        loss = evaluate.held_out_loss(plain, torch, np.load(os.path.join(o.work, "rows", f"held-{kind}.ids.npy")))
        say(f"pretrain: held-out {kind}, {loss:.3f} nats a token, perplexity {math.exp(loss):.2f}")
    tokenizer_path, path = os.path.join(o.work, "tokenizer.json"), os.path.join(o.work, "pretrained-q8_0.gguf")
    export.write(plain, Tokenizer.from_file(tokenizer_path), path, "q8_0")
    if o.out:
        os.makedirs(o.out, exist_ok=True)
        pieces(path, o.out)
        shutil.copy(tokenizer_path, o.out)


def tune_rank(rank, ranks, o, name):
    import numpy as np
    import torch
    import evaluate
    import training
    from together import ranks_together
    from tokenizers import Tokenizer
    mix, dropout, highest = VARIANTS[name]
    rate = lambda share, step: highest * min(1.0, (step + 1) / 100) * max(0.01, 1 - share)
    with ranks_together(rank, ranks):
        plan = training.Plan("tune-" + name, o.work, available(mix, o.work), o.tune_seconds, rate, start=o.pretrained or os.path.join(o.work, "pretrain.pt"), dropout=dropout,
                             rounded_from=ROUNDED_FROM, teacher=o.teacher, hints_until=HINTS_UNTIL, teacher_seconds=o.talking_seconds, pause=o.pause_after, **shared_settings(o, ranks))
        model, report = training.run(plan, rank, ranks, say)
    if rank > 0 or report["paused"]:
        return
    plain = evaluate.copy_of(model)
    tokenizer = Tokenizer.from_file(os.path.join(o.work, "tokenizer.json"))
    with open(os.path.join(o.work, f"answers-{name}.jsonl"), "w", encoding="utf-8") as log:
        figures = evaluate.figures(plain, torch, tokenizer, {"held": evaluate.held_out_questions(1500), **{name: evaluate.read_set(name) for name in ("dev", "facts")}}, log)
    rows = [np.load(os.path.join(o.work, "rows", f"held-written.{part}.npy")) for part in ("ids", "mask")]
    figures["held_written_loss"] = round(evaluate.held_out_loss(plain, torch, *rows), 4)
    report.update(mix=mix, dropout=dropout, rate=highest, figures=figures)
    say(f"tune-{name}: {json.dumps(figures)}")
    with open(os.path.join(o.work, f"tune-{name}.json"), "w", encoding="utf-8") as file:
        json.dump(report, file)


def spawn_ranks(function, ranks, *arguments):
    import torch.multiprocessing as mp
    mp.spawn(function, (ranks, *arguments), nprocs=ranks)


def tune(o, gpus):
    names = o.variants.split(",")
    for name in names:
        report = os.path.join(o.work, f"tune-{name}.json")
        if not os.path.exists(report):
            spawn_ranks(tune_rank, gpus, o, name)
        if not os.path.exists(report):
            say("paused: the same command goes on")
            raise SystemExit(0)
    reports = {}
    for name in names:
        with open(os.path.join(o.work, f"tune-{name}.json"), encoding="utf-8") as file:
            reports[name] = json.load(file)
    best = max(names, key=lambda name: reports[name]["figures"]["dev"]["good"])
    say(f"kept: {best}, with {reports[best]['figures']['dev']['good']:.1%} good on eval/dev.jsonl")
    add_to_report(o, {"tune": reports, "kept": best})


# finish


def add_to_report(o, facts):
    path, report = os.path.join(o.work, "report.json"), {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
    report.update(facts)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1)
    return report


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


def finish(o):
    """Measures, exports, and puts into --out what should travel."""
    import numpy as np
    import torch
    import corpus
    import evaluate
    import export
    from model import Npc, Shape
    from tokenizers import Tokenizer
    out = o.out or os.path.join(o.work, "out")
    os.makedirs(out, exist_ok=True)
    report = add_to_report(o, {"name": export.NAME, "shape": Shape().to_dict()})
    tokenizer_path = os.path.join(o.work, "tokenizer.json")
    tokenizer = Tokenizer.from_file(tokenizer_path)
    model = Npc(Shape()).to("cuda")
    model.load_state_dict(torch.load(os.path.join(o.work, f"tune-{report['kept']}.pt"), map_location="cuda")["model"])
    plain = evaluate.copy_of(model)
    report["parameters"] = sum(p.numel() for p in model.parameters())
    say(f"{report['parameters']:,} parameters, {torch.cuda.get_device_name()}")
    sets = {name: evaluate.read_set(name) for name in ("facts", "unknown", "talks", "dev", "hand", "hand2")}
    if o.smoke:
        sets = {name: rows[:32] for name, rows in sets.items()}
    corpus.start(o.corpus, tokenizer_path)
    held = {kind: np.load(os.path.join(o.work, "rows", f"held-{kind}.ids.npy")) for kind in ("tales", "chats")}
    talk_ids, talk_mask = corpus.rows(sets["talks"], 1024)
    losses = lambda: {**{k: round(evaluate.held_out_loss(plain, torch, v), 4) for k, v in held.items()},
                      "talk": round(evaluate.held_out_loss(plain, torch, talk_ids, talk_mask), 4)}
    report["held_out_loss"] = losses()
    say(f"held-out loss (nats a token): {report['held_out_loss']}; perplexity {({k: round(math.exp(v), 2) for k, v in report['held_out_loss'].items()})}")
    report["sizes"] = {}
    best, weights = None, {}
    for recipe in export.RECIPES:
        path = os.path.join(o.work, f"lantern-{recipe}.gguf")
        weights[recipe] = export.write(model, tokenizer, path, recipe)
        export.load_weights(plain, torch, weights[recipe])
        size = os.path.getsize(path)
        loss = losses()
        report["sizes"][recipe] = {"bytes": size, "mib": round(size / 2 ** 20, 2), "loss": loss}
        say(f"{recipe}: {report['sizes'][recipe]}")
        if size <= 25 << 20 and (best is None or sum(loss.values()) < sum(report["sizes"][best]["loss"].values())):
            best = recipe
    report["shipped"] = best
    with open(os.path.join(o.work, "answers.jsonl"), "w", encoding="utf-8") as log:
        for recipe in ("f16", best):
            export.load_weights(plain, torch, weights[recipe])
            report[f"figures_{recipe}"] = evaluate.figures(plain, torch, tokenizer, sets, log)
            say(f"{recipe}: {json.dumps(report[f'figures_{recipe}'])}")
    texts = export.golden_texts(sets)
    for recipe in ("f16", best):
        export.load_weights(plain, torch, weights[recipe])
        export.goldens(plain, torch, tokenizer, texts, os.path.join(o.work, f"logits-{recipe}.jsonl"))
    export.token_goldens(tokenizer, texts, sets, os.path.join(o.work, "tokens.jsonl"))
    add_to_report(o, report)
    pieces(os.path.join(o.work, f"lantern-{best}.gguf"), out)
    small = os.path.join(o.work, "small")
    os.makedirs(small, exist_ok=True)
    for name in ("report.json", "answers.jsonl", "tokens.jsonl", "logits-f16.jsonl", f"logits-{best}.jsonl", "tokenizer.json"):
        shutil.copy(os.path.join(o.work, name), small)
    for name in os.listdir(o.work):
        if name.startswith("answers-"):
            shutil.copy(os.path.join(o.work, name), small)
    shutil.make_archive(os.path.join(out, "small"), "gztar", small)
    say(f"done: {sorted(os.listdir(out))}")


def main():
    o = options()
    os.makedirs(o.work, exist_ok=True)
    import torch
    gpus = torch.cuda.device_count()
    torch.backends.cuda.matmul.allow_tf32 = False
    for stage in [o.stage] if o.stage else STAGES:
        say(f"stage {stage}, {gpus} GPU(s)")
        if stage == "pen":
            write_sheets(o, gpus)
        elif stage == "data":
            make_data(o, gpus)
        elif stage == "pretrain":
            spawn_ranks(pretrain_rank, gpus, o)
        elif stage == "tune":
            tune(o, gpus)
        else:
            finish(o)


if __name__ == "__main__":
    main()
