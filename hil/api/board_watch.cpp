#include "hil/api/board_watch.h"

#include <algorithm>
#include <ranges>
#include <set>
#include <utility>

#include "hil/api/comparison.h"
#include "hil/api/fixed_point.h"

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

std::string seconds(std::int64_t ms) { return fixed_text(ms, 3) + " s"; }

}  // namespace

BoardWatch::BoardWatch(ClientOptions client, std::string device_id, std::chrono::milliseconds period, Clock clock)
    : device_id_(std::move(device_id)),
      period_(period),
      clock_(std::move(clock)),
      client_(std::move(client)),
      thread_([this] { run(); }) {}

BoardWatch::~BoardWatch() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void BoardWatch::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    look();
    lock.lock();
    wake_.wait_for(lock, period_, [this] { return ending_; });
  }
}

void BoardWatch::look() {
  const auto newest = client_.latest(device_id_);
  const std::int64_t seen_ms = clock_();
  const std::lock_guard lock(mutex_);
  if (!newest || !*newest.value || (*newest.value)->id == last_id_) return;
  last_id_ = (*newest.value)->id;
  seen_.push_back({**newest.value, seen_ms});
}

std::vector<SeenRecord> BoardWatch::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(seen_, {});
}

void ReportHistory::add(Record report, sim::TimeNs at, std::int64_t heard_ms) {
  heard_.push_back({std::move(report), at, heard_ms});
  while (heard_.front().heard_ms < heard_ms - kKept_ms) heard_.pop_front();
}

ReportHistory::Match ReportHistory::match(const SeenRecord& seen) const {
  const auto in_time = [&](const Heard& one) { return one.heard_ms <= seen.seen_ms; };
  const auto begin = std::find_if(heard_.rbegin(), heard_.rend(), in_time).base();
  const auto count = static_cast<std::size_t>(begin - heard_.begin());
  for (std::size_t i = count; i-- > 0;) {
    const Record& before = heard_[i > 0 ? i - 1 : i].report;
    if (explains(heard_[i].report, before, seen.record)) return {heard_[i].at, ""};
  }
  constexpr std::size_t kLookedAt = 600;  // a minute of reports
  std::vector<std::string> closest;
  for (std::size_t i = count; i-- > (count > kLookedAt ? count - kLookedAt : 0);) {
    std::vector<std::string> found = differences_of_values(seen.record, heard_[i].report);
    if (closest.empty() || found.size() < closest.size()) closest = std::move(found);
  }
  return {std::nullopt, closest.empty() ? "there was no report before it" : closest.front()};
}

std::vector<std::string> judge_sequence(const std::vector<Record>& records, std::int64_t from_ms, std::int64_t to_ms) {
  if (records.empty()) return {"the device sent no record to the API in " + seconds(to_ms - from_ms)};
  std::vector<std::string> found;
  std::set<std::string> ids;
  std::vector<std::int64_t> times, steps;
  for (const Record& record : records) {
    if (!ids.insert(record.id).second) found.push_back("the record " + record.id + " comes twice");
    if (!times.empty() && record.measured_ms < times.back())
      found.push_back("the record " + record.id + " comes after a later one");
    times.push_back(record.measured_ms);
  }
  std::ranges::sort(times);
  for (std::size_t i = 1; i < times.size(); ++i) steps.push_back(times[i] - times[i - 1]);
  if (steps.size() < 2) return found;
  std::vector<std::int64_t> sorted = steps;
  std::ranges::sort(sorted);
  const std::int64_t usual_ms = sorted[sorted.size() / 2], longest_ms = usual_ms * 5 / 2 + 1000;
  const auto gap = [&](std::int64_t from, std::int64_t to, const char* where) {
    if (to - from > longest_ms)
      found.push_back(std::string("a gap of ") + seconds(to - from) + " " + where + ", where a record every " +
                      seconds(usual_ms) + " is usual");
  };
  for (std::size_t i = 1; i < times.size(); ++i)
    gap(times[i - 1], times[i], ("after " + seconds(times[i - 1] - from_ms)).c_str());
  gap(times.back(), to_ms, "at the end");
  return found;
}

}  // namespace packbench::hil::api
