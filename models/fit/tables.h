// The solution as tables with standard errors.
#pragma once

#include "models/fit/search.h"

namespace packbench::models::fit {

Result tables_of(const Plan& plan, const Found& found, const Eigen::MatrixXd& covariance);

// Voltages, SOC and currents that the records cover.
void describe_range(Result& result, const Plan& plan, std::span<const Record> records);

// What the records do not show: time constants at the ends of their range, resistances at zero or surer by their
// neighbours than by the data, SOCs that no record reaches.
std::vector<std::string> remarks_on(const Result& result, const Plan& plan, const Found& found);

}  // namespace packbench::models::fit
