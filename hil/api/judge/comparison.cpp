#include "hil/api/judge/comparison.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <unordered_map>

#include "hil/api/values/fixed_point.h"

namespace packbench::hil::api {
namespace {

struct Value {
  const char* name;
  std::int64_t Record::*value;
  int digits;
  const char* unit;
};

constexpr Value kValues[] = {
    {"pack_voltage", &Record::pack_dmV, 4, "V"},   {"temperature", &Record::temperature_mdegC, 3, "degC"},
    {"pack_current", &Record::current_mA, 3, "A"}, {"soc", &Record::soc_pctpct, 2, "%"},
    {"ocv_soc", &Record::ocv_soc_pctpct, 2, "%"},  {"soh", &Record::soh_pctpct, 2, "%"}};

// All digits of the wire, so that two numbers line up: 51.2030 V.
std::string with_unit(std::int64_t value, int digits, const char* unit) {
  if (value == kNoReading) return "no reading";
  std::string text = fixed_text(value, digits);
  if (text.find('.') == std::string::npos) text += '.';
  text.append(text.find('.') + 1 + static_cast<std::size_t>(digits) - text.size(), '0');
  return text + " " + unit;
}

std::string differ(const std::string& name, std::int64_t fetched, std::int64_t sent, int digits, const char* unit) {
  return name + " " + with_unit(fetched, digits, unit) + ", device reported " + with_unit(sent, digits, unit);
}

const char* word(bool closed) { return closed ? "closed" : "open"; }

// Of a time that is further away than TimeNs reaches, 292 years, the furthest.
sim::TimeNs time_of(const Record& record, std::int64_t epoch_ms) {
  constexpr std::int64_t kMost_ms = std::numeric_limits<sim::TimeNs>::max() / sim::kMillisecond;
  return std::clamp(record.measured_ms - epoch_ms, -kMost_ms, kMost_ms) * sim::kMillisecond;
}

void compare_cells(const Record& fetched, const Record& sent, std::vector<std::string>& found) {
  if (fetched.cell_dmV.size() != sent.cell_dmV.size()) {
    found.push_back(std::to_string(fetched.cell_dmV.size()) + " cells, device reported " +
                    std::to_string(sent.cell_dmV.size()));
    return;
  }
  for (std::size_t i = 0; i < sent.cell_dmV.size(); ++i) {
    if (fetched.cell_dmV[i] == sent.cell_dmV[i]) continue;
    found.push_back(
        differ("cell_voltage[" + std::to_string(i + 1) + "]", fetched.cell_dmV[i], sent.cell_dmV[i], 4, "V"));
  }
}

}  // namespace

std::string record_label(std::size_t index, sim::TimeNs at) {
  std::string seconds = fixed_text(at / sim::kMillisecond, 3);
  if (seconds.find('.') == std::string::npos) seconds += ".0";
  return "record " + std::to_string(index) + " at " + seconds + " s";
}

std::vector<std::string> differences(const Record& fetched, const Record& sent) {
  std::vector<std::string> found;
  for (const Value& value : kValues) {
    const std::int64_t got = fetched.*value.value, expected = sent.*value.value;
    if (got != expected) found.push_back(differ(value.name, got, expected, value.digits, value.unit));
  }
  compare_cells(fetched, sent, found);
  if (fetched.bms_state != sent.bms_state) {
    found.push_back("bms_state " + fetched.bms_state + ", device reported " + sent.bms_state);
  }
  for (const auto& [name, flag] : {std::pair("main_contactor_state", &Record::main_contactor),
                                   {"charger_contactor_state", &Record::charger_contactor}}) {
    if (fetched.*flag != sent.*flag) {
      found.push_back(std::string(name) + " " + word(fetched.*flag) + ", device reported " + word(sent.*flag));
    }
  }
  if (!fetched.temperatures_mdegC.empty() && fetched.temperatures_mdegC != sent.temperatures_mdegC) {
    found.emplace_back("temperatures differ from those that the device reported");
  }
  if (fetched.faults && fetched.faults != sent.faults) found.emplace_back("faults differ from those reported");
  if (!fetched.balancing.empty() && fetched.balancing != sent.balancing) {
    found.emplace_back("balancing differs from what the device reported");
  }
  if (fetched.measured_ms != sent.measured_ms) {
    found.push_back("time is " + fixed_text(fetched.measured_ms - sent.measured_ms, 3) + " s off the device's report");
  }
  return found;
}

std::vector<Finding> compare_records(const std::vector<Record>& fetched, const std::vector<Sent>& sent,
                                     std::int64_t epoch_ms) {
  std::vector<Finding> findings;
  std::unordered_map<std::string_view, std::size_t> index_of;  // id -> place in sent
  for (std::size_t i = 0; i < sent.size(); ++i) index_of.emplace(sent[i].record.id, i);
  std::vector<int> seen(sent.size(), 0);
  for (std::size_t i = 0; i < fetched.size(); ++i) {
    const Record& record = fetched[i];
    const sim::TimeNs at = time_of(record, epoch_ms);
    if (i > 0 && std::tie(record.measured_ms, record.id) < std::tie(fetched[i - 1].measured_ms, fetched[i - 1].id)) {
      findings.push_back({at, record_label(i + 1, at) + " comes after a later one"});
    }
    const auto known = index_of.find(record.id);
    if (known == index_of.end()) {
      findings.push_back({at, record_label(i + 1, at) + " was never sent (id " + record.id + ")"});
      continue;
    }
    const Sent& original = sent[known->second];
    const std::string label = record_label(known->second + 1, original.reported);
    if (++seen[known->second] > 1)
      findings.push_back({original.reported, label + " comes " + std::to_string(seen[known->second]) + " times"});
    for (const std::string& difference : differences(record, original.record)) {
      findings.push_back({original.reported, label + ": " + difference});
    }
  }
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (seen[i] == 0) findings.push_back({sent[i].reported, record_label(i + 1, sent[i].reported) + " is missing"});
  }
  return findings;
}

std::vector<Finding> compare_preset(const std::string& name, const std::vector<Record>& fetched,
                                    const std::vector<Record>& whole, std::int64_t from_ms, std::int64_t to_ms,
                                    sim::TimeNs now) {
  std::vector<Record> expected;
  std::ranges::copy_if(whole, std::back_inserter(expected), [&](const Record& record) {
    return record.measured_ms >= from_ms && record.measured_ms <= to_ms;
  });
  if (fetched == expected) return {};
  return {{now, "timeRange=" + name + " gives " + std::to_string(fetched.size()) + " records that are not the " +
                    std::to_string(expected.size()) + " of its window by start and end"}};
}

}  // namespace packbench::hil::api
