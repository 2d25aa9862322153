"""Steps an exported pack through its C interface with nothing but Python: example.py PACK.fmu

One hour of discharge at 50 A with a step of 10 s, then what the cells say.
"""
import ctypes as c
import pathlib
import sys
import tempfile
import xml.etree.ElementTree
import zipfile

LOG = c.CFUNCTYPE(None, c.c_void_p, c.c_int, c.c_char_p, c.c_char_p)


class Pack:
    """An instance of an FMU. Values are lists; every call that is refused raises with the reason."""

    def __init__(self, fmu):
        self.folder = tempfile.TemporaryDirectory()
        root = pathlib.Path(self.folder.name)
        zipfile.ZipFile(fmu).extractall(root)
        description = xml.etree.ElementTree.parse(root / "modelDescription.xml").getroot()
        self.variables = {}
        for element in description.find("ModelVariables"):
            size = 1
            for dimension in element.findall("Dimension"):
                size *= int(dimension.get("start"))
            self.variables[element.get("name")] = (int(element.get("valueReference")), element.tag, size)
        self.library = c.CDLL(str(root / "binaries/x86_64-linux/packbench_pack.so"))
        self.reason = "no reason given"
        self.log = LOG(self._log)  # kept: C holds a pointer to it
        instantiate = self.library.fmi3InstantiateCoSimulation
        instantiate.restype = c.c_void_p
        instantiate.argtypes = [c.c_char_p] * 3 + [c.c_bool] * 4 + [c.c_void_p, c.c_size_t, c.c_void_p, LOG, c.c_void_p]
        self.instance = instantiate(b"pack", description.get("instantiationToken").encode(), f"{root}/resources/".encode(),
                                    False, True, False, False, None, 0, None, self.log, None)
        if not self.instance:
            raise RuntimeError(self.reason)

    def _log(self, environment, status, category, message):
        self.reason = message.decode()

    def call(self, name, *arguments):
        if getattr(self.library, name)(c.c_void_p(self.instance), *arguments) != 0:
            raise RuntimeError(self.reason)

    def _access(self, way, name, values):
        reference, kind, size = self.variables[name]
        array = ({"Float64": c.c_double, "UInt32": c.c_uint32, "UInt64": c.c_uint64, "Boolean": c.c_bool}[kind] * size)(*values)
        self.call(f"fmi3{way}{kind}", c.byref(c.c_uint32(reference)), c.c_size_t(1), array, c.c_size_t(size))
        return list(array)

    def get(self, name):
        return self._access("Get", name, [])

    def set(self, name, *values):
        self._access("Set", name, values)

    def initialize(self, start_time=0.0):
        self.call("fmi3EnterInitializationMode", False, c.c_double(0), c.c_double(start_time), False, c.c_double(0))
        self.call("fmi3ExitInitializationMode")

    def step(self, time, step):
        flags = [c.byref(c.c_bool()) for _ in range(3)]
        self.call("fmi3DoStep", c.c_double(time), c.c_double(step), True, *flags, c.byref(c.c_double()))

    def close(self):
        self.library.fmi3FreeInstance(c.c_void_p(self.instance))
        self.folder.cleanup()


def main(fmu):
    pack = Pack(fmu)
    pack.set("initial_soc", 0.9)
    pack.initialize()
    pack.set("pack_current", -50.0)
    for i in range(360):
        pack.step(10.0 * i, 10.0)
    print(f"after {pack.get('time')[0]:.0f} s: {pack.get('pack_voltage')[0]:.3f} V, SOC {100 * pack.get('pack_soc')[0]:.1f} %")
    for number, (voltage, kelvin) in enumerate(zip(pack.get("cell_voltage"), pack.get("surface_temperature")), 1):
        print(f"cell {number:2}: {voltage:.4f} V, {kelvin - 273.15:.2f} degC")
    pack.call("fmi3Terminate")
    pack.close()


if __name__ == "__main__":
    main(sys.argv[1])
