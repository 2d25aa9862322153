#include "hil/report/results_json.h"

#include "hil/report/coverage.h"
#include "hil/report/report.h"

namespace packbench::hil {
namespace {

using Json = nlohmann::ordered_json;

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

template <class List, class Function>
Json array_of(const List& list, Function&& function) {
  Json array = Json::array();
  for (const auto& item : list) array.push_back(function(item));
  return array;
}

std::string_view kind_name(sim::CheckKind kind) {
  switch (kind) {
    case sim::CheckKind::always:
      return "always";
    case sim::CheckKind::never:
      return "never";
    case sim::CheckKind::eventually:
      return "eventually";
    case sim::CheckKind::when_then:
      return "when";
    case sim::CheckKind::telemetry_consistent:
      return "telemetry";
  }
  return "";
}

Json link_json(const LinkCounters& link) {
  return {{"frames_sent", link.frames_sent}, {"frames_received", link.frames_received},
          {"crc_errors", link.crc_errors},   {"lost", link.lost},
          {"repeated", link.repeated},       {"delayed", link.delayed},
          {"bytes_sent", link.bytes_sent},   {"bytes_received", link.bytes_received}};
}

Json check_json(const sim::CheckResult& check) {
  return {{"name", check.name},
          {"requirement", check.requirement},
          {"kind", kind_name(check.kind)},
          {"verdict", sim::verdict_name(check.verdict)},
          {"margin", or_null(check.margin)},
          {"unit", check.unit},
          {"measured", or_null(check.measured)},
          {"limit", or_null(check.limit)},
          {"worst_at_s", or_null(check.worst_at_s)},
          {"marginal", check.marginal},
          {"detail", check.detail},
          {"formula", check.formula},
          {"windows", array_of(check.windows, [](const auto& window) {
             return Json::array({window.from_s, window.to_s});
           })}};
}

Json phase_json(const sim::PhaseRecord& phase) {
  return {
      {"label", phase.label}, {"from_s", phase.from_s}, {"to_s", phase.to_s}, {"ended_at_limit", phase.ended_at_limit}};
}

Json fault_json(const sim::FaultEvent& fault) {
  return {{"label", fault.label}, {"at_s", fault.at_s}, {"active", fault.active}};
}

Json latency_json(const TelemetrySummary& telemetry) {
  return {{"count", telemetry.latency_count}, {"p50_s", telemetry.latency_p50_s},
          {"p95_s", telemetry.latency_p95_s}, {"p99_s", telemetry.latency_p99_s},
          {"max_s", telemetry.latency_max_s}, {"clock", telemetry.real_time ? "real" : "simulated"}};
}

Json telemetry_json(const std::optional<TelemetrySummary>& telemetry) {
  if (!telemetry) return {};
  return {{"reports", telemetry->reports},
          {"records", telemetry->records},
          {"latency_max_s", telemetry->latency_max_s},
          {"latency_mean_s", telemetry->latency_mean_s},
          {"findings", telemetry->findings},
          {"latency", latency_json(*telemetry)},
          {"never_arrived", telemetry->never_arrived},
          {"device_clock_ahead_s", or_null(telemetry->device_clock_ahead_s)},
          {"api_clock_ahead_s", or_null(telemetry->api_clock_ahead_s)}};
}

Json extreme_json(const sim::Extreme& extreme) {
  return {{"value", extreme.value}, {"cell", extreme.cell + 1}, {"at_s", extreme.at_s}};
}

Json energy_json(const sim::EnergyBalance& energy) {
  constexpr double kWh = 1.0 / 3600.0;
  return {{"charged_Wh", energy.charged_J * kWh}, {"discharged_Wh", energy.discharged_J * kWh},
          {"heat_Wh", energy.heat_J * kWh},       {"joints_Wh", energy.joints_J * kWh},
          {"bleed_Wh", energy.bleed_J * kWh},     {"reactions_Wh", energy.reactions_J * kWh},
          {"stored_Wh", energy.stored_J * kWh},   {"residual_Wh", energy.residual_J() * kWh}};
}

Json outside_json(const sim::OutsideRange& outside) {
  return {{"what", outside.what}, {"from_s", outside.from_s}, {"for_s", outside.for_s}};
}

Json pack_json(const std::optional<sim::PackSummary>& pack) {
  if (!pack) return {};
  return {{"first_soc", pack->first_soc},
          {"last_soc", pack->last_soc},
          {"lowest_V", extreme_json(pack->lowest_V)},
          {"highest_V", extreme_json(pack->highest_V)},
          {"coldest_degC", extreme_json(pack->coldest_degC)},
          {"hottest_degC", extreme_json(pack->hottest_degC)},
          {"energy", energy_json(pack->energy)},
          {"outside_range", array_of(pack->outside, outside_json)}};
}

Json run_json(const RunResult& run) {
  Json json{{"scenario", run.scenario},
            {"file", run.file},
            {"scenario_sha256", run.scenario_sha256},
            {"description", run.description},
            {"requirement", run.requirement},
            {"tags", run.tags},
            {"device", run.device},
            {"firmware", run.firmware},
            {"profile_sha256", run.profile_sha256},
            {"defect", run.defect},
            {"cells", run.cells},
            {"seed", run.seed},
            {"verdict", sim::verdict_name(run.verdict)},
            {"reason", run.reason},
            {"interrupted", run.interrupted},
            {"sim_s", run.sim_s},
            {"wall_s", run.wall_s},
            {"steps", run.steps},
            {"step_s", run.step_s},
            {"phases_start_s", run.phases_start_s},
            {"trace", run.trace},
            {"trace_hash", run.trace_hash},
            {"first_fault", or_null(run.first_fault)},
            {"evidence", run.evidence},
            {"link", link_json(run.link)},
            {"checks", array_of(run.checks, check_json)}};
  json["phases"] = array_of(run.phases, phase_json);
  json["faults"] = array_of(run.faults, fault_json);
  json["notes"] = run.notes;
  json["telemetry"] = telemetry_json(run.telemetry);
  json["simulated"] = run.simulated;
  json["pack"] = pack_json(run.pack);
  json["command"] = run.command;
  return json;
}

Json coverage_json(const CoverageRow& row) {
  const auto entry_json = [](const CoverageEntry& entry) -> Json {
    return {{"run", entry.run}, {"verdict", sim::verdict_name(entry.verdict)}};
  };
  return {
      {"id", row.requirement.id}, {"text", row.requirement.text},        {"source", row.requirement.source},
      {"listed", row.listed},     {"status", coverage_name(row.status)}, {"runs", array_of(row.entries, entry_json)}};
}

}  // namespace

nlohmann::ordered_json results_json(const SessionResult& session) {
  return {{"schema", 1},
          {"packbench", session.packbench_version},
          {"commit", session.commit},
          {"started", session.started},
          {"wall_s", session.wall_s},
          {"verdict", sim::verdict_name(session_verdict(session))},
          {"interrupted", session.interrupted},
          {"signal", session.signal},
          {"runs", array_of(session.runs, run_json)},
          {"coverage", array_of(coverage(session), coverage_json)}};
}

std::string results_text(const SessionResult& session) {
  return results_json(session).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace packbench::hil
