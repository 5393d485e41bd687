"""From texts to rows of tokens. Runs in worker processes, so nothing here needs PyTorch."""

import json
import lzma
import os
import random
import re
import zlib

import numpy as np

import generate
import written
from world import to_second_person

END_OF_TEXT, IM_START, IM_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SPECIALS = [END_OF_TEXT, IM_START, IM_END]
VOCABULARY = 8192
HELD_OUT_SHARE = 100  # one document in so many is held out

SHEETS_SHARE = 0.85  # of the conversations made of what was written by hand; in the talks it had to be guessed which sentence a question is about

_tokenizer, _talks, _sheets, _penned = None, [], [], []


def read(folder, name):
    with lzma.open(os.path.join(folder, name), "rt", encoding="utf-8") as file:
        return file.read()


def unwrap(text):
    """Printed lines joined to paragraphs."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)


def documents(folder):
    """All texts of the corpus, as (kind, text)."""
    for book in read(folder, "classic_tales.txt.xz").split("<|endofbook|>"):
        text = book.split("-------", 1)[-1]
        text = re.sub(r"[*_#]+", "", text)
        text = unwrap(text)
        text = re.sub(r"\n{3,}", "\n\n", text).replace("--", " - ").translate({0x2018: "'", 0x2019: "'", 0x201c: '"', 0x201d: '"', 0x2014: " - "}).strip()
        for i in range(0, len(text), 20000):
            yield "tales", text[i:i + 20000]
    for chat in read(folder, "self_dialogue.txt.xz").split("\n\n"):
        lines = [line.strip() for line in chat.splitlines() if line.strip()]
        if lines:
            yield "chats", "\n".join(line[0].upper() + line[1:] for line in lines)
    for line in read(folder, "fairytale_qa.jsonl.xz").splitlines():
        tale = json.loads(line)
        tale["sections"] = [unwrap(section) for section in tale["sections"]]
        yield "tales", "\n".join(tale["sections"])
        for qa in tale["questions"]:
            number = re.match(r"\d+", str(qa.get("section", "")))
            section = int(number.group()) - 1 if number else -1
            if 0 <= section < len(tale["sections"]) and len(tale["sections"][section]) < 2500 and qa["question"] and qa["answer"]:
                yield "tales", f"{tale['sections'][section]}\n\n{qa['question'].strip().capitalize()}\n{qa['answer'].strip().capitalize()}"


def is_held_out(text):
    return zlib.crc32(text[:200].encode()) % HELD_OUT_SHARE == 0


def persona_talks(folder):
    """The persona chats as conversations, from either side."""
    for line in read(folder, "persona_chat.jsonl.xz").splitlines():
        chat = json.loads(line)
        said = [re.match(r"User ([12]): (.+)", text) for text in chat["chat"]]
        if not all(said) or len(said) < 4:
            continue
        for us, them, facts in (("2", "1", chat["user2"]), ("1", "2", chat["user1"])):
            turns = [("assistant" if m.group(1) == us else "user", m.group(2).strip()) for m in said]
            while turns and turns[0][0] != "user":
                turns = turns[1:]
            if len(turns) < 2 or any(a[0] == b[0] for a, b in zip(turns, turns[1:])):
                continue
            persona = " ".join(to_second_person(re.sub(r"\bi\b", "I", f.strip())) for f in facts)
            yield {"persona": persona, "turns": [{"role": r, "text": t} for r, t in turns]}


def tale_talks(folder):
    """Questions about the tales as conversations with somebody who knows them."""
    for line in read(folder, "fairytale_qa.jsonl.xz").splitlines():
        tale = json.loads(line)
        sections = {}
        for qa in tale["questions"]:
            number = re.match(r"\d+", str(qa.get("section", "")))
            index = int(number.group()) - 1 if number else -1
            if 0 <= index < len(tale["sections"]) and qa["question"] and qa["answer"]:
                sections.setdefault(index, []).append(qa)
        for index, asked in sections.items():
            told = unwrap(tale["sections"][index]).strip()
            turns = []
            for qa in asked:
                answer = qa["answer"].strip()
                turns += [{"role": "user", "text": qa["question"].strip().capitalize()}, {"role": "assistant", "text": answer[:1].upper() + answer[1:].rstrip(" .") + "."}]
            if len(told) < 3000 and not is_held_out(told):
                yield {"persona": "You tell tales, and this is one that you know: " + told, "turns": turns}


def train_tokenizer(folder, path):
    """Byte-level BPE of 8,192 words with GPT-2's splitting of words."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=SPECIALS, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    generate.start(folder)

    def texts():
        sizes = {"tales": 14_000_000, "chats": 5_000_000}
        for number, (kind, text) in enumerate(documents(folder)):
            if sizes[kind] > 0 and (kind == "chats" or number % 3 == 0):
                sizes[kind] -= len(text)
                yield text
        for number in range(6):
            for talk in generate.block((99, number, 2000)):
                yield talk["persona"]
                for turn in talk["turns"]:
                    yield turn["text"]
        for talk in written.read():
            for _ in range(2):
                yield from talk.personas
                for exchange in talk.exchanges:
                    yield from exchange.questions + exchange.answers

    tokenizer.train_from_iterator(texts(), trainer)
    tokenizer.save(path)
    return tokenizer


def start(corpus, tokenizer_path, test=False, penned=()):
    """Makes a worker ready. `penned`: paths of sheets that the teacher wrote."""
    global _tokenizer, _talks, _sheets, _penned
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    from tokenizers import Tokenizer
    _tokenizer = Tokenizer.from_file(tokenizer_path)
    generate.start(corpus, test)
    everything = written.for_training()
    _talks, _sheets, _penned = [t for t in everything if not t.is_sheet], [t for t in everything if t.is_sheet], written.penned(penned)


def stream(texts):
    """Texts as one array of ids, each with an end of text behind it."""
    ids = []
    for encoding in _tokenizer.encode_batch(texts):
        ids += encoding.ids
        ids.append(0)
    return np.array(ids, np.uint16)


def rows(conversations, length):
    """(ids, mask): conversations packed into rows of length + 1, an end of text between two; the mask marks the character's words, and how a turn ends."""
    segments = []
    for talk in conversations:
        segments.append("system\n" + talk["persona"])
        segments += [f"{turn['role']}\n{turn['text']}" for turn in talk["turns"]]
    encoded = [e.ids for e in _tokenizer.encode_batch(segments)]
    newline = _tokenizer.encode("\n").ids
    head = len(_tokenizer.encode("assistant\n").ids)
    packed, at = [([], [])], 0
    for talk in conversations:
        mine = encoded[at:at + 1 + len(talk["turns"])]
        at += len(mine)
        row = [1, *mine[0], 2, *newline]
        marks = [False] * len(row)
        for turn, words in zip(talk["turns"], mine[1:]):
            if len(row) + len(words) + 3 > length:
                break
            is_ours = turn["role"] == "assistant"
            row += [1, *words, 2, *newline]
            marks += [False] * (1 + head) + [is_ours] * (len(words) - head + 1) + [False] * len(newline) if is_ours else [False] * (len(words) + 2 + len(newline))
        if not any(marks):
            continue
        if len(packed[-1][0]) + len(row) > length:
            packed.append(([], []))
        packed[-1][0].extend([*row, 0])
        packed[-1][1].extend([*marks, False])
    ids = np.zeros((len(packed), length + 1), np.uint16)
    mask = np.zeros((len(packed), length + 1), bool)
    for number, (row, marks) in enumerate(packed):
        ids[number, :len(row)] = row
        mask[number, :len(row)] = marks
    return ids, mask


def generated_rows(job):
    """One job of a worker: (seed, number, row length)."""
    seed, number, length = job
    return rows(generate.block((seed, number, int(length * 4.1))), length)


def written_rows(job):
    """As generated_rows, of talks and sheets: the job says first whether of those `written` by hand or of those `penned` by the teacher."""
    kind, seed, number, length = job
    rng = random.Random(f"{kind}/{seed}/{number}")
    draw = lambda: rng.choice(_penned if kind == "penned" else _sheets if rng.random() < SHEETS_SHARE else _talks)
    # Many are short: what a player asks first is asked most.
    return rows([written.converse(draw(), generate.world(), rng, int(length * 4.1 * rng.random() ** 1.5)) for _ in range(2 * generate.BLOCK)], length)


def held_written_rows(length):
    """Two conversations from each talk that is held out."""
    rng = random.Random("held/written")
    talks = [t for t in written.read() if written.is_held_out(t)]
    return rows([written.converse(talk, generate.world(), rng, int(length * 4.1)) for talk in talks for _ in range(2)], length)


def persona_rows(job):
    talks, length = job
    return rows(talks, length)
