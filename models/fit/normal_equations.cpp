#include "models/fit/normal_equations.h"

#include <cmath>

#include "models/deterministic_math.h"

namespace packbench::models::fit {
namespace {

constexpr double kGas_J_per_molK = 8.314462618;
constexpr double kZero_K = 273.15;
constexpr double kReference_degC = 25;
constexpr double kNothing_A = 1e-7;  // filtered currents below this are left out of a row

// A row of A as the columns in use, in rising order within each use; add() sums what falls on one column.
class Row {
 public:
  explicit Row(int columns) : value_(static_cast<std::size_t>(columns), 0.0), used_(value_.size(), false) {}

  void add(int column, double value) {
    const auto at = static_cast<std::size_t>(column);
    if (!used_[at]) {
      used_[at] = true;
      columns_.push_back(column);
    }
    value_[at] += value;
  }
  void clear() {
    for (const int column : columns_) {
      value_[static_cast<std::size_t>(column)] = 0;
      used_[static_cast<std::size_t>(column)] = false;
    }
    columns_.clear();
  }
  void scale(double factor) {
    for (const int column : columns_) value_[static_cast<std::size_t>(column)] *= factor;
  }
  double times(const Eigen::VectorXd& x) const {
    double sum = 0;
    for (const int column : columns_) {
      if (column < x.size()) sum += value_[static_cast<std::size_t>(column)] * x[column];
    }
    return sum;
  }
  void add_to(Normal& normal, double voltage, double weight) {
    std::ranges::sort(columns_);
    for (std::size_t a = 0; a < columns_.size(); ++a) {
      const double weighted = weight * value_[static_cast<std::size_t>(columns_[a])];
      normal.right[columns_[a]] += weighted * voltage;
      for (std::size_t b = a; b < columns_.size(); ++b)
        normal.matrix(columns_[b], columns_[a]) += weighted * value_[static_cast<std::size_t>(columns_[b])];
    }
    normal.square += weight * voltage * voltage;
    normal.weight += weight;
  }

 private:
  std::vector<double> value_;
  std::vector<bool> used_;
  std::vector<int> columns_;
};

// The filtered currents of one pair, and with a solution its overpotential and that one's derivative by ln(tau).
class Filter {
 public:
  Filter(const Layout& layout, const Series& series, int pair, double tau_s)
      : layout_(layout),
        first_(layout.resistance(series.temperature, pair + 1, kDischarge)),
        tau_s_(tau_s),
        state_(static_cast<std::size_t>(layout.directions) * layout.resistance_soc.size(), 0.0) {}

  void step(double dt_s, double current_A, const Hat& hat, const Eigen::VectorXd* solution) {
    if (dt_s != dt_s_) {
      dt_s_ = dt_s;
      decay_ = exp(-dt_s / tau_s_);
    }
    for (double& value : state_) value *= decay_;
    const int direction = current_A > 0 ? layout_.directions - 1 : 0;
    const int knot = direction * Layout::size(layout_.resistance_soc) + hat.first;
    double driven_V = 0;
    for (int j = 0; j < 2; ++j) {
      const double current = current_A * hat.weight[j];
      state_[static_cast<std::size_t>(knot + j)] += (1 - decay_) * current;
      if (solution) driven_V += (*solution)[first_ + knot + j] * current;
    }
    if (!solution) return;
    slope_V_ = decay_ * slope_V_ + (voltage_V_ - driven_V) * decay_ * dt_s / tau_s_;
    voltage_V_ = decay_ * voltage_V_ + (1 - decay_) * driven_V;
  }
  void add_to(Row& row, double share) const {
    for (std::size_t j = 0; j < state_.size(); ++j) {
      if (std::abs(state_[j]) > kNothing_A) row.add(first_ + static_cast<int>(j), share * state_[j]);
    }
  }
  double slope_V() const { return slope_V_; }  // dv/d(ln tau)

 private:
  const Layout& layout_;
  int first_;
  double tau_s_;
  double dt_s_ = -1, decay_ = 0;
  std::vector<double> state_;
  double voltage_V_ = 0, slope_V_ = 0;
};

// Walks over a series sample by sample and gives each sample's row.
class Walk {
 public:
  Walk(const Layout& layout, const Series& series, const Dynamics& dynamics, const Eigen::VectorXd* solution)
      : layout_(layout), series_(series), solution_(solution) {
    const double rate = dynamics.rate(series.degC);
    for (int k = 0; k < layout.pairs; ++k) filters_.emplace_back(layout, series, k, dynamics.tau_s[k] / rate);
    slower_per_J_ = (1 / (series.degC + kZero_K) - 1 / (kReference_degC + kZero_K)) / kGas_J_per_molK;
  }

  void step(std::size_t i) {
    const Hat hat = hat_at(layout_.resistance_soc, series_.middle_soc[i], true);
    for (Filter& filter : filters_) filter.step(series_.dt_s[i], series_.current_A[i], hat, solution_);
  }
  // `share` of the row of sample i, into `row`.
  void add_to(Row& row, std::size_t i, double share, bool deviations = true) const {
    add_hat(row, layout_.ocv(), hat_at(layout_.ocv_soc, series_.soc[i], false), share);
    const Hat wide = hat_at(layout_.wide_soc, series_.soc[i], true);
    if (layout_.hysteresis) add_hat(row, layout_.gap(), wide, share * series_.hysteresis[i] / 2);
    if (layout_.has_entropy()) add_hat(row, layout_.entropy(), wide, share * (series_.degC - kReference_degC));
    if (deviations && series_.temperature != layout_.reference)
      add_hat(row, layout_.deviation(series_.temperature), hat_at(layout_.ocv_soc, series_.soc[i], false), share);
    const int direction = series_.current_A[i] > 0 ? kCharge : kDischarge;
    add_hat(row, layout_.resistance(series_.temperature, 0, direction),
            hat_at(layout_.resistance_soc, series_.soc[i], true), share * series_.current_A[i]);
    for (const Filter& filter : filters_) filter.add_to(row, share);
    if (solution_) add_slopes(row, share);
  }

 private:
  static void add_hat(Row& row, int first, const Hat& hat, double factor) {
    row.add(first + hat.first, factor * hat.weight[0]);
    row.add(first + hat.first + 1, factor * hat.weight[1]);
  }
  void add_slopes(Row& row, double share) const {
    int column = layout_.unknowns();
    double energy = 0;
    for (const Filter& filter : filters_) {
      row.add(column++, share * filter.slope_V());
      energy += filter.slope_V() * slower_per_J_;
    }
    if (layout_.has_entropy()) row.add(column, share * energy);
  }

  const Layout& layout_;
  const Series& series_;
  const Eigen::VectorXd* solution_;
  std::vector<Filter> filters_;
  double slower_per_J_;
};

}  // namespace

double Dynamics::rate(double degC) const {
  const double per_J = (1 / (degC + kZero_K) - 1 / (kReference_degC + kZero_K)) / kGas_J_per_molK;
  return exp(-activation_J_per_mol * per_J);
}

void add_rows(Normal& normal, const Layout& layout, const Series& series, const Dynamics& dynamics, bool each_sample,
              const Eigen::VectorXd* solution) {
  Walk walk(layout, series, dynamics, solution);
  Row row(static_cast<int>(normal.right.size()));
  const std::size_t blocks = each_sample ? series.size() : series.block.size() - 1;
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::size_t begin = each_sample ? b : static_cast<std::size_t>(series.block[b]);
    const std::size_t end = each_sample ? b + 1 : static_cast<std::size_t>(series.block[b + 1]);
    const double share = 1 / static_cast<double>(end - begin);
    double voltage = 0, weight = 0;
    for (std::size_t i = begin; i < end; ++i) {
      walk.step(i);
      walk.add_to(row, i, share);
      voltage += share * series.voltage_V[i];
      weight += series.weight[i];
    }
    row.add_to(normal, voltage, weight);
    row.clear();
  }
}

std::vector<double> voltage_of(const Layout& layout, const Series& series, const Dynamics& dynamics,
                               const Eigen::VectorXd& solution, bool deviations) {
  Walk walk(layout, series, dynamics, nullptr);
  Row row(layout.unknowns());
  std::vector<double> voltage;
  voltage.reserve(series.size());
  for (std::size_t i = 0; i < series.size(); ++i) {
    walk.step(i);
    walk.add_to(row, i, 1, deviations);
    voltage.push_back(row.times(solution));
    row.clear();
  }
  return voltage;
}

}  // namespace packbench::models::fit
