"""Everything for a class without a network, as one zip: bundle/lossviz.zip.

    python tools/bundle.py            # site, slides, notebooks with the package, list of packages
    python tools/bundle.py --wheels   # and the packages themselves, for machines like this one

`docs/setup_help.md` says how a class uses it. Of the notebooks and the package, it takes what is
committed.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START = """Loss landscapes, for a class without a network

site/index.html      everything to read and to play with, in any browser
slides/02.html       slides of chapter 2, and so on; S shows the notes
source/notebooks/    the notebooks; source/ is also the package
wheels/              what to install, if it was made with --wheels
site/docs/setup_help.html says how, and what to do when something fails.
"""


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def source(folder: Path) -> None:
    """What is committed, without its history."""
    archive = folder.parent / "source.tar"
    run("git", "archive", "--output", archive, "HEAD")
    shutil.unpack_archive(archive, folder, filter="data")
    archive.unlink()


def wheels(folder: Path) -> None:
    """The package and all that it needs with its extra `notebooks`, in the tested versions."""
    folder.mkdir()
    pip = (sys.executable, "-m", "pip")
    run(*pip, "download", "-q", "-d", folder, "-c", "constraints.txt", ".[notebooks]")
    for built in folder.glob("lossviz_helpers*"):  # a source archive, which needs a build tool
        built.unlink()
    run(*pip, "wheel", "-q", "--no-deps", "-w", folder, ".")


def bundle(target: Path, with_wheels: bool = False, chapters: list[str] | None = None) -> Path:
    """Write the zip into a folder; returns the file."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "lossviz"
        folder.mkdir()
        (folder / "START-HERE.txt").write_text(START, encoding="utf-8")
        source(folder / "source")
        run(sys.executable, "tools/slides.py", *(chapters or []), "--to", folder / "slides")
        run(sys.executable, "tools/site.py", folder / "site")
        shutil.rmtree(folder / "jupyter_execute", ignore_errors=True)  # Sphinx leaves it behind
        if with_wheels:
            wheels(folder / "wheels")
        return Path(shutil.make_archive(str(target / "lossviz"), "zip", temporary, "lossviz"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("target", nargs="?", type=Path, default=ROOT / "bundle")
    parser.add_argument("--wheels", action="store_true", help="also the packages to install")
    asked = parser.parse_args()
    print(bundle(asked.target, asked.wheels))
