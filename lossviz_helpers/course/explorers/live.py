"""Explorers: small instruments for the chapters, each a function that returns a widget.

Controls come from ipywidgets, pictures are panels that the browser draws (panel.py), and what they
show is computed here, when a control moves. Whatever goes wrong then is said in the widget.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ipywidgets as w
import numpy as np
import torch
from torch import Tensor

from ...curvature import Verdict, false_minimum_test
from ...landscape import Landscape, LowPoint
from ...losses import (
    CHART,
    Loss,
    accuracy,
    binary_cross_entropy,
    cross_entropy,
    hinge,
    kl_divergence,
)
from ...objective import Objective
from ...plots import CLASSES, LABELS, PREDICTED, prediction_grid
from ...scanning import scan
from ...slices import Extent, Slice, explained_variance
from ...training import Trajectory, descend
from ...widgets.panel import Panel, line, marks
from ...widgets.volume import VolumeViewer
from .frame import Explorer, Text, grid, row, three_digits, wide

POINTS = 300  # of a line: more can't be told apart
MOST = 50  # parameters, or eigenvalues, that are shown one by one
GRID = 60  # predictions along each side of the square
TEST_STEPS = (
    300  # of training on in the false-minimum test, so that it takes a fraction of a second
)
NEAR = 3  # grid steps: a click so near to a low point means the low point


# -- 1: losses -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Reading:
    """How one loss reads the same output u of a model, and a target that is 0 or 1."""

    loss: Loss
    label: str  # of u
    outputs: Callable[[Tensor], Tensor] = lambda u: u
    targets: Callable[[Tensor, int], Tensor] = lambda u, y: torch.full_like(u, y)
    window: tuple[float, float] = (-4.0, 4.0)


def _logits(u: Tensor) -> Tensor:
    return torch.stack([u, torch.zeros_like(u)], dim=1)


_READINGS = {
    binary_cross_entropy: {"label": "probability ŷ", "window": (0.0, 1.0)},
    cross_entropy: {
        "label": "logit z₁, with z₂ = 0",
        "outputs": _logits,
        "targets": lambda u, y: torch.full(u.shape, 1 - y),
    },
    hinge: {
        "label": "score ŷ, target −1 or +1",
        "targets": lambda u, y: torch.full_like(u, 2 * y - 1),
    },
    kl_divergence: {
        "label": "logit z₁, with z₂ = 0",
        "outputs": _logits,
        "targets": lambda u, y: u.new_tensor([0.8, 0.2] if y else [0.2, 0.8]).expand(len(u), 2),
    },
}


def loss_explorer() -> Explorer:
    """Turn one output of a model, and see what seven losses say, and how hard each one pulls.

    Each loss reads the output ŷ in the form that it expects: as a number, a probability, a score
    or a logit. Drag in any panel, or use the slider.

    >>> explorer = loss_explorer()
    >>> explorer["output"].value = 3
    >>> print(explorer["squared error"].readout)
    L = 4.00
    gradient 4.00
    """
    readings = [_Reading(loss, **_READINGS.get(loss, {"label": "prediction ŷ"})) for loss in CHART]
    output = w.FloatSlider(
        value=0.6, min=-4, max=4, step=0.05, description="output ŷ", layout=wide()
    )
    target = w.ToggleButtons(
        options=[("y = 0", 0), ("y = 1", 1)],
        value=1,
        description="target",
        style={"button_width": "70px"},
    )
    panels = {
        reading.loss.name: Panel(
            title=reading.loss.name,
            labels=(reading.label, ""),
            extent=(reading.window, (-4.0, 4.0)),
            follow="across",
            step=(0.05, 0.1),
            description=f"{reading.loss.name} and its gradient over the {reading.label}.",
            aspect=0.85,
        )
        for reading in readings
    }
    key = w.HTML(
        '<p><b style="color:#2f7fc1">━━</b> the loss L</p><p><b style="color:#e0447c">╍╍</b> its '
        "gradient: how hard one example pulls, and which way</p><p>● both, at this output</p>"
    )
    said = Text()
    explorer = Explorer(
        "loss_explorer",
        [row(target, output), grid([*panels.values(), w.VBox([key, said])], 195)],
        output=output,
        target=target,
        said=said,
        **panels,
    )

    def draw_curves():
        for reading in readings:
            lo, hi = reading.window
            u = torch.linspace(lo, hi, POINTS, dtype=torch.float64)
            loss, slope = _loss_and_slope(reading, u, target.value)
            panels[reading.loss.name].lines = [
                line(u, loss, "blue", 2.6),
                line(u, slope, "path", 2.0, dash=True),
            ]

    def show():
        pulls = {
            reading.loss.name: _show_reading(
                panels[reading.loss.name], reading, output.value, target.value
            )
            for reading in readings
        }
        hardest = max(pulls, key=lambda name: np.nan_to_num(pulls[name], posinf=np.inf))
        idle = [name for name, pull in pulls.items() if pull == 0]
        said.text = f"Here {hardest} pulls hardest" + (
            f", and {' and '.join(idle)} not at all." if idle else "."
        )

    def turn(pointer):
        if pointer is not None:
            output.value = round(pointer[0], 3)

    explorer.on("target", "value", lambda _: (draw_curves(), show()))
    explorer.on("output", "value", lambda _: show())
    for name in panels:
        explorer.on(name, "pointer", turn)
    draw_curves()
    show()
    return explorer


def _loss_and_slope(reading: _Reading, u: Tensor, y: int) -> tuple[Tensor, Tensor]:
    u = u.clone().requires_grad_()
    loss = reading.loss.per_example(reading.outputs(u), reading.targets(u, y))
    (slope,) = torch.autograd.grad(loss.sum(), u)
    return loss.detach(), slope


def _show_reading(panel: Panel, reading: _Reading, output: float, y: int) -> float:
    """Show what one loss says; return how hard it pulls, nan where it says nothing."""
    lo, hi = reading.window
    if not lo <= output <= hi:
        panel.pointer, panel.marks = None, []
        panel.readout = f"no value: a probability is from {lo:.0f} to {hi:.0f}"
        return float("nan")
    u = torch.tensor([output], dtype=torch.float64)
    loss, slope = (value.item() for value in _loss_and_slope(reading, u, y))
    with panel.hold_sync():
        panel.pointer = (output, 0.0)
        panel.marks = [marks(u, [loss], "dot", "blue", 6), marks(u, [slope], "dot", "path", 6)]
        panel.readout = f"L = {three_digits(loss)}\ngradient {three_digits(slope)}"
    return abs(slope)


# -- 2: models -------------------------------------------------------------------------------------


def model_explorer(
    L: Objective,
    land: Landscape,
    path: Trajectory | None = None,
    *,
    labels: tuple[str, str] = LABELS[:2],
    steps: int = 300,
    lr: float = 0.1,
    optimizer: Callable[..., torch.optim.Optimizer] = torch.optim.SGD,
) -> Explorer:
    """Pick a model on its landscape, see its predictions, and watch it descend from there.

    Args:
        L: a landscape whose examples have two inputs and whose model gives one number.
        land: what a scan of a plane of it found.
        path: a trajectory to draw.
        labels: names of the two directions.
        steps, lr, optimizer: how a picked model descends.

    Raises:
        ValueError: if the landscape is not 2D, or predictions can't be drawn over two inputs.

    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> plane = Slice(torch.zeros(2), torch.eye(2))
    >>> explorer = model_explorer(L, scan(L, plane, 21, ((-3, 2), (-2, 3.5))))
    >>> explorer["map"].pointer = (0.0, 0.0)  # a click
    >>> explorer["map"].readout
    'loss 0.510, accuracy 49%, at (0.00, 0.00)'
    """
    _check_plane(land, "model_explorer")
    where = _map_of(land, labels, title="pick a model")
    says = _predictions_of(L)
    go = w.Button(description="Descend from here", icon="arrow-down", layout=w.Layout(width="auto"))
    play = w.Play(min=0, max=steps, interval=60, step=max(1, steps // 75), disabled=True)
    step = w.IntSlider(min=0, max=steps, description="step", disabled=True, layout=wide())
    explorer = Explorer(
        "model_explorer",
        [grid([where, says], 300), row(go, play, step)],
        L,
        map=where,
        predictions=says,
        descend=go,
        play=play,
        step=step,
    )
    explorer.tie("play", "step")
    walk, walking = None, False

    def show(theta):
        values = prediction_grid(L, theta, GRID)
        with torch.no_grad():
            loss, right = L(theta).item(), accuracy(L.predict(theta), L.y)
        says.show_picture(values, limits=PREDICTED, colours="predictions")
        alpha = ", ".join(f"{a:.2f}" for a in where.pointer).replace("-", "−")
        where.readout = f"loss {three_digits(loss)}, accuracy {right:.0%}, at ({alpha})"

    def pick(pointer):
        if pointer is not None and not walking:
            show(land.slice.point(torch.tensor(pointer)))

    def start():
        nonlocal walk
        play.playing = False
        step.value = play.value = 0
        begin = land.slice.point(torch.tensor(where.pointer))
        walk = descend(L, begin, steps=steps, lr=lr, optimizer=optimizer)
        draw_paths()
        step.disabled = play.disabled = False
        go_to(0)
        play.playing = True

    def go_to(number):
        nonlocal walking
        if walk is None:
            return
        walking = True
        try:
            where.pointer = _within(where, land.slice.coordinates(walk.points[number]))
            show(walk.points[number])
            where.readout = f"step {number}: {where.readout}"
        finally:
            walking = False

    def draw_paths():
        shown = [each for each in (path, walk) if each is not None]
        where.lines = [each for p in shown for each in _shadow_lines(land.slice, p)]
        where.marks = [each for p in shown for each in _shadow_ends(land.slice, p)]

    explorer.on("map", "pointer", pick)
    explorer.on_click("descend", start)
    explorer.on("step", "value", go_to)
    draw_paths()
    middle = tuple((lo + hi) / 2 for lo, hi in where.extent)
    begin = middle if path is None else land.slice.coordinates(next(iter(path)).start)
    where.pointer = _within(where, begin)
    return _checked(explorer)


# -- 3: a line -------------------------------------------------------------------------------------


def line_explorer(L: Objective, A: Tensor, B: Tensor) -> Explorer:
    """Move along the straight line from model A to model B: decision regions, loss and the point.

    Args:
        L: a landscape whose examples have two inputs and whose model gives one number.
        A, B: points of shape `(P,)`.

    Raises:
        ValueError: if A and B are no two points of L, or L doesn't predict from two inputs.

    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> explorer = line_explorer(L, torch.zeros(2), torch.tensor([-0.5, 1.5]))
    >>> explorer["alpha"].value = 0.0
    >>> explorer["loss"].readout
    'α = 0.00: loss 0.510, accuracy 49%'
    """
    view = Slice.between(L.check_points(A), L.check_points(B))
    land = scan(L, view, resolution=201, progress=False)
    (lo, hi), top = (
        view.extent[0],
        float(np.nanmax(np.append(land.loss[np.isfinite(land.loss)], 0))),
    )
    alpha = w.FloatSlider(value=0.5, min=lo, max=hi, step=0.01, description="α", layout=wide())
    play = w.Play(min=0, max=round((hi - lo) * 100), step=2, interval=60)
    curve = Panel(
        title="loss along the line",
        labels=("α", "loss L"),
        extent=((lo, hi), (0.0, 1.08 * top or 1.0)),
        lines=[line(land.axes[0], land.loss, "path", 2.4)],
        follow="across",
        step=(0.01, 1.0),
        description="Loss over α, from model A at 0 to model B at 1.",
    )
    says = _predictions_of(L)
    shown = min(L.P, MOST)
    numbers = np.arange(1, shown + 1)
    ends = np.stack(
        [p.detach().cpu().double().numpy()[:shown] for p in (view.point(0.0), view.point(1.0))]
    )
    around = view.point(torch.tensor([lo, hi]))[:, :shown].cpu().double().numpy()
    low, high = around.min() - 0.04 * np.ptp(around), around.max() + 0.04 * np.ptp(around)
    point = Panel(
        title="the point θ, number by number",
        labels=("parameter" if shown == L.P else f"parameter, the first {shown} of {L.P}", "value"),
        extent=((0.4, shown + 0.6), (low, high)),
        lines=[line([0.4, shown + 0.6], [0, 0], "muted", 0.8)]
        + [line([i, i], ends[:, i - 1], "muted", 1.2) for i in numbers],
        description="The parameters of the model: each moves from its value in A to that in B.",
    )
    explorer = Explorer(
        "line_explorer",
        [row(play, alpha), grid([says, curve, point], 260)],
        L,
        alpha=alpha,
        play=play,
        loss=curve,
        predictions=says,
        point=point,
    )

    def show(at):
        theta = view.point(at)
        values = prediction_grid(L, theta, GRID)
        with torch.no_grad():
            loss, right = L(theta).item(), accuracy(L.predict(theta), L.y)
        says.show_picture(values, limits=PREDICTED, colours="predictions")
        height = min(loss, curve.extent[1][1])
        with curve.hold_sync():
            curve.pointer = (at, 0.0)
            curve.marks = [
                marks([0, 1], land_ends, "dot", "ink", 4),
                marks([at], [height], "dot", "path", 7),
            ]
            text = f"α = {at:.2f}: loss {three_digits(loss)}, accuracy {right:.0%}"
            curve.readout = text.replace("-", "−")
        here = theta[:shown].detach().cpu().double().numpy()
        point.marks = [
            marks(numbers, ends[0], "dot", "blue", 3.5, "A"),
            marks(numbers, ends[1], "dot", "orange", 3.5, "B"),
            marks(numbers, here, "dot", "path", 5.5, "the mixture"),
        ]

    land_ends = np.interp([0, 1], land.axes[0], land.loss)
    explorer.on("alpha", "value", show)
    explorer.on("loss", "pointer", lambda p: setattr(alpha, "value", round(p[0], 2)))
    explorer.on("play", "value", lambda i: setattr(alpha, "value", lo + i / 100))
    show(alpha.value)
    return explorer


# -- 4: tilting a slice ----------------------------------------------------------------------------


def tilt_explorer(
    L: Objective,
    path: Trajectory,
    *,
    towards: Mapping[str, Tensor] | None = None,
    extent: Extent | None = None,
    resolution: int = 51,
) -> Explorer:
    """Turn the PCA plane of a walk through parameter space, and see the landscape scanned anew.

    The plane turns about its first direction; the second one, PC2, turns towards a third. A click
    on the map runs the false-minimum test there; beside a low point, marked ✕, at the low point.

    Args:
        L: the landscape.
        path: a trajectory of one start.
        towards: further directions of shape `(P,)` to turn to, by name. The walk's next principal
            components and, up to 50 parameters, each parameter alone are offered anyway.
        extent: the window of the map; None for that of the PCA plane.
        resolution: models along each side of the map.

    Raises:
        ValueError: if L and path belong to different models, or a direction is parallel to PC2.

    >>> from lossviz_helpers import model_3, squared_error, xor
    >>> L = Objective(model_3(), xor(), squared_error)
    >>> path = descend(L, L.point(), steps=50, lr=0.03)
    >>> explorer = tilt_explorer(L, path, resolution=11)
    >>> explorer["angle"].value = 90
    >>> explorer["map"].title
    'PC2 turned by 90° towards PC3'
    """
    view = Slice.pca(path.points, dims=2)
    if extent is not None:
        view = Slice(view.origin, view.directions, extent)
    choices = (
        _directions(L, path, view) if towards is None else {**towards, **_directions(L, path, view)}
    )
    land = scan(L, view, resolution, progress=False)
    angle = w.IntSlider(min=-90, max=90, step=1, description="angle °", layout=wide())
    other = w.Dropdown(options=list(choices), description="towards", layout=w.Layout(width="270px"))
    back = w.Button(description="Back to 0°", layout=w.Layout(width="auto"))
    test = w.Button(description="Test this point", icon="search", layout=w.Layout(width="auto"))
    said = Text()
    where = _map_of(land, ("α₁, along PC1", "α₂, along the turned direction"), title="")
    where.limits = _map_limits(land)
    curvatures = Panel(
        title="test 2: how the ground curves, in every direction",
        labels=("eigenvalue of the Hessian, lowest first", "curvature"),
        extent=((0.4, min(L.P, MOST) + 0.6), (-1.0, 1.0)),
        lines=[line([0, MOST + 1], [0, 0], "muted", 1)],
        aspect=0.5,
        description="The eigenvalues of the Hessian at the tested point.",
    )
    explorer = Explorer(
        "tilt_explorer",
        [
            row(other, angle, back),
            grid([where, w.VBox([row(test), said, curvatures])], 330),
        ],
        L,
        towards=other,
        angle=angle,
        back=back,
        test=test,
        map=where,
        verdict=said,
        curvatures=curvatures,
    )
    plane = view
    lows: list[LowPoint] = []

    def turn():
        nonlocal plane, lows
        plane = view.turn(1, choices[other.value], angle.value) if angle.value else view
        found = scan(L, plane, resolution, progress=False)
        lows = found.minima()
        with where.hold_sync():
            where.picked = None
            where.title = f"PC2 turned by {angle.value}° towards {other.value}".replace("-", "−")
            where.show_picture(found.loss, log=True, limits=where.limits)
            where.lines = _shadow_lines(plane, path)
            crosses = np.array([low.alpha for low in lows]).reshape(-1, 2)
            where.marks = [*_shadow_ends(plane, path), marks(*crosses.T, "cross", size=5)]
        read()

    def read(_=None):
        held = explained_variance(path.points, plane.directions)[-1]
        text = f"The plane holds {held:.0%} of the variance of the walk."
        if where.pointer is not None:
            with torch.no_grad():
                loss = L(plane.point(torch.tensor(where.pointer))).item()
            text = f"Loss {three_digits(loss)} at ({_pair(where.pointer)}).\n{text}"
        where.readout = text
        curvatures.marks, curvatures.readout = [], ""
        said.text = (
            "Click the map, best beside a low point ✕, or press the button: is it a minimum?"
        )

    def run_test(picked):
        at = _nearest_low(lows, picked, where.step) or picked
        where.pointer = _within(where, at)
        verdict = false_minimum_test(L, plane.point(torch.tensor(at)), plane, steps=TEST_STEPS)
        said.text = f"At ({_pair(at)})\n{_in_words(verdict)}"
        _show_curvatures(curvatures, verdict)

    explorer.on("towards", "value", lambda _: turn())
    explorer.on("angle", "value", lambda _: turn())
    explorer.on_click("back", lambda: setattr(angle, "value", 0))
    explorer.on("map", "pointer", read)
    explorer.on("map", "picked", lambda picked: picked and run_test(picked))
    explorer.on_click("test", lambda: run_test(where.pointer))
    turn()
    where.pointer = _within(where, view.coordinates(path.end))
    return _checked(explorer)


def _show_curvatures(panel: Panel, verdict: Verdict) -> None:
    """The lowest eigenvalues as dots; those that are clearly negative in another colour."""
    values = verdict.lowest[:MOST].cpu().double().numpy()
    numbers, down = np.arange(1, len(values) + 1), verdict.negative
    lo, hi = min(values.min(), 0.0), max(values.max(), 0.0)
    edge = 0.12 * (hi - lo) or 1.0
    with panel.hold_sync():
        panel.extent = (panel.extent[0], (lo - edge, hi + edge))
        panel.marks = [
            marks(numbers[:down], values[:down], "dot", "path", 5, "down" if down else ""),
            marks(numbers[down:], values[down:], "dot", "blue", 5, "up, or hardly at all"),
        ]
        panel.readout = f"{down} of {len(values)} directions curve clearly down"


def _directions(L: Objective, path: Trajectory, view: Slice) -> dict[str, Tensor]:
    """Where PC2 can turn: the next components of the walk, and every parameter of a small model."""
    found = {}
    for dims in range(3, min(L.P, 6) + 1):
        try:
            found[f"PC{dims}"] = Slice.pca(path.points, dims=dims).directions[-1]
        except ValueError:  # the walk has no further dimension
            break
    if L.P <= MOST:
        names = L.parameters_at(torch.arange(L.P, dtype=view.origin.dtype))
        for name, numbers in names.items():
            for index, number in zip(np.ndindex(*numbers.shape), numbers.flatten(), strict=True):
                label = name + "".join(f"[{i}]" for i in index)
                found[label] = torch.eye(L.P, dtype=view.origin.dtype)[int(number)]
    return found


# -- 5: a volume -----------------------------------------------------------------------------------


def volume_explorer(
    L: Objective, land: Landscape, path: Trajectory | None = None, **options
) -> Explorer:
    """The volume viewer, with the false-minimum test at its low points.

    With the crosshair beside a low point of the volume the test runs there; a button runs it
    anywhere.

    Args:
        L: the landscape.
        land: what a scan of three dimensions of it found.
        path: a trajectory to draw.
        options: passed on to `VolumeViewer`, such as `contour=0.1`.

    Raises:
        ValueError: if the landscape is not 3D, or belongs to another model.

    >>> from lossviz_helpers import model_2, diagonal, squared_error
    >>> L = Objective(model_2(), diagonal(), squared_error)
    >>> land = scan(L, Slice(torch.zeros(3), torch.eye(3)), 9, ((-3, 3),) * 3)
    >>> explorer = volume_explorer(L, land)
    >>> print(explorer["verdict"].text.splitlines()[1])
    Verdict: not a minimum: the ground still slopes here.
    """
    viewer = VolumeViewer(land, path, **options)
    L.check_points(land.slice.origin)
    lows = land.minima()
    names = [f"{three_digits(low.loss)} at ({_pair(low.alpha)})" for low in lows]
    low_points = w.Dropdown(
        # none of them is −1: ipywidgets shows a value of None as an empty box
        options=[("go to a low point …", -1), *zip(names, range(len(lows)), strict=True)],
        layout=w.Layout(width="290px"),
    )
    low_points.add_class("lv-low-points")
    test = w.Button(description="Test this point", icon="search", layout=w.Layout(width="auto"))
    said = Text()
    explorer = Explorer(
        "volume_explorer",
        [viewer, row(low_points, test), said],
        L,
        viewer=viewer,
        low_points=low_points,
        test=test,
        verdict=said,
    )
    verdicts = {}
    steps = [axis[1] - axis[0] for axis in land.axes]

    def verdict_at(alpha):
        if alpha not in verdicts:
            theta = land.slice.point(torch.tensor(alpha))
            verdicts[alpha] = false_minimum_test(L, theta, land.slice, steps=TEST_STEPS)
        return f"({_pair(alpha)})\n{_in_words(verdicts[alpha])}"

    def look(crosshair):
        low = _nearest_low(lows, crosshair, steps)
        if low is None:
            said.text = "Click beside a low point, or press the button: is it a minimum?"
        else:
            said.text = f"The low point beside the crosshair, at {verdict_at(low)}"

    def go_to(number):
        if number >= 0:
            viewer.crosshair = lows[number].alpha
            low_points.value = -1

    explorer.on("viewer", "crosshair", look)
    explorer.on("low_points", "value", go_to)
    explorer.on_click(
        "test", lambda: setattr(said, "text", f"The point at {verdict_at(viewer.crosshair)}")
    )
    look(viewer.crosshair)
    return explorer


# -- what they share -------------------------------------------------------------------------------


def _in_words(verdict: Verdict) -> str:
    """A verdict with real minus signs, which leaves hyphens alone."""
    return re.sub(r"-(?=\d)", "−", str(verdict))


def _pair(alpha) -> str:
    return ", ".join(f"{a:.3g}" for a in alpha).replace("-", "−")


def _within(panel: Panel, alpha) -> tuple[float, float]:
    """Coordinates, moved to the edge of the window if they lie beyond it."""
    return tuple(
        float(min(max(float(a), lo), hi)) for a, (lo, hi) in zip(alpha, panel.extent, strict=True)
    )


def _nearest_low(lows: list[LowPoint], at, steps) -> tuple[float, ...] | None:
    """The low point within a few grid steps, the nearest of several; None if there is none."""
    away = [
        max(abs(a - x) / s for a, x, s in zip(low.alpha, at, steps, strict=True)) for low in lows
    ]
    if not away or min(away) > NEAR:
        return None
    return lows[int(np.argmin(away))].alpha


def _map_of(land: Landscape, labels: tuple[str, str], title: str) -> Panel:
    """A landscape as a panel to point at."""
    x, y = land.axes
    panel = Panel(
        title=title,
        labels=labels,
        extent=((x[0], x[-1]), (y[0], y[-1])),
        follow="both",
        step=(x[1] - x[0], y[1] - y[0]),
        faint=True,
        bar=True,
        aspect=0.8,
        description=f"Map of the loss over {labels[0]} and {labels[1]}.",
    )
    panel.show_picture(land.loss, log=True)
    return panel


def _map_limits(land: Landscape) -> tuple[float, float]:
    """Colours that stay while the map changes: a little more than the first one needs."""
    finite = land.loss[np.isfinite(land.loss)]
    return (float(finite.min()) * 0.8, float(finite.max())) if finite.size else (0.0, 1.0)


def _predictions_of(L: Objective) -> Panel:
    """What a model says over the two inputs, and the examples."""
    panel = Panel(
        title="what this model predicts",
        labels=("x₁", "x₂"),
        levels=[0.5],
        description="Predictions over the two inputs: orange says 1, purple 0; the line is 0.5.",
    )
    prediction_grid(L, torch.zeros(L.P), 2)  # an error now if they can't be drawn
    x = L.x.cpu().numpy()
    panel.marks = [
        marks(*x[(L.y == value).cpu().numpy()].T, kind, colour, 2.2)
        for value, kind, colour in zip((0, 1), ("dot", "square"), CLASSES, strict=True)
    ]
    return panel


def _shadow_lines(view: Slice, path: Trajectory) -> list[dict]:
    shown = []
    for run in path:
        x, y = view.coordinates(run.thinned(POINTS).points).cpu().double().numpy()[:, :2].T
        shown.append(line(x, y, "path", 2.2))
    return shown


def _shadow_ends(view: Slice, path: Trajectory) -> list[dict]:
    ends = []
    for run in path:
        for kind, theta in (("start", run.start), ("end", run.end)):
            x, y = view.coordinates(theta).cpu().double().numpy()[:2]
            ends.append(marks([x], [y], kind))
    return ends


def _check_plane(land: Landscape, name: str) -> None:
    if land.dims != 2:
        raise ValueError(f"{name} needs a 2D landscape, got a {land.dims}D one")


def _checked(explorer: Explorer) -> Explorer:
    """An explorer whose first picture failed is no use: raise what it would only show."""
    if explorer.error:
        raise ValueError(explorer.error)
    return explorer
