#include "models/fit/tables.h"

#include <cmath>

namespace packbench::models::fit {
namespace {

Table table_at(const Found& found, const Eigen::MatrixXd& covariance, const std::vector<double>& soc, int first) {
  Table table;
  table.soc = soc;
  for (int j = 0; j < static_cast<int>(soc.size()); ++j) {
    table.value.push_back(found.linear[first + j]);
    table.sigma.push_back(std::sqrt(covariance(first + j, first + j)));
  }
  return table;
}

// The nearest curve that never falls, equal weights (pool adjacent violators).
void never_falling(std::vector<double>& values) {
  struct Pool {
    double sum;
    std::size_t count;
    double mean() const { return sum / static_cast<double>(count); }
  };
  std::vector<Pool> pools;
  for (const double value : values) {
    pools.push_back({value, 1});
    while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
      pools[pools.size() - 2].sum += pools.back().sum;
      pools[pools.size() - 2].count += pools.back().count;
      pools.pop_back();
    }
  }
  values.clear();
  for (const Pool& pool : pools) values.insert(values.end(), pool.count, pool.mean());
}

MapTable map_at(const Plan& plan, const Found& found, const Eigen::MatrixXd& covariance, int family) {
  const Layout& layout = plan.layout;
  MapTable map;
  map.soc = layout.resistance_soc;
  map.temperature_degC = layout.temperature_degC;
  for (int j = 0; j < Layout::size(layout.resistance_soc); ++j) {
    for (int t = 0; t < layout.temperatures(); ++t) {
      const int charge = layout.resistance(t, family, kCharge) + j;
      const int discharge = layout.resistance(t, family, kDischarge) + j;
      map.charge_ohm.push_back(found.linear[charge]);
      map.charge_sigma_ohm.push_back(std::sqrt(covariance(charge, charge)));
      map.discharge_ohm.push_back(found.linear[discharge]);
      map.discharge_sigma_ohm.push_back(std::sqrt(covariance(discharge, discharge)));
    }
  }
  return map;
}

}  // namespace

Result tables_of(const Plan& plan, const Found& found, const Eigen::MatrixXd& covariance) {
  const Layout& layout = plan.layout;
  Result result;
  result.capacity_Ah = plan.capacity_Ah;
  result.ocv = table_at(found, covariance, layout.ocv_soc, layout.ocv());
  never_falling(result.ocv.value);
  if (layout.hysteresis) result.hysteresis = table_at(found, covariance, layout.wide_soc, layout.gap());
  if (layout.has_entropy()) result.entropy = table_at(found, covariance, layout.wide_soc, layout.entropy());
  result.r0 = map_at(plan, found, covariance, 0);
  for (int k = 0; k < layout.pairs; ++k) {
    const double tau = found.dynamics.tau_s[static_cast<std::size_t>(k)];
    const int at = layout.unknowns() + k;
    result.pairs.push_back({tau, tau * std::sqrt(covariance(at, at)), map_at(plan, found, covariance, k + 1)});
  }
  if (nonlinear_unknowns(layout) > layout.pairs) {
    const int at = layout.unknowns() + layout.pairs;
    result.rate_activation_J_per_mol = found.dynamics.activation_J_per_mol;
    result.rate_activation_sigma_J_per_mol = std::sqrt(covariance(at, at));
  }
  return result;
}

void describe_range(Result& result, const Plan& plan, std::span<const Record> records) {
  result.lowest_V = result.highest_V = records.front().voltage_V.front();
  result.min_soc = result.max_soc = plan.series.front().soc.front();
  for (std::size_t r = 0; r < records.size(); ++r) {
    for (const double voltage : records[r].voltage_V) {
      result.lowest_V = std::min(result.lowest_V, voltage);
      result.highest_V = std::max(result.highest_V, voltage);
    }
    for (const double soc : plan.series[r].soc) {
      result.min_soc = std::min(result.min_soc, soc);
      result.max_soc = std::max(result.max_soc, soc);
    }
    for (const double current : records[r].current_A) {
      result.max_charge_A = std::max(result.max_charge_A, current);
      result.max_discharge_A = std::max(result.max_discharge_A, -current);
    }
  }
}

}  // namespace packbench::models::fit
