#include "hil/api/judge/report_history.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "hil/api/judge/comparison.h"

namespace packbench::hil::api {
namespace {

constexpr std::int64_t Record::*kNumbers[] = {&Record::pack_dmV,   &Record::temperature_mdegC, &Record::current_mA,
                                              &Record::soc_pctpct, &Record::ocv_soc_pctpct,    &Record::soh_pctpct};

bool between(std::int64_t value, std::int64_t one, std::int64_t other) {
  if (value == kNoReading || one == kNoReading || other == kNoReading) return value == one || value == other;
  return value >= std::min(one, other) - 1 && value <= std::max(one, other) + 1;
}

bool explains(const Record& one, const Record& other, const Record& record) {
  for (const auto number : kNumbers) {
    if (!between(record.*number, one.*number, other.*number)) return false;
  }
  if (record.cell_dmV.size() != one.cell_dmV.size() || one.cell_dmV.size() != other.cell_dmV.size()) return false;
  for (std::size_t i = 0; i < record.cell_dmV.size(); ++i) {
    if (!between(record.cell_dmV[i], one.cell_dmV[i], other.cell_dmV[i])) return false;
  }
  return (record.bms_state == one.bms_state || record.bms_state == other.bms_state) &&
         (record.main_contactor == one.main_contactor || record.main_contactor == other.main_contactor) &&
         (record.charger_contactor == one.charger_contactor || record.charger_contactor == other.charger_contactor);
}

// Apart from what a board need not know: its own time and its sensors one by one.
std::vector<std::string> differences_of_values(const Record& record, Record report) {
  report.measured_ms = record.measured_ms;
  report.temperatures_mdegC = record.temperatures_mdegC;
  return differences(record, report);
}

}  // namespace

void ReportHistory::add(Record report, sim::TimeNs at, std::int64_t heard_ms) {
  if (!begin_ms_) begin_ms_ = heard_ms;
  heard_.push_back({std::move(report), at, heard_ms});
  while (heard_.front().heard_ms < heard_ms - kKept_ms) heard_.pop_front();
}

ReportHistory::Match ReportHistory::match(const Record& record, std::int64_t seen_ms, std::int64_t late_ms) const {
  const auto end = std::ranges::upper_bound(heard_, seen_ms + late_ms, {}, &Heard::heard_ms);
  const auto count = static_cast<std::size_t>(end - heard_.begin());
  Match match;
  for (std::size_t i = count; i-- > 0;) {
    if (!explains(heard_[i].report, heard_[i > 0 ? i - 1 : i].report, record)) continue;
    const bool late = match.heard_ms > seen_ms;
    if (!match.at || late) match.at = heard_[i].at, match.heard_ms = heard_[i].heard_ms;
    const Heard& older = heard_[i > 0 ? i - 1 : i];
    match.oldest = older.at, match.oldest_ms = older.heard_ms;
    ++match.count;
  }
  if (!match.at) match.difference = closest_difference(record, count);
  return match;
}

std::string ReportHistory::closest_difference(const Record& record, std::size_t count) const {
  constexpr std::size_t kLookedAt = 600;  // a minute of reports
  std::vector<std::string> closest;
  for (std::size_t i = count; i-- > (count > kLookedAt ? count - kLookedAt : 0);) {
    std::vector<std::string> found = differences_of_values(record, heard_[i].report);
    if (closest.empty() || found.size() < closest.size()) closest = std::move(found);
  }
  return closest.empty() ? "there was no report before it" : closest.front();
}

}  // namespace packbench::hil::api
