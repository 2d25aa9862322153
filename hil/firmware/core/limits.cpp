#include "hil/firmware/core/limits.h"

namespace packbench::firmware {
namespace {

constexpr std::int32_t kOne = 1000;  // taper in thousandths
constexpr std::int32_t kVoltageLead_dmV = 1000;
constexpr std::int32_t kFull_pctpct = 10'000;
constexpr std::int32_t kLeastAtFull = 50, kLeastAtEmpty = 200;

// 1000 at `full`, 0 at `none`, straight between, whichever of the two is larger.
std::int32_t taper(std::int32_t value, std::int32_t full, std::int32_t none) {
  if (value == kNoReading || none == kNoReading || full == none) return kOne;
  const std::int64_t part = std::int64_t{kOne} * (value - none) / (full - none);
  return static_cast<std::int32_t>(part < 0 ? 0 : part > kOne ? kOne : part);
}

std::int32_t warning(const ProtectionRow& row) { return row.warn == kNoReading ? row.trip : row.warn; }

std::int32_t smaller(std::int32_t a, std::int32_t b) { return a < b ? a : b; }

std::int32_t scaled(std::int32_t limit_mA, std::int32_t thousandths) {
  return static_cast<std::int32_t>(std::int64_t{limit_mA} * thousandths / kOne);
}

std::int32_t thermal_taper(const Summary& s, const ProtectionRow& hot, const ProtectionRow& cold) {
  const std::int32_t by_heat = taper(s.max_temperature_mdegC, warning(hot), hot.trip);
  const std::int32_t by_cold = taper(s.min_temperature_mdegC, warning(cold), cold.trip);
  return smaller(by_heat, by_cold);
}

// kOne while at least `from` is left to the end, `least` at the end.
std::int32_t soc_taper(const LimitState& state, std::int32_t left_pctpct, std::int32_t from_pctpct,
                       std::int32_t least) {
  if (!state.soc_known || from_pctpct <= 0) return kOne;
  return least + (kOne - least) * taper(left_pctpct, from_pctpct, 0) / kOne;
}

}  // namespace

std::int32_t charge_limit_mA(const Profile& profile, const LimitState& state, DefectSet defects) {
  if (defects.has(Defect::limits_never_taper)) return profile.charge_limit_mA;
  if (state.full) return 0;
  const ProtectionRow& high = profile.row(Fault::cell_ov);
  const std::int32_t by_voltage =
      high.present ? taper(state.summary.max_cell_dmV, warning(high) - kVoltageLead_dmV, high.trip) : kOne;
  const std::int32_t by_temperature = thermal_taper(state.summary, profile.row(Fault::otc), profile.row(Fault::utc));
  const std::int32_t by_soc = soc_taper(state, kFull_pctpct - state.soc_pctpct,
                                        kFull_pctpct - profile.charge.charge_taper_pctpct, kLeastAtFull);
  return scaled(profile.charge_limit_mA, smaller(by_soc, smaller(by_voltage, by_temperature)));
}

std::int32_t discharge_limit_mA(const Profile& profile, const LimitState& state, DefectSet defects) {
  if (defects.has(Defect::limits_never_taper)) return profile.discharge_limit_mA;
  const ProtectionRow& low = profile.row(Fault::cell_uv);
  const std::int32_t by_voltage =
      low.present ? taper(state.summary.min_cell_dmV, warning(low) + kVoltageLead_dmV, low.trip) : kOne;
  const std::int32_t by_temperature = thermal_taper(state.summary, profile.row(Fault::otd), profile.row(Fault::utd));
  const std::int32_t by_soc = soc_taper(state, state.soc_pctpct, profile.charge.discharge_taper_pctpct, kLeastAtEmpty);
  return scaled(profile.discharge_limit_mA, smaller(by_soc, smaller(by_voltage, by_temperature)));
}

}  // namespace packbench::firmware
