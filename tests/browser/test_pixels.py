"""What the widgets draw, pixel by pixel, compared with what NumPy makes of the same numbers.

The volumes have odd and unequal sizes, and no symmetry: a picture that is mirrored, transposed or
shifted by half a grid point is another one.

Needs Chromium, on the PATH or named by LOSSVIZ_CHROMIUM, and npm for the scripts of saved pages.
"""

import base64
import io
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.interpolate import RegularGridInterpolator
from scipy.ndimage import binary_dilation, distance_transform_edt

from lossviz_helpers import Landscape, Slice, Trajectory
from lossviz_helpers.widgets import VolumeViewer
from lossviz_helpers.widgets.panel import Panel, line, marks

from .lab import save_page, watch

pytestmark = pytest.mark.browser

AXES = (np.linspace(-1, 1, 5), np.linspace(0, 3, 7), np.linspace(-2, -1, 9))
AT = (1, 2, 6)  # grid point of the crosshair
CUTS = ((2, 0, 1), (0, 2, 1), (1, 0, 2))  # of each panel: axis held fixed, across, up
PATH = np.array([0xD8, 0x1B, 0x60])


def volume() -> np.ndarray:
    """Losses that are all different, and smooth, because browsers interpolate differently."""
    x, y, z = np.meshgrid(*(np.linspace(0, 1, len(axis)) for axis in AXES), indexing="ij")
    loss = 1 + 3 * x + 1.7134 * y**2 + 0.9171 * z
    loss += 2.3917 * (x - 0.31) * (y - 0.6) - 2.8811 * (z - 0.8) * y
    assert len(np.unique(loss.round(6))) == loss.size
    return loss


def landscape(loss: np.ndarray) -> Landscape:
    return Landscape(AXES, loss, Slice(torch.zeros(6), torch.eye(6)[:3]))


def positions(loss: np.ndarray, log: bool) -> np.ndarray:
    """Where each loss lies on the colour bar, from 0 to 1."""
    loss = np.log(loss) if log else loss
    return (loss - np.nanmin(loss)) / np.ptp(loss[np.isfinite(loss)])


def colours_of(widget) -> np.ndarray:
    return np.frombuffer(widget._colours, np.uint8).reshape(256, 3).astype(float)


@dataclass
class Box:
    """The box of a cut on its canvas, in pixels of the screen, and the grid in it."""

    left: float
    top: float
    width: float
    height: float
    nu: int
    nv: int

    def pixel(self, u: float, v: float) -> tuple[float, float]:
        """Where a grid position lies, v upwards."""
        x = self.left + u / (self.nu - 1) * self.width
        return x, self.top + (1 - v / (self.nv - 1)) * self.height

    def grid(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """All pixels inside: their rows and columns, and the grid positions of their middles."""
        columns = np.arange(np.ceil(self.left) + 1, self.left + self.width - 2).astype(int)
        rows = np.arange(np.ceil(self.top) + 1, self.top + self.height - 2).astype(int)
        rows, columns = np.meshgrid(rows, columns, indexing="ij")
        u = (columns + 0.5 - self.left) / self.width * (self.nu - 1)
        v = (1 - (rows + 0.5 - self.top) / self.height) * (self.nv - 1)
        return rows, columns, u, v


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where pages are saved, next to the scripts that they share."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture
def show(browser, folder):
    """Show a widget on a saved page; at the end, nothing may have gone wrong."""
    contexts, wrong = [], []

    def show_it(widget, ready=".lv-loss:not(:empty)"):
        save_page(folder / "page.html", widget)
        context = browser.new_context(offline=True, viewport={"width": 900, "height": 800})
        contexts.append(context)
        page = context.new_page()
        wrong.append(watch(page))
        page.goto((folder / "page.html").as_uri())
        page.wait_for_selector(ready)
        page.wait_for_timeout(200)  # what moved has come to rest
        return page

    yield show_it
    for context in contexts:
        context.close()
    assert not [what for page in wrong for what in page]


def pixels(page, selector: str, i: int = 0) -> np.ndarray:
    """A canvas as rows of red, green, blue and opacity."""
    url = page.locator(selector).nth(i).evaluate("c => c.toDataURL()")
    with Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) as image:
        return np.array(image.convert("RGBA")).astype(float)


def cut_box(picture: np.ndarray, panel: int) -> Box:
    size = picture.shape[1] - 36 - 8
    _, across, up = CUTS[panel]
    return Box(36, 8, size, size, len(AXES[across]), len(AXES[up]))


def the_cut(values: np.ndarray, panel: int) -> np.ndarray:
    """The plane of a volume that a panel shows, across × up."""
    fixed, across, up = CUTS[panel]
    plane = values.take(AT[fixed], axis=fixed)
    return plane if across < up else plane.T


def viewer_of(loss=None, log=False, **options) -> VolumeViewer:
    crosshair = tuple(axis[i] for axis, i in zip(AXES, AT, strict=True))
    return VolumeViewer(landscape(volume() if loss is None else loss), log=log,
                        **({"crosshair": crosshair} | options))  # fmt: skip


def between_grid_points(values: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    axes = [np.arange(n) for n in values.shape[:2]]
    return RegularGridInterpolator(axes, values)(np.stack([u, v], axis=-1))


def off_crosshair(box: Box, panel: int, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    _, across, up = CUTS[panel]
    x, y = box.pixel(AT[across], AT[up])
    return (abs(columns + 0.5 - x) > 4) & (abs(rows + 0.5 - y) > 4)


def check_colours(found, values, box: Box, table: np.ndarray, chosen=True) -> None:
    """The colours of a box are those of values `(nu, nv)`, apart from contours drawn on them."""
    rows, columns, u, v = box.grid()
    expected = between_grid_points(table[(values * 255).round().astype(int)], u, v)
    error = abs(found[rows, columns, :3] - expected).max(axis=-1)
    levels = between_grid_points(values, u, v) * 12
    chosen = chosen & (abs(levels - levels.round()) > 0.2)
    assert chosen.sum() > 5000
    assert np.quantile(error[chosen], 0.95) < 12, error[chosen].mean()
    assert (found[rows, columns, 3] == 255).all()


@pytest.mark.parametrize("log", [False, True], ids=["linear", "log"])
def test_cuts_show_the_losses_of_their_planes(show, log):
    viewer = viewer_of(log=log)
    page, values = show(viewer), positions(volume(), log)
    for panel in range(3):
        found = pixels(page, ".lv-panel canvas", panel)
        box = cut_box(found, panel)
        chosen = off_crosshair(box, panel, *box.grid()[:2])
        check_colours(found, the_cut(values, panel), box, colours_of(viewer), chosen)


def test_crosshairs_lie_at_their_grid_points(show):
    page = show(viewer_of())
    lines = {0: [255, 147, 38], 1: [51, 189, 247], 2: [255, 255, 255]}
    for panel, (_, across, up) in enumerate(CUTS):
        found = pixels(page, ".lv-panel canvas", panel)
        box = cut_box(found, panel)
        x, y = box.pixel(AT[across], AT[up])
        column = found[:, int(x) - 1 : int(x) + 2, :3]
        row = found[int(y) - 1 : int(y) + 2, :, :3]
        beside = (int(box.top + 12), int(box.left + 12))
        assert abs(column[beside[0]] - lines[across]).max(axis=-1).min() < 110
        assert abs(row[:, beside[1]] - lines[up]).max(axis=-1).min() < 110


@dataclass
class Camera:
    """The eye: 7.2 half sides from the middle of the cube, 24° up, at an azimuth of −56°."""

    height: int
    width: int

    def __post_init__(self):
        elevation, azimuth = np.radians([24, -56])
        sideways = np.cos(elevation) * np.array([np.cos(azimuth), np.sin(azimuth)])
        self.ahead = -np.array([*sideways, np.sin(elevation)])
        right = np.cross(self.ahead, [0, 0, 1])
        self.right = right / np.linalg.norm(right)
        self.up = np.cross(self.right, self.ahead)
        self.eye = -7.2 * self.ahead
        self.focus = 0.277 * 7.2 * min(self.width, self.height)
        self.middle = np.array([self.width / 2 + 4, self.height / 2 - 6])

    def pixel(self, point: np.ndarray) -> np.ndarray:
        """Where a point of the cube is seen."""
        ray = point - self.eye
        aside = np.array([ray @ self.right, -ray @ self.up])
        return self.middle + self.focus * aside / (ray @ self.ahead)

    def seen(self) -> tuple[np.ndarray, np.ndarray]:
        """What each pixel shows: which cut, or −1, and the point of the cube there."""
        y, x = np.mgrid[: self.height, : self.width]
        aside = (x - self.middle[0])[..., None] * self.right
        aside = aside - (y - self.middle[1])[..., None] * self.up
        ray = self.ahead + aside / self.focus
        nearest = np.full(x.shape, np.inf)
        face, where = np.full(x.shape, -1), np.full((*x.shape, 3), np.nan)
        for axis in range(3):
            plane = cube_at(AT)[axis]
            distance = (plane - self.eye[axis]) / ray[..., axis]
            point = self.eye + distance[..., None] * ray
            others = np.delete(point, axis, axis=-1)
            hit = (distance > 0) & (distance < nearest) & (abs(others) <= 1).all(axis=-1)
            nearest[hit], face[hit], where[hit] = distance[hit], axis, point[hit]
            where[hit, axis] = plane
        return face, where


def cube_at(index) -> np.ndarray:
    """A grid point in the cube, from −1 to 1 along each axis."""
    return np.array([2 * i / (len(a) - 1) - 1 for i, a in zip(index, AXES, strict=True)])


def in_the_cube(values: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Values between grid points, at points of the cube of shape `(n, 3)`."""
    grids = [np.linspace(-1, 1, len(axis)) for axis in AXES]
    return RegularGridInterpolator(grids, values)(points.clip(-1, 1))


@pytest.mark.parametrize("log", [False, True], ids=["linear", "log"])
def test_the_cube_shows_the_losses_on_its_three_faces(show, log):
    viewer = viewer_of(log=log)
    found = pixels(show(viewer), ".lv-panel canvas", 3)
    face, where = Camera(*found.shape[:2]).seen()
    values = in_the_cube(positions(volume(), log), where[face >= 0])
    expected = np.full((*face.shape, 3), np.nan)
    expected[face >= 0] = colours_of(viewer)[(values * 255).round().astype(int)]
    error = abs(found[..., :3] - expected).max(axis=-1)
    for axis in range(3):
        mine = face == axis
        assert mine.sum() > 2000, "it is seen"
        # lines are drawn where cuts end and meet
        assert np.median(error[mine]) <= 1, f"cut of axis {axis}"
        assert np.quantile(error[mine], 0.75) <= 3, f"cut of axis {axis}"
    # around the cuts there are edges and names, and nothing else
    assert (found[face < 0, 3] > 0).mean() < 0.1


def test_gaps_are_where_no_loss_is(show):
    loss = volume()
    i, j, k = AT
    gaps = [(i, j + 2, k - 3), (i + 2, j, k - 3), (i + 2, j + 2, k)]
    for gap in gaps:
        loss[gap] = np.nan
    page = show(viewer_of(loss))
    for panel in range(3):
        found = pixels(page, ".lv-panel canvas", panel)
        box = cut_box(found, panel)
        rows, columns, u, v = box.grid()
        cut = the_cut(loss, panel)
        assert np.isnan(cut).sum() == 1
        (at,) = np.argwhere(np.isnan(cut))
        inside = (abs(u - at[0]) < 0.45) & (abs(v - at[1]) < 0.45)
        outside = (abs(u - at[0]) > 0.6) | (abs(v - at[1]) > 0.6)
        outside &= off_crosshair(box, panel, rows, columns)
        grey = np.ptp(found[rows, columns, :3], axis=-1) < 30
        assert inside.sum() > 100
        assert grey[inside].mean() > 0.95
        assert grey[outside].mean() < 0.02


def test_contours_run_over_the_faces_of_the_cube(show):
    loss, level = volume(), 3.5
    found = pixels(show(viewer_of(loss, contour=level)), ".lv-panel canvas", 3)
    face, where = Camera(*found.shape[:2]).seen()
    values = np.full(face.shape, np.nan)
    values[face >= 0] = in_the_cube(loss, where[face >= 0])
    above = np.where(np.isnan(values), np.nan, values > level)
    down, right = (np.diff(above, axis=axis, append=np.nan) for axis in (0, 1))
    crossing = (abs(down) == 1) | (abs(right) == 1)
    crossing &= (np.diff(face, axis=0, append=-9) == 0) & (np.diff(face, axis=1, append=-9) == 0)
    away = distance_transform_edt(~crossing)  # pixels to where the loss crosses the level
    black = found[..., :3].max(axis=-1) < 80
    for axis in range(3):
        # clear of the lines where cuts end and meet, which are dark as well
        lines = binary_dilation(face != axis, iterations=5)
        for other in {0, 1, 2} - {axis}:
            lines |= binary_dilation(
                abs(where[..., other] - cube_at(AT)[other]) < 0.05, iterations=3
            )
        on_it = crossing & ~lines
        assert on_it.sum() > 10
        assert binary_dilation(black, iterations=4)[on_it].mean() > 0.8
        assert np.quantile(away[black & ~lines], 0.9) < 4


def test_training_ends_where_its_projection_ends(show):
    # three runs, each of which ends on one of the cuts, off the crosshair
    ends = [(AT[0], 5, 2), (3, AT[1], 3), (3, 5, AT[2])]
    points = torch.zeros(2, 3, 6)
    for run, end in enumerate(ends):
        for axis in range(3):
            points[:, run, axis] = AXES[axis][end[axis]]
    path = Trajectory(points, torch.ones(2, 3), torch.arange(2))
    page = show(viewer_of(path=path))
    for panel, (fixed, across, up) in enumerate(CUTS):
        found = pixels(page, ".lv-panel canvas", panel)
        x, y = cut_box(found, panel).pixel(ends[fixed][across], ends[fixed][up])
        middle = found[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2, :3]
        assert abs(middle - PATH).max() < 12, f"★ on the cut of axis {fixed}"
    found = pixels(page, ".lv-panel canvas", 3)
    for end in ends:
        x, y = Camera(*found.shape[:2]).pixel(cube_at(end))
        middle = found[int(y), int(x), :3]
        # seen through a cut it is paler
        assert middle[0] - middle[1] > 60, f"★ at {end} in the cube"


def test_the_contour_runs_where_the_loss_is_its_level(show):
    loss, level = volume(), 3.2
    page = show(viewer_of(loss, contour=level))
    for panel in range(3):
        found = pixels(page, ".lv-panel canvas", panel)
        box = cut_box(found, panel)
        rows, columns, u, v = box.grid()
        values = between_grid_points(the_cut(loss, panel), u, v)
        steep = np.hypot(*np.gradient(values))  # per pixel
        away = abs(values - level) / np.maximum(steep, 1e-9)  # in pixels
        black = found[rows, columns, :3].max(axis=-1) < 70
        black &= off_crosshair(box, panel, rows, columns)
        assert black.sum() > 50
        assert np.quantile(away[black], 0.95) < 4
        on_it = (away < 0.5) & off_crosshair(box, panel, rows, columns)
        assert binary_dilation(black, iterations=4)[on_it].mean() > 0.95


@pytest.mark.parametrize("panel", range(3))
def test_a_click_reads_the_loss_of_its_grid_point(show, panel):
    page = show(viewer_of())
    canvas = page.locator(".lv-panel canvas").nth(panel)
    box = cut_box(pixels(page, ".lv-panel canvas", panel), panel)
    _, across, up = CUTS[panel]
    index = list(AT)
    index[across], index[up] = len(AXES[across]) - 2, 1
    x, y = box.pixel(index[across] + 0.3, index[up] - 0.3)  # the nearest grid point is meant
    canvas.click(position={"x": x, "y": y})
    read = float(page.inner_text(".lv-loss"))
    assert read == pytest.approx(volume()[tuple(index)], rel=5e-3)


# A panel


def panel_of(**options) -> Panel:
    panel = Panel(title="a picture", labels=("x", "y"), extent=((-1, 1), (0, 3)), **options)
    panel.show_picture(volume()[:, :, 4])
    return panel


def panel_box(picture: np.ndarray, nu: int = 5, nv: int = 7) -> Box:
    """Below a row for the name of the upward axis, above one for ticks and a name; a square."""
    size = picture.shape[0] - 24 - 40
    return Box(picture.shape[1] - 10 - size, 24, size, size, nu, nv)


PLOT = "figure.lv-plot > canvas:not(.lv-colourbar)"


def test_a_panel_shows_its_picture(show):
    panel = panel_of()
    found = pixels(show(panel, PLOT), PLOT)
    check_colours(found, positions(volume()[:, :, 4], False), panel_box(found), colours_of(panel))


def place(box: Box, x: float, y: float) -> tuple[float, float]:
    """Where a point of the window lies on the canvas."""
    return box.pixel((x + 1) / 2 * (box.nu - 1), y / 3 * (box.nv - 1))


def test_lines_and_markers_are_drawn_at_their_coordinates(show):
    panel = panel_of()
    panel.lines = [line([-0.8, 0.6], [0.4, 2.7], "#ff0000", width=4)]
    panel.marks = [marks([0.5], [0.5], "square", "#00ff00", size=7)]
    found = pixels(show(panel, PLOT), PLOT)
    box = panel_box(found)
    for t in (0.02, 0.3, 0.7, 0.98):
        x, y = place(box, -0.8 + 1.4 * t, 0.4 + 2.3 * t)
        assert found[int(y), int(x), :3].tolist() == [255, 0, 0]
    reds = (found[..., 0] > 200) & (found[..., 1:3].max(axis=-1) < 60)
    rows, columns = np.nonzero(reds)
    (left, low), (right, high) = place(box, -0.8, 0.4), place(box, 0.6, 2.7)
    assert abs(columns.min() - left) < 4
    assert abs(columns.max() - right) < 4
    assert abs(rows.min() - high) < 4
    assert abs(rows.max() - low) < 4
    x, y = place(box, 0.5, 0.5)
    assert found[int(y), int(x), :3].tolist() == [0, 255, 0]
    greens = np.argwhere((found[..., 1] > 240) & (found[..., [0, 2]].max(axis=-1) < 30))
    assert abs(greens.mean(axis=0) + 0.5 - (y, x)).max() < 1


def test_the_bar_shows_the_value_under_the_pointer(show):
    panel = panel_of(pointer=(-0.5, 2.5), follow="both", bar=True)
    bar = pixels(show(panel, PLOT), ".lv-colourbar")
    value = positions(volume()[:, :, 4], False)[1, 5]
    columns = np.nonzero(bar[1, :, 3])[0]  # of the mark above the colours
    assert abs(columns.mean() + 0.5 - (8 + value * (bar.shape[1] - 16))) < 1


def test_a_pointer_ends_where_it_is_moved(show):
    panel = panel_of(pointer=(-0.5, 1.0), follow="both", step=(0.25, 0.5))
    page = show(panel, PLOT)

    def check(x, y):
        found = pixels(page, PLOT)
        box = panel_box(found)
        left, top = place(box, x, y)
        inside = found[24:-40, int(box.left) + 1 : -11, :3].min(axis=-1)
        # white lines, of which the ends are far from the ring around the point
        across, down = inside[5, 8:-8].argmax() + 8, inside[8:-8, 5].argmax() + 8
        assert abs(int(box.left) + 1 + across + 0.5 - left) <= 1.5
        assert abs(24 + down + 0.5 - top) <= 1.5

    check(-0.5, 1.0)
    page.locator(PLOT).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    check(0.0, 1.5)
    for key in ("ArrowLeft", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    check(-0.25, 0.5)
    box = panel_box(pixels(page, PLOT))
    x, y = place(box, 0.6, 2.4)
    page.locator(PLOT).click(position={"x": x, "y": y})
    check(0.6, 2.4)
