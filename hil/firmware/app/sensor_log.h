// Lines for the bench's log when a temperature sensor is lost or comes back: an open one told from a shorted one, which
// the fault `ntc` does not say.
#pragma once

#include "hil/firmware/core/defects.h"
#include "hil/firmware/core/measurement.h"
#include "hil/packlink/messages.h"

namespace packbench::firmware {

class SensorLog {
 public:
  void reset() { *this = SensorLog{}; }
  // True when this sensor's state is another than in the measurement before; then `line` says so.
  bool step(const Measurement& measurement, int sensor, DefectSet defects, packlink_text_t& line);

 private:
  SensorState states_[kMaxTemperatures] = {};
};

}  // namespace packbench::firmware
