// The packs that the FMUs of these tests are made of, so that a test can step the same pack directly.
#pragma once

#include <string>

#include "fmi/start_values.h"
#include "models/pack.h"

namespace packbench::fmi_test {

models::PackParameters series_pack();  // the default profile: 15S LFP
models::PackParameters group_pack();   // 4S3P that conducts heat, plates, self-discharges and can burn

inline const fmi::StartValues kStart{0.6, 293.15, 7};

}  // namespace packbench::fmi_test
