"""A model as a function of its parameters and of inputs."""

from collections.abc import Callable
from typing import Any, Protocol

from torch import Tensor, nn
from torch.func import functional_call

from .._inputs.examples import arguments, at_least_float32
from .threads import ThreadLocal
from .tracing import copy_sharing_tensors


class LossAt(Protocol):
    """The loss as a function of a point, inputs and targets."""

    def __call__(self, theta: Tensor, x: object, y: object) -> Tensor: ...


class Net:
    """A model as a function of a point θ of shape `(P,)` and of inputs.

    Args:
        model: any module.
        steps: functions, applied one after the other, that turn a point into the model's
            parameters by name.
    """

    def __init__(self, model: nn.Module, *steps: Callable[[Any], Any]):
        self.model, self._steps = model, steps
        self._places, self._own = places_of(model), ThreadLocal()

    def outputs_at(self) -> Callable[[Tensor, object], object]:
        """The function `(θ, x) ↦ outputs`, for this thread."""
        model = self._thread_local()

        def outputs_at(theta: Tensor, x: object) -> object:
            positional, by_name = arguments(x)
            return functional_call(model, self._at(theta), positional, by_name, tie_weights=False)

        return outputs_at

    def loss_at(self, loss: Callable[..., Tensor]) -> LossAt:
        """The function `(θ, x, y) ↦ loss(model_θ(x), y)`, for this thread."""
        model = self._thread_local()

        def loss_at(theta: Tensor, x: object, y: object) -> Tensor:
            positional, by_name = arguments(x)
            # with tie_weights, a module with two names would keep the parameters put into it
            outputs = functional_call(
                model, self._at(theta), positional, by_name, tie_weights=False
            )
            return loss(at_least_float32(outputs), y).reshape(())

        return loss_at

    def _thread_local(self) -> nn.Module:
        """The thread's own copy: during a call, other parameters are put into it."""
        if not hasattr(self._own, "model"):
            self._own.model = copy_sharing_tensors(self.model)
        model: nn.Module = self._own.model
        return model

    def _at(self, theta: Tensor) -> dict[str, Tensor]:
        """The parameters at a point, by their position in the model."""
        parameters: Any = theta
        for step in self._steps:
            parameters = step(parameters)
        return {place: parameters[n] for place, n in self._places.items() if n in parameters}


def places_of(model: nn.Module) -> dict[str, str]:
    """Every place in a model that holds a parameter, and the name of that parameter.

    A module with two names is one place: a parameter set under one name is also set under the
    other. Two modules that share a parameter are two places.

    >>> a, b = nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False)
    >>> b.weight = a.weight
    >>> places_of(nn.Sequential(a, b, a))
    {'0.weight': '0.weight', '1.weight': '0.weight'}
    """
    names = {id(p): name for name, p in model.named_parameters()}
    return {
        f"{module_name}.{name}".removeprefix("."): names[id(p)]
        for module_name, module in model.named_modules()
        for name, p in module._parameters.items()
        if p is not None
    }
