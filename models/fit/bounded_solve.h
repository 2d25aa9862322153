// The least of x'Hx/2 - g'x with lower bounds on some unknowns.
#pragma once

#include <Eigen/Core>
#include <vector>

namespace packbench::models::fit {

struct BoundedSolution {
  Eigen::VectorXd x;
  std::vector<char> held;  // 1: the unknown stands at its bound
};

// H symmetric, positive definite (its lower triangle is read); bound -infinity: none. An active set in the manner of
// Lawson and Hanson (Solving Least Squares Problems, 1974, ch. 23), whole groups of unknowns at a time; `start` says
// which unknowns stand at their bounds first (empty: none), which saves rounds when a like problem has been solved.
BoundedSolution bounded_solve(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& right, const Eigen::VectorXd& bound,
                              const std::vector<char>& start);

}  // namespace packbench::models::fit
