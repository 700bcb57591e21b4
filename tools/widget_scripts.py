"""Put the scripts that draw widgets next to saved pages, which then need no kernel or network.

    python tools/widget_scripts.py site/_static          # three files
    python tools/widget_scripts.py site/_static page.html # and let saved pages load them from there

``require.js`` and html-manager's ``embed-amd.js`` come from npm (so npm must be installed), in
exactly these versions; ``anywidget.js`` comes from the installed anywidget. Pages saved by
nbconvert or by ``ipywidgets.embed`` load the first two from a CDN unless they are rewritten. The
third needs no change in the page: ``require.js`` looks for it in its own folder.
"""

import argparse
import base64
import hashlib
import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import anywidget

# name → npm package, SHA-256 of its archive, file in the archive
FROM_NPM = {
    "require.js": (
        "requirejs@2.3.8",
        "777158e89275e16bd51aec3ef714fbcb5dc45789e7078659933bc814916d7dec",
        "package/require.js",
    ),
    "embed-amd.js": (
        "@jupyter-widgets/html-manager@1.0.15",
        "2b9d65cb7913e1c7d671757a10008b32c9c2448d4429513371e55c07d6107638",
        "package/dist/embed-amd.js",
    ),
}
# looked up in the folder of this script, wherever the page is
FIND_ANYWIDGET = """
(function () {
  var here = document.currentScript.src.replace(/[^/]*$/, "");
  requirejs.config({ paths: { anywidget: here + "anywidget" } });
})();
"""
CDN = re.compile(r"https://[^\"'\s]*/(require(?:\.min)?|embed-amd)\.js")


def fetch(folder: Path) -> list[Path]:
    """Write the three scripts into a folder; existing ones are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (package, digest, member) in FROM_NPM.items():
        if (folder / name).exists():
            continue
        with from_npm(package, digest) as archive:
            text = archive.extractfile(member).read().decode()
            if name == "require.js":
                text += FIND_ANYWIDGET
            (folder / name).write_text(_inline_fonts(text, archive), encoding="utf-8")
    ours = Path(anywidget.__file__).parent / "nbextension" / "index.js"
    shutil.copy(ours, folder / "anywidget.js")
    return [folder / name for name in (*FROM_NPM, "anywidget.js")]


def localise(page: str, scripts: str) -> str:
    """HTML that loads the scripts from a folder instead of a CDN.

    Args:
        page: the HTML of a saved page.
        scripts: the folder as seen from the page, such as "_static".
    """

    def tag(match: re.Match) -> str:
        name = "require.js" if match[1].startswith("require") else "embed-amd.js"
        return f"{scripts}/{name}" if scripts else name

    page = CDN.sub(tag, page)
    # a page opened from a file has no origin, so these cross-origin checks would fail
    return re.sub(r' (?:integrity="[^"]*"|crossorigin="anonymous")', "", page)


def _inline_fonts(script: str, archive: tarfile.TarFile) -> str:
    """Put the icon fonts into a script, which would otherwise look for them next to the page."""

    def data(match: re.Match) -> str:
        font = archive.extractfile(f"package/dist/{match[1]}").read()
        return f'"data:font/woff2;base64,{base64.b64encode(font).decode()}"'

    return re.sub(r'\b[a-z]\.p\+"([0-9a-f]{20}\.woff2)"', data, script)


def from_npm(package: str, digest: str) -> tarfile.TarFile:
    """The archive of an npm package, checked against its SHA-256."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit(f"npm is needed to get {package}: install Node.js")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [npm, "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
        (file,) = Path(folder).iterdir()
        content = file.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise SystemExit(f"{package}: expected SHA-256 {digest}, got {found}")
    return tarfile.open(fileobj=io.BytesIO(content))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", type=Path, nargs="*")
    args = parser.parse_args()
    fetch(args.folder)
    for page in args.pages:
        scripts = os.path.relpath(args.folder, page.parent).replace(os.sep, "/")
        text = localise(page.read_text(encoding="utf-8"), "" if scripts == "." else scripts)
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
