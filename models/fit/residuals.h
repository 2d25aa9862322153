// What a fit leaves over, by record and SOC.
#pragma once

#include "models/fit/search.h"

namespace packbench::models::fit {

std::vector<RecordFit> record_fits(const Plan& plan, const Found& found, std::span<const Record> records);

// For each series: variance of a sample's misfit times RecordFit::correlation_samples, V^2.
std::vector<double> misfit_factors(const Plan& plan, std::span<const RecordFit> fits);

}  // namespace packbench::models::fit
