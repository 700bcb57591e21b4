"""Optimisers beside those of `torch.optim`: sharpness-aware minimisation."""

import math
from collections.abc import Callable

import torch
from torch import Tensor


class SAM(torch.optim.Optimizer):
    """Sharpness-aware minimisation: step downhill by the gradient of the worst point near by.

    One step, from the parameters w with gradient g = ∇L(w):

        ε = ρ · g / ‖g‖,    w ← base step at w, with the gradient ∇L(w + ε)

    which is Foret et al. 2021, equation 2 and algorithm 1. It costs two gradients.

    Args:
        params: as for any `torch.optim` optimiser.
        lr: learning rate of the base optimiser.
        rho: ρ, how far away the worst point is sought, in parameter units.
        base: the optimiser class that takes the step.
        rowwise: whether each row of a parameter is a model of its own, with its own ‖g‖; `descend`
            sets it for many starts, in every optimiser that has an option of this name.
        options: passed on to the base optimiser, such as `momentum=0.9`.

    Raises:
        ValueError: if rho is not positive and finite.
        TypeError: if `step` is called without a closure.

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
    """

    def __init__(
        self,
        params,
        lr: float,
        rho: float = 0.05,
        base: Callable[..., torch.optim.Optimizer] = torch.optim.SGD,
        rowwise: bool = False,
        **options,
    ):
        super().__init__(params, {"lr": lr, "rho": rho, "rowwise": rowwise})
        self.base = base(self.param_groups, lr=lr, **options)
        self.defaults |= self.base.defaults
        self._share()

    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor:
        """One step.

        Args:
            closure: clears the gradients, computes the loss, calls `backward()`, returns the loss.

        Returns:
            The loss before the step.
        """
        if closure is None:
            raise TypeError(
                "SAM computes two gradients a step, so step() needs a closure that clears the "
                "gradients, computes the loss, calls backward() and returns the loss"
            )
        closure = torch.enable_grad()(closure)
        loss = closure()
        before = self._to_worst_point()
        try:
            closure()
        finally:  # also after Ctrl-C the parameters are those before the step
            with torch.no_grad():
                for p, value in before:
                    p.copy_(value)
        self.base.step()
        return loss

    def add_param_group(self, param_group: dict) -> None:
        """Add parameters, with options of their own if they have any, such as `rho`."""
        rho = param_group.get("rho", self.defaults["rho"])
        if not 0 < rho < math.inf:
            raise ValueError(
                f"rho must be positive and finite, got {rho}; without it use the base optimiser"
            )
        super().add_param_group(param_group)

    def load_state_dict(self, state_dict: dict) -> None:
        """Take up the state that `state_dict` gave, that of the base optimiser included."""
        super().load_state_dict(state_dict)
        self._share()

    def __getstate__(self) -> dict:
        return super().__getstate__() | {"base": self.base}

    def _share(self) -> None:
        """One state and one list of parameters for both: schedulers and checkpoints reach both."""
        self.base.state, self.base.param_groups = self.state, self.param_groups

    @torch.no_grad()
    def _to_worst_point(self) -> list[tuple[Tensor, Tensor]]:
        """Move every parameter by ε = ρ·g/‖g‖; return the parameters with their values before."""
        moving = [(p, g) for g in self.param_groups for p in g["params"] if p.grad is not None]
        before = [(p, p.detach().clone()) for p, _ in moving]
        joint = sum(p.grad.square().sum() for p, group in moving if not group["rowwise"])
        for p, group in moving:
            rows = p.grad.square().flatten(1).sum(1) if group["rowwise"] else joint
            # where the gradient vanishes there is no worst direction, and ε vanishes too
            norm = rows.sqrt().clamp(min=1e-12)
            if group["rowwise"]:
                norm = norm.view(-1, *[1] * (p.ndim - 1))
            p.add_(group["rho"] * p.grad / norm)
        return before
