"""A model's modules without its tensors, and its code as a graph."""

import copy

from torch import fx, nn


def copy_sharing_tensors(model: nn.Module) -> nn.Module:
    """A copy of a model's modules that shares their parameters and buffers."""
    tensors = [*model.parameters(), *model.buffers()]
    return copy.deepcopy(model, {id(t): t for t in tensors})


def traced(model: nn.Module) -> fx.GraphModule | None:
    """A model's code as a graph; None if it depends on the data, or if hooks add to it."""
    if any(m._forward_hooks or m._forward_pre_hooks for m in model.modules()):
        return None
    try:
        net = fx.symbolic_trace(copy_sharing_tensors(model))  # tracing changes the copy
    except Exception:  # whatever a model's own code raises when it gets a proxy instead of a tensor
        return None
    known = {*dict(model.named_parameters(remove_duplicate=False)), *dict(model.named_buffers())}
    # anything computed during tracing, such as a penalty, would stay constant
    constants = any(n.op == "get_attr" and n.target not in known for n in net.graph.nodes)
    return None if constants else net
