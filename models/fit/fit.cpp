#include "models/fit/fit.h"

#include <algorithm>
#include <cmath>

#include "models/fit/residuals.h"
#include "models/fit/search.h"
#include "models/fit/tables.h"

namespace packbench::models::fit {
namespace {

constexpr double kShown = 3;  // standard errors at which hysteresis counts as seen

struct Attempt {
  Plan plan;
  Found found;
  std::vector<RecordFit> records;
  Eigen::MatrixXd covariance;
};

Attempt attempt(Plan plan, std::span<const Record> records, ProgressCall progress, void* context) {
  Attempt one{std::move(plan), {}, {}, {}};
  one.found = search(one.plan, progress, context);
  one.records = record_fits(one.plan, one.found, records);
  const std::vector<double> factor = misfit_factors(one.plan, one.records);
  one.covariance = covariance(one.plan, one.found, factor);
  return one;
}

bool shows_hysteresis(const Attempt& one) {
  const Layout& layout = one.plan.layout;
  for (int j = 0; j < Layout::size(layout.wide_soc); ++j) {
    const int at = layout.gap() + j;
    const bool within = layout.wide_soc[static_cast<std::size_t>(j)] > kWindowLow - 1e-9 &&
                        layout.wide_soc[static_cast<std::size_t>(j)] < kWindowHigh;
    if (within && one.found.linear[at] > kShown * std::sqrt(one.covariance(at, at)) && one.found.linear[at] > 0)
      return true;
  }
  return false;
}

}  // namespace

Result fit_cell(std::span<const Record> records, const Options& options, ProgressCall progress, void* context) {
  Attempt best = attempt(make_plan(records, options), records, progress, context);
  int evaluations = best.found.evaluations;
  if (options.hysteresis && !shows_hysteresis(best)) {
    best = attempt(without_hysteresis(std::move(best.plan), options), records, progress, context);
    evaluations += best.found.evaluations;
  }
  Result result = tables_of(best.plan, best.found, best.covariance);
  result.hysteresis_soc = options.hysteresis_soc;
  result.evaluations = evaluations;
  describe_range(result, best.plan, records);
  result.remarks = remarks_on(result, best.plan, best.found);
  result.records = std::move(best.records);
  return result;
}

}  // namespace packbench::models::fit
