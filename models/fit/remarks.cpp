#include <cmath>
#include <cstdio>

#include "models/fit/tables.h"

namespace packbench::models::fit {
namespace {

constexpr double kNearEnd = 1.05;  // of a band's end
constexpr double kUnsure = 0.5;    // standard error over value from which a resistance is not identified

std::string text(const char* format, double a, double b = 0, double c = 0) {
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, format, a, b, c);
  return buffer;
}

void remark_time_constants(std::vector<std::string>& remarks, const Result& result, const Plan& plan) {
  for (std::size_t k = 0; k < result.pairs.size(); ++k) {
    const FittedPair& pair = result.pairs[k];
    const double number = static_cast<double>(k + 1);
    if (pair.tau_s > plan.longest_tau_s / kNearEnd)
      remarks.push_back(
          text("Pair %.0f: its time constant stands at the longest that was allowed (%.0f s); the rests "
               "are too short to tell it from the OCV.",
               number, plan.longest_tau_s));
    else if (pair.tau_s < plan.shortest_tau_s * kNearEnd)
      remarks.push_back(
          text("Pair %.0f: its time constant stands at the shortest that was allowed (%.1f s); it cannot "
               "be told from R0.",
               number, plan.shortest_tau_s));
    else if (!(pair.tau_sigma_s < kUnsure * pair.tau_s))
      remarks.push_back(text("Pair %.0f: its time constant is not identified (%.3g s, standard error %.3g s).", number,
                             pair.tau_s, pair.tau_sigma_s));
  }
}

void remark_map(std::vector<std::string>& remarks, const std::string& name, const MapTable& map) {
  const std::size_t columns = map.temperature_degC.size();
  for (std::size_t t = 0; t < columns; ++t) {
    int unsure = 0;
    std::string where;
    for (std::size_t j = 0; j < map.soc.size(); ++j) {
      const std::size_t at = j * columns + t;
      const bool sure =
          map.discharge_sigma_ohm[at] > 0 && map.discharge_sigma_ohm[at] < kUnsure * map.discharge_ohm[at];
      if (sure) continue;
      ++unsure;
      where += (where.empty() ? "" : ", ") + text("%.1f %%", 100 * map.soc[j]);
    }
    if (unsure > 0)
      remarks.push_back(name + text(" at %.0f degC is not identified at SOC ", map.temperature_degC[t]) + where + ".");
  }
}

void remark_range(std::vector<std::string>& remarks, const Result& result) {
  constexpr double kEnd = 0.01;
  if (result.min_soc > kEnd)
    remarks.push_back(
        text("No record goes below %.1f %% SOC; the tables are continued from there.", 100 * result.min_soc));
  if (result.max_soc < 1 - kEnd)
    remarks.push_back(
        text("No record goes above %.1f %% SOC; the tables are continued from there.", 100 * result.max_soc));
}

}  // namespace

std::vector<std::string> remarks_on(const Result& result, const Plan& plan, const Found&) {
  std::vector<std::string> remarks;
  remark_time_constants(remarks, result, plan);
  remark_map(remarks, "R0", result.r0);
  for (std::size_t k = 0; k < result.pairs.size(); ++k)
    remark_map(remarks, "The resistance of pair " + std::to_string(k + 1), result.pairs[k].resistance);
  remark_range(remarks, result);
  return remarks;
}

}  // namespace packbench::models::fit
