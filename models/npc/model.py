"""The model as PyTorch sees it: Llama with RoPE over adjacent pairs, as GGUF's llama architecture has it."""

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class Shape:
    vocabulary: int = 8192
    width: int = 512
    layers: int = 12
    heads: int = 8
    kv_heads: int = 4
    head_size: int = 64
    feed_forward: int = 1280
    context: int = 1024
    epsilon: float = 1e-5
    rope_base: float = 10000.0

    def to_dict(self):
        return asdict(self)


def rope_table(shape, length, device):
    """[length, head size / 2] cosines and sines."""
    powers = torch.arange(0, shape.head_size, 2, device=device, dtype=torch.float64) / shape.head_size
    angles = torch.arange(length, device=device, dtype=torch.float64)[:, None] * shape.rope_base ** -powers[None, :]
    return angles.cos().float(), angles.sin().float()


def rotate(x, cos, sin):
    """x: [batch, length, heads, head size]; pairs of neighbours are rotated."""
    a, b = x.unflatten(-1, (-1, 2)).unbind(-1)
    cos, sin = cos[None, :, None, :], sin[None, :, None, :]
    return torch.stack((a * cos - b * sin, a * sin + b * cos), dim=-1).flatten(-2).to(x.dtype)


class Norm(nn.Module):
    def __init__(self, width, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x):
        wide = x.float()
        return wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.epsilon) * self.weight


class Block(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.shape, self.dropout = s, 0.0
        linear = lambda i, o: nn.Linear(i, o, bias=False)
        self.attn_norm = Norm(s.width, s.epsilon)
        self.attn_q = linear(s.width, s.heads * s.head_size)
        self.attn_k = linear(s.width, s.kv_heads * s.head_size)
        self.attn_v = linear(s.width, s.kv_heads * s.head_size)
        self.attn_output = linear(s.heads * s.head_size, s.width)
        self.ffn_norm = Norm(s.width, s.epsilon)
        self.ffn_gate = linear(s.width, s.feed_forward)
        self.ffn_up = linear(s.width, s.feed_forward)
        self.ffn_down = linear(s.feed_forward, s.width)

    def forward(self, x, cos, sin):
        s = self.shape
        batch, length, _ = x.shape
        h = self.attn_norm(x)
        q = rotate(self.attn_q(h).view(batch, length, s.heads, s.head_size), cos, sin).transpose(1, 2)
        k = rotate(self.attn_k(h).view(batch, length, s.kv_heads, s.head_size), cos, sin).transpose(1, 2)
        v = self.attn_v(h).view(batch, length, s.kv_heads, s.head_size).transpose(1, 2)
        group = s.heads // s.kv_heads
        k, v = k.repeat_interleave(group, dim=1), v.repeat_interleave(group, dim=1)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self._drop(self.attn_output(y.transpose(1, 2).reshape(batch, length, s.heads * s.head_size)))
        h = self.ffn_norm(x)
        return x + self._drop(self.ffn_down(F.silu(self.ffn_gate(h)) * self.ffn_up(h)))

    def _drop(self, x):
        return F.dropout(x, self.dropout, self.training) if self.dropout else x


class Npc(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocabulary, shape.width)
        self.blk = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = Norm(shape.width, shape.epsilon)
        self.tables = {}
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                scale = 0.02 / math.sqrt(2 * shape.layers) if name.endswith(("attn_output.weight", "ffn_down.weight")) else 0.02
                nn.init.normal_(parameter, std=scale)

    def hidden(self, ids):
        """[batch, length] -> [batch, length, width], normed."""
        return self.states(ids, ())[0]

    def states(self, ids, after, whole=True):
        """(hidden, [what comes out of so many blocks, for each of `after`]); where not `whole`, the blocks after those are left out."""
        length = ids.shape[1]
        key = (length, ids.device)
        if key not in self.tables:
            self.tables[key] = rope_table(self.shape, length, ids.device)
        cos, sin = self.tables[key]
        x, states = self.token_embd(ids), []
        for number, block in enumerate(self.blk if whole else self.blk[:max(after)], 1):
            x = block(x, cos, sin)
            if number in after:
                states.append(x)
        return self.output_norm(x), states

    def logits(self, hidden):
        return F.linear(hidden, self.token_embd.weight).float()


def head_loss(hidden, weight, targets):
    """Mean cross entropy over the targets that are not -100."""
    logits = F.linear(hidden, weight).float()
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)


def newton_schulz(g):
    """Brings each matrix of a stack near to the orthogonal one next to it (Jordan's quintic iteration, as in Muon)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g.bfloat16()
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        s = x @ x.mT
        x = a * x + (b * s + c * (s @ s)) @ x
    return x.mT if tall else x


class Muon:
    """Momentum whose steps are made orthogonal, for the matrices within the blocks; scaled so that AdamW's rates fit."""

    def __init__(self, parameters, momentum=0.95, decay=0.1):
        groups = {}
        for p in parameters:
            groups.setdefault(tuple(p.shape), []).append(p)
        self.groups = [(ps, torch.zeros(len(ps), *shape, device=ps[0].device)) for shape, ps in groups.items()]
        self.momentum, self.decay = momentum, decay

    @torch.no_grad()
    def step(self, rate):
        for parameters, buffer in self.groups:
            g = torch.stack([p.grad for p in parameters])
            buffer.lerp_(g, 1 - self.momentum)
            update = newton_schulz(g.lerp(buffer, self.momentum)).float()
            scale = 0.2 * math.sqrt(max(update.shape[-2:]))
            torch._foreach_mul_(parameters, 1 - rate * self.decay)
            torch._foreach_add_(parameters, list(update.unbind(0)), alpha=-rate * scale)
