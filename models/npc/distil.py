"""What the teacher sees in a text: the small model's hidden states learn to tell the teacher's, at the places where tokens of both end.

That numbing and brandy go together no talk of ours says; a model that has read a few thousand times as much has it in its hidden states. The hint
from layer to layer is that of FitNets (Romero et al., 2015); a teacher that has learnt the task first is that of TinyBERT (Jiao et al., 2020).
"""

import os
import random
import time

import numpy as np

LAYERS = ((4, 10), (9, 22))  # so many of the small model's blocks are to know what so many of the teacher's do
MOST_ROWS = {"written": 250_000, "penned": 250_000, "talk": 60_000, "corpus": 60_000, "taught": 60_000}  # that are aligned, of each kind
_NOWHERE = -1

_student, _student_lengths, _teacher, _teacher_lengths = None, None, None, None


# rows for both


def start(student_path, teacher_path):
    """Makes a worker ready: paths of both tokenizers."""
    global _student, _student_lengths, _teacher, _teacher_lengths
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    from tokenizers import Tokenizer
    _student, _teacher = Tokenizer.from_file(student_path), Tokenizer.from_file(teacher_path)
    # A character of a byte-level token is a byte.
    _student_lengths, _teacher_lengths = (np.array([len(t.id_to_token(i)) for i in range(t.get_vocab_size())]) for t in (_student, _teacher))


def aligned(rows):
    """(the teacher's ids [n, 5/4 of the length], the teacher's token that ends where each of ours does [n, length], or -1) of rows of length + 1."""
    length = rows.shape[1] - 1
    ids = np.zeros((len(rows), length * 5 // 4), np.uint16)
    places = np.full((len(rows), length), _NOWHERE, np.int16)
    used = [row[:1 + np.flatnonzero(row).max(initial=0)] for row in rows[:, :length]]
    texts = _student.decode_batch([row.tolist() for row in used], skip_special_tokens=False)
    for i, (row, text, encoded) in enumerate(zip(used, texts, _teacher.encode_batch(texts))):
        ends = _student_lengths[row].cumsum()
        if not text.isascii() or ends[-1] != len(text):
            continue
        theirs = np.array(encoded.ids[:ids.shape[1]])
        their_ends = _teacher_lengths[theirs].cumsum()
        place = np.searchsorted(their_ends, ends).clip(max=len(theirs) - 1)
        ids[i, :len(theirs)] = theirs
        places[i, :len(row)] = np.where(their_ends[place] == ends, place, _NOWHERE)
    return ids, places


def align(folder, kind, pool):
    """Leaves FOLDER/KIND.teacher.npy and .places.npy beside the first rows of a kind; returns the share of tokens that end together."""
    rows = np.load(os.path.join(folder, kind + ".ids.npy"), mmap_mode="r")[:MOST_ROWS[kind]]
    parts = pool.map(aligned, [rows[i:i + 500] for i in range(0, len(rows), 500)])
    ids, places = (np.concatenate(arrays) for arrays in zip(*parts))
    np.save(os.path.join(folder, kind + ".teacher.npy"), ids)
    np.save(os.path.join(folder, kind + ".places.npy"), places)
    return float((places >= 0).sum() / max(1, (rows[:, :-1] != 0).sum()))


# training


class Hints:
    """The teacher, and how the small model's hidden states are compared with its. No checkpoint keeps it: after a pause all of it is learnt anew."""

    def __init__(self, path, folder, kinds, width, device, rank, ranks, compiled):
        import torch
        import pen
        import together
        self.torch, self.together, self.rank, self.ranks, self.device, self.compiled = torch, together, rank, ranks, device, compiled
        self.teacher, _ = pen.open_teacher(path, device)
        self.teacher.requires_grad_(False).eval()
        if compiled:
            for block in self.teacher.blk:
                block.compile(dynamic=False)
        self.rows = {}
        for kind in kinds:
            paths = [os.path.join(folder, f"{kind}.{part}.npy") for part in ("teacher", "places")]
            if all(map(os.path.exists, paths)):
                self.rows[kind] = [torch.from_numpy(np.load(path).view(np.int16)).to(device) for path in paths]
        self.told = torch.nn.ModuleList(torch.nn.Linear(width, self.teacher.shape.width) for _ in LAYERS).to(device)
        self.optimizer = torch.optim.AdamW(self.told.parameters(), lr=1.0, betas=(0.9, 0.95), weight_decay=0.0)
        self.scales = None

    def teach_talking(self, seconds, seed, say, batch=32, rate=3e-4):
        """Has the teacher learn for `seconds` to speak as the rows of talks do: what it then sees in them is also which sentence is asked for."""
        from model import head_loss
        torch = self.torch
        kinds = [kind for kind in ("written", "penned", "talk") if kind in self.rows]
        parameters = list(self.teacher.requires_grad_(True).parameters())
        optimizer = torch.optim.AdamW(parameters, lr=rate, betas=(0.9, 0.95), weight_decay=0.01, fused=True)
        generator = torch.Generator().manual_seed(seed * 1000 + self.rank)
        loss_of = torch.compile(head_loss, dynamic=False) if self.compiled else head_loss
        begin, spent, step, losses = time.time(), 0.0, 0, []
        while kinds and spent < seconds:
            ids = self.rows[random.Random(f"talking/{seed}/{step}").choice(kinds)][0]
            ids = ids[torch.randint(len(ids), (batch,), generator=generator).to(self.device)].long() & 0xffff
            targets = ids.roll(-1, 1)
            targets[:, -1] = 0
            with torch.autocast("cuda", torch.bfloat16):
                loss = loss_of(self.teacher.hidden(ids), self.teacher.token_embd.weight, torch.where(targets > 0, targets, -100))
            loss.backward()
            self.together.average_gradients(parameters, self.ranks)
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1.0, (step + 1) / 30) * max(0.02, 1 - spent / seconds)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(loss.detach())
            step += 1
            if step % 10 == 0:
                torch.cuda.synchronize()
                spent = self.together.of_first(time.time() - begin, self.ranks, self.device)
            if step % 100 == 0:
                say(f"hints: the teacher learns to talk, step {step}, {spent:.0f} s, loss {torch.stack(losses).mean().item():.3f}")
                losses = []
        self.teacher.requires_grad_(False)

    def count(self, kind):
        """How many rows of a kind have hints."""
        return len(self.rows[kind][0]) if kind in self.rows else 0

    def loss(self, kind, pick, states):
        """Mean square of what is not told, in units of the teacher's variance. `states`: after each of LAYERS, of the rows `pick`."""
        torch = self.torch
        ids, places = (rows[pick].long() for rows in self.rows[kind])
        ids &= 0xffff
        known = places >= 0
        with torch.no_grad():
            _, theirs = self.teacher.states(ids, [layer for _, layer in LAYERS], whole=False)
            theirs = [_normed(t.gather(1, places.clamp(min=0)[..., None].expand(-1, -1, t.shape[-1]))) for t in theirs]
            if self.scales is None:
                self.scales = [(t[known].mean(0), t[known].std(0)) for t in theirs]
                self.together.average([t for pair in self.scales for t in pair], self.ranks)
            theirs = [((t - mean) / std).clamp(-5, 5) for t, (mean, std) in zip(theirs, self.scales)]
        total = 0
        for told, ours, wanted in zip(self.told, states, theirs):
            total = total + ((told(_normed(ours)).float() - wanted).square().mean(-1) * known).sum()
        return total / (len(theirs) * known.sum().clamp(min=1))

    def step(self, rate):
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.together.average_gradients(list(self.told.parameters()), self.ranks)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)


def _normed(x):
    import torch
    wide = x.float()
    return wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + 1e-5)
