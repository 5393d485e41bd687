"""The two phases of training: one model on all GPUs, then one on each. Time-boxed; a phase that was cut off goes on from its checkpoint."""

import contextlib
import os
import random
import time

import numpy as np
import torch
import torch.distributed as dist
from torch.nn import functional as F

import distil
import gguf
from model import Muon, Npc, Shape

CHECKPOINT_SECONDS = 60


class Feed:
    """Rows of one kind on the device, drawn at random."""

    def __init__(self, folder, kind, device, generator):
        self.generator, self.device = generator, device
        self.ids = torch.from_numpy(np.load(os.path.join(folder, kind + ".ids.npy")).view(np.int16)).to(device)
        path = os.path.join(folder, kind + ".mask.npy")
        self.mask = torch.from_numpy(np.load(path)).to(device) if os.path.exists(path) else None
        self.length = self.ids.shape[1] - 1

    def batch(self, count, first=None):
        """(inputs, targets, numbers of the rows) [count, length], of all or of the first rows; targets that are not learnt are -100."""
        pick = torch.randint(first or len(self.ids), (count,), generator=self.generator).to(self.device, non_blocking=True)
        rows = self.ids[pick].long()
        targets = rows[:, 1:]
        if self.mask is not None:
            targets = torch.where(self.mask[pick][:, 1:], targets, -100)
        return rows[:, :-1], targets.contiguous(), pick


def head_loss(hidden, weight, targets):
    """Mean cross entropy over the targets that are not -100."""
    logits = F.linear(hidden, weight).float()
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)


class Optimizer:
    """Muon for the matrices of the blocks, AdamW for the rest."""

    def __init__(self, model):
        named = list(model.named_parameters())
        self.matrices = [p for n, p in named if p.dim() == 2 and "blk" in n]
        self.others = [p for n, p in named if not (p.dim() == 2 and "blk" in n)]
        self.all = [p for _, p in named]
        self.muon = Muon(self.matrices)
        self.adam = torch.optim.AdamW(self.others, lr=1.0, betas=(0.9, 0.95), weight_decay=0.0, fused=True)

    def step(self, rate, ranks):
        if ranks > 1:
            flat = torch._utils._flatten_dense_tensors([p.grad for p in self.all])
            dist.all_reduce(flat, op=dist.ReduceOp.AVG)
            for p, grad in zip(self.all, torch._utils._unflatten_dense_tensors(flat, [p.grad for p in self.all])):
                p.grad.copy_(grad)
        for group in self.adam.param_groups:
            group["lr"] = rate
        torch.nn.utils.clip_grad_norm_(self.others, 1.0)
        self.muon.step(rate)
        self.adam.step()

    def state(self):
        return {"muon": [buffer for _, buffer in self.muon.groups], "adam": self.adam.state_dict()}

    def load(self, state):
        for (_, buffer), saved in zip(self.muon.groups, state["muon"]):
            buffer.copy_(saved)
        self.adam.load_state_dict(state["adam"])


def as_q4_0(weights):
    """The values that weights have when they are stored as Q4_0: blocks of 32 in a row, of 16 steps each."""
    blocks = weights.unflatten(-1, (-1, 32))
    extreme = blocks.gather(-1, blocks.abs().argmax(-1, keepdim=True))
    best, least = None, None
    for factor in (1.0, 0.93, 0.86):
        scale = (extreme / -8 * factor).half().float()
        stored = scale * (torch.where(scale != 0, blocks / scale, 0).add(8.5).floor().clamp(0, 15) - 8)
        error = (stored - blocks).square().sum(-1, keepdim=True)
        best, least = (stored, error) if best is None else (torch.where(error < least, stored, best), torch.minimum(error, least))
    return best.flatten(-2)


class Rounding:
    """While in use, the matrices of the blocks have the values that they will be stored with; the optimizer goes on from the exact ones.

    The gradient is taken as if nothing were rounded (the straight-through estimator of Bengio et al., 2013).
    """

    def __init__(self, matrices):
        self.groups = {}
        for p in matrices:
            self.groups.setdefault(tuple(p.shape), []).append(p)

    @torch.no_grad()
    def apply(self):
        self.exact = []
        for parameters in self.groups.values():
            stacked = torch.stack(parameters)
            self.exact.append(stacked)
            torch._foreach_copy_(parameters, list(as_q4_0(stacked).unbind(0)))

    def __enter__(self):
        self.apply()

    @torch.no_grad()
    def __exit__(self, *_):
        for parameters, stacked in zip(self.groups.values(), self.exact):
            torch._foreach_copy_(parameters, list(stacked.unbind(0)))


def load(model, path, device):
    if path.endswith(".gguf"):
        _, tensors = gguf.read(path)
        model.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in tensors.items()})
    else:
        model.load_state_dict(torch.load(path, map_location=device)["model"])


def run(name, rank, ranks, work, mix, seconds, rate_of, seed, say, start=None, dropout=0.0, rounded_from=None, teacher=None, hints_until=0.0, batch_tokens=65536, compiled=True, most_steps=None, pause=None):
    """Trains for `seconds` and returns (model, report). `mix`: {kind of rows: weight}; `rate_of`: the rate at a share of the time.

    Until the share `hints_until` of the time it also learns what the `teacher` (a GGUF) sees in the rows, less and less of it.
    From the share `rounded_from` of the time on the weights are trained as they will be stored, in Q4_0, and so they are returned.
    The checkpoint is WORK/`name`.pt; `start` names another, or a GGUF, to take the weights from. With several ranks, gradients are averaged over them.
    After `pause` seconds a run on one rank stops, to be gone on with.
    """
    device = f"cuda:{rank}"
    torch.cuda.set_device(rank)
    torch.manual_seed(seed)
    model = Npc(Shape()).to(device)
    optimizer = Optimizer(model)
    spent, step, tokens, counted = 0.0, 0, 0, {}
    path = os.path.join(work, name + ".pt")
    if os.path.exists(path):
        saved = torch.load(path, map_location=device)
        model.load_state_dict(saved["model"])
        optimizer.load(saved["optimizer"])
        spent, step, tokens, counted = saved["spent"], saved["step"], saved["tokens"], saved["counted"]
        say(f"{name}: goes on from {spent:.0f} of {seconds:.0f} s")
    elif start:
        load(model, start, device)
    for block in model.blk:
        block.dropout = dropout
    loss_of = head_loss
    if compiled:
        from torch import _dynamo
        # One entry a layer and shape at the worst; beyond the limit the compiler would silently give up.
        _dynamo.config.recompile_limit = 160
        for block in model.blk:
            block.compile(dynamic=False)
        loss_of = torch.compile(head_loss, dynamic=False)
    generator = torch.Generator().manual_seed(seed * 1000 + rank + step)
    feeds = {kind: Feed(os.path.join(work, "rows"), kind, device, generator) for kind in mix}
    kinds, weights = list(mix), list(mix.values())
    hints = distil.Hints(teacher, os.path.join(work, "rows"), kinds, model.shape.width, device, compiled) if teacher and spent < hints_until * seconds else None

    def save():
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state(), "spent": spent, "step": step, "tokens": tokens, "counted": counted}, path)

    begin = before = last_save = time.time()
    paused = False
    window, window_tokens, losses = time.time(), 0, {}
    share = torch.tensor([spent / seconds], device=device)
    rounding = Rounding(optimizer.matrices)
    while spent < seconds and not paused and (most_steps is None or step < most_steps):
        # Every rank draws the same kind, so that all have batches of one shape.
        kind = random.Random(f"{seed}/{step}").choices(kinds, weights)[0]
        feed = feeds[kind]
        hinting = max(0.0, 1 - spent / (hints_until * seconds)) if hints and hints.count(kind) else 0.0
        inputs, targets, pick = feed.batch(max(1, batch_tokens // feed.length), hints.count(kind) if hinting else None)
        with rounding if rounded_from is not None and spent >= rounded_from * seconds else contextlib.nullcontext():
            with torch.autocast("cuda", torch.bfloat16):
                hidden, states = model.states(inputs, [layer for layer, _ in distil.LAYERS])
                loss = loss_of(hidden, model.token_embd.weight, targets)
                unseen = hints.loss(kind, pick, states) if hinting else None
            (loss if unseen is None else loss + hinting * unseen).backward()
        rate = rate_of(min(1.0, spent / seconds), step)
        optimizer.step(rate, ranks)
        if hinting:
            hints.step(rate)
            losses.setdefault("unseen", []).append(unseen.detach())
        model.zero_grad(set_to_none=True)
        tokens += inputs.numel() * ranks
        window_tokens += inputs.numel() * ranks
        counted[kind] = counted.get(kind, 0) + inputs.numel() * ranks
        losses.setdefault(kind, []).append(loss.detach())
        step += 1
        if step % 10 == 0 or most_steps:
            if ranks > 1:
                # One clock for all: whoever decides alone when to stop would leave the others waiting.
                share.fill_(spent + time.time() - before)
                dist.broadcast(share, 0)
                spent, before = share.item(), time.time()
            else:
                torch.cuda.synchronize()
                now = time.time()
                spent, before = spent + now - before, now
                paused = pause is not None and now - begin > pause and spent < seconds
        if rank == 0 or ranks == 1:
            if step % 200 == 0 or most_steps:
                means = {k: round(torch.stack(v).mean().item(), 3) for k, v in losses.items()}
                speed = window_tokens / (time.time() - window)
                say(f"{name}: step {step} {min(1.0, spent / seconds):5.1%} loss {means} {speed / 1e3:.0f}k tokens/s")
                window, window_tokens, losses = time.time(), 0, {}
            if time.time() - last_save > CHECKPOINT_SECONDS:
                save()
                last_save = time.time()
    if rounded_from is not None and not paused:
        rounding.apply()
    if rank == 0 or ranks == 1:
        save()
    return model, {"steps": step, "tokens": tokens, "tokens_by_kind": counted, "seconds": round(spent, 1), "paused": paused}
