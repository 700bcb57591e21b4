"""What autograd knows about where tensors come from."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node

from .._inputs.examples import tensors_of


def _nodes(values: object) -> Iterator[Node]:
    """Every node of the autograd graph of the given tensors."""
    tensors = [t for t in tensors_of(values) if t.requires_grad]
    seen: set[Node] = set()
    nodes: list[Node | None] = [torch.autograd.graph.get_gradient_edge(t).node for t in tensors]
    while nodes:
        node = nodes.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        nodes.extend(before for before, _ in node.next_functions)
        yield node


def has_custom_backward(values: object) -> bool:
    """Whether a `torch.autograd.Function`, a custom backward pass, is in the tensors' graph."""
    return any(
        isinstance(node, torch.autograd.function.BackwardCFunction) for node in _nodes(values)
    )


def sources(values: object) -> list[Tensor]:
    """The leaf tensors with requires_grad that the given tensors were computed from."""
    variables = (getattr(node, "variable", None) for node in _nodes(values))
    return [variable for variable in variables if isinstance(variable, Tensor)]


def same_parameters(tensors: list[Tensor], model: nn.Module) -> list[str]:
    """Names of a model's trainable parameters that appear among the given tensors.

    Parameters of the model that it was copied from count too: they are recognised by having the
    same values. A tensor whose values are all the same, such as zeros, counts only if there are no
    others.
    """
    distinctive = [t for t in tensors if t.numel() and (t != t.flatten()[0]).any()] or tensors
    return [
        name
        for name, p in model.named_parameters()
        if p.requires_grad
        and any(p.shape == t.shape and torch.equal(p, t.detach().to(p)) for t in distinctive)
    ]
