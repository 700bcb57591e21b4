"""The three models of the series, digit classifiers and a conv net, as `torch.nn.Module`s.

Models 1 to 3 return one number per example, shape `(N,)`, and are float64: with 13 parameters
that costs nothing, and tiny gradients stay visible.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

Activation = Callable[[Tensor], Tensor]


class Linear2D(nn.Module):
    """ŷ = D·W, or ŷ = D·W + b: a flat plane above the inputs.

    Args:
        bias: whether the plane may be shifted off the origin.

    Shapes: inputs `(N, 2)`, outputs `(N,)`.

    >>> Linear2D(bias=False)(torch.zeros(5, 2)).shape
    torch.Size([5])
    """

    def __init__(self, bias: bool):
        super().__init__()
        self.linear = nn.Linear(2, 1, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.linear(x)
        return outputs.squeeze(-1)


class TwoLayerNet(nn.Module):
    """ŷ = output(hidden(D·W₁ + b₁)·W₂ + b₂): one hidden layer of three units.

    Args:
        hidden: activation of the hidden units, a function of a tensor.
        output: activation of the output unit.

    Shapes: inputs `(N, 2)`, outputs `(N,)`.

    >>> TwoLayerNet(torch.tanh, torch.sigmoid)(torch.zeros(5, 2)).shape
    torch.Size([5])
    """

    def __init__(self, hidden: Activation, output: Activation):
        super().__init__()
        self.layer_1 = nn.Linear(2, 3)
        self.layer_2 = nn.Linear(3, 1)
        self.hidden, self.output = hidden, output

    def forward(self, x: Tensor) -> Tensor:
        h = self.hidden(self.layer_1(x))
        return self.output(self.layer_2(h)).squeeze(-1)


def _tanh(x: Tensor) -> Tensor:
    # σ is several times faster than tanh on CPUs, and tanh(x) = 2σ(2x) − 1 exactly
    return 2 * torch.sigmoid(2 * x) - 1


def _linear(x: Tensor) -> Tensor:
    return x


ACTIVATIONS: dict[str, Activation] = {
    "tanh": _tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "linear": _linear,
}


def model_1(seed: int = 0) -> nn.Module:
    """Model 1, 2 parameters: a weight for x₁ and a weight for x₂.

    Args:
        seed: seed for the initial parameters; the global RNG state is left alone.

    >>> sum(p.numel() for p in model_1().parameters())
    2
    """
    return _seeded(seed, lambda: Linear2D(bias=False))


def model_2(seed: int = 0) -> nn.Module:
    """Model 2, 3 parameters: Model 1 and a bias b.

    Args:
        seed: seed for the initial parameters; the global RNG state is left alone.

    >>> sum(p.numel() for p in model_2().parameters())
    3
    """
    return _seeded(seed, lambda: Linear2D(bias=True))


def model_3(seed: int = 0, hidden: str = "tanh", output: str = "sigmoid") -> nn.Module:
    """Model 3, 13 parameters: a hidden layer of three units, enough for XOR.

    Args:
        seed: seed for the initial parameters; the global RNG state is left alone.
        hidden, output: activation of the layer: "tanh", "sigmoid", "relu" or "linear".

    Raises:
        ValueError: if an activation isn't one of these.

    >>> sum(p.numel() for p in model_3().parameters())
    13
    """
    for name in (hidden, output):
        if name not in ACTIVATIONS:
            raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}; got {name!r}")
    return _seeded(seed, lambda: TwoLayerNet(ACTIVATIONS[hidden], ACTIVATIONS[output]))


def digit_classifier(seed: int = 0, width: int = 64) -> nn.Module:
    """64 pixels → `width` ReLU units → 10 logits, for `datasets.digits`; float32.

    Args:
        seed: seed for the initial parameters; the global RNG state is left alone.
        width: number of hidden units.

    >>> digit_classifier()(torch.zeros(5, 64)).shape
    torch.Size([5, 10])
    """
    return _seeded(
        seed,
        lambda: nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, 10)),
        torch.float32,
    )


class DeepNet(nn.Module):
    """64 pixels → `depth` tanh layers of equal width → 10 logits; optional skips, scale and norm.

    A plain layer is h ← s·f(h), a layer with a skip connection h ← h + s·f(h) (He et al. 2016),
    with a number s and f(h) = tanh(W·h + b), or f(h) = tanh(norm(W·h + b)). None of these
    options adds parameters, so all these networks are points in the same parameter space.

    Args:
        depth: number of layers between the first and the last.
        width: number of units in each.
        skip: whether each layer adds its output to its input.
        scale: s; None for 1/√depth with skips and 1 without.
        norm: whether W·h + b is normalised over the units, separately for each example: subtract
            the mean, divide by the standard deviation (layer normalisation, Ba et al. 2016).
            Unlike batch normalisation it keeps no statistics, so the loss is a function of the
            point.

    Shapes: inputs `(N, 64)`, outputs `(N, 10)`.

    >>> DeepNet(depth=3, width=16, skip=True)(torch.zeros(5, 64)).shape
    torch.Size([5, 10])
    """

    def __init__(
        self,
        depth: int,
        width: int,
        skip: bool,
        *,
        scale: float | None = None,
        norm: bool = False,
    ):
        super().__init__()
        self.first = nn.Linear(64, width)
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.last = nn.Linear(width, 10)
        self.skip = skip
        self.scale = (depth**-0.5 if skip else 1.0) if scale is None else scale
        self.norm = nn.LayerNorm(width, elementwise_affine=False) if norm else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        tanh = ACTIVATIONS["tanh"]
        h: Tensor = tanh(self.first(x))
        for layer in self.layers:
            f = self.scale * tanh(self.norm(layer(h)))
            h = h + f if self.skip else f
        logits: Tensor = self.last(h)
        return logits


def deep_net(
    depth: int,
    skip: bool,
    width: int = 16,
    seed: int = 0,
    *,
    scale: float | None = None,
    norm: bool = False,
) -> nn.Module:
    """A deep digit classifier, plain or with skip connections; float32. See `DeepNet`.

    Args:
        depth: number of hidden layers after the first, at least 1.
        skip: whether they have skip connections (He et al. 2016).
        width: number of units in each layer.
        seed: seed for the initial parameters; the global RNG state is left alone.
        scale: positive factor on each layer's output; None for 1/√depth with skips and 1 without.
        norm: whether the layers are normalised (Ba et al. 2016).

    Raises:
        ValueError: if depth or width is less than 1, or scale isn't a positive number.

    >>> plain, residual = deep_net(20, skip=False), deep_net(20, skip=True, scale=1.0, norm=True)
    >>> sum(p.numel() for p in plain.parameters()) == sum(p.numel() for p in residual.parameters())
    True
    """
    if depth < 1 or width < 1:
        raise ValueError(f"depth and width must be at least 1, got {depth} and {width}")
    if scale is not None and not 0 < scale < float("inf"):
        raise ValueError(f"scale must be a positive number, or None, got {scale}")
    return _seeded(seed, lambda: DeepNet(depth, width, skip, scale=scale, norm=norm), torch.float32)


class ResidualBlock(nn.Module):
    """h ← relu(shortcut(h) + f(h)), where f is two 3×3 convolutions with BatchNorm.

    Args:
        in_channels, out_channels: channels of inputs and outputs.
        stride: 2 halves the image. The shortcut then takes every other pixel and fills new channels
            with zeros, so it has no parameters.

    Shapes: inputs `(N, in_channels, H, W)`, outputs `(N, out_channels, H/stride, W/stride)`.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int):
        super().__init__()
        self.conv_1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm_1 = nn.BatchNorm2d(out_channels)
        self.conv_2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.norm_2 = nn.BatchNorm2d(out_channels)
        self.stride, self.new_channels = stride, out_channels - in_channels

    def forward(self, h: Tensor) -> Tensor:
        f = self.norm_2(self.conv_2(torch.relu(self.norm_1(self.conv_1(h)))))
        if self.stride > 1 or self.new_channels:
            h = h[..., :: self.stride, :: self.stride]
            h = nn.functional.pad(h, (0, 0, 0, 0, 0, self.new_channels))
        return torch.relu(h + f)


def conv_net(
    blocks: int = 1, width: int = 16, channels: int = 1, classes: int = 10, seed: int = 0
) -> nn.Module:
    """A residual convolutional net with BatchNorm (He et al. 2016); float32.

    A convolution, three stages of residual blocks with `width`, 2·`width` and 4·`width` channels,
    at full, half and quarter resolution, the mean over the remaining pixels, and a linear layer. It
    has 6·blocks + 2 layers with weights: `conv_net(blocks=9, channels=3)` is the ResNet-56 of the
    paper, for CIFAR-10.

    Inputs `(N, channels, H, W)`, outputs `(N, classes)`. It comes in training mode, like every new
    module: train it, then call `.eval()` before you look at its landscape.

    Args:
        blocks: residual blocks in each stage, at least 1.
        width: channels in the first stage.
        channels: number of channels of the images, 1 for greyscale.
        classes: number of outputs.
        seed: seed for the initial parameters; the global RNG state is left alone.

    Raises:
        ValueError: if a size is less than 1.

    >>> conv_net()(torch.zeros(5, 1, 8, 8)).shape
    torch.Size([5, 10])
    >>> sum(p.numel() for p in conv_net(blocks=9, channels=3).parameters())
    853018
    """
    if min(blocks, width, channels, classes) < 1:
        raise ValueError(
            "blocks, width, channels and classes must be at least 1, "
            f"got {blocks}, {width}, {channels} and {classes}"
        )

    def build() -> nn.Module:
        first = nn.Conv2d(channels, width, 3, padding=1, bias=False)
        layers: list[nn.Module] = [first, nn.BatchNorm2d(width), nn.ReLU()]
        before = width
        for stage in range(3):
            after = width * 2**stage
            for block in range(blocks):
                halves = stage > 0 and block == 0
                layers.append(ResidualBlock(before, after, stride=2 if halves else 1))
                before = after
        layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, classes)]
        return nn.Sequential(*layers)

    return _seeded(seed, build, torch.float32)


def _seeded(
    seed: int, build: Callable[[], nn.Module], dtype: torch.dtype = torch.float64
) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        return build().to(dtype)
