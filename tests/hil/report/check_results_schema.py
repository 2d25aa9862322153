"""The example results.json follows the schema, and the schema notices when a promised member is missing or of another kind."""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

PROMISED_TOP = "schema packbench commit started wall_s runs"
PROMISED_RUN = ("scenario file scenario_sha256 device firmware profile_sha256 seed verdict reason sim_s wall_s steps trace "
                "trace_hash first_fault link checks")
PROMISED_CHECK = "name requirement verdict margin unit measured limit worst_at_s detail"


def refused(validator, results, change):
    changed = copy.deepcopy(results)
    change(changed)
    return not validator.is_valid(changed)


def main():
    writer, schema_file = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([writer, folder], check=True)
        results = json.loads(pathlib.Path(folder, "results.json").read_text(encoding="utf-8"))
    schema = json.loads(pathlib.Path(schema_file).read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    validator.validate(results)
    for key in PROMISED_TOP.split():
        assert refused(validator, results, lambda r: r.pop(key)), key
    for key in PROMISED_RUN.split():
        assert refused(validator, results, lambda r: r["runs"][0].pop(key)), key
    for key in PROMISED_CHECK.split():
        assert refused(validator, results, lambda r: r["runs"][0]["checks"][0].pop(key)), key
    assert refused(validator, results, lambda r: r["runs"][0].update(verdict="maybe"))
    assert refused(validator, results, lambda r: r.update(schema=2))
    assert refused(validator, results, lambda r: r["runs"][0].update(surprise=1)), "every member is described"


if __name__ == "__main__":
    main()
