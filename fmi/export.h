// Makes an FMU (FMI 3.0, co-simulation) of a pack: a ZIP archive with
//   modelDescription.xml                       variables, units, structure
//   binaries/x86_64-linux/packbench_pack.so    the library; needs nothing but the C library
//   resources/pack.json                        the pack's parameters (pack_file.h)
//   documentation/                             index.html, what was exported, licences
// The same pack, start values and version make the same bytes.
#pragma once

#include <map>
#include <string>

#include "fmi/start_values.h"
#include "models/pack.h"

namespace packbench::fmi {

struct Export {
  std::string name;     // of the model: the pack profile's
  std::string version;  // of packbench
  models::PackParameters pack;
  StartValues start;
  std::map<std::string, std::string> documents;  // further files of documentation/: name and content
};

// The bytes of the archive. Throws std::invalid_argument when the pack's parameters make no sense, and
// std::runtime_error when the archive cannot be made.
std::string make_fmu(const Export& what);

}  // namespace packbench::fmi
