"""Batch normalisation with statistics that are measured again at every point.

A point holds the weights of a model, but a BatchNorm layer in evaluation mode also has running
means and variances, which were measured at the end of training. Here each layer uses the mean and
the unbiased variance of the inputs that it gets, over all examples at once: what PyTorch would
store as running statistics if it measured them there.
"""

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn

BatchNorm = nn.modules.batchnorm._BatchNorm


class OwnStatistics(nn.Module):
    """A BatchNorm layer that uses the statistics of its own inputs.

    Args:
        norm: the layer whose weight, bias and ε it shares.

    >>> norm = OwnStatistics(nn.BatchNorm1d(2))
    >>> norm(torch.tensor([[1.0, 5.0], [3.0, 9.0]])).round(decimals=2)
    tensor([[-0.7100, -0.7100],
            [ 0.7100,  0.7100]], grad_fn=<RoundBackward1>)
    """

    def __init__(self, norm: BatchNorm):
        super().__init__()
        self.weight, self.bias, self.eps = norm.weight, norm.bias, norm.eps
        self._forward_hooks, self._forward_pre_hooks = norm._forward_hooks, norm._forward_pre_hooks

    def forward(self, x: Tensor) -> Tensor:
        mean, variance = statistics_of(x)
        h = (x - mean) * (variance + self.eps).rsqrt()
        if self.weight is not None:
            h = h * _as_channels(self.weight, x)
        return h if self.bias is None else h + _as_channels(self.bias, x)


def statistics_of(x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and unbiased variance of each channel (dim 1), in shapes that broadcast against x."""
    others = [dim for dim in range(x.ndim) if dim != 1]
    return x.mean(others, keepdim=True), x.var(others, keepdim=True)


def with_own_statistics(model: nn.Module) -> nn.Module:
    """A copy of a model whose BatchNorm layers measure their statistics in every call."""
    model = copy.deepcopy(model)
    if isinstance(model, BatchNorm):
        return OwnStatistics(model) if model.track_running_stats else model
    new = {
        module: OwnStatistics(module)
        for module in model.modules()
        if isinstance(module, BatchNorm) and module.track_running_stats
    }
    for module in list(model.modules()):
        for name, child in module._modules.items():
            if isinstance(child, BatchNorm) and child in new:
                module._modules[name] = new[child]
    return model


def running_buffers(model: nn.Module) -> list[str]:
    """Names of the buffers that hold the running statistics of a model's BatchNorm layers."""
    return [
        f"{name}.{buffer}".removeprefix(".")
        for name, module in model.named_modules()
        if isinstance(module, BatchNorm) and module.track_running_stats
        for buffer in ("running_mean", "running_var")
    ]


@torch.no_grad()
def measure(model: nn.Module, call: Callable[[nn.Module], object]) -> None:
    """Set the running statistics of a model to those that its layers have in a call.

    Args:
        model: its buffers are changed, and its BatchNorm layers use them from now on.
        call: calls the model, on all examples at once.
    """

    def set_statistics(norm: BatchNorm, inputs: tuple[Tensor]) -> None:
        for buffer, value in zip(
            (norm.running_mean, norm.running_var), statistics_of(inputs[0]), strict=True
        ):
            if buffer is not None:
                buffer.copy_(value.flatten())

    norms = [m for m in model.modules() if isinstance(m, BatchNorm) and m.track_running_stats]
    hooks = [norm.eval().register_forward_pre_hook(set_statistics) for norm in norms]
    try:
        call(model)
    finally:
        for hook in hooks:
            hook.remove()


def _as_channels(values: Tensor, x: Tensor) -> Tensor:
    return values.view(-1, *[1] * (x.ndim - 2))
