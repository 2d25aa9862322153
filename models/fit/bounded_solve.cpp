#include "models/fit/bounded_solve.h"

#include <Eigen/Cholesky>
#include <cmath>

namespace packbench::models::fit {
namespace {

constexpr int kMostRounds = 60;
constexpr double kSlack = 1e-9;  // in units in which H has ones on its diagonal

// The unknowns that are free, solved with the others at zero (the problem is shifted so that bounds are zero).
Eigen::VectorXd solve_free(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& right, const std::vector<char>& held) {
  std::vector<int> free;
  for (int i = 0; i < right.size(); ++i) {
    if (!held[static_cast<std::size_t>(i)]) free.push_back(i);
  }
  const Eigen::MatrixXd part = matrix(free, free);
  const Eigen::VectorXd found = part.llt().solve(right(free));
  Eigen::VectorXd x = Eigen::VectorXd::Zero(right.size());
  x(free) = found;
  return x;
}

// Puts what went below its bound on it; when nothing did, sets free what would rather rise. False: nothing to do.
bool change(std::vector<char>& held, const Eigen::VectorXd& x, const Eigen::VectorXd& rise,
            const Eigen::VectorXd& bound) {
  bool changed = false;
  for (int i = 0; i < x.size(); ++i) {
    char& at_bound = held[static_cast<std::size_t>(i)];
    if (at_bound || !std::isfinite(bound[i]) || !(x[i] < -kSlack)) continue;
    at_bound = 1;
    changed = true;
  }
  for (int i = 0; !changed && i < x.size(); ++i) {
    if (held[static_cast<std::size_t>(i)] && rise[i] > kSlack) {
      for (int j = i; j < x.size(); ++j) {
        if (held[static_cast<std::size_t>(j)] && rise[j] > kSlack) held[static_cast<std::size_t>(j)] = 0;
      }
      return true;
    }
  }
  return changed;
}

}  // namespace

BoundedSolution bounded_solve(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& right, const Eigen::VectorXd& bound,
                              const std::vector<char>& start) {
  const Eigen::VectorXd scale = matrix.diagonal().cwiseSqrt().cwiseInverse();
  const Eigen::MatrixXd full = matrix.selfadjointView<Eigen::Lower>();
  const Eigen::MatrixXd scaled = scale.asDiagonal() * full * scale.asDiagonal();
  Eigen::VectorXd least = bound;
  for (double& value : least) value = std::isfinite(value) ? value : 0;
  const Eigen::VectorXd shifted = scale.asDiagonal() * (right - full * least);
  std::vector<char> held = start.empty() ? std::vector<char>(static_cast<std::size_t>(right.size()), 0) : start;
  Eigen::VectorXd x = solve_free(scaled, shifted, held);
  for (int round = 0; round < kMostRounds && change(held, x, shifted - scaled * x, bound); ++round)
    x = solve_free(scaled, shifted, held);
  return {scale.asDiagonal() * x + least, held};
}

}  // namespace packbench::models::fit
