"""Measure the claims again and write the ledger.

python -m claims            # every claim
python -m claims 07 08.2    # these chapters and claims; the others keep their results
"""

import sys
import time

from .ledger import all_claims, load, run, save, spread, verdict

claims, results = all_claims(), load()
wanted = tuple(sys.argv[1:] or [""])
for claim in claims:
    if claim.number.startswith(wanted) or claim.number not in results:
        begin = time.perf_counter()
        results[claim.number] = run(claim)
        seconds = time.perf_counter() - begin
        effects = spread(results[claim.number]["effects"])
        print(
            f"{claim.number}  {effects:32} {verdict(claim, results[claim.number])}  {seconds:.0f} s"
        )
save(results, claims)
