// Writes the FMUs of these tests into a folder: make_fmus FOLDER
#include <filesystem>
#include <fstream>

#include "fmi/export.h"
#include "packs.h"

using namespace packbench;

int main(int, char** arguments) {
  const std::filesystem::path folder = arguments[1];
  const auto write = [&](const std::string& name, const models::PackParameters& pack) {
    const std::string bytes = fmi::make_fmu({name, "1.2.3", pack, fmi_test::kStart, {{"note.txt", "a note\n"}}});
    std::ofstream(folder / (name + ".fmu"), std::ios::binary) << bytes;
  };
  write("series", fmi_test::series_pack());
  write("groups", fmi_test::group_pack());
}
