// The file modelDescription.xml of an exported pack, as FMI 3.0 wants it.
#pragma once

#include <string>

#include "fmi/start_values.h"
#include "fmi/variables.h"

namespace packbench::fmi {

inline constexpr char kModelIdentifier[] = "packbench_pack";  // of the library in binaries/

struct Description {
  std::string model_name;
  std::string description;
  std::string token;    // instantiationToken: the importer hands it to the library, which knows its own
  std::string version;  // of packbench
  Layout layout;
  StartValues start;
};

std::string model_description(const Description& about);

}  // namespace packbench::fmi
