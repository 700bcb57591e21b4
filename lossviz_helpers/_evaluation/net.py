"""A model as a function of its parameters and of inputs."""

from collections.abc import Callable
from functools import partial

from torch import Tensor, nn
from torch.func import functional_call

from .._inputs.examples import arguments
from .threads import OfThread
from .tracing import shell_of


class Net:
    """A model as a function of its parameters and of inputs.

    Args:
        model: any module.
        steps: functions that make its parameters of a point, one after the other.
    """

    def __init__(self, model: nn.Module, *steps: Callable):
        self._model, self._steps, self._own = model, steps, OfThread()
        self._places = places_of(model)

    def of_thread(self) -> Callable:
        """A function of a point θ of shape `(P,)` and of inputs that returns the outputs.

        Each thread calls a copy of the model, for a call puts other parameters into it for a while.
        """
        if not hasattr(self._own, "model"):
            self._own.model = shell_of(self._model)
        return partial(_outputs, self._own.model, self._places, self._steps)


def places_of(model: nn.Module) -> dict[str, str]:
    """Every place of a model that holds a parameter, and the name that the parameter has.

    A module with two names is one place, for what is put there by one name is there by the other.
    Two modules that share a parameter are two places.

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


def _outputs(
    model: nn.Module, places: dict[str, str], steps: tuple[Callable, ...], theta: Tensor, x
):
    parameters = theta
    for step in steps:
        parameters = step(parameters)
    given = {place: parameters[name] for place, name in places.items() if name in parameters}
    positional, by_name = arguments(x)
    # places are told one by one: with tie_weights a module of two names would keep what is put in
    return functional_call(model, given, positional, by_name, tie_weights=False)
