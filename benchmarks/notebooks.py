"""How long does each notebook run, and in how little memory? (Linux only)

    python benchmarks/notebooks.py          # every chapter
    python benchmarks/notebooks.py 03 04    # these chapters

Each runs in a kernel of its own that may use 1 GiB of data memory (`prlimit --data`), as on Binder,
with PyTorch's thread settings as they are. The exit code is 1 if one fails or takes a minute.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

ROOT = Path(__file__).resolve().parents[1]
GIB = 2**30
SECONDS = 60
PEAK = """
from pathlib import Path
print(*(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith(("VmHWM", "VmData"))))
"""


def limited_kernel(folder: Path) -> None:
    """Write the specification of a Python kernel with limited memory."""
    kernel = folder / "kernels" / "limited"
    kernel.mkdir(parents=True)
    argv = ["prlimit", f"--data={GIB}", sys.executable, "-m", "ipykernel_launcher", "-f"]
    spec = {
        "argv": [*argv, "{connection_file}", "--log-level=ERROR"],
        "display_name": "limited",
        "language": "python",
    }
    (kernel / "kernel.json").write_text(json.dumps(spec))


def run(path: Path) -> tuple[float, float, float, str]:
    """Seconds, peak of resident memory and final data memory in GiB, and the error, if any."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(PEAK))
    client = NotebookClient(
        notebook,
        kernel_name="limited",
        timeout=600,
        resources={"metadata": {"path": str(path.parent)}},
    )
    begin, error = time.perf_counter(), ""
    try:
        client.execute()
    except (CellExecutionError, DeadKernelError) as err:
        error = str(err).strip().splitlines()[-1]
        return time.perf_counter() - begin, float("nan"), float("nan"), error
    seconds = time.perf_counter() - begin
    used = [int(kilobytes) * 1024 / GIB for kilobytes in notebook.cells[-1].outputs[0].text.split()]
    resident, data = used
    return seconds, resident, data, error


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("chapter", nargs="*", help="how a notebook's name begins, such as 03")
    wanted = tuple(parser.parse_args().chapter or [""])
    if not sys.platform.startswith("linux"):
        sys.exit("memory is limited with prlimit, which only Linux has")
    failed = 0
    print(f"{'notebook':28} {'seconds':>8} {'peak GiB':>9} {'data GiB':>9}")
    with TemporaryDirectory() as folder:
        limited_kernel(Path(folder))
        os.environ["JUPYTER_PATH"] = folder
        for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
            if not path.name.startswith(wanted):
                continue
            seconds, resident, data, error = run(path)
            note = error or ("over a minute" if seconds > SECONDS else "")
            failed += bool(note)
            print(f"{path.stem:28} {seconds:8.1f} {resident:9.2f} {data:9.2f}  {note}", flush=True)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
