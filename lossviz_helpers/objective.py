"""The landscape itself: `Objective(model, data, loss)` is a function of a point θ.

Everything that makes it fast lives here, so that nothing above needs to know: many points are
evaluated as one stack of models (`torch.func.vmap`), in chunks that fit the processor's cache, on
as many threads as the model can use.
"""

import copy
import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import joblib
import psutil
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.utils._pytree import tree_leaves, tree_map
from torch.utils.flop_counter import FlopCounterMode

from .checks import (
    check_calls,
    check_examples_apart,
    check_loss,
    check_mode,
    check_model,
    check_parameters,
    is_a_mean,
)
from .engine import OfThread, PlainAttention, UnitsFirst, keep_memory
from .examples import Examples, arguments, call, summable
from .fingerprints import contents
from .folding import Folded
from .losses import CHART, Loss
from .stacking import Chain

# The largest layer output of one stack, by kind of device. On a processor: small enough to stay in
# its caches, large enough that the cost of a call is spread over many points.
STACK_BYTES = {"cpu": 2**21, "cuda": 2**28, "mps": 2**26}
MIN_BATCH = 32  # fewer examples at once cost more in calls than they save in cache
TRIED = 48  # examples on which a model and its loss are tried before they are trusted
LAYERS_ALIVE = 4  # layer outputs that exist at once while a model is evaluated

# A chunk of a scan is worth some ten milliseconds: long against the cost of handing it out and
# keeping it, short for someone who waits or has to do it again.
CHUNK_FLOPS = {"cpu": 2**31, "cuda": 2**37, "mps": 2**34}
ELEMENT_FLOPS = 100  # what an element of the largest layer output costs beside matrix products

# For less work at once a second thread costs more than it gives, up to 90 times more when the
# threads contend for cores.
MANY_FLOPS = 2**30


class Objective:
    """The loss of a model on data, as a function `L(θ)` of its parameters.

    A point θ is all trainable parameters of the model, flattened and joined in the order of
    `model.named_parameters()`. Frozen parameters and buffers stay as they are.

    The model is copied when the objective is made: nothing that happens here changes it, and
    nothing that happens to it changes the landscape.

    Args:
        model: any `torch.nn.Module` with trainable floating-point parameters.
        data: a `Dataset`, a pair `(x, y)`, or a `DataLoader` or another iterable of such pairs,
            which is read once. x is what the model takes, with one entry per example: a tensor for
            `model(x)`, a tuple of tensors for `model(*x)`, a dict for `model(**x)`.
        loss: function of the model's outputs, whatever their form, and the targets y that returns
            their mean over the examples, shape `()`; one of `lossviz_helpers.losses` or any other.
        batch_size: examples to evaluate at once; None for as many as the processor's cache holds.
            The mean over all examples stays exact. A loss that is no mean over examples, such as a
            sum, is computed on all of them at once.
        device: where to evaluate, such as "cuda"; None for where the model is. Its copy,
            the data and all points are moved there.
        dtype: in which precision to evaluate, such as torch.bfloat16; None for the model's own.
        threads: of the processor, to evaluate on; None for as many as surely pay, which is one for
            small models. More are faster where nothing else runs, and many times slower on a busy
            machine.
        compile: whether to compile the evaluation with `torch.compile`: the first call takes long,
            later ones are often faster. On a processor it needs a C++ compiler. Chains of linear
            layers, which are faster still, and derivatives go without.
        budget: bytes of memory that evaluation may use beside model and data; None for a quarter of
            what is free.

    Attributes:
        P: number of parameters.
        N: number of examples.
        flops: of matrix products and convolutions, for one point and one example.
        examples: the data, floating-point tensors converted to the model's dtype.
        x, y: their inputs and targets.

    Raises:
        TypeError: if the model is no module or the data no pair of tensors.
        ValueError: if the model has no trainable parameters, or its output is random or
            depends on the other examples of a batch; if the data are empty, or the loss can't be
            computed on them, or is no mean over the examples although batch_size asks for parts.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_3(), datasets.xor(), losses.squared_error)
    >>> L.P, L.N
    (13, 500)
    >>> L(torch.zeros(13, dtype=torch.float64))  # a model that always says 0.5
    tensor(0.2500, dtype=torch.float64)
    >>> L(torch.zeros(4, 5, 13)).shape
    torch.Size([4, 5])
    """

    def __init__(
        self,
        model: nn.Module,
        data: tuple | Iterable[tuple],
        loss: Callable[..., Tensor],
        *,
        batch_size: int | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
        threads: int | None = None,
        compile: bool = False,
        budget: int | None = None,
    ):
        check_model(model)
        if not callable(loss):
            raise TypeError(f"loss must be callable, got {type(loss).__name__}")
        for name, value in (("batch_size", batch_size), ("threads", threads)):
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1 or None, got {value}")
        self.model = copy.deepcopy(model).to(device=device, dtype=dtype)
        self.loss = copy.deepcopy(loss).to(device, dtype) if isinstance(loss, nn.Module) else loss
        trainable = {n: p for n, p in self.model.named_parameters() if p.requires_grad}
        check_parameters(trainable)
        check_mode(self.model)
        self._names = list(trainable)
        self._shapes = [p.shape for p in trainable.values()]
        self._sizes = [p.numel() for p in trainable.values()]
        self.P = sum(self._sizes)
        first = next(iter(trainable.values()))
        self.dtype, self.device = first.dtype, first.device
        examples = Examples.read(data)
        # targets keep the precision in which they are compared with the outputs
        y = examples.map(lambda t: self._move(t, _at_least_float32(self.dtype))).y
        self.examples = Examples(examples.map(self._move).x, y)
        self.budget = budget or psutil.virtual_memory().available // 4
        self._shared = {"stackable": True}  # with all subsets, until vmap says otherwise
        self._chain = None
        self._own, self._threads, self._compiles = OfThread(), threads, compile
        self.flops, self.batch_size = 0, self.N  # until measured
        with self.threads(), torch.random.fork_rng(devices=[]):
            check_calls(self.model, self.examples[:TRIED])
            self._widest, self.flops = self._measure()
        in_cache = self._cached_bytes(one_point=True) // self._widest
        self.batch_size = batch_size or min(self.N, max(MIN_BATCH, in_cache))
        with self.threads():
            self._check(batch_size)
            self._chain, self._folded = self._find_chain(), self._find_folded()

    @property
    def x(self):
        """Inputs: a tensor, or a tuple or dict of tensors."""
        return self.examples.x

    @property
    def y(self):
        """Targets, likewise."""
        return self.examples.y

    @property
    def N(self) -> int:
        """Number of examples."""
        return len(self.examples)

    def __repr__(self) -> str:
        name = getattr(self.loss, "__name__", type(self.loss).__name__)
        loss = self.loss.name if isinstance(self.loss, Loss) else name
        return f"Objective({type(self.model).__name__}, P={self.P}, N={self.N}, {loss})"

    # -- points and models -----------------------------------------------------------------------

    def point(self, model: nn.Module | None = None) -> Tensor:
        """The point θ at which a model stands.

        Args:
            model: a model of the same architecture; None for the objective's own.

        Returns:
            Shape `(P,)`, detached copy.

        Raises:
            ValueError: if the model has other trainable parameters.
        """
        model = self.model if model is None else model
        found = {n: p for n, p in model.named_parameters() if n in self._names}
        shapes = [found[n].shape if n in found else None for n in self._names]
        if shapes != self._shapes:
            raise ValueError(
                f"expected a model with the {self.P} parameters of {type(self.model).__name__} "
                f"({', '.join(self._names)}), got {type(model).__name__} with "
                f"{sum(p.numel() for p in model.parameters())}"
            )
        return self._move(torch.cat([found[n].detach().flatten() for n in self._names]).clone())

    def model_at(self, theta: Tensor) -> nn.Module:
        """A new model, standing at the point θ of shape `(P,)`."""
        theta = self.check_point(theta)
        model = copy.deepcopy(self.model)
        with torch.no_grad():
            parameters = dict(model.named_parameters())
            for name, value in self.parameters_at(theta).items():
                parameters[name].copy_(value)
        return model

    def initial_points(self, seeds: Sequence[int]) -> Tensor:
        """Fresh initial parameters, as the model's own layers draw them: one point a seed.

        Args:
            seeds: any integers. A seed gives the same point whatever other seeds stand beside it.

        Returns:
            Shape `(len(seeds), P)`.

        Raises:
            ValueError: if a trainable parameter belongs to a module without `reset_parameters`.

        >>> from lossviz_helpers import Objective, datasets, losses, models
        >>> L = Objective(models.model_3(seed=7), datasets.xor(), losses.squared_error)
        >>> bool((L.initial_points([7])[0] == L.point()).all())
        True
        """
        drawn = {
            id(p)
            for module in self.model.modules()
            if hasattr(module, "reset_parameters")
            for p in module.parameters()
        }
        for name, p in self.model.named_parameters():
            if p.requires_grad and id(p) not in drawn:
                raise ValueError(
                    f"don't know how to initialise {name!r}: its module has no reset_parameters(). "
                    "Make the points yourself: torch.stack([L.point(my_model(seed)) for seed in …])"
                )
        points = []
        for seed in seeds:
            model = copy.deepcopy(self.model).to("cpu", torch.float32)
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(seed)
                for module in model.modules():
                    if hasattr(module, "reset_parameters"):
                        module.reset_parameters()
            points.append(self.point(model))
        return torch.stack(points)

    @property
    def filters(self) -> Tensor:
        """Which filter each parameter belongs to, for filter normalisation (Li et al. 2018).

        A filter is what feeds one unit: a row of a weight matrix, an output channel of a
        convolution. Biases and other vectors belong to none.

        Returns:
            Shape `(P,)`, int64: the number of the filter, or −1 for none.
        """
        numbers, count = [], 0
        for name, shape, size in zip(self._names, self._shapes, self._sizes, strict=True):
            owner = self.model.get_submodule(name.rpartition(".")[0])
            if len(shape) < 2:
                numbers.append(torch.full((size,), -1))
                continue
            units = torch.arange(shape[0])
            if isinstance(owner, nn.modules.conv._ConvTransposeNd):
                # its rows are input channels, in groups that feed other outputs each
                group = units // (shape[0] // owner.groups)
                units = (group[:, None] * shape[1] + torch.arange(shape[1])).flatten()
            numbers.append(count + units.repeat_interleave(size // len(units)))
            count += int(units.max()) + 1
        return torch.cat(numbers)

    def check_points(self, points: Tensor) -> Tensor:
        """Points as a tensor of the model's dtype and device; ValueError unless `(..., P)`."""
        points = torch.as_tensor(points)
        if points.ndim == 0 or points.shape[-1] != self.P:
            raise ValueError(
                f"a point of {type(self.model).__name__} has {self.P} numbers, got points of shape "
                f"{tuple(points.shape)}; expected (..., {self.P})"
            )
        return self._move(points.to(self.dtype))

    def check_point(self, theta: Tensor) -> Tensor:
        """One point, detached, as `check_points` gives it; ValueError unless `(P,)`."""
        theta = self.check_points(theta).detach()
        if theta.ndim != 1:
            raise ValueError(f"expected one point of shape ({self.P},), got {tuple(theta.shape)}")
        return theta

    def _move(self, values: Tensor, dtype: torch.dtype | None = None) -> Tensor:
        values = values.to(self.device)
        return values.to(dtype or self.dtype) if values.is_floating_point() else values

    def parameters_at(self, theta: Tensor) -> dict[str, Tensor]:
        """The model's parameters at a point of shape `(P,)`, by name, in their own shapes."""
        parts = theta.split(self._sizes)
        return {n: v.view(s) for n, v, s in zip(self._names, parts, self._shapes, strict=True)}

    # -- evaluation ------------------------------------------------------------------------------

    def __call__(self, points: Tensor) -> Tensor:
        """Loss at every point. Differentiable.

        Args:
            points: shape `(..., P)`.

        Returns:
            Shape `(...)`, in the model's dtype; of a model of lower precision, float32.

        Raises:
            ValueError: if the last axis of points is not P long.
        """
        points = self.check_points(points)
        return self._losses(points.reshape(-1, self.P)).reshape(points.shape[:-1])

    def combine(self, coefficients: Tensor, basis: Tensor) -> Tensor:
        """Loss at linear combinations of a few points: `L(coefficients @ basis)`, often faster.

        Args:
            coefficients: shape `(..., m)`.
            basis: shape `(m, P)`: on a slice its origin and directions, with 1 and α before them.

        Returns:
            Shape `(...)`.

        >>> from lossviz_helpers import Objective, datasets, losses, models
        >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
        >>> weights = torch.rand(4, 2)
        >>> torch.allclose(L.combine(weights, 3 * torch.eye(2)), L(3 * weights))
        True
        """
        basis = self.check_points(basis)
        coefficients = self._move(torch.as_tensor(coefficients))
        flat = coefficients.reshape(-1, len(basis))
        return self._losses(basis, flat).reshape(coefficients.shape[:-1])

    def _losses(self, basis: Tensor, coefficients: Tensor | None = None) -> Tensor:
        """Loss at points `(n, P)`, or at `(n, m)` combinations of a few, batch by batch."""
        if self._chain is not None and not _is_differentiated(basis, coefficients):
            of_batch = partial(self._chain_losses, basis=basis, coefficients=coefficients)
        else:
            points = basis if coefficients is None else coefficients @ basis
            folded = self._folded is not None and not _is_differentiated(points)
            of_batch = partial(self._mapped_losses, points=points, folded=folded)
        total = 0
        keep_memory()
        with self.threads():
            for batch in self.examples.split(self.batch_size):
                total = total + of_batch(batch) * (len(batch) / self.N)
        return total

    def _mapped_losses(self, batch: Examples, points: Tensor, folded: bool) -> Tensor:
        if self._compiles and not _is_differentiated(points):
            stacks, losses = points.split(self.stack_size()), self._compiled(folded)
            with PlainAttention():
                return torch.cat([losses(stack, batch.x, batch.y) for stack in stacks])
        return self._map(lambda θ: self._loss(θ, batch.x, batch.y, folded), points)

    def _compiled(self, folded: bool) -> Callable:
        """The losses of a stack of points, compiled for this thread."""
        if not hasattr(self._own, "compiled"):
            call_at = self._caller(folded)

            def loss(theta: Tensor, x, y) -> Tensor:
                return self.loss(summable(call_at(theta, x)), y).reshape(())

            stacked = torch.func.vmap(loss, in_dims=(0, None, None))
            self._own.compiled = torch.no_grad()(torch.compile(stacked))
        return self._own.compiled

    def _loss(self, theta: Tensor, x, y, folded: bool = False) -> Tensor:
        return self.loss(summable(self._outputs(theta, x, folded)), y).reshape(())

    @torch.no_grad()
    def _chain_losses(self, batch: Examples, basis: Tensor, coefficients: Tensor | None) -> Tensor:
        stacks = self._chain.outputs(batch.x, basis, coefficients, self.stack_size())
        return torch.cat([_stacked(self.loss, summable(o), batch.y) for o in stacks])

    def predict(self, points: Tensor, x=None):
        """Outputs of the models at the given points.

        Args:
            points: shape `(..., P)`.
            x: inputs in the form of the objective's own; None for those.

        Returns:
            Shape `(..., N)` or `(..., N, classes)`, whatever one model returns behind `(...)`; for
            a model that returns a tuple or a dict, one of such tensors.
        """
        points = self.check_points(points)
        x = self.x if x is None else tree_map(lambda t: self._move(torch.as_tensor(t)), x)
        with self.threads():
            outputs = self._map(lambda θ: self._outputs(θ, x), points.reshape(-1, self.P))
        return tree_map(lambda t: t.reshape(points.shape[:-1] + t.shape[1:]), outputs)

    def subset(self, rows: Tensor) -> "Objective":
        """The same landscape on some of the examples: a mini-batch.

        Args:
            rows: indices of examples, shape `(n,)`, n at least 1. A loss that is no mean, such as
                a sum, is that of these examples.
        """
        if len(rows) == 0:
            raise ValueError("a subset needs at least one example, got none")
        part = copy.copy(self)
        part.examples = self.examples[rows]
        part.batch_size = min(self.batch_size, part.N)
        return part

    @contextmanager
    def threads(self) -> Iterator[None]:
        """Run a block on as many threads as were asked for, or as this model can use."""
        before = torch.get_num_threads()
        work = self.flops * min(self.batch_size, self.N)
        torch.set_num_threads(self._threads or (1 if work < MANY_FLOPS else before))
        try:
            yield
        finally:
            torch.set_num_threads(before)

    def stack_size(self) -> int:
        """How many points are evaluated at once, at least 1."""
        return max(1, self._cached_bytes(one_point=False) // self._layer_bytes())

    def chunk_size(self) -> int:
        """How many points make a piece of work of a scan: whole stacks, at least one.

        The same for the same model, data and budget on every machine, for finished chunks are kept.
        """
        stack = self.stack_size()
        per_example = self.flops + ELEMENT_FLOPS * self._widest // self.dtype.itemsize
        worth_it = CHUNK_FLOPS[self.device.type] // (per_example * self.N)
        room = self.budget - stack * LAYERS_ALIVE * self._layer_bytes()
        fitting = room // (self.P * self.dtype.itemsize)
        return max(1, min(worth_it, fitting) // stack) * stack

    def chunk_bytes(self) -> int:
        """Memory that one chunk needs beside model and data, estimated, in bytes."""
        layers = self.stack_size() * LAYERS_ALIVE * self._layer_bytes()
        return layers + self.chunk_size() * self.P * self.dtype.itemsize

    def _layer_bytes(self) -> int:
        """Size of the largest layer's output for one point and one batch."""
        return self._widest * min(self.batch_size, self.N)

    def _cached_bytes(self, one_point: bool) -> int:
        """How large the largest layer's output of a batch, or of a stack, may be."""
        # one point needs less memory beside it than vmap, a chain uses its memory again
        larger = one_point or self._chain is not None
        size = STACK_BYTES[self.device.type] * (2 if larger else 1)
        return min(size, self.budget // LAYERS_ALIVE)

    def fingerprint(self) -> str:
        """A name for this function: equal only if model, data and loss are.

        It is made of every number in model and data, of the code of model and loss, and of the loss
        at some points, so that a change behind the code is noticed as well.
        """
        probes = torch.stack([self.point() * scale for scale in (0.5, 1.0, 1.5)])
        with torch.no_grad():
            losses = self(probes)
        data = [(name, contents(t)) for name, t in self.examples.named()]
        known = [contents(self.model), contents(self.loss), data, contents(losses)]
        return joblib.hash([repr(self.model), self._names, self.batch_size, self._compiles, known])

    def _outputs(self, theta: Tensor, x, folded: bool = False):
        return self._caller(folded)(theta, x)

    def _caller(self, folded: bool) -> Callable:
        """The function of a point and inputs that gives the model's outputs."""
        if folded:
            net = self._of_thread("folded", self._folded.net)
            return lambda theta, x: functional_call(
                net, self._folded.parameters(self.parameters_at(theta)), *arguments(x)
            )
        model = self._of_thread("model", self.model)
        return lambda theta, x: functional_call(model, self.parameters_at(theta), *arguments(x))

    def _of_thread(self, name: str, model: nn.Module) -> nn.Module:
        """A model, for this thread alone: a call puts other parameters into it for a while."""
        if not hasattr(self._own, name):
            tensors = [*model.parameters(), *model.buffers()]
            shared = {id(t): t for t in tensors}  # a copy of the modules, not of their numbers
            setattr(self._own, name, copy.deepcopy(model, shared))
        return getattr(self._own, name)

    def _map(self, function: Callable, flat: Tensor):
        """Apply a function of one point to `(n, P)` points, a chunk at a time."""
        if len(flat) == 0:  # what would the result look like? One point tells.
            return tree_map(lambda t: t[:0], self._map(function, flat.new_zeros(1, self.P)))
        with PlainAttention():
            # copies of the points, for a layer may write into its parameters
            chunks = [self._map_chunk(function, c.clone()) for c in flat.split(self.stack_size())]
        return tree_map(lambda *parts: torch.cat(parts), *chunks)

    def _map_chunk(self, function: Callable, chunk: Tensor):
        if self._shared["stackable"] and self.stack_size() > 1:
            try:
                with UnitsFirst():
                    return torch.func.vmap(function)(chunk)
            except (RuntimeError, ValueError, NotImplementedError) as err:
                # an error of the user's own model comes out of this line as it is
                looped = self._loop_chunk(function, chunk)
                self._shared["stackable"] = False
                reason = str(err).strip().splitlines()[0]
                warnings.warn(
                    f"{type(self.model).__name__} can't be evaluated as a stack of models, so its "
                    f"points are evaluated one by one, which is slower but gives the same numbers "
                    f"({reason})",
                    stacklevel=4,
                )
                return looped
        return self._loop_chunk(function, chunk)

    @staticmethod
    def _loop_chunk(function: Callable, chunk: Tensor):
        return tree_map(lambda *results: torch.stack(results), *map(function, chunk))

    def _measure(self) -> tuple[int, int]:
        """Bytes of the largest layer output and FLOPs of matrix products, of a forward pass.

        Both per example, from a few of them.
        """
        widest, few = 0, self.examples[:32]

        def record(module, inputs, outputs):
            nonlocal widest
            tensors = [t.nbytes for t in tree_leaves(outputs) if isinstance(t, Tensor)]
            widest = max([widest, *tensors])

        hooks = [m.register_forward_hook(record) for m in self.model.modules()]
        counter = FlopCounterMode(display=False)
        try:
            with PlainAttention(), torch.no_grad(), torch.random.fork_rng(devices=[]), counter:
                call(self.model, few.x)
        finally:
            for hook in hooks:
                hook.remove()
        flops = counter.get_total_flops() // len(few)
        return max(1, math.ceil(widest / len(few))), flops

    def _check(self, batch_size: int | None) -> None:
        """Try everything at the model's own point, so that errors come early and clearly."""
        check_loss(self.model, self.loss, self.examples, self.batch_size)
        tried = self.examples.some(max(2, min(TRIED, self.batch_size)))
        check_examples_apart(self.model, tried)
        own = self.point()
        if self.batch_size < self.N and not is_a_mean(
            self.model,
            self.parameters_at(own),
            self.loss,
            self.examples,
            tried,
            self.batch_size,
        ):
            if batch_size is not None:
                raise ValueError(
                    f"the loss is no mean over the examples, so it can't be computed {batch_size} "
                    "at a time; return a mean, or leave out batch_size to evaluate all at once"
                )
            self.batch_size = self.N
        with torch.no_grad():
            plain = self.loss(summable(call(self.model, tried.x)), tried.y).reshape(1)
            with PlainAttention():
                found = self._loop_chunk(partial(self._loss, x=tried.x, y=tried.y), own[None])
        if not torch.allclose(plain, found, rtol=1e-2, atol=1e-6, equal_nan=True):
            raise ValueError(
                f"called as it is the model has a loss of {plain.item():.6g}, with the same "
                f"parameters handed to it {found.item():.6g}; does it keep results from earlier "
                "calls? nn.TransformerEncoder needs enable_nested_tensor=False"
            )

    def _find_chain(self) -> Chain | None:
        """The chain of linear layers that the model is, if it computes what the model does."""
        if not isinstance(self.x, Tensor) or self.x.ndim != 2:
            return None
        chain, few = Chain.of(self.model, self._names), self.x[: self.batch_size]
        with torch.no_grad():
            agrees = chain and _agrees(chain, self.point()[None], few, self.model(few))
        return chain if agrees else None

    def _find_folded(self) -> Folded | None:
        """The model with its BatchNorms folded, if that computes what the model does."""
        folded, few = Folded.of(self.model), self.examples[:TRIED].x
        if folded is None or not isinstance(few, Tensor):
            return None
        with torch.no_grad():
            own = folded.parameters(self.parameters_at(self.point()))
            found, expected = functional_call(folded.net, own, (few,)), self.model(few)
        agrees = isinstance(found, Tensor) and torch.allclose(found, expected, 1e-4, 1e-5)
        return folded if agrees else None


def _agrees(chain: Chain, points: Tensor, x: Tensor, outputs: Tensor) -> bool:
    """Whether the chain computes what the model does, whatever tracing made of its code."""
    if not isinstance(outputs, Tensor):
        return False
    (found,) = next(chain.outputs(x, points))
    return found.shape == outputs.shape and torch.allclose(found, outputs, rtol=1e-4, atol=1e-5)


def _at_least_float32(dtype: torch.dtype) -> torch.dtype:
    return torch.promote_types(dtype, torch.float32)


def _stacked(loss: Callable, outputs: Tensor, y) -> Tensor:
    """The loss of each model of a stack, shape `(c,)`, from outputs of shape `(c, N, ...)`."""
    if loss in CHART and isinstance(y, Tensor):  # no need to go model by model
        each = loss.per_example(outputs, y.expand(len(outputs), *y.shape))
        return each.flatten(1).mean(1)
    with UnitsFirst():
        return torch.func.vmap(loss, in_dims=(0, None))(outputs, y).flatten()


def _is_differentiated(*points: Tensor | None) -> bool:
    """Whether someone may ask for the derivative of what is computed from these points."""
    return any(
        torch._C._functorch.is_functorch_wrapped_tensor(p)
        or (torch.is_grad_enabled() and p.requires_grad)
        for p in points
        if p is not None
    )
