#include "hil/api/judge/board_rules.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "hil/api/values/fixed_point.h"

namespace packbench::hil::api {
namespace {

constexpr std::ptrdiff_t kNear = 64;  // records among which a double is looked for

std::string seconds(std::int64_t ms) { return fixed_text(ms, 3) + " s"; }

template <class Number>
Number median(std::vector<Number> numbers) {
  std::ranges::sort(numbers);
  return numbers[numbers.size() / 2];
}

// Between records that are not of one time, as a rule; nothing for fewer than two steps. Arrivals come together, so
// that the mean says more of them where it is shorter.
std::optional<std::int64_t> usual_step(std::vector<std::int64_t> times, bool arrivals) {
  std::ranges::sort(times);
  std::vector<std::int64_t> steps;
  for (std::size_t i = 1; i < times.size(); ++i)
    if (times[i] > times[i - 1]) steps.push_back(times[i] - times[i - 1]);
  if (steps.size() < 2) return std::nullopt;
  const std::int64_t mean = (times.back() - times.front()) / (std::ssize(times) - 1), usual = median(std::move(steps));
  return arrivals ? std::clamp<std::int64_t>(mean, 1, usual) : usual;
}

// Apart from what every record has of its own.
bool same_values(const Record& one, Record other) {
  other.id = one.id, other.arrived_s = one.arrived_s, other.sequence = one.sequence;
  other.measured_ms = one.measured_ms;
  return other == one;
}

bool is_double(const Placed& one, const Placed& other) {
  if (one.record.boot && one.record.sequence && other.record.sequence) return false;  // judged by their numbers
  if (!same_values(one.record, other.record)) return false;
  if (other.earlier_ms) return other.one_report;
  const std::int64_t time_ms = other.record.measured_ms;
  return one.record.measured_ms == time_ms && (time_ms % 1000 != 0 || other.one_report);
}

std::int64_t missing_in_time(const std::vector<Record>& records) {
  std::vector<std::int64_t> times;
  for (const Record& record : records) times.push_back(record.measured_ms);
  std::ranges::sort(times);
  const bool arrivals = may_be_arrivals(records);
  const auto usual_ms = usual_step(times, arrivals);
  const std::int64_t more_ms = are_stamps(records) ? 1000 : 0;
  std::int64_t missing = 0;
  for (std::size_t i = 1; usual_ms && i < times.size(); ++i) {
    const std::int64_t step = times[i] - times[i - 1];
    if (step > *usual_ms * 5 / 2 + more_ms) missing += (step + *usual_ms / 2) / *usual_ms - 1;
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

// The records without those that are there a second time, each of which is named.
std::vector<Placed> without_doubles(const std::vector<Placed>& records, std::vector<std::string>& found) {
  std::set<std::string> ids;
  std::set<std::pair<std::int64_t, std::int64_t>> numbers;
  std::vector<Placed> once;
  for (const Placed& one : records) {
    const Record& record = one.record;
    if (!ids.insert(record.id).second) {
      found.push_back("the record " + record.id + " comes twice");
      continue;
    }
    if (record.boot && record.sequence && !numbers.insert({*record.boot, *record.sequence}).second) {
      found.push_back("the record " + record.id + " has the boot and seq of another one");
      continue;
    }
    if (!once.empty() && record.measured_ms < once.back().record.measured_ms)
      found.push_back("the record " + record.id + " comes after a later one");
    const auto end = once.rbegin() + std::min(std::ssize(once), kNear);
    const auto first = std::find_if(once.rbegin(), end, [&](const Placed& other) { return is_double(other, one); });
    if (first != end) {
      found.push_back("the record " + record.id + " is the record " + first->record.id +
                      " a second time: the same values " + (one.earlier_ms ? "of one report" : "and the same time"));
      continue;
    }
    once.push_back(one);
  }
  return once;
}

std::vector<std::string> gaps(std::vector<Placed> records, std::int64_t more_ms, std::int64_t from_ms,
                              std::int64_t to_ms, std::int64_t allowed_ms) {
  std::vector<std::string> found;
  std::ranges::stable_sort(records, {}, [](const Placed& one) { return one.record.measured_ms; });
  std::vector<std::int64_t> times;
  for (const Placed& one : records) times.push_back(one.record.measured_ms);
  const auto usual_ms = usual_step(times, records.front().earlier_ms.has_value());
  if (!usual_ms) return found;
  const auto gap = [&](std::int64_t length_ms, std::int64_t excused_ms, const std::string& where) {
    if (length_ms - excused_ms > *usual_ms * 5 / 2 + more_ms)
      found.push_back("a gap of " + seconds(length_ms) + " " + where + ", where a record every " + seconds(*usual_ms) +
                      " is usual");
  };
  for (std::size_t i = 1; i < times.size(); ++i)
    gap(times[i] - times[i - 1], records[i].earlier_ms.value_or(0), "after " + seconds(times[i - 1] - from_ms));
  gap(to_ms - times.back(), allowed_ms, "at the end");
  return found;
}

}  // namespace

bool may_be_arrivals(const std::vector<Record>& records) {
  return std::ranges::all_of(records, [](const Record& one) { return one.measured_ms / 1000 == one.arrived_s; });
}

bool are_stamps(const std::vector<Record>& records) {
  return std::ranges::all_of(records, [](const Record& one) { return one.measured_ms == one.arrived_s * 1000; });
}

std::vector<std::string> judge_sequence(const std::vector<Placed>& records, std::int64_t from_ms, std::int64_t to_ms,
                                        std::int64_t allowed_ms) {
  if (records.empty()) return {"the device sent no record to the API in " + seconds(to_ms - from_ms)};
  std::vector<std::string> found;
  std::vector<Record> all;
  std::vector<Placed> once = without_doubles(records, found);
  for (const Placed& one : once) all.push_back(one.record);
  const std::int64_t missing = missing_in_numbers(all).value_or(0);
  if (missing > 0)
    found.push_back(std::to_string(missing) + (missing == 1 ? " record is" : " records are") +
                    " missing, by boot and seq");
  std::ranges::move(gaps(std::move(once), are_stamps(all) ? 1000 : 0, from_ms, to_ms, allowed_ms),
                    std::back_inserter(found));
  return found;
}

std::int64_t missing_records(const std::vector<Record>& records) {
  return missing_in_numbers(records).value_or(missing_in_time(records));
}

std::vector<Finding> judge_report_order(std::vector<Explained> records) {
  std::vector<Finding> found;
  std::ranges::stable_sort(records, {}, [](const Explained& one) { return one.record.measured_ms; });
  const Explained* latest = nullptr;
  const auto later = [](const Explained* one, const Explained* other) { return !one || other->oldest > one->oldest; };
  for (auto one = records.begin(); one != records.end();) {
    const Explained* of_this_time = nullptr;  // whose order says nothing
    const std::int64_t time_ms = one->record.measured_ms;
    for (; one != records.end() && one->record.measured_ms == time_ms; ++one) {
      if (later(of_this_time, &*one)) of_this_time = &*one;
      if (!latest || one->newest >= latest->oldest) continue;
      found.push_back({one->newest, "the record " + one->record.id +
                                        " has values of before those of the earlier record " + latest->record.id});
    }
    if (later(latest, of_this_time)) latest = of_this_time;
  }
  return found;
}

}  // namespace packbench::hil::api
