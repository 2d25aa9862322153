#include "models/fit/simulate.h"

#include <algorithm>
#include <cmath>

#include "models/pack.h"

namespace packbench::models::fit {
namespace {

constexpr double kEnoughOfCapacity = 0.5;
constexpr double kFull_soc = 0.97;
constexpr double kOutside_soc = 1e-6;

PackParameters pack_of(const CellParameters& cell, const ReplayOptions& options) {
  PackParameters pack;
  pack.cells = 1;
  pack.cell = cell;
  pack.spread = {0, 0, 0};
  pack.ambient_W_per_K = options.cooling_W_per_K;
  pack.neighbour_W_per_K = 0;
  return pack;
}

void keep_temperature(PackState& state, double degC) {
  state.core_degC.setConstant(degC);
  state.surface_degC.setConstant(degC);
}

}  // namespace

Replay replay(const Record& record, const CellParameters& cell, const ReplayOptions& options) {
  const Pack pack(pack_of(cell, options));
  const double capacity = options.capacity_Ah > 0 ? options.capacity_Ah : cell.capacity_Ah;
  const std::vector<double> charge = charge_from_full_Ah(record, capacity);
  const std::vector<std::size_t> full = full_charges(record);
  const double begin = 1 + (charge.front() - record.current_A.front() * interval_s(record, 0) / 3600) / capacity;
  PackState state = pack.initial_state(std::clamp(begin, 0.0, 1.0), options.ambient_degC, 1);
  state.capacity_Ah.setConstant(capacity);
  state.soc.setConstant(begin);
  state.hysteresis.setConstant(options.start_hysteresis);
  Replay result;
  Eigen::ArrayXd voltage(1);
  for (std::size_t i = 0; i < record.time_s.size(); ++i) {
    const double current = record.current_A[i];
    pack.step(state, std::span(&current, 1), {}, {options.ambient_degC, options.ambient_degC}, interval_s(record, i));
    if (options.isothermal) keep_temperature(state, options.ambient_degC);
    if (!record.start_soc && std::ranges::binary_search(full, i)) state.soc.setConstant(1);
    pack.cell_voltage(state, std::span(&current, 1), {}, voltage);
    result.soc.push_back(state.soc[0]);
    result.voltage_V.push_back(voltage[0]);
    result.core_degC.push_back(state.core_degC[0]);
  }
  return result;
}

std::vector<Record> full_discharges(const Record& record, double capacity_Ah) {
  const std::vector<double> charge = charge_from_full_Ah(record, capacity_Ah);
  double most = 0;
  for (const double current : record.current_A) most = std::max(most, -current);
  const auto discharges = [&](std::size_t i) { return record.current_A[i] < -1e-3 * most - kOutside_soc; };
  std::vector<Record> parts;
  for (std::size_t i = 0; i < record.time_s.size();) {
    if (!discharges(i)) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < record.time_s.size() && discharges(end)) ++end;
    const double before = i > 0 ? charge[i - 1] : charge[0] - record.current_A[0] * interval_s(record, 0) / 3600;
    const bool from_full = 1 + before / capacity_Ah > kFull_soc;
    if (from_full && before - charge[end - 1] > kEnoughOfCapacity * capacity_Ah) {
      Record part{record.name, record.temperature_degC, 1.0, {}, {}, {}};
      for (std::size_t j = i; j < end; ++j) {
        part.time_s.push_back(record.time_s[j]);
        part.current_A.push_back(record.current_A[j]);
        part.voltage_V.push_back(record.voltage_V[j]);
      }
      parts.push_back(std::move(part));
    }
    i = end;
  }
  return parts;
}

}  // namespace packbench::models::fit
