"""Processes that learn one model together, one on each GPU."""

import contextlib
import os

import torch
import torch.distributed as dist


@contextlib.contextmanager
def ranks_together(rank, ranks):
    """Of `ranks` processes this one has the GPU of its `rank`."""
    torch.cuda.set_device(rank)
    if ranks > 1:
        os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29511")
        dist.init_process_group("nccl", rank=rank, world_size=ranks)
    yield
    if ranks > 1:
        dist.destroy_process_group()


@torch.no_grad()
def average(tensors, ranks):
    """Gives each rank the mean of what all ranks have in these tensors."""
    if ranks > 1:
        flat = torch._utils._flatten_dense_tensors(tensors)
        dist.all_reduce(flat)
        torch._foreach_copy_(tensors, list(torch._utils._unflatten_dense_tensors(flat / ranks, tensors)))


def average_gradients(parameters, ranks):
    average([p.grad for p in parameters], ranks)


def of_first(value, ranks, device):
    """A number as the first rank has it: whoever decides alone when to stop would leave the others waiting."""
    if ranks == 1:
        return value
    shared = torch.tensor([value], dtype=torch.float64, device=device)
    dist.broadcast(shared, 0)
    return shared.item()
