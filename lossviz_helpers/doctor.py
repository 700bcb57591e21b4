"""Is this machine ready for the package and, in a checkout, for the notebooks as well?

In a notebook, ``doctor()`` prints one line per check. In a terminal, ``python -m
lossviz_helpers.doctor`` adds the details and exits with 1 if a check fails. If PyTorch can't be
imported, neither can the package, but ``python lossviz_helpers/doctor.py`` still works: it doesn't
import the package.
"""

import importlib
import io
import os
import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from packaging.requirements import Requirement

PACKAGE = "lossviz-helpers"
IMPORT_NAMES = {"scikit-learn": "sklearn", "pillow": "PIL"}  # where it isn't the package's name
OLDEST_PYTHON = (3, 11)
MIN_MEMORY = 10**9  # bytes; a kernel with PyTorch and a few figures takes half of it
HOME = Path(__file__).resolve().parents[1]
WITH_NOTEBOOKS = (HOME / "notebooks/00_start_here.ipynb").is_file()  # a checkout, not a wheel
REINSTALL_CHECKOUT = 'pip install -c constraints.txt -e ".[notebooks,test]"'
REINSTALL = REINSTALL_CHECKOUT if WITH_NOTEBOOKS else f"pip install {PACKAGE}"


class Check(NamedTuple):
    """One check: a claim, whether it holds, what was found, and what to do if it doesn't."""

    claim: str
    ok: bool
    facts: str
    remedy: str


def doctor(verbose: bool = False) -> None:
    """Print one line per check, ✓ or ✗, and where one fails, what was found and what to do.

    Args:
        verbose: whether to print what was found for every check. Without it, the output is the
            same on every healthy machine.

    >>> doctor()
    ✓ Python is 3.11 or newer
    ✓ Every package is installed, in a compatible version
    ✓ PyTorch computes values and gradients
    ✓ At least 1 GB of memory
    ✓ Notebooks and package match
    Everything is ready.
    """
    report(examine(), verbose)


def examine() -> list[Check]:
    """Run every check; none of them raises."""
    return [_python(), _packages(), _torch(), _memory(), _checkout()]


def report(checks: list[Check], verbose: bool = False) -> None:
    """Print checks as :func:`doctor` does."""
    for check in checks:
        print("✓" if check.ok else "✗", check.claim)
        if verbose or not check.ok:
            print("   ", check.facts.replace("\n", "\n    "))
        if not check.ok:
            print("    To do:", check.remedy)
    failed = sum(not check.ok for check in checks)
    print("Everything is ready." if not failed else f"{failed} of {len(checks)} checks failed.")


def _python() -> Check:
    return Check(
        "Python is 3.11 or newer",
        sys.version_info[:2] >= OLDEST_PYTHON,
        f"Python {platform.python_version()} at {sys.executable}",
        "install Python 3.11 or newer and create a fresh environment with it",
    )


def _packages() -> Check:
    claim, remedy = "Every package is installed, in a compatible version", REINSTALL
    try:
        from packaging.requirements import Requirement

        needed = [Requirement(line) for line in metadata.requires(PACKAGE) or []]
    except ImportError as error:  # PackageNotFoundError is one
        return Check(claim, False, f"{type(error).__name__}: {error}", remedy)

    found, wrong = _compared([need for need in needed if _is_for("", need)])
    extra = [need for need in needed if _is_for("notebooks", need) and not _is_for("", need)]
    more, missing = _compared(extra)
    if WITH_NOTEBOOKS:
        found, wrong, missing = found + more, wrong + missing, []
    facts = "\n".join(wrong) if wrong else ", ".join(found)
    if missing:
        facts += f"\nNotebooks, widgets and the digits data also need: {', '.join(missing)}"
        facts += f'\nTo install the extra: pip install "{PACKAGE}[notebooks]"'
    return Check(claim, not wrong, facts, remedy)


def _is_for(extra: str, need: "Requirement") -> bool:
    """Whether the package requires this when installed with an extra; "" for none."""
    return need.marker is None or need.marker.evaluate({"extra": extra})


def _compared(needed: list["Requirement"]) -> tuple[list[str], list[str]]:
    """Which packages are installed in a compatible version, and which aren't."""
    found, wrong = [], []
    for need in needed:
        try:
            version = metadata.version(need.name)
            importlib.import_module(IMPORT_NAMES.get(need.name, need.name))
        except metadata.PackageNotFoundError:
            wrong.append(f"{need.name} is not installed")
        except Exception as error:  # a broken binary can raise anything
            wrong.append(f"{need.name} {version} can't be imported: {error}")
        else:
            found.append(f"{need.name} {version}")
            if not need.specifier.contains(version, prereleases=True):
                wrong.append(f"{need.name} is {version}, expected {need.specifier}")
    return found, wrong


def _torch() -> Check:
    claim = "PyTorch computes values and gradients"
    try:
        import torch

        x = torch.tensor(3.0, requires_grad=True)
        (gradient,) = torch.autograd.grad(x**2, x)
        ok = gradient.item() == 6.0
        facts = f"PyTorch {torch.__version__}, threads: {torch.get_num_threads()}, CPUs: "
        facts += str(os.cpu_count())
        if "CPU_LIMIT" in os.environ:  # set by Binder
            facts += f", CPU_LIMIT: {os.environ['CPU_LIMIT']}"
        if not ok:
            facts += f"; the slope of x² at 3 came out as {gradient.item()}, expected 6"
    except Exception as error:  # a broken binary can raise anything
        ok, facts = False, f"{type(error).__name__}: {error}"
    return Check(claim, ok, facts, f"pip uninstall torch, then {REINSTALL}")


def _memory() -> Check:
    limits = dict(_memory_limits())
    facts = ", ".join(f"{name}: {size / 1e9:.1f} GB" for name, size in limits.items())
    return Check(
        "At least 1 GB of memory",
        min(limits.values(), default=MIN_MEMORY) >= MIN_MEMORY,
        facts or "found no limit",
        "raise the lowest of these limits, or run on a larger machine",
    )


def _memory_limits() -> Iterator[tuple[str, int]]:
    """Yield (name, bytes) of everything that limits this process's memory."""
    try:
        import psutil

        yield "physical", psutil.virtual_memory().total
    except ImportError:
        pass  # the package check reports this
    for file in ("memory.max", "memory/memory.limit_in_bytes"):  # control groups, version 2 and 1
        text = _read(Path("/sys/fs/cgroup") / file)
        # neither "max" nor the huge number that version 1 uses for "no limit"
        if text.isdigit() and int(text) < 2**60:
            yield "container", int(text)
    text = os.environ.get("MEM_LIMIT", "")  # set by Binder
    if text.isdigit():
        yield "MEM_LIMIT", int(text)
    try:
        import resource
    except ImportError:  # Windows
        return
    for name in ("RLIMIT_DATA", "RLIMIT_AS"):
        soft, _ = resource.getrlimit(getattr(resource, name))
        if soft != resource.RLIM_INFINITY:
            yield name, soft


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def _checkout() -> Check:
    here = Path.cwd().resolve()
    notebooks = next(
        (at for at in (here, *here.parents) if (at / "notebooks/00_start_here.ipynb").is_file()),
        None,
    )
    return Check(
        "Notebooks and package match",
        notebooks in (None, HOME),
        f"package from {HOME}, notebooks from {notebooks or 'elsewhere'}",
        f"in {notebooks}, with its environment active: {REINSTALL_CHECKOUT}",
    )


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a Windows code page may not have ✓
    found = examine()
    report(found, verbose=True)
    sys.exit(not all(check.ok for check in found))
