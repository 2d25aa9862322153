"""The example junit.xml follows the shape that CI systems read, says the right counts, and survives an XML parser."""

import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree


def main():
    writer, schema = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([writer, folder], check=True)
        file = pathlib.Path(folder, "junit.xml")
        subprocess.run(["xmllint", "--noout", "--schema", schema, str(file)], check=True)
        root = ElementTree.parse(file).getroot()
    cases = root.findall("testsuite/testcase")
    assert int(root.get("tests")) == len(cases)
    assert int(root.get("failures")) == len(root.findall(".//failure")) == 1
    assert int(root.get("errors")) == len(root.findall(".//error")) == 1
    for suite in root.findall("testsuite"):
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
        total = sum(float(case.get("time")) for case in suite.findall("testcase"))
        assert abs(total - float(suite.get("time"))) < 1e-5, "the times of the testcases add up"


if __name__ == "__main__":
    main()
