#include "hil/firmware/app/sensor_log.h"

namespace packbench::firmware {
namespace {

void append(packlink_text_t& line, const char* words) {
  for (; *words != '\0' && line.length < sizeof line.text; ++words) line.text[line.length++] = *words;
}

const char* words_of(SensorState state) {
  switch (state) {
    case SensorState::open:
      return " is open.";
    case SensorState::shorted:
      return " is shorted.";
    case SensorState::good:
      break;
  }
  return " answers again.";
}

SensorState reported(SensorState state, DefectSet defects) {
  if (state == SensorState::good || !defects.has(Defect::ntc_open_and_short_confused)) return state;
  return state == SensorState::open ? SensorState::shorted : SensorState::open;
}

}  // namespace

bool SensorLog::step(const Measurement& measurement, int sensor, DefectSet defects, packlink_text_t& line) {
  const SensorState state = sensor_state(measurement.temperature_mdegC[sensor]);
  if (state == states_[sensor]) return false;
  states_[sensor] = state;
  line.length = 0;
  append(line, "Temperature sensor ");
  const char digit[2] = {static_cast<char>('1' + sensor), '\0'};
  append(line, digit);
  append(line, words_of(reported(state, defects)));
  return true;
}

}  // namespace packbench::firmware
