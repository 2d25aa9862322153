"""The generated schemas are valid, accept every file of the library and refuse what the reader refuses by form."""
import json
import pathlib
import subprocess
import sys

import jsonschema
import yaml

program, library, bad, bad_profiles = sys.argv[1], *map(pathlib.Path, sys.argv[2:5])


def validator(kind):
    schema = json.loads(subprocess.run([program, kind], check=True, capture_output=True, text=True).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def load(file):
    class Plain(yaml.SafeLoader):  # dates stay text, as packbench reads them
        yaml_implicit_resolvers = {k: [r for r in v if r[0] != "tag:yaml.org,2002:timestamp"]
                                   for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    return yaml.load(file.read_text(), Plain)


scenario, pack, bms, cell = (validator(kind) for kind in ["scenario", "pack", "bms", "cell"])
accepted = 0
for file in sorted(library.rglob("*.yaml")):
    document = load(file)
    if not isinstance(document, dict):
        continue
    kind = (pack if "pack_profile" in document else bms if "bms_profile" in document
            else cell if "cell" in document else scenario)
    errors = [f"{file}: {e.json_path}: {e.message}" for e in kind.iter_errors(document)]
    assert not errors, "\n".join(errors)
    accepted += 1
assert accepted >= 3, "the library was not found"
for name in ["unknown_keys", "wrong_units", "wrong_types", "missing_keys", "combinations"]:
    assert not scenario.is_valid(load(bad / f"{name}.yaml")), f"{name}.yaml should be refused"
for name in ["pack_former", "pack_cell"]:
    assert not pack.is_valid(load(bad_profiles / f"{name}.yaml")), f"{name}.yaml should be refused"
assert not cell.is_valid(load(bad_profiles / "cell_keys.yaml")), "cell_keys.yaml should be refused"
print(accepted, "files accepted")
