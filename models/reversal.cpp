#include "models/reversal.h"

#include <cmath>

namespace packbench::models {

std::vector<std::string> problems_of(const ReversalParameters& reversal) {
  std::vector<std::string> problems;
  if (!(std::isfinite(reversal.begin_soc) && reversal.begin_soc <= 0)) {
    problems.emplace_back("Copper must begin to dissolve at a state of charge of at most 0.");
  }
  if (!(std::isfinite(reversal.short_S_per_Ah) && reversal.short_S_per_Ah >= 0)) {
    problems.emplace_back("The short by copper must not grow by less than 0 S/Ah.");
  }
  if (!(std::isfinite(reversal.most_S) && reversal.most_S >= 0)) {
    problems.emplace_back("The largest short by copper must not be below 0 S.");
  }
  return problems;
}

}  // namespace packbench::models
