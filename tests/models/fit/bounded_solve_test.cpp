#include "models/fit/bounded_solve.h"

#include <gtest/gtest.h>

#include <limits>

#include "models/random.h"

namespace packbench::models::fit {
namespace {

// The conditions of Karush, Kuhn and Tucker say whether x is the least, however it was found.
void expect_least(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& right, const Eigen::VectorXd& bound,
                  const Eigen::VectorXd& x) {
  const Eigen::VectorXd slope = matrix * x - right;
  for (int i = 0; i < x.size(); ++i) {
    EXPECT_GE(x[i], bound[i] - 1e-9) << i;
    if (x[i] > bound[i] + 1e-7) {
      EXPECT_NEAR(slope[i], 0, 1e-6) << i;
    } else {
      EXPECT_GE(slope[i], -1e-6) << i;
    }
  }
}

TEST(BoundedSolve, MeetsTheConditionsOfTheLeastValue) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Stream random(seed, "bounded_solve");
    const int n = 3 + static_cast<int>(seed % 20);
    Eigen::MatrixXd a(2 * n, n);
    for (double& value : a.reshaped()) value = random.normal();
    const Eigen::MatrixXd matrix = a.transpose() * a;
    Eigen::VectorXd right(n), bound(n);
    for (int i = 0; i < n; ++i) {
      right[i] = 5 * random.normal();
      bound[i] = i % 3 == 0 ? -std::numeric_limits<double>::infinity() : 0.1 * random.normal();
    }
    expect_least(matrix, right, bound, bounded_solve(matrix, right, bound, {}).x);
    const BoundedSolution again = bounded_solve(matrix, right, bound, std::vector<char>(bound.size(), 0));
    expect_least(matrix, right, bound, bounded_solve(matrix, right, bound, again.held).x);
  }
}

}  // namespace
}  // namespace packbench::models::fit
