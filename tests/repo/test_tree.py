"""What may stand in the repository, and that what it says of itself agrees."""

from __future__ import annotations

import re
from pathlib import Path

from ruamel.yaml import YAML

import registry
from tests.repo.checkout import ROOT, files, pyproject, texts

#: Written with brackets, so that this file does not name what it looks for.
REGISTRY_ADDRESS = re.compile(
    r"pyp[i]\.org|python[h]osted\.org|registry\.n[p]mjs|registry\.y[a]rnpkg|(deb|security)\.de[b]ian\.org",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(r"(?<![\w.<>*}-])/(?:work|farm|root|home|Users|tmp|opt)/")
LINES_IN_ONE_SITTING = 420
PACKAGES = {"migrations", "registry", "schemas", "workers"}


def found_in_texts(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_package_registry_is_named() -> None:
    assert not found_in_texts(REGISTRY_ADDRESS)


def test_no_path_of_one_machine() -> None:
    assert not found_in_texts(MACHINE_PATH)


def test_no_large_files() -> None:
    large = [f"{path}: {size} bytes" for path in files() if (size := (ROOT / path).stat().st_size) > 400_000]
    assert not large


def test_modules_can_be_read_in_one_sitting() -> None:
    long = [
        f"{path}: {lines} lines"
        for path, text in texts().items()
        if path.suffix == ".py" and path.parts[0] in PACKAGES
        if (lines := text.count("\n")) > LINES_IN_ONE_SITTING
    ]
    assert not long


def test_packages_listed_are_the_packages_there_are() -> None:
    folders = {path.parent for path in files() if path.suffix == ".py" and path.parts[0] in PACKAGES}
    packages = {".".join(folder.parts) for folder in folders}
    assert sorted(pyproject()["tool"]["setuptools"]["packages"]) == sorted(packages)
    missing = [str(folder) for folder in folders if not (ROOT / folder / "__init__.py").is_file()]
    assert not missing, f"packages without __init__.py: {missing}"


def test_data_files_of_packages_are_installed() -> None:
    patterns = pyproject()["tool"]["setuptools"]["package-data"]["*"]
    left_out = [
        str(path)
        for path in files()
        if path.parts[0] in PACKAGES
        and path.suffix != ".py"
        and not any(path.match(pattern) for pattern in patterns)
    ]
    assert not left_out, f"not in package-data: {left_out}"


def publiccode() -> dict[str, object]:
    data = YAML(typ="safe").load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def test_versions_agree() -> None:
    assert registry.__version__ == pyproject()["project"]["version"] == publiccode()["softwareVersion"]


def test_publiccode_has_what_the_standard_requires() -> None:
    data = publiccode()
    required = {
        "publiccodeYmlVersion", "name", "url", "releaseDate", "platforms", "categories", "developmentStatus",
        "softwareType", "description", "legal", "maintenance", "localisation",
    }  # fmt: skip
    assert required <= set(data)
    descriptions = data["description"]
    assert isinstance(descriptions, dict)
    assert set(descriptions) == {"nl", "en"}
    for description in descriptions.values():
        assert len(description["shortDescription"]) <= 150
        assert 150 <= len(description["longDescription"]) <= 10_000
        assert description["features"]


def test_licence_is_named_alike_everywhere() -> None:
    legal = publiccode()["legal"]
    assert legal == {"license": "EUPL-1.2"}
    assert pyproject()["project"]["license"] == "EUPL-1.2"
    assert Path(ROOT / "LICENSE").read_text(encoding="utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
