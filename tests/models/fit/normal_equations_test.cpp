#include "models/fit/normal_equations.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/fit/plan.h"
#include "tests/models/fit/synthetic.h"

namespace packbench::models::fit {
namespace {

struct Problem {
  std::vector<Record> records{hppc({}, {.temperature_degC = 10, .seed = 1}),
                              hppc({}, {.temperature_degC = 25, .seed = 2})};
  Options options = [] {
    Options o;
    o.capacity_Ah = 10;
    return o;
  }();
  Plan plan = make_plan(records, options);
  Dynamics dynamics{{10, 400}, 15000};
};

Eigen::VectorXd some_unknowns(const Layout& layout) {
  Eigen::VectorXd x(layout.unknowns());
  for (int i = 0; i < x.size(); ++i) x[i] = i < Layout::size(layout.ocv_soc) ? 3 + 0.03 * i : 0.001 + 1e-5 * (i % 7);
  return x;
}

// Every unknown has a place of its own.
TEST(Layout, UnknownsDoNotOverlap) {
  const Layout layout = Problem().plan.layout;
  std::vector<int> used(static_cast<std::size_t>(layout.unknowns()), 0);
  const auto take = [&](int first, const std::vector<double>& knots) {
    for (int j = 0; j < Layout::size(knots); ++j) ++used.at(static_cast<std::size_t>(first + j));
  };
  take(layout.ocv(), layout.ocv_soc);
  take(layout.gap(), layout.wide_soc);
  take(layout.entropy(), layout.wide_soc);
  for (int t = 0; t < layout.temperatures(); ++t) {
    if (t != layout.reference) take(layout.deviation(t), layout.ocv_soc);
    for (int family = 0; family <= layout.pairs; ++family) {
      for (const int direction : {kDischarge, kCharge})
        take(layout.resistance(t, family, direction), layout.resistance_soc);
    }
  }
  for (const int count : used) EXPECT_EQ(count, 1);
}

// x'A'Ax - 2 x'A'V + V'V from the normal equations is the sum of squares that the replay of the same unknowns gives.
TEST(NormalEquations, MisfitIsThatOfTheReplay) {
  const Problem problem;
  const Layout& layout = problem.plan.layout;
  const Eigen::VectorXd x = some_unknowns(layout);
  for (const Series& series : problem.plan.series) {
    Normal normal(layout.unknowns());
    add_rows(normal, layout, series, problem.dynamics, true);
    const Eigen::VectorXd product = normal.matrix.selfadjointView<Eigen::Lower>() * x;
    const double misfit = normal.square - 2 * normal.right.dot(x) + x.dot(product);
    const std::vector<double> voltage = voltage_of(layout, series, problem.dynamics, x, true);
    double expected = 0;
    for (std::size_t i = 0; i < series.size(); ++i)
      expected += series.weight[i] * (series.voltage_V[i] - voltage[i]) * (series.voltage_V[i] - voltage[i]);
    EXPECT_NEAR(misfit, expected, 1e-9 * normal.square);
  }
}

// The columns of the nonlinear unknowns are the derivatives: right-hand sides against finite differences.
TEST(NormalEquations, SlopesAreDerivatives) {
  const Problem problem;
  const Layout& layout = problem.plan.layout;
  const Eigen::VectorXd x = some_unknowns(layout);
  const Series& series = problem.plan.series[0];  // 10 degC: the energy matters
  Normal normal(layout.unknowns() + 3);
  add_rows(normal, layout, series, problem.dynamics, true, &x);
  const auto projected = [&](const Dynamics& dynamics) {  // V' W V(dynamics)
    const std::vector<double> voltage = voltage_of(layout, series, dynamics, x, true);
    double sum = 0;
    for (std::size_t i = 0; i < series.size(); ++i) sum += series.weight[i] * series.voltage_V[i] * voltage[i];
    return sum;
  };
  const double step = 1e-4;
  for (int k = 0; k < 3; ++k) {
    Dynamics up = problem.dynamics, down = problem.dynamics;
    double width = 2 * step;
    if (k < 2) {
      up.tau_s[static_cast<std::size_t>(k)] *= std::exp(step);
      down.tau_s[static_cast<std::size_t>(k)] *= std::exp(-step);
    } else {
      up.activation_J_per_mol += 10;
      down.activation_J_per_mol -= 10;
      width = 20;
    }
    const double expected = (projected(up) - projected(down)) / width;
    EXPECT_NEAR(normal.right[layout.unknowns() + k], expected, 1e-3 * std::abs(expected)) << k;
  }
}

}  // namespace
}  // namespace packbench::models::fit
