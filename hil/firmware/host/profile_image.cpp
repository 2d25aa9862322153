// profile_image PROFILE.yaml OUT.cpp: a BMS profile as constant data, for the images that start with it.
#include <fstream>
#include <iostream>

#include "hil/firmware/host/profile_bytes.h"
#include "sim/language/bms_profile_reader.h"

namespace {

void write(std::ostream& out, const std::vector<std::uint8_t>& bytes) {
  out << "#include \"hil/firmware/board/default_profile.h\"\n\nnamespace packbench::firmware {\n\n"
      << "const std::uint8_t kDefaultProfile[] = {";
  for (std::size_t i = 0; i < bytes.size(); ++i) out << (i % 20 == 0 ? "\n    " : " ") << int{bytes[i]} << ',';
  out << "};\nconst std::size_t kDefaultProfileSize = " << bytes.size() << ";\n\n}  // namespace packbench::firmware\n";
}

}  // namespace

int main(int count, char** arguments) {
  using namespace packbench;
  if (count != 3) {
    std::cerr << "usage: profile_image PROFILE.yaml OUT.cpp\n";
    return 3;
  }
  const auto read = sim::read_bms_profile(arguments[1]);
  if (const auto* problems = std::get_if<sim::Problems>(&read)) {
    for (const auto& problem : *problems) std::cerr << problem.text() << '\n';
    return 3;
  }
  std::ofstream out(arguments[2]);
  write(out, firmware::encode_profile(std::get<sim::BmsProfile>(read)));
  return out.flush() ? 0 : 4;
}
