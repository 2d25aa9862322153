#include "tests/hil/report/example_session.h"

namespace packbench::hil::test {
namespace {

using sim::CheckKind;
using sim::CheckResult;
using sim::Verdict;

RunResult base(const std::string& scenario, const std::string& file, Verdict verdict) {
  RunResult run;
  run.scenario = scenario;
  run.file = "scenarios/" + file;
  run.scenario_sha256 = std::string(64, 'a');
  run.device = "native:";
  run.firmware = "reference-bms 0.1.0";
  run.profile_sha256 = std::string(64, 'b');
  run.seed = 7;
  run.verdict = verdict;
  run.sim_s = 300;
  run.wall_s = 0.42;
  run.steps = 3000;
  run.step_s = 0.1;
  run.phases_start_s = 4;
  run.trace = "traces/" + file + ".h5";
  run.trace_hash = std::string(64, 'c');
  run.link.frames_sent = 6000;
  run.link.frames_received = 9000;
  run.command = "packbench run scenarios/" + file + " --device native: --seed 7";
  return run;
}

CheckResult check(const std::string& name, const std::string& requirement, Verdict verdict, double margin,
                  const std::string& unit, double measured, double limit, double at_s) {
  CheckResult result;
  result.name = name;
  result.requirement = {requirement};
  result.verdict = verdict;
  result.margin = margin;
  result.unit = unit;
  result.measured = measured;
  result.limit = limit;
  result.worst_at_s = at_s;
  return result;
}

CheckResult trip_check(Verdict verdict, double measured_ms, double trigger_s) {
  CheckResult trip = check("charging stops in time", "OV-2", verdict, 2300 - measured_ms, "ms", measured_ms, 2300,
                           trigger_s + measured_ms / 1000);
  trip.kind = CheckKind::when_then;
  trip.formula = "when: max(sensed.cell_voltage) > 3.65 V  then: truth.pack_current <= 0.2 A  within: 0.3 s";
  trip.detail = "The answer came " + std::to_string(static_cast<int>(measured_ms)) +
                " ms after the trigger; the window is 1900 ms to 2300 ms, resolution 100 ms.";
  trip.windows = {{trigger_s, trigger_s + 2.3}};
  return trip;
}

RunResult over_voltage(Verdict verdict, double trip_at_s, double measured_ms) {
  RunResult run = base("cell overvoltage opens the charger contactor", "cell_ov_trip.yaml", verdict);
  run.requirement = {"OV-2", "IEC 62619 8.2.2"};
  run.tags = {"protection", "voltage"};
  run.description = "One cell runs ahead of the others while the pack charges at 0.5 C.";
  run.first_fault = "cell_ov";
  run.checks = {trip_check(verdict, measured_ms, trip_at_s - measured_ms / 1000)};
  run.checks.push_back(check("not too early", "OV-2", Verdict::pass, 0.0123, "V", 3.6523, 3.64, trip_at_s));
  run.checks.back().formula = "never: opens(device.charger_contactor) and max(sensed.cell_voltage) < 3.64 V";
  run.checks.push_back(check("SOC is honest", "SOC-1", Verdict::pass, 0.0441, "1", 0.0059, 0.05, 88.2));
  run.checks.back().formula = "always: abs(device.soc - truth.soc) <= 5 %";
  run.phases = {{"rest", 4, 30, false}, {"charge 0.5 C", 30, trip_at_s, false}, {"rest", trip_at_s, 300, false}};
  run.faults = {{60, true, "cell_voltage[9] offset 20 mV"}, {120, false, "cell_voltage[9] offset 20 mV"}};
  run.telemetry = TelemetrySummary{296, 296, 0.1, 0.1, {}, 296, 0.1, 0.1, 0.1};
  run.plots = example_plots({300, trip_at_s, 50, 0.93});
  return run;
}

RunResult failing() {
  RunResult run = over_voltage(Verdict::fail, 165.4, 5400);
  run.defect = "slow_ov";
  run.reason = "charging stops in time: the answer came 5400 ms after the trigger, the latest is 2300 ms.";
  run.command += " --defect slow_ov";
  return run;
}

RunResult discharge() {
  RunResult run = base("steady discharge counts charge", "discharge_steady.yaml", Verdict::pass);
  run.requirement = {"SOC-1"};
  run.checks = {check("SOC falls as the current says", "SOC-1", Verdict::pass, 0.00004, "1", 0.00996, 0.01, 271.3)};
  run.checks.back().marginal = true;
  run.checks.back().detail = "The greatest error was at 271.3 s.";
  run.checks.push_back(check("the cloud agrees", "TEL-1", Verdict::pass, 1900, "ms", 100, 2000, 12));
  run.checks.back().kind = CheckKind::telemetry_consistent;
  run.checks.back().formula = "telemetry: consistent within 2 s";
  run.phases = {{"rest", 4, 30, false}, {"discharge 50 A", 30, 260, true}, {"rest", 260, 300, false}};
  sim::PackSummary pack;
  pack.lowest_V = {3.21, 14, 258};
  pack.highest_V = {3.34, 2, 4};
  pack.coldest_degC = {24.9, 0, 4};
  pack.hottest_degC = {46.2, 7, 258};
  pack.first_soc = 0.8;
  pack.last_soc = 0.768;
  pack.energy = {0, 560000, 9000, 0, 0, 0, -569000.5};
  pack.outside = {{"temperature above 45 degC", 240, 31.5}};
  run.pack = pack;
  run.notes = {"The outputs of the device are its own word: no external sense is configured."};
  run.telemetry = TelemetrySummary{296, 296, 0.1, 0.1, {}, 296, 0.1, 0.1, 0.1};
  run.plots = example_plots({300, 260, -50, 0.8});
  return run;
}

RunResult port_lost() {
  RunResult run = base("boot and precharge", "boot_precharge.yaml", Verdict::inconclusive);
  run.device = "serial:/dev/ttyACM0,baud=921600";
  run.reason = "The port /dev/ttyACM0 went away 1.2 s into the run <unplugged & \"gone\">.";
  run.notes = {"Last words of the device: \x1b[31mpanic\x01 \xff</script><script>alert(1)</script>"};
  run.sim_s = 1.2;
  run.steps = 12;
  return run;
}

RunResult no_faults() {
  RunResult run = base("a reset in mid-discharge", "mcu_reset.yaml", Verdict::skipped);
  run.reason = "The device pty:/dev/pts/4 cannot be reset by the bench.";
  run.requirement = {"SYS-1"};
  run.sim_s = 0;
  run.steps = 0;
  return run;
}

}  // namespace

SessionResult example_session() {
  SessionResult session;
  session.packbench_version = "0.1.0";
  session.commit = "0123456789abcdef0123456789abcdef01234567";
  session.started = "2026-03-01T09:30:00Z";
  session.wall_s = 3.21;
  RunResult good = over_voltage(Verdict::pass, 162.1, 2100);
  good.device = "inproc:";
  session.runs = {failing(), discharge(), port_lost(), no_faults(), good};
  session.requirements = {{"OV-2", "A cell above its limit stops the charge in time.", "IEC 62619 8.2.2", {}},
                          {"SOC-1", "The reported state of charge is within 5 %.", "profile", {}},
                          {"TEL-1", "The Device API returns what the device reported.", "device API", {}},
                          {"SYS-1", "A reset opens all contactors.", "profile", {}},
                          {"UV-1", "A cell below its limit stops the discharge in time.", "profile", {}}};
  return session;
}

SessionResult long_session(int runs) {
  SessionResult session = example_session();
  const RunResult passing = session.runs.back();
  session.runs.resize(1);
  while (static_cast<int>(session.runs.size()) < runs) session.runs.push_back(passing);
  return session;
}

}  // namespace packbench::hil::test
