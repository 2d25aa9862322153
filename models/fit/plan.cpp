#include "models/fit/plan.h"

#include <cmath>
#include <limits>

namespace packbench::models::fit {
namespace {

constexpr double kSameTemperature_K = 2.5;
constexpr double kReference_degC = 25;
constexpr double kStep = 0.2;  // a change of current above this share of the largest shows resistance
constexpr double kOneKnot_soc = 0.03;
constexpr double kGridRows = 200;     // knots lie on the SOC rows of models::NodeTable, so that nothing is lost there
constexpr double kLeast = 0.03;       // resistances stay above this share of the typical one: heat divides by them
constexpr double kLeastRise = 0.002;  // and rise by as much from each temperature to the next colder one
constexpr std::size_t kFewestKnots = 4;
constexpr int kMostTemperatures = 8;

double largest_current(const Series& series) {
  double most = 0;
  for (const double current : series.current_A) most = std::max(most, std::abs(current));
  return most;
}

double on_grid(double soc) { return std::round(soc * kGridRows) / kGridRows; }

std::vector<double> even_knots(double step) {
  const int parts = std::max(2, static_cast<int>(std::lround(1 / step)));
  std::vector<double> knots;
  for (int i = 0; i <= parts; ++i) knots.push_back(static_cast<double>(i) / parts);
  return knots;
}

std::vector<double> temperatures_of(std::span<const Record> records) {
  std::vector<double> all;
  for (const Record& record : records) all.push_back(record.temperature_degC);
  std::ranges::sort(all);
  std::vector<double> distinct;
  for (const double value : all) {
    if (distinct.empty() || value - distinct.back() > kSameTemperature_K) distinct.push_back(value);
  }
  return distinct;
}

int next_to_reference(std::span<const double> temperatures) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < temperatures.size(); ++i) {
    if (std::abs(temperatures[i] - kReference_degC) < std::abs(temperatures[best] - kReference_degC)) best = i;
  }
  return static_cast<int>(best);
}

double capacity_of(std::span<const Record> records, const Options& options) {
  if (options.capacity_Ah) return *options.capacity_Ah;
  double capacity = 0, distance = std::numeric_limits<double>::infinity();
  for (const Record& record : records) {
    const double off = std::abs(record.temperature_degC - kReference_degC);
    if (off < distance && discharged_Ah(record) > 0) {
      capacity = discharged_Ah(record);
      distance = off;
    }
  }
  if (!(capacity > 0)) throw FitError("No record discharges from a full charge, so the capacity is unknown; give it.");
  return capacity;
}

// The median of |dV/dI| over the steps of current at the reference temperature.
double typical_ohm(std::span<const Series> series, int reference) {
  std::vector<double> ratios;
  for (const Series& one : series) {
    const double least = kStep * largest_current(one);
    for (std::size_t i = 1; i < one.size() && one.temperature == reference; ++i) {
      const double step = one.current_A[i] - one.current_A[i - 1];
      if (std::abs(step) > least) ratios.push_back(std::abs((one.voltage_V[i] - one.voltage_V[i - 1]) / step));
    }
  }
  if (ratios.empty()) throw FitError("The current never changes by enough to show a resistance; pulses are needed.");
  std::ranges::nth_element(ratios, ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2));
  return std::max(ratios[ratios.size() / 2], 1e-7);
}

Eigen::VectorXd bounds_of(const Layout& layout, double typical) {
  Eigen::VectorXd bound = Eigen::VectorXd::Constant(layout.unknowns(), -std::numeric_limits<double>::infinity());
  if (layout.hysteresis) bound.segment(layout.gap(), Layout::size(layout.wide_soc)).setZero();
  const int first = layout.resistance(0, 0, 0);
  bound.segment(first, layout.unknowns() - first).setConstant(kLeastRise * typical);
  const int hottest = layout.resistance(layout.temperatures() - 1, 0, 0);
  bound.segment(hottest, layout.unknowns() - hottest).setConstant(kLeast * typical);
  return bound;
}

void check(std::span<const Record> records, const Options& options) {
  std::string text;
  for (const Record& record : records) {
    for (const std::string& problem : problems_of(record)) text += (text.empty() ? "" : "\n") + problem;
  }
  if (records.empty()) text = "No record is given; at least one is needed.";
  if (options.pairs < 0 || options.pairs > 3) text += "The number of RC pairs must be from 0 to 3.";
  if (options.capacity_Ah && !(*options.capacity_Ah > 0 && std::isfinite(*options.capacity_Ah)))
    text += "The capacity must be above 0.";
  if (!text.empty()) throw FitError(text);
  if (temperatures_of(records).size() > kMostTemperatures)
    throw FitError("More than 8 temperatures are given; a cell's tables hold at most 8.");
}

}  // namespace

std::vector<double> resistance_knots(std::span<const Series> series, const Layout& layout) {
  std::vector<double> seen;
  for (const Series& one : series) {
    const double least = kStep * largest_current(one), rest = 1e-3 * largest_current(one);
    for (std::size_t i = 1; i < one.size() && one.temperature == layout.reference; ++i) {
      const bool after_rest = std::abs(one.current_A[i - 1]) < rest && std::abs(one.current_A[i]) > least;
      if (after_rest && one.soc[i - 1] > 0 && one.soc[i - 1] < 1) seen.push_back(one.soc[i - 1]);
    }
  }
  std::ranges::sort(seen);
  std::vector<double> knots{0};
  for (std::size_t i = 0; i < seen.size();) {
    double sum = 0;
    std::size_t end = i;
    for (; end < seen.size() && seen[end] - seen[i] < kOneKnot_soc; ++end) sum += seen[end];
    const double knot = on_grid(sum / static_cast<double>(end - i));
    if (knot - knots.back() >= kOneKnot_soc && 1 - knot >= kOneKnot_soc) knots.push_back(knot);
    i = end;
  }
  knots.push_back(1);
  return knots.size() < kFewestKnots + 2 ? even_knots(0.1) : knots;
}

Plan make_plan(std::span<const Record> records, const Options& options) {
  check(records, options);
  Plan plan;
  plan.capacity_Ah = capacity_of(records, options);
  plan.noise_V = options.noise_V;
  Layout& layout = plan.layout;
  layout.temperature_degC = temperatures_of(records);
  layout.reference = next_to_reference(layout.temperature_degC);
  layout.pairs = options.pairs;
  layout.directions = options.by_direction ? 2 : 1;
  layout.hysteresis = options.hysteresis;
  layout.ocv_soc = even_knots(options.ocv_step_soc);
  layout.wide_soc = even_knots(0.1);
  const SeriesOptions series_options{plan.capacity_Ah, options.hysteresis_soc, options.knee_soc};
  for (const Record& record : records) plan.series.push_back(make_series(record, layout, series_options));
  layout.resistance_soc = resistance_knots(plan.series, layout);
  plan.typical_ohm = typical_ohm(plan.series, layout.reference);
  plan.prior = prior_matrix(layout, options.prior, plan.typical_ohm);
  plan.bound = bounds_of(layout, plan.typical_ohm);
  plan.longest_tau_s = options.longest_tau_s;
  return plan;
}

Plan without_hysteresis(Plan plan, const Options& options) {
  plan.layout.hysteresis = false;
  plan.prior = prior_matrix(plan.layout, options.prior, plan.typical_ohm);
  plan.bound = bounds_of(plan.layout, plan.typical_ohm);
  return plan;
}

}  // namespace packbench::models::fit
