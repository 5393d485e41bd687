"""The two phases of training, each of one model on all GPUs. Time-boxed; a phase that was cut off goes on from its checkpoint."""

import contextlib
import os
import random
import time
from dataclasses import dataclass
from typing import Callable, Optional

import numpy as np
import torch
from torch.nn import functional as F

import distil
import gguf
from model import Muon, Npc, Shape, head_loss
from together import average_gradients, of_first

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
        average_gradients(self.all, ranks)
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


@dataclass
class Plan:
    """How a run trains. Its checkpoint is `work`/`name`.pt, from which it goes on."""
    name: str
    work: str
    mix: dict  # kind of rows: weight
    seconds: float
    rate_of: Callable  # the rate at a share of the time and a step
    seed: int = 1
    start: Optional[str] = None  # another checkpoint, or a GGUF, to take the weights from at first
    dropout: float = 0.0
    rounded_from: Optional[float] = None  # the share of the time from which on the weights are trained, and returned, as Q4_0 will store them
    teacher: Optional[str] = None  # a GGUF; what it sees in the rows is learnt too, less and less of it,
    hints_until: float = 0.0  # until this share of the time
    teacher_seconds: float = 0.0  # for which the teacher learns from the rows before that, in addition to `seconds`
    batch_tokens: int = 65536  # of one rank
    compiled: bool = True
    most_steps: Optional[int] = None
    pause: Optional[float] = None  # after so many seconds it stops, to be gone on with


def run(plan, rank, ranks, say):
    """Trains; returns (model, report)."""
    device = f"cuda:{rank}"
    torch.manual_seed(plan.seed)  # the same weights on every rank
    model = Npc(Shape()).to(device)
    optimizer = Optimizer(model)
    spent, step, tokens, counted = 0.0, 0, 0, {}
    path = os.path.join(plan.work, plan.name + ".pt")
    if os.path.exists(path):
        saved = torch.load(path, map_location=device)
        model.load_state_dict(saved["model"])
        optimizer.load(saved["optimizer"])
        spent, step, tokens, counted = saved["spent"], saved["step"], saved["tokens"], saved["counted"]
        say(f"{plan.name}: goes on from {spent:.0f} of {plan.seconds:.0f} s")
    elif plan.start:
        load(model, plan.start, device)
    for block in model.blk:
        block.dropout = plan.dropout
    loss_of = head_loss
    if plan.compiled:
        from torch import _dynamo
        # One entry a layer and shape at the worst; beyond the limit the compiler would silently give up.
        _dynamo.config.recompile_limit = 160
        for block in model.blk:
            block.compile(dynamic=False)
        loss_of = torch.compile(head_loss, dynamic=False)
    torch.cuda.manual_seed(plan.seed * 1000 + rank + step)  # what is dropped out is another on each rank, and so is what is drawn
    generator = torch.Generator().manual_seed(plan.seed * 1000 + rank + step)
    feeds = {kind: Feed(os.path.join(plan.work, "rows"), kind, device, generator) for kind in plan.mix}
    kinds, weights = list(plan.mix), list(plan.mix.values())
    hints = None
    if plan.teacher and spent < plan.hints_until * plan.seconds:
        hints = distil.Hints(plan.teacher, os.path.join(plan.work, "rows"), kinds, model.shape.width, device, rank, ranks, plan.compiled)
        hints.teach_talking(plan.teacher_seconds, plan.seed, say if rank == 0 else lambda text: None)

    def save():
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state(), "spent": spent, "step": step, "tokens": tokens, "counted": counted}, path)

    begin, before, last_save = spent, time.time(), time.time()
    paused = False
    window, window_tokens, losses = time.time(), 0, {}
    rounding = Rounding(optimizer.matrices)
    while spent < plan.seconds and not paused and (plan.most_steps is None or step < plan.most_steps):
        # Every rank draws the same kind, so that all have batches of one shape.
        kind = random.Random(f"{plan.seed}/{step}").choices(kinds, weights)[0]
        feed = feeds[kind]
        hinting = max(0.0, 1 - spent / (plan.hints_until * plan.seconds)) if hints and hints.count(kind) else 0.0
        inputs, targets, pick = feed.batch(max(1, plan.batch_tokens // feed.length), hints.count(kind) if hinting else None)
        with rounding if plan.rounded_from is not None and spent >= plan.rounded_from * plan.seconds else contextlib.nullcontext():
            with torch.autocast("cuda", torch.bfloat16):
                hidden, states = model.states(inputs, [layer for layer, _ in distil.LAYERS])
                loss = loss_of(hidden, model.token_embd.weight, targets)
                unseen = hints.loss(kind, pick, states) if hinting else None
            (loss if unseen is None else loss + hinting * unseen).backward()
        rate = plan.rate_of(min(1.0, spent / plan.seconds), step)
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
        if step % 10 == 0 or plan.most_steps:
            torch.cuda.synchronize()
            spent, before = of_first(spent + time.time() - before, ranks, device), time.time()
            paused = plan.pause is not None and spent - begin > plan.pause and spent < plan.seconds
        if rank == 0:
            if step % 200 == 0 or plan.most_steps:
                means = {k: round(torch.stack(v).mean().item(), 3) for k, v in losses.items()}
                speed = window_tokens / (time.time() - window)
                say(f"{plan.name}: step {step} {min(1.0, spent / plan.seconds):5.1%} loss {means} {speed / 1e3:.0f}k tokens/s")
                window, window_tokens, losses = time.time(), 0, {}
            if time.time() - last_save > CHECKPOINT_SECONDS:
                save()
                last_save = time.time()
    if plan.rounded_from is not None and not paused:
        rounding.apply()
    if rank == 0:
        save()
    return model, {"steps": step, "tokens": tokens, "tokens_by_kind": counted, "seconds": round(spent, 1), "paused": paused}
