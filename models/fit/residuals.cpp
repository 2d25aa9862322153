#include "models/fit/residuals.h"

#include <algorithm>
#include <cmath>

namespace packbench::models::fit {
namespace {

constexpr double kBin_soc = 0.05;
constexpr std::size_t kLongestLag = 2000;

// 1 + 2 (sum of autocorrelations up to the first that is not positive): over so many samples a misfit repeats.
double correlation_samples(const Series& series, std::span<const double> modelled_V) {
  std::vector<double> misfit;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (series.weight[i] == 1) misfit.push_back(series.voltage_V[i] - modelled_V[i]);
  }
  double square = 0;
  for (const double value : misfit) square += value * value;
  double sum = 1;
  for (std::size_t lag = 1; lag < std::min(kLongestLag, misfit.size() / 4); ++lag) {
    double product = 0;
    for (std::size_t i = lag; i < misfit.size(); ++i) product += misfit[i] * misfit[i - lag];
    const double share = product / square;
    if (!(share > 2 / std::sqrt(static_cast<double>(misfit.size())))) break;
    sum += 2 * share;
  }
  return sum;
}

RecordFit record_fit(const Plan& plan, const Found& found, const Series& series, const Record& record) {
  RecordFit fit;
  fit.name = record.name;
  fit.temperature_degC = record.temperature_degC;
  fit.soc = series.soc;
  fit.own_V = voltage_of(plan.layout, series, found.dynamics, found.linear, true);
  fit.cell_V = voltage_of(plan.layout, series, found.dynamics, found.linear, false);
  const auto rms = [&](const std::vector<double>& modelled, double from, double to) {
    return bin_of(fit.soc, record.voltage_V, modelled, from, to).rms_V;
  };
  fit.own_rms_V = rms(fit.own_V, kWindowLow, kWindowHigh);
  fit.cell_rms_V = rms(fit.cell_V, kWindowLow, kWindowHigh);
  fit.knee_rms_V = rms(fit.own_V, -1, kWindowLow);
  fit.top_rms_V = rms(fit.own_V, kWindowHigh, 2);
  for (int bin = 0; bin < static_cast<int>(std::lround(1 / kBin_soc)); ++bin) {
    const Bin one = bin_of(fit.soc, record.voltage_V, fit.own_V, bin * kBin_soc, (bin + 1) * kBin_soc);
    if (one.samples > 0) fit.bins.push_back(one);
  }
  fit.correlation_samples = correlation_samples(series, fit.own_V);
  return fit;
}

}  // namespace

Bin bin_of(std::span<const double> soc, std::span<const double> measured_V, std::span<const double> modelled_V,
           double from_soc, double to_soc) {
  Bin bin{from_soc, to_soc, 0, 0, 0, 0};
  double sum = 0, square = 0;
  for (std::size_t i = 0; i < soc.size(); ++i) {
    if (soc[i] < from_soc || soc[i] >= to_soc) continue;
    const double misfit = measured_V[i] - modelled_V[i];
    sum += misfit;
    square += misfit * misfit;
    bin.worst_V = std::max(bin.worst_V, std::abs(misfit));
    ++bin.samples;
  }
  if (bin.samples == 0) return bin;
  bin.mean_V = sum / static_cast<double>(bin.samples);
  bin.rms_V = std::sqrt(square / static_cast<double>(bin.samples));
  return bin;
}

std::vector<RecordFit> record_fits(const Plan& plan, const Found& found, std::span<const Record> records) {
  std::vector<RecordFit> fits;
  for (std::size_t i = 0; i < records.size(); ++i) fits.push_back(record_fit(plan, found, plan.series[i], records[i]));
  return fits;
}

std::vector<double> misfit_factors(const Plan& plan, std::span<const RecordFit> fits) {
  std::vector<double> factor;
  for (std::size_t i = 0; i < fits.size(); ++i) {
    const Series& series = plan.series[i];
    double square = 0, weight = 0;
    for (std::size_t j = 0; j < series.size(); ++j) {
      const double misfit = series.voltage_V[j] - fits[i].own_V[j];
      square += series.weight[j] * misfit * misfit;
      weight += series.weight[j];
    }
    factor.push_back(std::max(square / weight, 1e-16) * fits[i].correlation_samples);
  }
  return factor;
}

}  // namespace packbench::models::fit
