#include "models/fit/series.h"

#include <cmath>

#include "models/deterministic_math.h"

namespace packbench::models::fit {
namespace {

constexpr int kLongestBlock = 16;
constexpr int kSinceChangePerSample = 4;  // a block is at most a quarter as long as the time since the last change
constexpr double kLongInterval_s = 5;     // samples this far apart stand alone
constexpr double kSameCurrent = 0.002;    // of the largest current

int nearest_temperature(const Layout& layout, double degC) {
  int best = 0;
  for (int i = 1; i < layout.temperatures(); ++i) {
    if (std::abs(layout.temperature_degC[i] - degC) < std::abs(layout.temperature_degC[best] - degC)) best = i;
  }
  return best;
}

std::vector<int> blocks_of(const Series& series) {
  double most = 0;
  for (const double current : series.current_A) most = std::max(most, std::abs(current));
  const double same_A = kSameCurrent * most;
  const auto changed = [&](int i) { return std::abs(series.current_A[i] - series.current_A[i - 1]) > same_A; };
  const auto n = static_cast<int>(series.size());
  std::vector<int> block;
  int since_change = 0;
  for (int i = 0; i < n;) {
    block.push_back(i);
    const int longest = std::clamp(since_change / kSinceChangePerSample, 1, kLongestBlock);
    int end = i + 1;
    while (end < n && end - i < longest && !changed(end) && series.dt_s[end] < kLongInterval_s) ++end;
    since_change = end < n && changed(end) ? 0 : since_change + end - i;
    i = end;
  }
  block.push_back(n);
  return block;
}

double sign(double value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }

}  // namespace

Series make_series(const Record& record, const Layout& layout, const SeriesOptions& options) {
  Series series;
  series.temperature = nearest_temperature(layout, record.temperature_degC);
  series.degC = layout.temperature_degC[series.temperature];
  series.current_A = record.current_A;
  series.voltage_V = record.voltage_V;
  const std::vector<double> charge = charge_from_full_Ah(record, options.capacity_Ah);
  double h = 0;
  for (std::size_t i = 0; i < charge.size(); ++i) {
    const double dt = interval_s(record, i);
    const double moved = record.current_A[i] * dt / 3600 / options.capacity_Ah;
    h += (sign(moved) - h) * -expm1(-std::abs(moved) / options.hysteresis_soc);
    const double soc = 1 + charge[i] / options.capacity_Ah;
    series.dt_s.push_back(dt);
    series.soc.push_back(soc);
    series.middle_soc.push_back(soc - moved / 2);
    series.hysteresis.push_back(h);
    series.weight.push_back(soc < options.knee_soc ? options.knee_weight : 1);
  }
  series.block = blocks_of(series);
  return series;
}

}  // namespace packbench::models::fit
