"""A larger model writes plain English about characters, places, things and words: text that the small one learns the language from.

The teacher is a Llama model in GGUF (SmolLM2-135M-Instruct); thousands of texts are written at once, one token of each a step.
"""

import json
import lzma
import os
import random
import re
import time
from collections import Counter

import score
from world import article, is_test, load, sentences, to_second_person

WIDTH_STEP = 64  # attention reads the cache up to the next multiple
_STRANGE = re.compile(r"\b(as an ai|language model|smollm|hugging face|assistant|python|http)\b|[^\x00-\x7f]", re.IGNORECASE)


def _bare(name):
    return re.sub(r"^(a|an|the|some) ", "", name.strip().rstrip(".").lower())


class Prompts:
    """What the teacher is asked to write. Each prompt: (kind, system text or None, question)."""

    def __init__(self, corpus):
        of_training = lambda things: [thing for thing in things if not is_test(str(thing["id"]))]
        self.characters = [c for c in of_training(load(corpus, "light_characters.json.xz")) if c["char_type"] != "object" and len(c["name"]) < 30]
        self.rooms = of_training(load(corpus, "light_rooms.json.xz"))
        self.objects = load(corpus, "light_objects.json.xz")
        with lzma.open(os.path.join(corpus, "classic_tales.txt.xz"), "rt", encoding="utf-8") as file:
            counts = Counter(re.findall(r"(?<![\w'])[a-z]{3,12}(?![\w'])", file.read(30_000_000)))
        self.words = [word for word, _ in counts.most_common(7000)][250:]

    def draw(self, rng):
        who = rng.choice(self.characters)
        name = _bare(who["name"])
        room = rng.choice(self.rooms)
        place = room["description"].strip() if rng.random() < 0.3 and len(room["description"]) < 300 else room["name"]
        thing = _bare(rng.choice(self.objects)["name"])
        word, other = rng.choice(self.words), rng.choice(self.words)
        persona = " ".join(who["persona"])
        makers = (
            (8, "story", lambda: (None, f"Write a short story in plain words about {article(name)} and {article(thing)}. Use the words '{word}' and '{other}'.")),
            (5, "story", lambda: (None, f"Tell a story of a day in the life of {article(name)}. It takes place here: {place}")),
            (6, "talk", lambda: (None, f"Write a conversation between a traveller and {article(name)}. They talk about {article(thing)}. Each line begins with the name of the speaker.")),
            (4, "talk", lambda: (None, f"Write a dialogue in a fantasy world in which a player asks {article(name)} about {rng.choice(ASKED)}. Each line begins with the name of the speaker.")),
            (3, "asked", lambda: (None, f"What does {article(name)} do all day?")),
            (3, "asked", lambda: (None, f"What is {article(thing)} used for?")),
            (6, "asked", lambda: (None, f"Explain the word '{word}' in one or two simple sentences, and use it in three sentences of a story.")),
            (4, "asked", lambda: (None, f"Give five different sentences with the word '{word}' that people could say to each other.")),
            (3, "asked", lambda: (None, f"Say it in other words: {rng.choice(sentences(persona) or [persona])}")),
            (6, "persona", lambda: (to_second_person(persona), rng.choice(QUESTIONS))),
            (5, "read", lambda: (None, f"Read this: {persona}\nWrite three questions about this text, each with its answer.")),
        )
        pick = rng.random() * sum(weight for weight, *_ in makers)
        for weight, kind, make in makers:
            pick -= weight
            if pick < 0:
                return (kind, *make())
        raise AssertionError


ASKED = ["the way to the next town", "a quest", "the price of food and a room", "a lost ring", "a rumour", "the king", "a dangerous cave", "an old friend", "the weather", "a sick child", "a stolen horse",
         "the history of this place", "a monster", "work", "a secret", "a feast", "a journey by ship", "magic", "the war", "a family quarrel"]
QUESTIONS = ["Who are you?", "What do you do here?", "Tell me about your family.", "What are you afraid of?", "What do you want most?", "Where do you live?", "How was your day?", "What do you think of the king?",
             "Do you need help?", "What do you eat?", "Who is your best friend?", "Tell me a story from your life.", "What makes you angry?", "What do you know about this place?", "Why are you here?", "What do you do at night?"]


class Writer:
    """The teacher on one GPU: a cache of keys and values for `count` texts of at most `length` tokens. `weights`: others than those of the file."""

    def __init__(self, path, count, length, device, temperature=0.9, floor=0.06, weights=None):
        import gguf
        import torch
        from model import rope_table
        self.torch, self.device, self.count, self.length = torch, device, count, length
        self.temperature, self.floor = temperature, floor
        metadata, tensors = gguf.read(path)
        get = lambda key: metadata["llama." + key]
        self.layers, self.heads, self.kv_heads = get("block_count"), get("attention.head_count"), get("attention.head_count_kv")
        self.head_size, self.epsilon, base = get("rope.dimension_count"), get("attention.layer_norm_rms_epsilon"), get("rope.freq_base")
        weights = weights or {name: torch.from_numpy(values.copy()) for name, values in tensors.items()}
        self.weights = {name: values.detach().to(device, torch.bfloat16) for name, values in weights.items()}
        self.tokenizer = gguf.tokenizer_of(metadata)
        shape = type("Shape", (), {"head_size": self.head_size, "rope_base": base})
        self.cos, self.sin = (table.to(torch.bfloat16) for table in rope_table(shape, length, device))
        cache = lambda: torch.zeros(self.layers, count, self.kv_heads, length, self.head_size, dtype=torch.bfloat16, device=device)
        self.keys, self.values = cache(), cache()
        self.forced = torch.zeros(count, length + 1, dtype=torch.long, device=device)
        self.out = torch.zeros(count, length + 1, dtype=torch.long, device=device)
        self.token = torch.zeros(count, dtype=torch.long, device=device)
        self.at = torch.zeros(1, dtype=torch.long, device=device)
        self.graphs = {}

    def _norm(self, x, weight):
        wide = x.float()
        return (wide * self.torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.epsilon)).to(x.dtype) * weight

    def _rotate(self, x):
        cos, sin = self.cos[self.at][:, None], self.sin[self.at][:, None]
        a, b = x[..., 0::2], x[..., 1::2]
        return self.torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2)

    def _step(self, width):
        torch, w, n = self.torch, self.weights, self.count
        from torch.nn import functional as F
        x = w["token_embd.weight"][self.token]
        hidden = (torch.arange(width, device=self.device) > self.at)[None, None, :]
        for i in range(self.layers):
            p = f"blk.{i}."
            h = self._norm(x, w[p + "attn_norm.weight"])
            q = self._rotate(F.linear(h, w[p + "attn_q.weight"]).view(n, self.heads, self.head_size))
            k = self._rotate(F.linear(h, w[p + "attn_k.weight"]).view(n, self.kv_heads, self.head_size))
            v = F.linear(h, w[p + "attn_v.weight"]).view(n, self.kv_heads, self.head_size)
            self.keys[i].index_copy_(2, self.at, k[:, :, None])
            self.values[i].index_copy_(2, self.at, v[:, :, None])
            q = q.view(n * self.kv_heads, self.heads // self.kv_heads, self.head_size)
            keys, values = (c[i, :, :, :width].flatten(0, 1) for c in (self.keys, self.values))
            scores = torch.bmm(q, keys.mT) * self.head_size ** -0.5
            y = torch.bmm(scores.masked_fill(hidden, -60000.0).softmax(-1), values)
            x = x + F.linear(y.reshape(n, -1), w[p + "attn_output.weight"])
            h = self._norm(x, w[p + "ffn_norm.weight"])
            x = x + F.linear(F.silu(F.linear(h, w[p + "ffn_gate.weight"])) * F.linear(h, w[p + "ffn_up.weight"]), w[p + "ffn_down.weight"])
        head = w.get("output.weight", w["token_embd.weight"])
        odds = ((F.linear(self._norm(x, w["output_norm.weight"]), head).float() / self.temperature).softmax(-1))
        odds = torch.where(odds < self.floor * odds.amax(-1, keepdim=True), 0, odds)
        drawn = (odds / torch.empty_like(odds).exponential_()).argmax(-1)  # the exponential trick: one draw from each row
        self.at += 1
        forced = self.forced.index_select(1, self.at)[:, 0]
        self.token.copy_(torch.where(forced >= 0, forced, drawn))
        self.out.index_copy_(1, self.at, self.token[:, None])

    def _graph(self, width):
        torch = self.torch
        if width not in self.graphs:
            if not self.graphs:
                side = torch.cuda.Stream()
                with torch.cuda.stream(side):
                    for _ in range(2):
                        self._step(width)
                torch.cuda.current_stream().wait_stream(side)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph, pool=next(iter(self.graphs.values())).pool() if self.graphs else None):
                self._step(width)
            self.graphs[width] = graph
        return self.graphs[width]

    def write(self, prompts):
        """Goes on from each prompt. Returns (text, whether it came to its end) for each."""
        torch, length = self.torch, self.length
        ids = [e.ids[-(length - 64):] for e in self.tokenizer.encode_batch(list(prompts))]
        for width in range(WIDTH_STEP, length + 1, WIDTH_STEP):
            self._graph(width)
        forced = torch.full((self.count, length + 1), -1)
        for row, mine in enumerate(ids):
            forced[row, :len(mine)] = torch.tensor(mine)
        self.forced.copy_(forced)
        self.out.fill_(-1)
        self.out[:, 0] = self.token.copy_(self.forced[:, 0])
        self.at.zero_()
        for step in range(length):
            self._graph((step // WIDTH_STEP + 1) * WIDTH_STEP).replay()
        answers = []
        for row, mine in zip(self.out.tolist(), ids):
            said = row[len(mine):]
            ends = [said.index(end) for end in (0, 2) if end in said]
            answers.append((said[:min(ends)], True) if ends else (said, False))
        return list(zip(self.tokenizer.decode_batch([said for said, _ in answers]), [ended for _, ended in answers]))


def document(kind, system, question, text):
    """What the small model shall read of it, or None."""
    text = text.strip()
    if len(text) < 40 or _STRANGE.search(text) or score.loops(text):
        return None
    text = re.sub(r"\*\*|^#+ ", "", text, flags=re.MULTILINE)
    if kind in ("story", "talk"):
        return text
    if kind == "read":
        return question.removeprefix("Read this: ").split("\nWrite three")[0] + "\n\n" + text
    if kind == "persona":
        return f"{system}\n\n{question}\n{text}"
    return f"{question}\n{text}"


def whole(text, ended):
    """Cuts a text that did not end at the last end of a sentence."""
    if ended:
        return text
    cut = max(text.rfind(end) for end in (". ", "! ", "? ", ".\n", '."'))
    return text[:cut + 1] if cut > 0 else ""


def write_texts(corpus, teacher, folder, seconds, rank=0, seed=1, count=4096, length=448):
    """Writes documents as JSON lines, until the time is over. Runs in a process of its own for each GPU."""
    import torch
    torch.cuda.set_device(rank)
    torch.manual_seed(1000 * seed + rank)
    begin, kept, longest = time.time(), 0, 1.0
    prompts, rng = Prompts(corpus), random.Random(f"teacher/{seed}/{rank}")
    with torch.no_grad(), open(os.path.join(folder, f"taught-{rank}.jsonl"), "w", encoding="utf-8") as file:
        writer = Writer(teacher, count, length, f"cuda:{rank}")
        while time.time() - begin + longest < seconds:
            started = time.time()
            asked = [prompts.draw(rng) for _ in range(count)]
            shown = [f"<|im_start|>system\n{system or 'You are a writer.'}<|im_end|>\n<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n" for _, system, question in asked]
            for (kind, system, question), (text, ended) in zip(asked, writer.write(shown)):
                result = document(kind, system, question, whole(text, ended))
                if result:
                    kept += 1
                    file.write(json.dumps({"kind": kind, "text": result}) + "\n")
            longest = max(longest, time.time() - started)
            print(f"teacher {rank}: {kept:,} texts in {time.time() - begin:.0f} s", flush=True)
