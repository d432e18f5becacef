"""Writers that compete for space, each a process of its own: file and accept reservations until the time is over.

``python -m tests.services.racing URL NUMBER SECONDS WIDTH`` waits for a line on its input, so that all begin at once,
and prints what it did as JSON.
"""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from registry.core.actors import Actor
from registry.core.errors import Refused
from registry.core.model import Geometry, Period, Reservation, Strength
from registry.db import Database
from registry.services import reservations
from tests.core.building import line, reservation, rounded, shaft, square, volume

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
#: Here and not from ``making``: eight processes are to begin soon, without all that tests import.
WRITER = Actor("writer", "Gemeente", "manager")
WHY: dict[str, Any] = {"reason": "it was decided", "document": "doc-1"}
THEMES = ("warmte", "rioolVrijverval", "water", "middenspanning")


def some_reservation(chance: random.Random, name: str, width: int) -> Reservation:
    """An exclusive reservation somewhere in a square ``width`` mm wide: mostly a line, some shafts and volumes."""
    x, y, level = chance.randrange(width), chance.randrange(width), -chance.randrange(500, 4000)
    kind, angle, length = chance.random(), chance.uniform(0, math.tau), chance.randrange(3_000, 40_000)
    geometry: Geometry
    if kind < 0.85:
        end = (x + round(length * math.cos(angle)), y + round(length * math.sin(angle)))
        geometry = line([(x, y), end], [level, level - chance.randrange(200)], rounded(chance.randrange(100, 800)))
    elif kind < 0.93:
        geometry = shaft((x, y), level - 1500, level, rounded(1000))
    else:
        geometry = volume(square(x, y, 4000), level - 2000, level)
    strength: Strength = chance.choice(("planned", "decided"))
    made = replace(reservation(name, geometry, chance.choice(THEMES)), strength=strength)
    if chance.random() < 0.1:
        year = chance.randrange(2030, 2040)
        made = replace(made, temporary=Period(f"{year}-01-01", f"{year + 1}-01-01"))
    return made


def compete(url: str, number: int, seconds: float, width: int) -> Counter[str]:
    """File and accept, now and then move or release, for so many seconds."""
    db, chance, did = Database(url), random.Random(number), Counter[str]()
    mine: dict[str, int] = {}
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        name = f"R-{number}-{did['filed']}"
        made = some_reservation(chance, name, width)
        number_of = reservations.file(db, made, WRITER, NOW).head.number
        did["filed"] += 1
        try:
            mine[name] = reservations.accept(db, name, WRITER, NOW, expected=number_of, **WHY).head.number
            did["accepted"] += 1
        except Refused as refused:
            did[refused.problems[0].code] += 1
        if mine and chance.random() < 0.15:
            other = chance.choice(sorted(mine))
            moved = replace(some_reservation(chance, other, width), strength="planned")
            try:
                mine[other] = reservations.amend(db, moved, WRITER, NOW, expected=mine[other], **WHY).head.number
                did["moved"] += 1
            except Refused as refused:
                did[f"move {refused.problems[0].code}"] += 1
    db.close()
    return did


def race(url: str, seconds: float, width: int, writers: int = 8) -> Counter[str]:
    """What ``writers`` processes did together, all at once, for so many seconds."""
    command = [sys.executable, "-m", "tests.services.racing", url]
    started = [
        subprocess.Popen([*command, str(k), str(seconds), str(width)], cwd=ROOT, text=True, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for k in range(writers)
    ]  # fmt: skip
    did: Counter[str] = Counter()
    try:
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n", one.stderr.read() if one.stderr is not None else ""
        for one in started:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        for one in started:
            out, told = one.communicate(timeout=seconds + 120)
            assert one.returncode == 0, told
            did += Counter(json.loads(out))
    finally:
        for one in started:
            if one.poll() is None:
                one.kill()
                one.wait()
    return did


def main(url: str, number: str, seconds: str, width: str) -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    did: dict[str, Any] = dict(compete(url, int(number), float(seconds), int(width)))
    sys.stdout.write(json.dumps(did))


if __name__ == "__main__":
    main(*sys.argv[1:])
