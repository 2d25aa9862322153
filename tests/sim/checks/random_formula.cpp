#include "tests/sim/checks/random_formula.h"

#include <rapidcheck.h>

namespace packbench::sim::test {
namespace {

int draw(int below) { return *rc::gen::inRange(0, below); }

std::string one_of(const std::vector<std::string>& choices) {
  return choices[static_cast<std::size_t>(draw(static_cast<int>(choices.size())))];
}

std::string duration() { return one_of({"100 ms", "200 ms", "250 ms", "350 ms", "1 s"}); }

std::string voltage(int depth) {
  if (depth == 0)
    return one_of({"truth.cell_voltage[2]", "truth.pack_voltage", "3 V", "3.5 V", "max(truth.cell_voltage)"});
  const std::string a = voltage(depth - 1);
  switch (draw(7)) {
    case 0:
      return "(" + a + " - " + voltage(depth - 1) + ")";
    case 1:
      return "abs(" + a + ")";
    case 2:
      return one_of({"min", "max"}) + "(" + a + ", truth.cell_voltage - " + voltage(depth - 1) + ")";
    case 3:
      return "mean(abs(truth.cell_voltage - device.cell_voltage))";
    case 4:
      return "delta(" + a + ", " + duration() + ")";
    case 5:
      return "(" + a + " * 2 / 3)";
    default:
      return "-(" + a + " + min(truth.cell_voltage))";
  }
}

std::string current(int depth) {
  if (depth == 0) return one_of({"truth.pack_current", "1 A", "0 A", "device.charge_limit"});
  const std::string a = current(depth - 1);
  return one_of({"abs(" + a + ")", "(" + a + " + truth.pack_current)", "delta(" + a + ")", "max(" + a + ", 1 A)"});
}

std::string comparison(int depth) {
  const std::string sign = one_of({" < ", " <= ", " > ", " >= ", " == ", " != "});
  switch (draw(7)) {
    case 0:
      return voltage(depth) + sign + voltage(depth);
    case 1:
      return current(depth) + sign + current(depth);
    case 2:
      return "device.state" + one_of({" == ", " != "}) + one_of({"INIT", "STANDBY", "IDLE"});
    case 3:
      return one_of({"opens", "closes", "changes"}) + "(truth.main_contactor)";
    case 4:
      return "device.faults contains " + one_of({"cell_ov", "cell_uv"});
    case 5:
      return "rate(" + voltage(depth) + ", " + duration() + ")" + sign + "1 V/s";
    default:
      return "sum(truth.bleed)" + sign + "1 or max(truth.bleed) == on";
  }
}

double sampled(std::initializer_list<double> values) {
  return draw(10) == 0 ? kNaN : values.begin()[draw(static_cast<int>(values.size()))];
}

std::vector<double> random_frame() {
  Frame frame(small_layout());
  frame[Signal::truth_pack_current] = sampled({-1, 0, 1, 2});
  frame[Signal::device_charge_limit] = sampled({-1, 0, 1, 2});
  frame[Signal::truth_pack_voltage] = sampled({2.9, 3, 3.1, 3.5});
  frame[Signal::device_state] = sampled({0, 1, 3});
  frame[Signal::truth_main_contactor] = sampled({0, 1});
  frame[Signal::device_faults] = sampled({0, 1, 4, 5});
  for (double& v : frame.array(Signal::truth_cell_voltage)) v = sampled({2.9, 3, 3.1, 3.25, 3.5, 3.5, 3.5, 3, 3, 3});
  for (double& v : frame.array(Signal::device_cell_voltage)) v = 3.25 + 0.125 * draw(4);
  for (double& v : frame.array(Signal::truth_bleed)) v = draw(2);
  return {frame.values().begin(), frame.values().end()};
}

}  // namespace

std::string random_formula(int depth) {
  if (depth == 0) return "(" + comparison(draw(3)) + ")";
  const std::string a = random_formula(depth - 1);
  switch (draw(5)) {
    case 0:
      return "not " + a;
    case 1:
      return "(" + a + " and " + random_formula(depth - 1) + ")";
    case 2:
      return "(" + a + " or " + random_formula(depth - 1) + ")";
    case 3:
      return "(" + a + " for " + duration() + ")";
    default:
      return a;
  }
}

std::vector<Sample> random_trace(std::size_t length) {
  std::vector<Sample> trace;
  const bool regular = draw(2) == 0;
  TimeNs now = 0;
  for (std::size_t k = 0; k < length; ++k) {
    trace.push_back({now, random_frame()});
    now += regular ? kStep : (1 + draw(4)) * 50 * kMillisecond;
  }
  return trace;
}

}  // namespace packbench::sim::test
