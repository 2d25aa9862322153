"""What is in the archive, and what its library shows and needs."""
import re
import subprocess
import zipfile

import pytest

from conftest import EXPORTED, FMUS, LIBRARY, REPOSITORY, files_in, unsanitized


def lines_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("name", FMUS)
def test_the_archive_is_whole_and_laid_out_as_the_standard_says(name):
    with zipfile.ZipFile(EXPORTED / f"{name}.fmu") as archive:
        assert archive.testzip() is None
        assert [entry.filename for entry in archive.infolist()] == [
            "modelDescription.xml", LIBRARY, "resources/pack.json", "documentation/index.html",
            "documentation/licenses/license.txt", "documentation/note.txt"]
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.compress_type == zipfile.ZIP_DEFLATED  # the standard allows this and stored
            assert not entry.flag_bits & 0x1  # not encrypted


def test_the_library_is_the_same_in_every_fmu():
    assert len({(EXPORTED / name / LIBRARY).read_bytes() for name in FMUS}) == 1


def functions_of_the_standard():
    header = (REPOSITORY / "fmi/fmi3.h").read_text()
    names = set(re.findall(r"(fmi3\w+)\(", header)) - {"fmi3Get", "fmi3Set"}
    names = {name for name in names if f"(*{name})" not in header}
    for kind in re.findall(r"^FMI3_DECLARE_ACCESS\((\w+)\)", header, re.MULTILINE):
        names |= {f"fmi3Get{kind}", f"fmi3Set{kind}"}
    return names


@unsanitized
def test_the_library_exports_the_functions_of_the_standard_and_nothing_else():
    exported = {line.split()[-1] for line in lines_of("nm", "-D", "--defined-only", EXPORTED / "series" / LIBRARY)}
    assert exported == functions_of_the_standard()
    assert len(exported) == 75


@unsanitized
def test_the_library_needs_nothing_but_the_c_library():
    text = lines_of("readelf", "-d", EXPORTED / "series" / LIBRARY)
    needed = {re.search(r"\[(.*)\]", line)[1] for line in text if "(NEEDED)" in line}
    assert needed <= {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2"}
    assert not [line for line in text if "RPATH" in line or "RUNPATH" in line]


def test_the_documentation_explains_every_variable_and_carries_the_licences():
    folder = EXPORTED / "series/documentation"
    page = (folder / "index.html").read_text()
    description = (EXPORTED / "series/modelDescription.xml").read_text()
    for name in re.findall(r'<\w+ name="(\w+)" valueReference', description):
        assert f"<code>{name}" in page
    for link in re.findall(r'href="([^"]+)"', page):
        assert (folder / link).is_file()
    licence = (folder / "licenses/license.txt").read_text()
    assert licence.startswith((REPOSITORY / "LICENSE").read_text())
    for part in ["Eigen", "JSON for Modern C++", "{fmt}", "GCC Runtime Library Exception"]:
        assert part in licence


def test_files_are_only_those_of_the_archive():
    with zipfile.ZipFile(EXPORTED / "series.fmu") as archive:
        assert files_in(EXPORTED / "series") == sorted(archive.namelist())
