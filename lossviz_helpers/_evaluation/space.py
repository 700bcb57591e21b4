"""The space that a landscape is defined on: each of its points θ is a model."""

import copy
import warnings
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import _WeightNorm
from torch.nn.utils.parametrize import ParametrizationList

from .._checks.model import check_model, check_parameters
from .._inputs.points import as_points, described

# their scales aren't weights, whatever shape they have
NORMALISATIONS = (nn.modules.batchnorm._NormBase, nn.LayerNorm, nn.GroupNorm, nn.RMSNorm)


class Space:
    """All models of one architecture, as points.

    A point θ consists of all the trainable parameters of a model, flattened and concatenated in the
    order of `model.named_parameters()`. Frozen parameters and buffers stay as they are. The space
    makes its own copy of the model: it never changes yours, and later changes to yours have no
    effect on it.

    Args:
        model: any `torch.nn.Module` with trainable floating-point parameters.
        device: where to put models and points; None for where the model is.
        dtype: the dtype of the models, such as torch.bfloat16; None for the model's own.

    Attributes:
        model: the copy.
        P: number of parameters.
        names: the names of the trainable parameters, in the order in which they appear in a point.
        dtype: the dtype of points: that of the models, but at least float32, because steps and
            directions need the precision.
        precision: dtype of the models.
        device: where the models and points are.

    Raises:
        TypeError: if the model isn't a module.
        ValueError: if it has no trainable parameters, or some that can't be part of a point.

    >>> from lossviz_helpers import models
    >>> space = Space(models.model_1())
    >>> space.P, space.names
    (2, ['linear.weight'])
    >>> space.point(space.model_at(torch.tensor([3.0, 4.0])))
    tensor([3., 4.], dtype=torch.float64)
    """

    def __init__(
        self,
        model: nn.Module,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ):
        check_model(model)
        if dtype is not None:
            _check_real(model, dtype)
        self.model = copy.deepcopy(model).to(device=device, dtype=dtype)
        trainable = {n: p for n, p in self.model.named_parameters() if p.requires_grad}
        check_parameters(trainable)
        self.names = list(trainable)
        self._shapes = [p.shape for p in trainable.values()]
        self._sizes = [p.numel() for p in trainable.values()]
        self.P = sum(self._sizes)
        first = next(iter(trainable.values()))
        self.precision, self.device = first.dtype, first.device
        self.dtype = torch.promote_types(self.precision, torch.float32)
        # buffers that are measured again at each point, and whether we warned about others
        self._not_compared: list[str] = []
        self._warned = False

    def point(self, model: nn.Module | None = None) -> Tensor:
        """The point θ of a model.

        A point holds only trainable parameters: the model's frozen parameters and its buffers, such
        as the statistics of BatchNorm, may differ from those of the space.

        Args:
            model: a model of the same architecture; None for the space's own.

        Returns:
            Shape `(P,)`, detached copy.

        Raises:
            TypeError: if it isn't a model.
            ValueError: if the model has different trainable parameters.

        Warns:
            UserWarning: once, if buffers or frozen parameters of the model differ from those here.
        """
        if model is None:
            return self._point(self.model)
        if not isinstance(model, nn.Module):
            raise TypeError(
                f"L.point takes a model and returns its point, but got {described(model)}; pass a "
                "point of your own directly to L(θ)"
            )
        theta = self._point(model)
        self._warn_about_differences(model)
        return theta

    def _point(self, model: nn.Module) -> Tensor:
        found = {n: p for n, p in model.named_parameters() if n in self.names}
        shapes = [found[n].shape if n in found else None for n in self.names]
        if shapes != self._shapes:
            raise ValueError(
                f"expected a model with the {self.P} parameters of {type(self.model).__name__} "
                f"({', '.join(self.names)}), got {type(model).__name__} with "
                f"{sum(p.numel() for p in model.parameters())}"
            )
        return self._move(torch.cat([found[n].detach().flatten() for n in self.names]).clone())

    def _warn_about_differences(self, model: nn.Module) -> None:
        """Warn once if a model at the same point is a different function."""
        own = {**dict(self.model.named_buffers()), **dict(self.model.named_parameters())}
        theirs = {**dict(model.named_buffers()), **dict(model.named_parameters())}
        differ = [
            name
            for name, t in own.items()
            if name in theirs
            and name not in (*self.names, *self._not_compared)
            and not name.endswith("num_batches_tracked")  # only training uses it
            and not torch.equal(theirs[name].to(t), t)
        ]
        if differ and not self._warned:
            self._warned = True
            names = ", ".join(differ[:3] + ["…"] * (len(differ) > 3))
            remedy = "load the same values into both models first"
            if any("running_" in name for name in differ):
                remedy = 'Objective(…, statistics="own") measures those of BatchNorm at each point'
            warnings.warn(
                f"this {type(model).__name__} differs in {names} from the model of the "
                "landscape. A point holds only trainable parameters, so the loss at its point "
                f"uses the landscape's own values, and isn't the loss of this model; {remedy}",
                stacklevel=3,
            )

    def model_at(self, theta: Tensor) -> nn.Module:
        """A new model at the point θ of shape `(P,)`."""
        theta = self.check_point(theta)
        model = copy.deepcopy(self.model)
        with torch.no_grad():
            parameters = dict(model.named_parameters())
            for name, value in self.parameters_at(theta).items():
                parameters[name].copy_(value)
        return model

    def parameters_at(self, theta: Tensor) -> dict[str, Tensor]:
        """The model's parameters at a point of shape `(P,)`, by name, in their own shapes."""
        parts = theta.split(self._sizes)
        return {n: v.view(s) for n, v, s in zip(self.names, parts, self._shapes, strict=True)}

    def rounded(self, theta: Tensor) -> Tensor:
        """A point in the precision of the models."""
        return theta.to(self.precision)

    def initial_points(self, seeds: Sequence[int]) -> Tensor:
        """Fresh initial parameters, as the model's own layers draw them: one point per seed.

        Args:
            seeds: any integers. A seed gives the same point whatever the other seeds are.

        Returns:
            Shape `(len(seeds), P)`.

        Raises:
            ValueError: if some trainable parameter isn't initialised by a `reset_parameters`.

        >>> from lossviz_helpers import models
        >>> space = Space(models.model_3(seed=7))
        >>> bool((space.initial_points([7])[0] == space.point()).all())
        True
        """
        points = [self._initial_point(seed) for seed in seeds]
        return torch.stack(points) if points else self._move(torch.empty(0, self.P))

    @torch.no_grad()
    def _initial_point(self, seed: int) -> Tensor:
        model = copy.deepcopy(self.model).to("cpu", torch.float32)
        trainable = {n: p for n, p in model.named_parameters() if p.requires_grad}
        for p in trainable.values():
            p.fill_(torch.nan)
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(seed)
            for module in model.modules():
                if callable(reset := getattr(module, "reset_parameters", None)):
                    reset()
        for name, p in trainable.items():
            if p.isnan().any():
                raise ValueError(
                    f"can't initialise {name!r}, because no module's reset_parameters() does; "
                    "make the points yourself: torch.stack([L.point(my_model(seed)) for seed in …])"
                )
        return self._point(model)

    @property
    def filters(self) -> Tensor:
        """Which filter each parameter belongs to, for filter normalisation (Li et al. 2018).

        A filter is the weights that feed one unit: a row of a weight matrix, an output channel of a
        convolution, transposed or not. Parametrised weights (spectral_norm, orthogonal, the
        directions of weight_norm) are grouped like plain ones. Biases, the scales of
        normalisation layers and other vectors belong to none: Li et al. leave them as they are.
        The magnitudes of weight_norm, one number for each filter, belong to none either: as part of
        a filter they would defeat the purpose of normalisation, which makes v and 10·v look alike.

        Returns:
            Shape `(P,)`, int64: the number of the filter, or −1 for none.
        """
        numbers, count = [], 0
        for name, shape in zip(self.names, self._shapes, strict=True):
            units = _units(self.model, name, shape)
            if units is None:
                numbers.append(torch.full((shape.numel(),), -1))
                continue
            numbers.append(count + units.flatten())
            count += int(units.max()) + 1
        return torch.cat(numbers)

    def check_points(self, points: Tensor) -> Tensor:
        """Points in the space's dtype, on its device; ValueError unless `(..., P)`."""
        takes = f"{type(self.model).__name__} has points of shape (..., {self.P})"
        points = as_points(points, takes, many=True)
        if points.ndim == 0 or points.shape[-1] != self.P:
            raise ValueError(
                f"a point of {type(self.model).__name__} has {self.P} numbers, but got points of "
                f"shape {tuple(points.shape)}; expected (..., {self.P})"
            )
        return self._move(points.to(self.dtype))

    def check_point(self, theta: Tensor) -> Tensor:
        """One point, detached, as `check_points` returns it; ValueError unless `(P,)`."""
        theta = self.check_points(theta).detach()
        if theta.ndim != 1:
            raise ValueError(f"expected one point of shape ({self.P},), got {tuple(theta.shape)}")
        return theta

    def _move(self, values: Tensor, dtype: torch.dtype | None = None) -> Tensor:
        """Values on the space's device; floats in a dtype, by default that of points."""
        if values.is_floating_point():  # before moving: some devices don't support float64
            values = values.to(dtype or self.dtype)
        return values.to(self.device)


def _check_real(model: nn.Module, dtype: torch.dtype) -> None:
    for name, t in [*model.named_parameters(), *model.named_buffers()]:
        if t.is_complex():
            raise ValueError(
                f"{name} holds complex numbers, but dtype={dtype} would keep only their real "
                "parts; leave out dtype, and convert the other tensors beforehand"
            )


def _units(model: nn.Module, name: str, shape: torch.Size) -> Tensor | None:
    """Which unit of its layer each entry of a parameter feeds, as a tensor of the same shape.

    None for a vector.
    """
    path, _, role = name.rpartition(".")
    layer = owner = model.get_submodule(path)
    if isinstance(owner, ParametrizationList):  # its path is layer.parametrizations.weight
        path, _, role = path.rpartition(".")
        layer = model.get_submodule(path.rpartition(".")[0])
    vector = len(shape) < 2 or role.startswith("bias") or isinstance(layer, NORMALISATIONS)
    if vector or 0 in shape or _is_magnitude(owner, name.rpartition(".")[2], shape):
        return None
    units = torch.arange(shape[0])
    if isinstance(layer, nn.modules.conv._ConvTransposeNd) and shape == (
        layer.in_channels,
        layer.out_channels // layer.groups,
        *layer.kernel_size,
    ):
        # its rows are input channels, and each group of them feeds its own outputs
        group = units // (shape[0] // layer.groups)
        units = group[:, None] * shape[1] + torch.arange(shape[1])
    return units.view(*units.shape, *[1] * (len(shape) - units.ndim)).expand(shape)


def _is_magnitude(owner: nn.Module, role: str, shape: torch.Size) -> bool:
    """Whether a parameter scales the directions of a weight, like the magnitudes of weight_norm."""
    if not isinstance(owner, ParametrizationList):
        return False
    if isinstance(owner[0], _WeightNorm):
        return role == "original0"
    # a user's own parametrisation: one number for each row or column of a larger part
    largest = max((p.shape for p in owner.parameters(recurse=False)), key=torch.Size.numel)
    return (
        max(shape) == shape.numel() < largest.numel()
        and len(shape) == len(largest)
        and all(n in (1, m) for n, m in zip(shape, largest, strict=True))
    )
