"""Run the benches, print a table and write build/bench.jsonl."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from tests import servers
from tests.bench import bulk, footprint, kernels, rules, single, sizes, street, whatif
from tests.bench.measure import Measurement, progress, table
from tests.bench.setting import Setting, setting

Bench = Callable[[Setting], Iterable[Measurement]]

#: The benches by name; those that have any, with the names of the figures that have a target.
BENCHES: Final[dict[str, tuple[Bench, tuple[str, ...]]]] = {
    "footprint": (lambda s: footprint.measure(s.smoke), ()),
    "kernels": (lambda s: kernels.measure(s.smoke), ()),
    "street": (lambda s: street.measure(s.smoke), ()),
    "single": (single.measure, single.FIGURES),
    "bulk": (bulk.measure, bulk.FIGURES),
    "rules": (rules.measure, rules.FIGURES),
    "sizes": (sizes.measure, sizes.FIGURES),
    "whatif": (whatif.measure, whatif.FIGURES),
}
#: Figures to which more than one bench adds.
DISAGREEMENTS: Final = "conflict_set_disagreements"
_COMPARING: Final = ("single", "bulk", "rules", "whatif")
OUTPUT: Final = Path(__file__).resolve().parents[2] / "build" / "bench.jsonl"


def main(arguments: list[str] | None = None) -> int:
    """0, or 1 where a target is missed, two methods disagree or a server is missing."""
    names = [*BENCHES, *(figure for _, figures in BENCHES.values() for figure in figures), DISAGREEMENTS]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure how fast it is.")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes and no targets: only that it runs")
    parser.add_argument("--only", choices=names, metavar="NAME", help=f"a bench or a figure: {', '.join(names)}")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        with setting(options.smoke) as shared:
            found = list(measured(shared, options.only))
    except servers.Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    progress(f"done, after {time.monotonic() - started:.0f} s")
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text("".join(json.dumps(item.plain(), ensure_ascii=False) + "\n" for item in found), encoding="utf-8")
    print(table(found))
    return 1 if any(item.ok is False for item in found) else 0


def measured(shared: Setting, only: str | None) -> Iterable[Measurement]:
    """The figures of all benches, or of the one that is named or that has the one that is named."""
    chosen = [
        name
        for name, (_, figures) in BENCHES.items()
        if only in (None, name, *figures) or (only == DISAGREEMENTS and name in _COMPARING)
    ]
    for name in chosen:
        progress(f"bench: {name}")
        yield from BENCHES[name][0](shared)
    if any(name in _COMPARING for name in chosen):
        yield disagreements(shared)


def disagreements(shared: Setting) -> Measurement:
    """How many answers differ for no documented reason; each that differs is told."""
    for line in (*shared.differing, *shared.wrong):
        print(line)
    if shared.differing or shared.wrong:
        print()
    documented = sum(one.documented for one in shared.differing)
    count = len(shared.differing) - documented + len(shared.wrong)
    told = f"{sum(shared.compared.values()):,} answers compared, of {len(shared.compared)} methods"
    if documented:
        told += f"; {documented} documented PostGIS errors listed above"
    return Measurement(DISAGREEMENTS, count, "pairs", None, 0.0, told=told)


if __name__ == "__main__":
    sys.exit(main())
