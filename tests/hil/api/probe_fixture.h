// An honest instance with an hour and a half of records, and a probe that asks it.
#pragma once

#include <gmock/gmock.h>

#include <set>

#include "bent_server.h"
#include "hil/api/probe/probe.h"

namespace packbench::hil::api::test {

using probe::Grade;

inline constexpr std::int64_t kPeriod_ms = 5000;
inline constexpr std::int64_t kUnseen_ms = 700;  // between the newest record and now

inline std::string uuid(int number) {
  std::string digits = std::to_string(number);
  return "00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

inline Record honest(std::int64_t measured_ms, int number) {
  Record record = plain_record(measured_ms, uuid(number));
  record.pack_dmV = 512'030;
  record.temperature_mdegC = 25'000;
  record.current_mA = -50'000;
  record.soc_pctpct = record.ocv_soc_pctpct = 5'000;
  record.bms_state = "DISCHARGING";
  record.main_contactor = true;
  record.boot = 1;
  record.sequence = number;
  return record;
}

// Every 5 s, the newest just now; each arrived when it was measured.
inline void fill(BentServer& server, int records, const std::function<bool(int)>& keep = {}, std::int64_t ago_ms = 0) {
  for (int i = 0; i < records; ++i) {
    if (keep && !keep(i)) continue;
    const Record record = honest(kServiceNow_ms - kUnseen_ms - ago_ms - kPeriod_ms * (records - 1 - i), i);
    server.plain.store.insert(1, "D1", std::span(&record, 1), record.measured_ms);
  }
}

inline probe::Options asking(const BentServer& server) {
  probe::Options options;
  options.url = server.url();
  options.key = kServiceKey;
  options.clock = server.plain.clock.reader();
  options.slow_ms = 60'000;  // the machine may have other work
  return options;
}

inline std::set<std::string> remarks(const probe::Report& report) {
  std::set<std::string> found;
  for (const auto& finding : report.findings) {
    if (finding.grade == Grade::warn || finding.grade == Grade::fail) found.insert(finding.check);
  }
  return found;
}

inline std::string texts(const probe::Report& report) {
  std::string all = report.unreached;
  for (const auto& finding : report.findings) {
    all += std::string(probe::grade_name(finding.grade)) + " " + finding.check + ": " + finding.text + "\n";
  }
  return all;
}

inline constexpr int kRecords = 1080;  // an hour and a half

inline bool asks(const Request& request, const std::string& part) {
  return request.target.find(part) != std::string::npos;
}

inline bool lists(const Request& request) { return request.target == "/v1/devices"; }

}  // namespace packbench::hil::api::test
