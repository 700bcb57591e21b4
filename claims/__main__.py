"""Measure the claims again and write the ledger.

python -m claims            # every claim
python -m claims 07 08.2    # these chapters and claims; the others keep their results
python -m claims --data 06  # measure nothing, only write what these chapters load

A chapter's module may have a function `write_data()`: it writes what the chapter loads.
"""

import sys
import time

from .ledger import all_claims, chapters, load, run, save, spread, verdict

only_data = "--data" in sys.argv
wanted = tuple(word for word in sys.argv[1:] if word != "--data") or ("",)
if not only_data:
    claims, results, measured = all_claims(), load(), {}
    for claim in claims:
        if claim.number.startswith(wanted) or claim.number not in results:
            begin = time.perf_counter()
            measured[claim.number] = run(claim)
            seconds = time.perf_counter() - begin
            effects = spread(measured[claim.number]["effects"])
            judged = verdict(claim, measured[claim.number])
            print(f"{claim.number}  {effects:32} {judged}  {seconds:.0f} s")
    save(load() | measured, claims)  # another run may have saved in the meantime
for number, module in chapters().items():
    if hasattr(module, "write_data") and number.startswith(tuple(w[:2] for w in wanted)):
        module.write_data()
