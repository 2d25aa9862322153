#include "packs.h"

#include <stdexcept>

#include "sim/language/pack_profile_reader.h"

namespace packbench::fmi_test {

models::PackParameters series_pack() {
  const auto read = sim::read_pack_profile(PACKBENCH_SOURCE "/scenarios/packs/lfp-15s-100ah.yaml");
  if (const auto* problems = std::get_if<sim::Problems>(&read)) throw std::runtime_error(problems->front().text());
  return std::get<sim::PackProfile>(read).pack;
}

models::PackParameters group_pack() {
  models::PackParameters pack = series_pack();
  pack.cells = 4;
  pack.parallel = 3;
  pack.joint_ohm = 1e-4;
  pack.coolant_W_per_K = 0.2;
  pack.cell.self_discharge_ohm = 5000;
  pack.cell.plating = {{-20, 45}, {0.1, 1}, {0.02, 0.2}};
  // One reaction of the size of the anode's: 120 kJ/kg, 135 kJ/mol, well under way at 150 degC.
  pack.cell.runaway.reactions = {{"anode", 120e3, 1e13, 135e3}};
  pack.cell.reversal.short_S_per_Ah = 0.05;
  pack.cell.ageing = models::naumann_sony_us26650();
  pack.cell.ageing.acceleration = 1000;
  return pack;
}

}  // namespace packbench::fmi_test
