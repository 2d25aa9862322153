#include "hil/api/judge/board_rules.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "hil/api/values/fixed_point.h"

namespace packbench::hil::api {
namespace {

std::string seconds(std::int64_t ms) { return fixed_text(ms, 3) + " s"; }

std::vector<std::int64_t> steps_of(const std::vector<std::int64_t>& times) {
  std::vector<std::int64_t> steps;
  for (std::size_t i = 1; i < times.size(); ++i) steps.push_back(times[i] - times[i - 1]);
  return steps;
}

std::int64_t usual_step(std::vector<std::int64_t> steps) {
  std::ranges::sort(steps);
  return steps[steps.size() / 2];
}

std::int64_t missing_in_time(const std::vector<Record>& records) {
  std::vector<std::int64_t> times;
  for (const Record& record : records) times.push_back(record.measured_ms);
  std::ranges::sort(times);
  const std::vector<std::int64_t> steps = steps_of(times);
  const std::int64_t usual_ms = steps.size() < 2 ? 0 : usual_step(steps);
  std::int64_t missing = 0;
  for (const std::int64_t step : steps) {
    if (usual_ms > 0 && step > usual_ms * 5 / 2 + 1000) missing += (step + usual_ms / 2) / usual_ms - 1;
  }
  return missing;
}

// Nothing when a record has no number.
std::optional<std::int64_t> missing_in_numbers(const std::vector<Record>& records) {
  std::map<std::int64_t, std::set<std::int64_t>> numbers;  // of each boot
  for (const Record& record : records) {
    if (!record.boot || !record.sequence) return std::nullopt;
    numbers[*record.boot].insert(*record.sequence);
  }
  std::int64_t missing = 0;
  for (const auto& [boot, seen] : numbers) missing += *seen.rbegin() - *seen.begin() + 1 - std::ssize(seen);
  return missing;
}

}  // namespace

std::vector<std::string> judge_sequence(const std::vector<Record>& records, std::int64_t from_ms, std::int64_t to_ms) {
  if (records.empty()) return {"the device sent no record to the API in " + seconds(to_ms - from_ms)};
  std::vector<std::string> found;
  std::set<std::string> ids;
  std::set<std::pair<std::int64_t, std::int64_t>> numbers;
  std::vector<std::int64_t> times, steps;
  for (const Record& record : records) {
    if (!ids.insert(record.id).second)
      found.push_back("the record " + record.id + " comes twice");
    else if (record.boot && record.sequence && !numbers.insert({*record.boot, *record.sequence}).second)
      found.push_back("the record " + record.id + " has the boot and seq of another one");
    if (!times.empty() && record.measured_ms < times.back())
      found.push_back("the record " + record.id + " comes after a later one");
    times.push_back(record.measured_ms);
  }
  std::ranges::sort(times);
  steps = steps_of(times);
  const std::int64_t missing = missing_in_numbers(records).value_or(0);
  if (missing > 0)
    found.push_back(std::to_string(missing) + (missing == 1 ? " record is" : " records are") +
                    " missing, by boot and seq");
  if (steps.size() < 2) return found;
  const std::int64_t usual_ms = usual_step(steps), longest_ms = usual_ms * 5 / 2 + 1000;
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

std::int64_t missing_records(const std::vector<Record>& records) {
  return missing_in_numbers(records).value_or(missing_in_time(records));
}

std::vector<Finding> judge_report_order(std::vector<Explained> records) {
  std::vector<Finding> found;
  std::ranges::stable_sort(records, {}, [](const Explained& one) { return one.record.measured_ms; });
  const Explained* latest = nullptr;
  for (const Explained& one : records) {
    if (latest && one.newest < latest->oldest) {
      found.push_back({one.newest, "the record " + one.record.id +
                                       " has values of before those of the earlier record " + latest->record.id});
    }
    if (!latest || one.oldest > latest->oldest) latest = &one;
  }
  return found;
}

}  // namespace packbench::hil::api
