#include <algorithm>
#include <cmath>

#include "hil/cli/fit_cell_file.h"

namespace packbench::hil {
namespace {

using models::fit::Record;

double counted_Ah(const Record& record) {
  double sum = 0;
  for (std::size_t i = 0; i < record.time_s.size(); ++i)
    sum += record.current_A[i] * models::fit::interval_s(record, i) / 3600;
  return std::abs(sum);
}

Validation validation_of(const Record& record, const sim::CellFile& file, const HeatOptions& heat, double capacity_Ah,
                         double hysteresis) {
  const models::fit::Replay replay =
      models::fit::replay(record, file.cell,
                          {.capacity_Ah = capacity_Ah,
                           .ambient_degC = heat.known() ? heat.ambient_degC : record.temperature_degC,
                           .cooling_W_per_K = heat.cooling_W_per_K.value_or(0.3),
                           .isothermal = !heat.known(),
                           .start_hysteresis = hysteresis});
  const auto bin = [&](double from, double to) {
    return models::fit::bin_of(replay.soc, record.voltage_V, replay.voltage_V, from, to);
  };
  return {record.name,
          capacity_Ah,
          !heat.known(),
          *std::ranges::max_element(replay.core_degC),
          bin(models::fit::kWindowLow, models::fit::kWindowHigh),
          bin(-1, models::fit::kWindowLow),
          bin(models::fit::kWindowHigh, 2),
          record.time_s,
          replay.soc,
          record.voltage_V,
          replay.voltage_V};
}

}  // namespace

std::vector<Validation> validate_record(const Record& record, const sim::CellFile& file, const HeatOptions& heat) {
  std::vector<Validation> all;
  for (const Record& part : models::fit::full_discharges(record, file.cell.capacity_Ah))
    all.push_back(validation_of(part, file, heat, counted_Ah(part), 1));
  if (all.empty()) all.push_back(validation_of(record, file, heat, file.cell.capacity_Ah, 0));
  return all;
}

}  // namespace packbench::hil
