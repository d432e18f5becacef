"""Run the benches, print a table and write build/bench.jsonl."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.bench import footprint, kernels, street
from tests.bench.measure import Measurement, table

BENCHES = {"footprint": footprint.measure, "kernels": kernels.measure, "street": street.measure}
OUTPUT = Path(__file__).resolve().parents[2] / "build" / "bench.jsonl"


def main(arguments: list[str] | None = None) -> int:
    """0, or 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure how fast it is.")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes and no targets: only that it runs")
    parser.add_argument("--only", choices=sorted(BENCHES), help="one of the benches")
    options = parser.parse_args(arguments)
    found: list[Measurement] = []
    for name, bench in BENCHES.items():
        if options.only in (None, name):
            found += bench(options.smoke)
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text("".join(json.dumps(item.plain(), ensure_ascii=False) + "\n" for item in found), encoding="utf-8")
    print(table(found))
    return 1 if any(item.ok is False for item in found) else 0


if __name__ == "__main__":
    sys.exit(main())
