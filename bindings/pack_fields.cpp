#include "bindings/pack_fields.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace packbench::bindings {
namespace {

using models::PackState;

template <Eigen::ArrayXd PackState::*Member>
Eigen::ArrayXd& plain(PackState& state) {
  return state.*Member;
}
template <int K>
Eigen::ArrayXd& pair(PackState& state) {
  return state.rc_V[K];
}
template <int K>
Eigen::ArrayXd& reaction(PackState& state) {
  return state.reacted[K];
}

// packbench/pack.py says what each of them is.
constexpr Field kFields[] = {
    {"cell_soc", "1", Access::set, &plain<&PackState::soc>},
    {"cell_rc1_V", "V", Access::set, &pair<0>},
    {"cell_rc2_V", "V", Access::set, &pair<1>},
    {"cell_rc3_V", "V", Access::set, &pair<2>},
    {"cell_hysteresis", "1", Access::set, &plain<&PackState::hysteresis>},
    {"cell_core_degC", "degC", Access::set, &plain<&PackState::core_degC>},
    {"cell_surface_degC", "degC", Access::set, &plain<&PackState::surface_degC>},
    {"cell_capacity_Ah", "Ah", Access::set, &plain<&PackState::capacity_Ah>},
    {"cell_resistance_factor", "1", Access::set, &plain<&PackState::resistance_factor>},
    {"cell_internal_S", "S", Access::set, &plain<&PackState::internal_S>},
    {"cell_joint_ohm", "ohm", Access::set, &plain<&PackState::joint_ohm>},
    {"cell_heater_W", "W", Access::set, &plain<&PackState::heater_W>},
    {"cell_ocv_factor", "1", Access::set, &plain<&PackState::ocv_factor>},
    {"cell_reacted1", "1", Access::set, &reaction<0>},
    {"cell_reacted2", "1", Access::set, &reaction<1>},
    {"cell_reacted3", "1", Access::set, &reaction<2>},
    {"cell_reacted4", "1", Access::set, &reaction<3>},
    {"cell_plated_Ah", "Ah", Access::set, &plain<&PackState::plated_Ah>},
    {"cell_grown_S", "S", Access::read, &plain<&PackState::grown_S>},
    {"cell_heat_W", "W", Access::read, &plain<&PackState::heat_W>},
};

}  // namespace

std::span<const Field> fields() { return kFields; }

const Field& field(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kFields), std::end(kFields), [&](const Field& f) { return f.name == name; });
  if (found != std::end(kFields)) return *found;
  std::string known;
  for (const Field& f : kFields) known += (known.empty() ? "" : ", ") + std::string(f.name);
  throw std::invalid_argument("There is no array '" + std::string(name) + "' in a pack; known are " + known + ".");
}

}  // namespace packbench::bindings
