// The laws of one telemetry record, as the document shows it: fields and types, physical ranges, and how its values
// agree with each other.
//
// Sum of the cells against the pack: apart by at most max(150 mV, 0.5 %); the document's own record is 90 mV apart.
// soc 0..100 %, soh 0..110 % (0: not computed), cells 0..6.6 V and 1..24 of them, temperature -60..200 degC.
// Contactors: DISCHARGING needs the main one closed, CHARGING the charger's. Current: against the state only beyond
// 0.5 A and for 2 s. The document's record discharges with 0 A.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hil/api/probe/findings.h"
#include "hil/api/probe/sameness.h"
#include "hil/api/probe/series.h"
#include "hil/api/values/json_value.h"

namespace packbench::hil::api::probe {

struct Reading {
  std::string id, state;
  std::int64_t arrived_s = 0, time_ms = 0;  // time: measurement where it is told, else arrival
  bool measured = false;                    // time_ms is the measurement
  std::optional<double> current_A;
  std::string boot_sequence;  // "3/17" where it is told
};

// Collects what the laws find in the records of one device.
class RecordJudge {
 public:
  RecordJudge(const Options& options, std::string device_id) : options_(options), device_id_(std::move(device_id)) {}

  // The records of an answer's `data`; `label` names the answer. Records that were judged before are
  // only compared with what they were.
  std::vector<Reading> read(const std::string& label, const JsonValue& data, std::int64_t now_ms);
  void report(Findings& findings) const;
  std::size_t count() const { return count_; }  // of records that were judged

 private:
  void judge(const std::string& where, const JsonValue& record, std::int64_t now_ms);
  std::string fields(const JsonValue& record) const;
  std::string range(const JsonValue& record) const;
  std::string sum(const JsonValue& record) const;
  std::string soc(const JsonValue& record) const;
  std::string state(const JsonValue& record) const;
  std::string contactors(const JsonValue& record) const;
  std::string id(const JsonValue& record) const;
  std::string device(const JsonValue& record) const;
  std::string arrival(const JsonValue& record, std::int64_t now_ms) const;
  std::string unknown(const JsonValue& record) const;
  void judge_current(const std::vector<Reading>& readings);

  const Options& options_;
  std::string device_id_;
  std::size_t count_ = 0;
  Sameness sameness_;
  Series series_;
  Tally fields_{"records.fields", Grade::fail, "Every record has the document's fields with their types."};
  Tally same_{"records.same", Grade::fail, "A record is the same in every answer."};
  Tally device_{"records.device", Grade::fail, "Every record is of the device that was asked for."};
  Tally range_{"records.range", Grade::fail, "Every value is within what it can physically be."};
  Tally arrival_{"records.arrival", Grade::fail, "Every _ts is in whole seconds and not in the future."};
  Tally id_{"records.id", Grade::warn, "Every id has the form of a UUID, its hyphens aside."};
  Tally sum_{"records.sum", Grade::warn, "The cells of every record add up to its pack voltage."};
  Tally soc_{"records.soc", Grade::warn, "soc and ocv_soc agree roughly."};
  Tally state_{"records.state", Grade::warn, "Every bms_state is a known word."};
  Tally contactors_{"records.contactors", Grade::warn, "The contactors fit the state."};
  Tally current_{"records.current", Grade::warn, "The sign of the current fits the state."};
  Tally unknown_{"records.unknown", Grade::warn, "No record has fields that nobody wrote down."};
};

}  // namespace packbench::hil::api::probe
