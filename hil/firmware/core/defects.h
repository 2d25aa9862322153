// Named, deliberate defects of the reference BMS: each removes or breaks one behaviour, so that a scenario can prove that it
// would catch it. Selected by the test-only message DEFECT.
#pragma once

#include <cstddef>

namespace packbench::firmware {

struct DefectSpec {
  const char* name;         // "no_cell_ov_trip"
  const char* description;  // "never trips on cell over-voltage"
};

extern const DefectSpec kDefects[];
extern const std::size_t kDefectCount;

}  // namespace packbench::firmware
