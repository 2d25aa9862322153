#include "models/fit/record.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace packbench::models::fit {
namespace {

constexpr std::size_t kFewestSamples = 100;
constexpr double kTopBand_V = 0.005;  // a charge that ends this near the highest voltage ended at constant voltage
constexpr double kTaper = 0.25;       // ... with its current fallen to this share
constexpr double kRest_A = 0.02;      // what counts as no current, at least
constexpr double kHighest_V = 6;

double largest(std::span<const double> values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

bool all_finite(std::span<const double> values) {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

std::string sample_text(std::size_t i) { return "sample " + std::to_string(i + 1); }

void check_time(const Record& record, std::vector<std::string>& problems) {
  for (std::size_t i = 1; i < record.time_s.size(); ++i) {
    if (record.time_s[i] > record.time_s[i - 1]) continue;
    problems.push_back(record.name + ": time does not rise at " + sample_text(i) + " (" +
                       std::to_string(record.time_s[i - 1]) + " s, then " + std::to_string(record.time_s[i]) +
                       " s); samples must be in order of time.");
    return;
  }
}

void check_excitation(const Record& record, std::vector<std::string>& problems) {
  const auto [least, most] = std::ranges::minmax(record.current_A);
  if (most - least < 1e-3 * std::max(std::abs(least), std::abs(most)) || most - least < 1e-6)
    problems.push_back(record.name +
                       ": the current never changes, so nothing but a sum of voltages can be seen; "
                       "pulses with rests between them are needed.");
}

}  // namespace

std::vector<std::string> problems_of(const Record& record) {
  const std::size_t n = record.time_s.size();
  if (record.current_A.size() != n || record.voltage_V.size() != n)
    return {record.name + ": time, current and voltage must have the same number of samples."};
  if (n < kFewestSamples)
    return {record.name + ": " + std::to_string(n) + " samples are too few; at least " +
            std::to_string(kFewestSamples) + " are needed."};
  if (!all_finite(record.time_s) || !all_finite(record.current_A) || !all_finite(record.voltage_V))
    return {record.name + ": a value is not a finite number."};
  std::vector<std::string> problems;
  check_time(record, problems);
  const auto [lowest, highest] = std::ranges::minmax(record.voltage_V);
  if (lowest < 0 || highest > kHighest_V)
    problems.push_back(record.name + ": a voltage lies outside 0..6 V; one cell is expected, in volts.");
  check_excitation(record, problems);
  if (record.start_soc && (*record.start_soc < 0 || *record.start_soc > 1))
    problems.push_back(record.name + ": the state of charge at the start must be from 0 to 1.");
  if (problems.empty() && !record.start_soc && full_charges(record).empty())
    problems.push_back(
        record.name +
        ": no full charge (constant voltage until the current has fallen to a quarter) "
        "is in the record, so its state of charge is unknown; give that of its first sample (start-soc).");
  return problems;
}

std::vector<std::size_t> full_charges(const Record& record) {
  const double rest_A = std::max(kRest_A, 1e-3 * largest(record.current_A));
  const double top_V = *std::ranges::max_element(record.voltage_V) - kTopBand_V;
  std::vector<std::size_t> full;
  double begun_A = 0;
  for (std::size_t i = 0; i < record.current_A.size(); ++i) {
    const double current = record.current_A[i];
    if (current <= rest_A) {
      begun_A = 0;
      continue;
    }
    begun_A = std::max(begun_A, current);
    const bool last = i + 1 == record.current_A.size() || record.current_A[i + 1] <= rest_A;
    if (last && record.voltage_V[i] >= top_V && current < kTaper * begun_A) full.push_back(i);
  }
  return full;
}

double interval_s(const Record& record, std::size_t i) {
  const std::size_t at = std::max<std::size_t>(i, 1);
  return record.time_s[at] - record.time_s[at - 1];
}

std::vector<double> charge_from_full_Ah(const Record& record, double capacity_Ah) {
  std::vector<double> charge(record.time_s.size());
  double sum = 0;
  for (std::size_t i = 0; i < charge.size(); ++i) {
    sum += record.current_A[i] * interval_s(record, i) / 3600;
    charge[i] = sum;
  }
  if (record.start_soc) {
    for (double& value : charge) value += (*record.start_soc - 1) * capacity_Ah;
    return charge;
  }
  const std::vector<std::size_t> full = full_charges(record);
  double offset = full.empty() ? 0 : charge[full.front()];
  std::size_t next = 0;
  for (std::size_t i = 0; i < charge.size(); ++i) {
    if (next < full.size() && i == full[next]) offset = charge[full[next++]];
    charge[i] -= offset;
  }
  return charge;
}

double discharged_Ah(const Record& record) {
  const std::vector<std::size_t> full = full_charges(record);
  if (full.empty()) return 0;
  const std::vector<double> charge = charge_from_full_Ah(record, 0);
  return -*std::min_element(charge.begin() + static_cast<std::ptrdiff_t>(full.front()), charge.end());
}

}  // namespace packbench::models::fit
