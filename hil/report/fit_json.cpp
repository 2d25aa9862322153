#include "hil/report/fit_result.h"

namespace packbench::hil {
namespace {

using models::fit::Bin;
using models::fit::MapTable;
using models::fit::RecordFit;
using models::fit::Result;

nlohmann::ordered_json bin_json(const Bin& bin) {
  return {{"from_soc", bin.from_soc}, {"to_soc", bin.to_soc}, {"samples", bin.samples},
          {"rms_V", bin.rms_V},       {"mean_V", bin.mean_V}, {"worst_V", bin.worst_V}};
}

nlohmann::ordered_json map_json(const MapTable& map) {
  return {{"soc", map.soc},
          {"temperature_degC", map.temperature_degC},
          {"charge_ohm", map.charge_ohm},
          {"charge_sigma_ohm", map.charge_sigma_ohm},
          {"discharge_ohm", map.discharge_ohm},
          {"discharge_sigma_ohm", map.discharge_sigma_ohm}};
}

nlohmann::ordered_json table_json(const models::fit::Table& table) {
  return {{"soc", table.soc}, {"value", table.value}, {"sigma", table.sigma}};
}

}  // namespace

nlohmann::ordered_json fit_json(const FitReport& report) {
  using Json = nlohmann::ordered_json;
  const Result& result = report.result;
  Json json{{"schema", 1},
            {"capacity_Ah", result.capacity_Ah},
            {"window_soc", {models::fit::kWindowLow, models::fit::kWindowHigh}},
            {"ocv_V", table_json(result.ocv)},
            {"hysteresis_V", table_json(result.hysteresis)},
            {"entropy_V_per_K", table_json(result.entropy)},
            {"r0", map_json(result.r0)},
            {"pairs", Json::array()},
            {"rate_activation_J_per_mol", result.rate_activation_J_per_mol},
            {"rate_activation_sigma_J_per_mol", result.rate_activation_sigma_J_per_mol},
            {"records", Json::array()},
            {"validations", Json::array()},
            {"remarks", result.remarks}};
  for (const auto& pair : result.pairs)
    json["pairs"].push_back(
        {{"tau_s", pair.tau_s}, {"tau_sigma_s", pair.tau_sigma_s}, {"resistance", map_json(pair.resistance)}});
  for (const RecordFit& fit : result.records) {
    Json bins = Json::array();
    for (const Bin& bin : fit.bins) bins.push_back(bin_json(bin));
    json["records"].push_back({{"name", fit.name},
                               {"temperature_degC", fit.temperature_degC},
                               {"window_rms_V", fit.own_rms_V},
                               {"cell_window_rms_V", fit.cell_rms_V},
                               {"knee_rms_V", fit.knee_rms_V},
                               {"top_rms_V", fit.top_rms_V},
                               {"bins", bins}});
  }
  for (const Validation& one : report.validations)
    json["validations"].push_back({{"name", one.name},
                                   {"capacity_Ah", one.capacity_Ah},
                                   {"isothermal", one.isothermal},
                                   {"warmest_degC", one.warmest_degC},
                                   {"window", bin_json(one.window)},
                                   {"knee", bin_json(one.knee)},
                                   {"top", bin_json(one.top)}});
  return json;
}

}  // namespace packbench::hil
