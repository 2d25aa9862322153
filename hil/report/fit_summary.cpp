#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hil/report/fit_result.h"

namespace packbench::hil {
namespace {

using models::fit::Bin;
using models::fit::MapTable;
using models::fit::RecordFit;
using models::fit::Result;

constexpr double kMilli = 1e3;

std::string base(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

std::string records_text(const Result& result) {
  std::string text =
      "Residuals in mV, measured less modelled; 'window' is 10 to 95 % SOC\n"
      "  record                                degC  window rms  as a cell  below 10 %  above 95 %\n";
  for (const RecordFit& fit : result.records)
    text += fmt::format("  {:<36} {:>5.4g}  {:>10.3f} {:>10.3f}  {:>10.2f}  {:>10.2f}\n", base(fit.name),
                        fit.temperature_degC, kMilli * fit.own_rms_V, kMilli * fit.cell_rms_V, kMilli * fit.knee_rms_V,
                        kMilli * fit.top_rms_V);
  return text;
}

std::string bins_text(const Result& result) {
  std::string text = "\nRoot mean square in mV by SOC\n  SOC         ";
  for (const RecordFit& fit : result.records) text += fmt::format("{:>8.4g} degC", fit.temperature_degC);
  text += '\n';
  for (int bin = 0; bin < 20; ++bin) {
    const double from = bin * 0.05;
    std::string line = fmt::format("  {:>3.0f}..{:<3.0f} % ", 100 * from, 100 * (from + 0.05));
    bool any = false;
    for (const RecordFit& fit : result.records) {
      const auto found =
          std::ranges::find_if(fit.bins, [&](const Bin& one) { return std::abs(one.from_soc - from) < 1e-9; });
      any = any || found != fit.bins.end();
      line += found == fit.bins.end() ? std::string(13, ' ') : fmt::format("{:>13.3f}", kMilli * found->rms_V);
    }
    if (any) text += line + '\n';
  }
  return text;
}

std::string map_text(const std::string& name, const MapTable& map) {
  std::string text = fmt::format(
      "\n{} in mohm, discharge (charge in brackets where it differs), +- one standard error\n  SOC    ", name);
  for (const double degC : map.temperature_degC) text += fmt::format("{:>28}", fmt::format("{:.4g} degC", degC));
  text += '\n';
  for (std::size_t row = 0; row < map.soc.size(); ++row) {
    text += fmt::format("  {:>5.1f} %", 100 * map.soc[row]);
    for (std::size_t t = 0; t < map.temperature_degC.size(); ++t) {
      const std::size_t at = row * map.temperature_degC.size() + t;
      std::string one =
          fmt::format("{:.3f} +- {:.3f}", kMilli * map.discharge_ohm[at], kMilli * map.discharge_sigma_ohm[at]);
      if (map.charge_ohm[at] != map.discharge_ohm[at]) one += fmt::format(" ({:.3f})", kMilli * map.charge_ohm[at]);
      text += fmt::format("{:>28}", one);
    }
    text += '\n';
  }
  return text;
}

std::string head_text(const Result& result) {
  std::string text =
      fmt::format("Capacity {:.4g} Ah; SOC from {:.1f} to {:.1f} %; {} settings of the time constants tried\n",
                  result.capacity_Ah, 100 * result.min_soc, 100 * result.max_soc, result.evaluations);
  for (std::size_t k = 0; k < result.pairs.size(); ++k)
    text += fmt::format("Pair {}: {:.4g} +- {:.2g} s at 25 degC\n", k + 1, result.pairs[k].tau_s,
                        result.pairs[k].tau_sigma_s);
  if (result.rate_activation_sigma_J_per_mol > 0)
    text += fmt::format("Rate of the pairs: {:.3g} +- {:.2g} kJ/mol\n", 1e-3 * result.rate_activation_J_per_mol,
                        1e-3 * result.rate_activation_sigma_J_per_mol);
  text += result.hysteresis.soc.empty() ? "Hysteresis: none seen\n"
                                        : fmt::format("Hysteresis: gap up to {:.1f} mV between 10 and 90 % SOC\n",
                                                      kMilli * *std::max_element(result.hysteresis.value.begin() + 1,
                                                                                 result.hysteresis.value.end() - 1));
  return text;
}

std::string validations_text(const std::vector<Validation>& all) {
  std::string text =
      "\nRecords that were not fitted, replayed by the pack model; mV\n"
      "  record                               capacity  window rms    mean  below 10 %  warmest\n";
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Validation& one = all[i];
    text += fmt::format(
        "  {:<36} {:>6.2f} Ah  {:>10.2f} {:>+7.2f}  {:>10.1f}  {}\n", base(one.name), one.capacity_Ah,
        kMilli * one.window.rms_V, kMilli * one.window.mean_V, kMilli * one.knee.rms_V,
        one.isothermal ? std::string("kept at one temperature") : fmt::format("{:.1f} degC", one.warmest_degC));
    const bool last = i + 1 == all.size() || all[i + 1].name != one.name;
    std::vector<Validation> same;
    std::ranges::copy_if(all, std::back_inserter(same), [&](const Validation& v) { return v.name == one.name; });
    if (last && same.size() > 1)
      text += fmt::format("  {:<36} {:>9}  {:>10.2f} {:>7}  {:>10.1f}\n", "  all of it", "",
                          kMilli * pooled_rms_V(same, &Validation::window), "",
                          kMilli * pooled_rms_V(same, &Validation::knee));
  }
  return text;
}

}  // namespace

double pooled_rms_V(const std::vector<Validation>& all, models::fit::Bin Validation::*window) {
  double square = 0, samples = 0;
  for (const Validation& one : all) {
    const models::fit::Bin& bin = one.*window;
    square += bin.rms_V * bin.rms_V * static_cast<double>(bin.samples);
    samples += static_cast<double>(bin.samples);
  }
  return samples > 0 ? std::sqrt(square / samples) : 0;
}

std::string fit_summary_text(const FitReport& report) {
  const Result& result = report.result;
  std::string text = head_text(result) + "\n" + records_text(result) + bins_text(result) + map_text("R0", result.r0);
  for (std::size_t k = 0; k < result.pairs.size(); ++k)
    text += map_text(fmt::format("Pair {}", k + 1), result.pairs[k].resistance);
  if (!result.remarks.empty()) text += "\nNot identified\n";
  for (const std::string& remark : result.remarks) text += "  " + remark + "\n";
  if (!report.validations.empty()) text += validations_text(report.validations);
  return text;
}

}  // namespace packbench::hil
