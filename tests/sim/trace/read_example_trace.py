"""Reads a trace with h5py and csv and compares both, column by column, with each other and with the hash's definition."""

import csv
import hashlib
import pathlib
import struct
import subprocess
import sys
import tempfile

import h5py
import numpy as np


def columns_of(h5):
    """Name as in the CSV header -> values, in the order of the file's groups."""
    columns = {"time [s]": h5["time"][:]}
    for group in ("truth", "sensed", "device", "api", "link"):
        for name, dataset in h5[group].items():
            unit = dataset.attrs["unit"].decode() if isinstance(dataset.attrs["unit"], bytes) else dataset.attrs["unit"]
            assert dataset.attrs["description"], name
            data = dataset[:]
            if data.ndim == 1:
                columns[f"{group}.{name} [{unit}]"] = data
            else:
                for i in range(data.shape[1]):
                    columns[f"{group}.{name}[{i + 1}] [{unit}]"] = data[:, i]
    return columns


def signal_counts(header):
    """(signal, unit, elements) in the order of the CSV header."""
    counts = {}
    for column in header[1:]:
        name, unit = column.rsplit(" ", 1)
        key = (name.split("[")[0], unit[1:-1])
        counts[key] = counts.get(key, 0) + 1
    return counts


def canonical_hash(header, table):
    text = "packbench-trace-1\n" + "".join(f"{n} {u} {c}\n" for (n, u), c in signal_counts(header).items()) + "\n"
    digest = hashlib.sha256(text.encode())
    for row in table:
        digest.update(struct.pack("<q", round(row[0] * 1e9)))
        values = row[1:] + 0.0
        values[np.isnan(values)] = np.nan
        digest.update(values.astype("<f8").tobytes())
    return digest.hexdigest()


def main():
    with tempfile.TemporaryDirectory() as folder:
        written_hash = subprocess.run([sys.argv[1], folder], check=True, capture_output=True, text=True).stdout.strip()
        with h5py.File(pathlib.Path(folder, "example.h5")) as h5:
            columns = columns_of(h5)
            words = list(h5["device/state"].attrs["words"])
            assert words[0] in (b"INIT", "INIT"), words
        with open(pathlib.Path(folder, "example.csv"), newline="") as file:
            rows = list(csv.reader(file))
    header = rows[0]
    table = np.array([[float(field) if field else np.nan for field in row] for row in rows[1:]])
    assert table.shape == (700, len(header)), table.shape
    assert set(header) == set(columns), set(header) ^ set(columns)
    for i, name in enumerate(header):
        np.testing.assert_array_equal(table[:, i], columns[name], err_msg=name)
    assert canonical_hash(header, table) == written_hash, "the hash can be computed from the CSV alone"


if __name__ == "__main__":
    main()
