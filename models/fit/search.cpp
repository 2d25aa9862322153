#include "models/fit/search.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <nlopt.hpp>

#include "models/deterministic_math.h"

namespace packbench::models::fit {
namespace {

constexpr double kEnergyUnit_J = 1e4;  // scale of the search: ln(tau), and energy in 10 kJ/mol
constexpr double kMostEnergy = 10;
constexpr double kFirstEnergy = 2;
constexpr double kOverlap = 2;  // of neighbouring bands of time constants
constexpr double kFirstStep = 0.3;
constexpr double kCloseEnough = 0.01;  // 1 % of a time constant
constexpr double kSameMisfit = 1e-5;
constexpr int kMostEvaluations = 60;

Dynamics dynamics_at(const Layout& layout, const std::vector<double>& x) {
  Dynamics dynamics;
  for (int k = 0; k < layout.pairs; ++k) dynamics.tau_s.push_back(exp(x[static_cast<std::size_t>(k)]));
  if (layout.has_entropy() && layout.pairs > 0) dynamics.activation_J_per_mol = kEnergyUnit_J * x.back();
  return dynamics;
}

// Resistance does not rise with temperature. The unknowns that are solved for are that of the hottest column and the
// rises from each column to the next colder one, all bounded below; a resistance is the sum of those at its own and at
// hotter temperatures. Each temperature's resistances are one block of the unknowns (layout.h).
struct Blocks {
  explicit Blocks(const Layout& layout)
      : first(layout.resistance(0, 0, 0)),
        count(layout.temperatures()),
        size(count > 1 ? layout.resistance(1, 0, 0) - first : 0) {}
  Eigen::Index at(int temperature) const { return first + temperature * size; }

  Eigen::Index first;
  int count;
  Eigen::Index size;
};

void to_rises(const Layout& layout, Eigen::MatrixXd& matrix) {
  const Blocks blocks(layout);
  for (int t = 1; t < blocks.count; ++t) {
    matrix.middleCols(blocks.at(t), blocks.size) += matrix.middleCols(blocks.at(t - 1), blocks.size);
    matrix.middleRows(blocks.at(t), blocks.size) += matrix.middleRows(blocks.at(t - 1), blocks.size);
  }
}

void to_rises(const Layout& layout, Eigen::VectorXd& right) {
  const Blocks blocks(layout);
  for (int t = 1; t < blocks.count; ++t)
    right.segment(blocks.at(t), blocks.size) += right.segment(blocks.at(t - 1), blocks.size);
}

// Back to resistances: unknowns, or the rows of a matrix.
template <class Matrix>
void from_rises(const Layout& layout, Matrix& x) {
  const Blocks blocks(layout);
  for (int t = blocks.count - 2; t >= 0; --t)
    x.middleRows(blocks.at(t), blocks.size) += x.middleRows(blocks.at(t + 1), blocks.size).eval();
}

struct Solved {
  BoundedSolution linear;
  double misfit;  // penalised, per sample, in units of the noise
};

Solved solve(const Plan& plan, const Dynamics& dynamics, bool each_sample, const std::vector<char>& start) {
  Normal normal(plan.layout.unknowns());
  for (const Series& series : plan.series) add_rows(normal, plan.layout, series, dynamics, each_sample);
  const double per_noise = 1 / (plan.noise_V * plan.noise_V);
  Eigen::MatrixXd matrix = (per_noise * normal.matrix).selfadjointView<Eigen::Lower>();
  matrix += plan.prior;
  Eigen::VectorXd right = per_noise * normal.right;
  to_rises(plan.layout, matrix);
  to_rises(plan.layout, right);
  BoundedSolution solution = bounded_solve(matrix, right, plan.bound, start);
  const Eigen::VectorXd product = matrix * solution.x;
  const double misfit = per_noise * normal.square - 2 * right.dot(solution.x) + solution.x.dot(product);
  from_rises(plan.layout, solution.x);
  return {std::move(solution), misfit / normal.weight};
}

struct Search {
  const Plan& plan;
  ProgressCall progress;
  void* context;
  std::vector<char> held{};
  int evaluations = 0;

  double operator()(const std::vector<double>& x) {
    Solved solved = solve(plan, dynamics_at(plan.layout, x), false, held);
    held = std::move(solved.linear.held);
    ++evaluations;
    if (progress) progress(context, evaluations, kMostEvaluations);
    return solved.misfit;
  }
};

double misfit_at(const std::vector<double>& x, std::vector<double>&, void* search) {
  return (*static_cast<Search*>(search))(x);
}

struct Range {
  std::vector<double> low, begin, high;
};

Range range_of(const Plan& plan) {
  Range range;
  const double first = log(plan.shortest_tau_s), last = log(plan.longest_tau_s);
  for (int k = 0; k < plan.layout.pairs; ++k) {
    const double band = (last - first) / plan.layout.pairs;
    range.low.push_back(std::max(first, first + k * band - log(kOverlap)));
    range.high.push_back(std::min(last, first + (k + 1) * band + log(kOverlap)));
    range.begin.push_back(first + (k + 0.5) * band);
  }
  if (plan.layout.has_entropy() && plan.layout.pairs > 0) {
    range.low.push_back(0);
    range.begin.push_back(kFirstEnergy);
    range.high.push_back(kMostEnergy);
  }
  return range;
}

std::vector<double> least_misfit(Search& search, const Range& range) {
  std::vector<double> x = range.begin;
  if (x.empty()) return x;
  nlopt::opt optimiser(x.size() > 1 ? nlopt::LN_BOBYQA : nlopt::LN_COBYLA, static_cast<unsigned>(x.size()));
  optimiser.set_min_objective(misfit_at, &search);
  optimiser.set_lower_bounds(range.low);
  optimiser.set_upper_bounds(range.high);
  optimiser.set_initial_step(kFirstStep);
  optimiser.set_xtol_abs(kCloseEnough);
  optimiser.set_ftol_rel(kSameMisfit);
  optimiser.set_maxeval(kMostEvaluations);
  double misfit = 0;
  try {
    optimiser.optimize(x, misfit);
  } catch (const nlopt::roundoff_limited&) {
    // x is the best found
  }
  return x;
}

}  // namespace

int nonlinear_unknowns(const Layout& layout) {
  return layout.pairs + (layout.has_entropy() && layout.pairs > 0 ? 1 : 0);
}

Found search(const Plan& plan, ProgressCall progress, void* context) {
  Search all{plan, progress, context};
  Found found;
  found.dynamics = dynamics_at(plan.layout, least_misfit(all, range_of(plan)));
  std::ranges::sort(found.dynamics.tau_s);
  BoundedSolution linear = solve(plan, found.dynamics, true, {}).linear;
  found.linear = std::move(linear.x);
  found.held = std::move(linear.held);
  found.evaluations = all.evaluations;
  return found;
}

Eigen::MatrixXd covariance(const Plan& plan, const Found& found, std::span<const double> factor) {
  const int linear = plan.layout.unknowns(), all = linear + nonlinear_unknowns(plan.layout);
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(all, all);
  for (std::size_t i = 0; i < plan.series.size(); ++i) {
    Normal normal(all);
    add_rows(normal, plan.layout, plan.series[i], found.dynamics, true, &found.linear);
    matrix += normal.matrix / factor[i];
  }
  matrix.topLeftCorner(linear, linear) += plan.prior;
  Eigen::MatrixXd full = matrix.selfadjointView<Eigen::Lower>();
  to_rises(plan.layout, full);
  std::vector<int> free;
  for (int i = 0; i < all; ++i) {
    if (i >= linear || !found.held[static_cast<std::size_t>(i)]) free.push_back(i);
  }
  Eigen::MatrixXd part = full(free, free);
  const Eigen::VectorXd scale = (part.diagonal().array() + 1e-30).sqrt().inverse();
  part = scale.asDiagonal() * part * scale.asDiagonal();
  part.diagonal().array() += 1e-12;  // a column of zeros (a pair without resistance) stays invertible
  const Eigen::MatrixXd inverse = part.llt().solve(Eigen::MatrixXd::Identity(part.rows(), part.cols()));
  Eigen::MatrixXd result = Eigen::MatrixXd::Zero(all, all);
  result(free, free) = scale.asDiagonal() * inverse * scale.asDiagonal();
  from_rises(plan.layout, result);
  Eigen::MatrixXd turned = result.transpose();
  from_rises(plan.layout, turned);
  return turned;
}

}  // namespace packbench::models::fit
