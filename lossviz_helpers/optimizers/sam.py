"""Sharpness-aware minimisation, `SAM`."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.optimizer import ParamsT

from .construction import accepts, make_optimizer
from .second_pass import recording_scalers, restoring_buffers, watching_modules


class SAM(torch.optim.Optimizer):
    """Sharpness-aware minimisation: step downhill using the gradient at the worst nearby point.

    One step, from the parameters w with gradient g = ∇L(w):

        ε = ρ · g / ‖g‖,    w ← base step at w, with the gradient ∇L(w + ε)

    (Foret et al. 2021, equation 2 and algorithm 1). It takes two gradients. Where g is zero or
    isn't finite there is no worst direction, and ε is zero.

    Args:
        params: as for any `torch.optim` optimiser.
        lr: learning rate of the base optimiser.
        rho: ρ, how far away the worst point is, in parameter units.
        base: the optimiser class that takes the step.
        rowwise: whether each row of a parameter is a model of its own, with its own ‖g‖; `descend`
            sets it for many starts, in every optimiser that has an option of this name.
        options: passed on to the base optimiser, such as `momentum=0.9`.

    Raises:
        ValueError: if rho isn't positive and finite.
        TypeError: if base isn't an optimiser class, or doesn't accept the options; if `step` is
            called without a closure.

    >>> w = torch.tensor([3.0, 4.0], requires_grad=True)
    >>> opt = SAM([w], lr=0.1, rho=5.0)
    >>> def closure():
    ...     opt.zero_grad()
    ...     loss = (w**2).sum() / 2  # ∇L = w, so w + ε is twice w
    ...     loss.backward()
    ...     return loss
    >>> opt.step(closure)
    tensor(12.5000, grad_fn=<DivBackward0>)
    >>> w.detach()  # w − 0.1 · 2w
    tensor([2.4000, 3.2000])

    Mixed precision: let the closure scale its loss, call `opt.step(closure)`, then
    `scaler.update()`. SAM notices the scaler and lets it take the base step, on gradients that are
    unscaled, and only if they are finite. To clip them, use `opt.base.register_step_pre_hook`.

    >>> scaler = torch.amp.GradScaler("cpu")
    >>> def closure():
    ...     opt.zero_grad()
    ...     with torch.autocast("cpu"):
    ...         loss = (w**2).sum() / 2
    ...     scaler.scale(loss).backward()
    ...     return loss
    >>> loss = opt.step(closure)  # instead of scaler.step(opt)
    >>> scaler.update()
    >>> w.detach()  # ‖w‖ was 4, so w + ε was 9/4 · w
    tensor([1.8600, 2.4800])
    """

    # makes a GradScaler call `step`, which then says that you should call it directly
    _step_supports_amp_scaling = True
    # set by GradScaler.step, and by nothing else
    grad_scale: Tensor | None
    found_inf: Tensor

    def __init__(
        self,
        params: ParamsT,
        lr: float,
        rho: float = 0.05,
        base: Callable[..., torch.optim.Optimizer] = torch.optim.SGD,
        rowwise: bool = False,
        **options: object,
    ):
        super().__init__(params, {"lr": lr, "rho": rho, "rowwise": rowwise})
        self.base = make_optimizer(base, self.param_groups, {"lr": lr, **options}, SAM, "base")
        if not accepts(self.base.step):
            raise TypeError(
                "base must use gradients that have already been computed, as torch.optim.SGD does, "
                f"got {type(self.base).__name__}, which needs a closure"
            )
        self.defaults |= self.base.defaults
        self._share()

    # a closure returns the loss, as PyTorch's documentation says; its stub says float
    def step(  # type: ignore[override]
        self, closure: Callable[[], Tensor] | None = None
    ) -> Tensor:
        """Take one step.

        Buffers that the model updates in training, such as the running statistics of batch
        normalisation, are updated once per step, at w; updates at w + ε are undone.

        Args:
            closure: computes the loss, calls `backward()`, returns the loss. It's called twice,
                and the gradients are cleared each time, even those accumulated before the step.

        Returns:
            The loss before the step.
        """
        if "grad_scale" in vars(self):  # left by GradScaler.step
            del self.grad_scale, self.found_inf
            raise TypeError(
                "SAM unscales its gradients itself, so call opt.step(closure) and scaler.update(), "
                "without scaler.step; the closure scales the loss: scaler.scale(loss).backward()"
            )
        if closure is None:
            raise TypeError(
                "SAM computes two gradients per step, so step() needs a closure that clears the "
                "gradients, computes the loss, calls backward() and returns the loss"
            )
        closure = torch.enable_grad()(closure)
        self.zero_grad()
        called: dict[int, nn.Module] = {}
        with watching_modules(lambda module: called.setdefault(id(module), module)):
            loss = closure()
        with (
            self._at_worst_point(),
            restoring_buffers(called.values()),
            recording_scalers() as scalers,
        ):
            self.zero_grad()
            closure()
        if len(scalers) > 1:
            raise ValueError(f"a closure can use one GradScaler, but this one used {len(scalers)}")
        for scaler in scalers:
            scaler.step(self.base)
        if not scalers:
            self.base.step()
        return loss

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group of parameters, which may have its own options, such as `rho`."""
        rho = param_group.get("rho", self.defaults["rho"])
        if not 0 < rho < math.inf:
            raise ValueError(
                f"rho must be positive and finite, got {rho}; to train without SAM, use the base "
                "optimiser"
            )
        super().add_param_group(param_group)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Load the state that `state_dict` returned, including that of the base optimiser."""
        super().load_state_dict(state_dict)
        self._share()

    def __getstate__(self) -> dict[str, Any]:
        return super().__getstate__() | {"base": self.base}

    def _share(self) -> None:
        """Share state and parameter groups, so that schedulers and checkpoints reach both."""
        self.base.state, self.base.param_groups = self.state, self.param_groups

    @contextmanager
    def _at_worst_point(self) -> Iterator[None]:
        """Move every parameter by ε while a block runs, and back even if it fails."""
        moving = [
            (p, group)
            for group in self.param_groups
            for p in group["params"]
            if p.grad is not None and p.numel()
        ]
        before = [p.detach().clone() for p, _ in moving]
        try:
            self._climb(moving)
            yield
        finally:
            with torch.no_grad():
                for (p, _), value in zip(moving, before, strict=True):
                    p.copy_(value)

    @torch.no_grad()
    def _climb(self, moving: list[tuple[Tensor, dict[str, Any]]]) -> None:
        """Add ε = ρ·g/‖g‖."""
        gradients = [_rows(p, len(p) if group["rowwise"] else 1) for p, group in moving]
        joint = _norms(
            [g for g, (_, group) in zip(gradients, moving, strict=True) if not group["rowwise"]]
        )
        for g, (p, group) in zip(gradients, moving, strict=True):
            norm = (_norms([g]) if group["rowwise"] else joint)[:, None]
            epsilon = torch.where(norm.isfinite(), group["rho"] * g / norm, 0)
            p = _real(p)
            p.add_(epsilon.view(p.shape))


def _real(t: Tensor) -> Tensor:
    """A complex tensor viewed as pairs of real numbers.

    PyTorch's gradient for complex tensors points uphill too.
    """
    return torch.view_as_real(t.resolve_conj()) if t.is_complex() else t


def _rows(parameter: Tensor, rows: int) -> Tensor:
    """A parameter's gradient as a real matrix, precise enough to be squared: float32 at least."""
    assert parameter.grad is not None
    gradient = _real(parameter.grad.to_dense())
    dtype = torch.promote_types(gradient.dtype, torch.float32)
    return gradient.to(dtype).reshape(rows, -1)


def _norms(parts: list[Tensor]) -> Tensor:
    """Norm of each row, with the parts concatenated; nan if it is zero or not finite.

    Squares of small numbers underflow, and those of large ones overflow. So all numbers are first
    divided by a power of two near the largest, which causes no rounding errors.
    """
    if not parts:
        return torch.empty(0)
    largest = torch.stack([part.abs().amax(dim=1) for part in parts]).amax(dim=0)
    unit = largest.log2().floor().exp2()
    squares = torch.zeros_like(unit)
    for part in parts:
        squares = squares + (part / unit[:, None]).square().sum(dim=1)
    return unit * squares.sqrt()
