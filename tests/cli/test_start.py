"""What a command imports: what takes long to import and is not needed would make every command slow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLAGSHIP = ROOT / "examples" / "flagship"
SLOW = ("numba", "numpy", "pyogrio", "shapely")
RULESET = str(ROOT / "examples" / "rulesets" / "cautious.yaml")


@pytest.mark.parametrize("application", ["sewer-1.20.geojson", "no-such-file.geojson"])
def test_a_check_of_lines_imports_nothing_for_polygons(application: str) -> None:
    code = (
        "import sys\n"
        "from registry.cli.main import main\n"
        "try:\n"
        "    main()\n"
        "finally:\n"
        f"    print('imported:', [name for name in {SLOW} if name in sys.modules])\n"
    )
    arguments = ["check", str(FLAGSHIP / application), "--ruleset", RULESET]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "imported: []", done.stderr
    assert (done.returncode == 1) == application.startswith("no-such")


@pytest.mark.parametrize(
    "command",
    [
        ("check", "{golden}/line-through-volume/application.geojson", "--against",
         "{golden}/line-through-volume/against.geojson", "--ruleset", RULESET),
        ("convert", "--help"),
        ("serve", "--host", "0.0.0.0"),
        ("worker", "--status", "--database", "sqlite:////no/such/register.db"),
        ("demo", "--keep", "/dev/null/no-folder"),
    ],
)  # fmt: skip
def test_no_command_imports_the_compiler_before_it_needs_it(command: tuple[str, ...]) -> None:
    words = [word.format(golden=ROOT / "tests" / "golden") for word in command]
    code = (
        "import sys\n"
        "from registry.cli.main import main\n"
        "try:\n"
        "    main()\n"
        "finally:\n"
        "    print('compiler:', 'numba' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "compiler: False", done.stderr
