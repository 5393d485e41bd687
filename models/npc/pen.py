"""A second pen: the teacher is trained on the sheets written by hand until it writes such sheets itself, and checks what it wrote.

Two things are learnt by one model: to write a sheet (a persona, and the questions that each of its sentences answers), and to find the sentence that a
question asks for. It then writes sheets in bulk, and a question is kept only where the sentence under which it was written is found again. The round
trip is that of synthetic question-answering corpora (Alberti et al., 2019).
"""

import os
import random
import re
import time
from dataclasses import dataclass, field

import written
from world import World, sentences

NOBODY = 0  # what a question finds that no sentence answers
MOST_SENTENCES = 9
MOST_TIMES = 7  # the teacher asks for questions about a sentence, a handful each time
SHEET_ROW, FIND_ROW = 1024, 192
_STRANGE = re.compile(r"[^\x20-\x7e]|https?:|[<>{}\[\]|]")


# what is learnt


def sheet_text(parts, questions, missing, rng):
    """A sheet as the teacher reads and writes it."""
    blocks = list(zip(parts, questions))
    if rng.random() < 0.5:
        rng.shuffle(blocks)  # so that questions can be asked for about any sentence
    lines = [about(parts, rng)]
    for part, asked in blocks:
        lines += [part, *("? " + q for q in asked)]
    return "\n".join([*lines, *("! " + q for q in missing)]) + "\n"


def about(parts, rng):
    words = sorted({w for part in parts for w in written.content_words(part) if len(w) > 3})
    return "About: " + ", ".join(rng.sample(words, min(len(words), rng.randint(2, 4))))


def find_text(parts, question):
    """What the number of a sentence follows."""
    return "\n".join([*(f"{i}. {part}" for i, part in enumerate(parts, 1)), "Player: " + question, "#"])


def varied(talk, world, rng):
    """(sentences, questions of each, questions that nothing answers) of a talk or sheet, with names and values exchanged."""
    exchange = written.replacement(talk, world, rng)
    parts = [exchange(part) for part in sentences(talk.personas[0])][:MOST_SENTENCES]
    questions, missing = [[] for _ in parts], []
    for block in talk.exchanges:
        if 0 <= block.source < len(parts):
            questions[block.source] += [exchange(q) for q in block.questions]
        elif any(written.score.declines(a) for a in block.answers):
            missing += [exchange(q) for q in block.questions]
    return parts, questions, missing


def examples(talk, world, rng):
    """(text of the sheet or None, [(text, number of the sentence)]) of one talk."""
    parts, questions, missing = varied(talk, world, rng)
    asked = sum(map(bool, questions))
    text = sheet_text(parts, questions, missing, rng) if asked >= 4 and asked >= len(parts) - 1 else None
    found = []
    for source, mine in enumerate(questions):
        for q in mine:
            order = [i for i in range(len(parts)) if rng.random() < 0.9 or i == source]
            if rng.random() < 0.08:
                order = [i for i in order if i != source]
            if rng.random() < 0.3:
                rng.shuffle(order)
            if len(order) > 1:
                found.append((find_text([parts[i] for i in order], written.in_haste(q, rng)), order.index(source) + 1 if source in order else NOBODY))
    found += [(find_text(parts, written.in_haste(q, rng)), NOBODY) for q in missing]
    return text, found


def lesson_rows(talks, world, tokenizer, epochs, seed):
    """Rows of ids for both lessons: packed sheets, and (ids, place of the answer, answer) of the questions."""
    import numpy as np
    rng = random.Random(f"pen/{seed}")
    stream, found = [], []
    for _ in range(epochs):
        for talk in rng.sample(talks, len(talks)):
            text, mine = examples(talk, world, rng)
            if text:
                stream += tokenizer.encode(text).ids + [0]
            found += mine
    count = len(stream) // (SHEET_ROW + 1)
    sheets = np.array(stream[:count * (SHEET_ROW + 1)], np.int64).reshape(count, -1)
    return sheets, *finding_rows(found, tokenizer)


def finding_rows(found, tokenizer):
    """(ids [n, FIND_ROW], lengths [n], answers [n], which of `found` fitted)."""
    import numpy as np
    encoded = tokenizer.encode_batch([text for text, _ in found])
    fits = [i for i, e in enumerate(encoded) if len(e.ids) <= FIND_ROW]
    ids = np.zeros((len(fits), FIND_ROW), np.int64)
    for row, i in enumerate(fits):
        ids[row, :len(encoded[i].ids)] = encoded[i].ids
    lengths = np.array([len(encoded[i].ids) for i in fits])
    digits = [tokenizer.encode(str(d)).ids[-1] for d in range(MOST_SENTENCES + 1)]
    return ids, lengths, np.array([digits[found[i][1]] for i in fits]), fits


# the teacher


def open_teacher(path, device):
    """(model, tokenizer) of a llama model in GGUF."""
    import gguf
    import torch
    from model import Npc, Shape
    metadata, tensors = gguf.read(path)
    get = lambda key: metadata["llama." + key]
    heads, width = get("attention.head_count"), get("embedding_length")
    shape = Shape(vocabulary=len(metadata["tokenizer.ggml.tokens"]), width=width, layers=get("block_count"), heads=heads, kv_heads=get("attention.head_count_kv"), head_size=width // heads,
                  feed_forward=get("feed_forward_length"), epsilon=get("attention.layer_norm_rms_epsilon"), rope_base=get("rope.freq_base"))
    model = Npc(shape)
    model.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in tensors.items()})
    return model.to(device), gguf.tokenizer_of(metadata)


def learn(model, tokenizer, talks, world, epochs, say, rank=0, ranks=1, seed=1, rate=3e-4, compiled=True):
    """Trains the teacher on both lessons; each rank learns from its part of every batch."""
    import torch
    import together
    from model import head_loss
    from torch.nn import functional as F
    sheets, ids, lengths, answers, _ = lesson_rows(talks, world, tokenizer, epochs, seed)
    device = next(model.parameters()).device
    say(f"pen: {len(sheets):,} rows of sheets and {len(ids):,} questions to learn, {epochs} times each")
    sheets, ids, ends, answers = (torch.from_numpy(a) for a in (sheets, ids, lengths - 1, answers))
    decayed = [p for p in model.parameters() if p.dim() == 2]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.1}, {"params": [p for p in model.parameters() if p.dim() < 2], "weight_decay": 0.0}], lr=rate, betas=(0.9, 0.95), **({"fused": True} if device.type == "cuda" else {}))

    sheet_loss = head_loss
    if compiled:
        for block in model.blk:
            block.compile(dynamic=False)
        sheet_loss = torch.compile(head_loss, dynamic=False)
    of_sheets, of_questions = 24, 192  # that one rank has in a batch
    rate *= ranks ** 0.5  # the batch is so many times as large
    jobs = [("sheet", i) for i in range(len(sheets) // (of_sheets * ranks))] + [("find", i) for i in range(len(ids) // (of_questions * ranks))]
    mine = lambda i, count: slice((i * ranks + rank) * count, (i * ranks + rank + 1) * count)
    random.Random(seed).shuffle(jobs)
    begin, means = time.time(), {"sheet": [], "find": []}
    for step, (kind, i) in enumerate(jobs):
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 30) * max(0.02, 1 - step / len(jobs))
        with torch.autocast(device.type, torch.bfloat16):
            if kind == "sheet":
                rows = sheets[mine(i, of_sheets)].to(device)
                loss = sheet_loss(model.hidden(rows[:, :-1]), model.token_embd.weight, rows[:, 1:])
            else:
                pick = mine(i, of_questions)
                last = model.hidden(ids[pick].to(device))[torch.arange(of_questions, device=device), ends[pick].to(device)]
                loss = F.cross_entropy(F.linear(last, model.token_embd.weight).float(), answers[pick].to(device))
        loss.backward()
        together.average_gradients(list(model.parameters()), ranks)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        means[kind].append(loss.detach())
        if (step + 1) % 100 == 0 or step + 1 == len(jobs):
            shown = {k: round(torch.stack(v).mean().item(), 3) for k, v in means.items() if v}
            say(f"pen: step {step + 1} of {len(jobs)}, loss {shown}, {time.time() - begin:.0f} s")
            means = {"sheet": [], "find": []}


def odds(model, tokenizer, asked, batch=512):
    """[n, MOST_SENTENCES + 1]: how likely each sentence is the one that is asked for. `asked`: [(sentences, question)]; rows that are too long are zeros."""
    import numpy as np
    import torch
    device = next(model.parameters()).device
    digits = torch.tensor([tokenizer.encode(str(d)).ids[-1] for d in range(MOST_SENTENCES + 1)], device=device)
    result = np.zeros((len(asked), MOST_SENTENCES + 1), np.float32)
    for first in range(0, len(asked), 65536):
        ids, lengths, _, fits = finding_rows([(find_text(*a), 0) for a in asked[first:first + 65536]], tokenizer)
        order = lengths.argsort()
        for i in range(0, len(ids), batch):
            # Batches have one of two shapes, so that the model is compiled for few.
            mine = order[i:i + batch]
            count, width = len(mine), FIND_ROW if lengths[mine[-1]] > FIND_ROW * 2 // 3 else FIND_ROW * 2 // 3
            rows, ends = torch.zeros(batch, width, dtype=torch.long), torch.zeros(batch, dtype=torch.long)
            rows[:count], ends[:count] = torch.from_numpy(ids[mine, :width]), torch.from_numpy(lengths[mine] - 1)
            with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
                last = model.hidden(rows.to(device))[torch.arange(batch, device=device), ends.to(device)]
                chances = torch.nn.functional.linear(last, model.token_embd.weight).float().softmax(-1)[:, digits]
            result[[first + fits[m] for m in mine]] = chances[:count].cpu().numpy()
    return result


# sheets in bulk


@dataclass
class Sheet:
    parts: list  # the sentences of the persona
    questions: list  # of each sentence
    missing: list  # questions that nothing answers
    head: list = field(default_factory=list)  # the lines that say what may be exchanged


def read_sheet(text, taboo):
    """What the teacher wrote as a sheet, or None where it is none. `taboo`: names that must not occur."""
    parts, questions, missing = [], [], []
    for line in text.strip().splitlines():
        line = line.strip()
        if not line or _STRANGE.search(line) or len(line) > 240:
            return None
        if line.startswith("!"):
            missing.append(line[1:].strip())
        elif line.startswith("?"):
            if not questions:
                return None
            questions[-1].append(line[1:].strip())
        elif missing or line[-1] not in ".!" or not line[0].isupper() or line in parts or len(sentences(line)) != 1:
            return None
        else:
            parts.append(line)
            questions.append([])
    whole = " ".join(parts)
    if not 4 <= len(parts) <= MOST_SENTENCES or sentences(whole) != parts or not any(re.match("You are", part) for part in parts) or taboo & set(re.findall(r"[A-Z][a-z]+", whole)):
        return None
    return Sheet(parts, [_unique(asked) for asked in questions], _unique(missing))


def sheet_of(talk):
    """A talk, or a sheet as it was read, with its questions."""
    parts = sentences(talk.personas[0])
    alternatives = "; ".join("/".join(options[0]) + "=" + "|".join("/".join(option) for option in options[1:]) for options in talk.alternatives)
    head = ["swap: " + ", ".join(f"{word}={kind}" for word, kind in talk.swaps.items()), "alt: " + alternatives]
    sheet = Sheet(parts, [[] for _ in parts], [], head if talk.swaps or talk.alternatives else [])
    for block in talk.exchanges:
        (sheet.questions[block.source] if block.source >= 0 else sheet.missing).extend(block.questions)
    return sheet


def read_sheets(path):
    """Sheets that were penned before."""
    with open(path, encoding="utf-8") as file:
        return [sheet_of(talk) for talk in written.parse_sheets(file.read(), os.path.basename(path))]


def _unique(asked):
    return [q for q in dict.fromkeys(asked) if 1 < len(q) < 120 and not _STRANGE.search(q)]


class Subjects:
    """What the teacher is asked to write sheets about."""

    def __init__(self, prompts, talks):
        self.prompts = prompts
        self.words = sorted({w for talk in talks for w in written.content_words(talk.personas[0]) if len(w) > 3})

    def draw(self, rng):
        of_world = lambda things: rng.choice(re.findall(r"[a-z]{4,}", rng.choice(things)["name"].lower()) or ["stone"])
        makers = (lambda: rng.choice(self.words), lambda: rng.choice(self.prompts.words), lambda: of_world(self.prompts.objects), lambda: of_world(self.prompts.characters))
        chosen = {rng.choices(makers, (4, 3, 2, 3))[0]() for _ in range(rng.randint(2, 4))}
        return "About: " + ", ".join(sorted(chosen)) + "\nYou are"


def repeated(work, seconds, is_enough=lambda: False):
    """Does a piece of work again and again while there is time for another, or until it is enough."""
    begin, longest = time.time(), 1.0
    while time.time() - begin + longest < seconds and not is_enough():
        started = time.time()
        work()
        longest = max(longest, time.time() - started)


def new_sheets(writer, subjects, taboo, rng, seconds, say):
    """Sheets about people whom the teacher makes up."""
    sheets, tried = [], 0

    def write():
        nonlocal tried
        for text, ended in writer.write([subjects.draw(rng) for _ in range(writer.count)]):
            text = "You are" + text
            sheet = read_sheet(text if ended else text[:text.rfind("\n") + 1], taboo)
            tried += 1
            if sheet:
                sheets.append(sheet)

    repeated(write, seconds)
    say(f"{len(sheets):,} sheets in {tried:,} texts")
    return sheets


def lines_after(mark, text, ended):
    """The lines with a mark that a text goes on with, of which the first has its mark already; a line that was cut off is left out."""
    lines = (mark + text).splitlines()
    for line in lines if ended else lines[:-1]:
        if not line.startswith(mark + " "):
            break
        yield line[2:].strip()


def more_questions(writer, talks, rng, seconds, say):
    """The talks as sheets, with questions that the teacher asks about each of their sentences."""
    sheets = []
    for talk in talks:
        sheet = sheet_of(talk)
        if len(sheet.parts) <= MOST_SENTENCES:
            sheets.append(Sheet(sheet.parts, [[] for _ in sheet.parts], [], sheet.head))
    spots = [(sheet, i) for sheet in sheets for i in range(len(sheet.parts))]
    rng.shuffle(spots)
    at = 0

    def write():
        nonlocal at
        mine = [spots[(at + i) % len(spots)] for i in range(writer.count)]
        at += writer.count
        for (sheet, i), written_text in zip(mine, writer.write([f"{about(sheet.parts, rng)}\n{sheet.parts[i]}\n?" for sheet, i in mine])):
            sheet.questions[i] += lines_after("?", *written_text)

    repeated(write, seconds, lambda: at >= MOST_TIMES * len(spots))
    for sheet in sheets:
        sheet.questions = [_unique(asked) for asked in sheet.questions]
    say(f"{sum(len(q) for sheet in sheets for q in sheet.questions):,} questions about {len(spots):,} sentences of {len(sheets):,} sheets, each asked for {at / len(spots):.1f} times")
    return sheets


def more_missing(writer, sheets, rng, seconds, say):
    """Adds questions that nothing answers to sheets that have questions."""
    order, at = rng.sample(sheets, len(sheets)), 0

    def write():
        nonlocal at
        mine = [order[(at + i) % len(order)] for i in range(writer.count)]
        at += writer.count
        shown = ["\n".join([about(sheet.parts, rng), *(line for part, asked in zip(sheet.parts, sheet.questions) for line in (part, *("? " + q for q in asked and [rng.choice(asked)]))), "!"]) for sheet in mine]
        for sheet, written_text in zip(mine, writer.write(shown)):
            sheet.missing += lines_after("!", *written_text)

    repeated(write, seconds, lambda: at >= 2 * len(sheets))
    for sheet in sheets:
        sheet.missing = _unique(sheet.missing)
    say(f"{sum(len(sheet.missing) for sheet in sheets):,} questions that nothing answers, each sheet gone through {at / len(sheets):.1f} times")


def write_sheets(corpus, path, talks, older, folder, seconds, rank, ranks, seed, say, epochs=2, compiled=True):
    """Learns together with the other ranks, then writes for `seconds` and checks: leaves FOLDER/penned-RANK.txt, sheets in the format of `sheets/`.

    `older`: sheets that were penned before, of which each rank checks a part again. They are not written about.
    """
    import torch
    import teacher
    import generate
    from together import ranks_together
    device = f"cuda:{rank}"
    torch.manual_seed(2000 * seed + rank)
    rng = random.Random(f"sheets/{seed}/{rank}")
    generate.start(corpus)
    strangers = World(corpus, True)
    taboo = {*strangers.given, *strangers.surnames, *strangers.towns}
    model, tokenizer = open_teacher(path, device)
    with ranks_together(rank, ranks):
        learn(model, tokenizer, [talk for talk in talks if talk.is_sheet], generate.world(), epochs, say if rank == 0 else lambda text: None, rank, ranks, seed, compiled=compiled)
    if rank == 0:
        measure(model, tokenizer, say)
    weights, mine = dict(model.named_parameters()), lambda text: say(f"pen {rank}: {text}")
    with torch.no_grad():
        begin, sheets, covered = time.time(), [], {tuple(sheet.parts) for sheet in older}
        uncovered = [talk for talk in talks if tuple(sentences(talk.personas[0])) not in covered]
        if uncovered:
            sheets = more_questions(teacher.Writer(path, 4096, 128, device, temperature=1.0, floor=0.04, weights=weights), uncovered, rng, 0.5 * seconds, mine)
            torch.cuda.empty_cache()
        writer = teacher.Writer(path, 3072, 640, device, temperature=0.8, floor=0.05, weights=weights)
        if sheets:
            more_missing(writer, sheets, rng, 0.15 * seconds, mine)
        sheets += new_sheets(writer, Subjects(teacher.Prompts(corpus), talks), taboo, rng, seconds - (time.time() - begin), mine)
        del writer
        torch.cuda.empty_cache()
    check(model, tokenizer, older[rank::ranks] + sheets, os.path.join(folder, f"penned-{rank}.txt"), mine)


def check(model, tokenizer, sheets, path, say, least=0.8):
    """Writes the sheets with the questions that are found again."""
    asked = [(sheet.parts, q, wanted) for sheet in sheets for wanted, mine in enumerate([sheet.missing, *sheet.questions]) for q in mine]
    chances = odds(model, tokenizer, [(parts, q) for parts, q, _ in asked])
    kept = iter(chances[range(len(asked)), [wanted for *_, wanted in asked]] >= least)
    sheets_kept, questions_kept = 0, 0
    with open(path, "w", encoding="utf-8") as file:
        for sheet in sheets:
            missing, *questions = [[q for q in mine if next(kept)] for mine in [sheet.missing, *sheet.questions]]
            answered = sum(map(len, questions))
            if answered < len(sheet.parts):
                continue
            lines = list(sheet.head)
            for part, mine in zip(sheet.parts, questions):
                lines += [part, *("? " + q for q in mine)]
            file.write("\n".join([*lines, *("! " + q for q in missing), "===", ""]))
            sheets_kept, questions_kept = sheets_kept + 1, questions_kept + answered
    say(f"{questions_kept:,} questions of {sum(wanted > 0 for *_, wanted in asked):,} found again, in {sheets_kept:,} sheets")


def measure(model, tokenizer, say):
    """How often the teacher finds the right sentence, in what was held out and in the questions that choose between runs."""
    import evaluate
    import generate
    rng, wanted, asked = random.Random(7), [], []
    for talk in written.read():
        if talk.is_sheet and written.is_held_out(talk):
            parts, questions, missing = varied(talk, generate.world(), rng)
            for number, mine in enumerate([missing, *questions]):
                asked += [(parts, q) for q in mine]
                wanted += [number] * len(mine)
    best = odds(model, tokenizer, asked).argmax(-1)
    right = {kind: [b == w for b, w in zip(best, wanted) if (w == NOBODY) == (kind == "nobody")] for kind in ("nobody", "somebody")}
    rows = [row for row in evaluate.read_set("dev") if len(sentences(row["persona"])) <= MOST_SENTENCES]
    dev = odds(model, tokenizer, [(sentences(row["persona"]), row["turns"][0]["text"]) for row in rows]).argmax(-1)
    good = []
    for row, number in zip(rows, dev):
        facts = row["turns"][1].get("fact")
        good.append(number > 0 and written.score.holds_any(sentences(row["persona"])[number - 1], facts) if facts else number == NOBODY)
    share = lambda marks: f"{sum(marks) / max(1, len(marks)):.1%} of {len(marks)}"
    say(f"pen: finds {share(right['somebody'])} held-out questions and {share(right['nobody'])} of those that nothing answers; dev {share(good)}")
