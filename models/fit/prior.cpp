#include "models/fit/prior.h"

#include <span>

namespace packbench::models::fit {
namespace {

void add_value(Eigen::MatrixXd& prior, int column, double width) { prior(column, column) += 1 / (width * width); }

void add_difference(Eigen::MatrixXd& prior, int a, int b, double width) {
  const double w = 1 / (width * width);
  prior(a, a) += w;
  prior(b, b) += w;
  prior(a, b) -= w;
  prior(b, a) -= w;
}

// How far each knot lies off the straight line between its neighbours.
void add_bends(Eigen::MatrixXd& prior, int first, std::span<const double> soc, double width) {
  for (std::size_t j = 1; j + 1 < soc.size(); ++j) {
    const double share = (soc[j] - soc[j - 1]) / (soc[j + 1] - soc[j - 1]);
    const double factor[3] = {1 - share, -1, share};
    const int begin = first + static_cast<int>(j) - 1;
    for (int a = 0; a < 3; ++a) {
      for (int b = 0; b < 3; ++b) prior(begin + a, begin + b) += factor[a] * factor[b] / (width * width);
    }
  }
}

void add_table(Eigen::MatrixXd& prior, int first, std::span<const double> soc, double width, double bend) {
  for (std::size_t j = 0; j < soc.size(); ++j) add_value(prior, first + static_cast<int>(j), width);
  add_bends(prior, first, soc, bend);
}

void add_resistance(Eigen::MatrixXd& prior, const Layout& layout, const PriorWidths& widths, double typical_ohm,
                    int temperature, int family) {
  for (int direction = 0; direction < layout.directions; ++direction)
    add_table(prior, layout.resistance(temperature, family, direction), layout.resistance_soc,
              widths.resistance * typical_ohm, widths.resistance_bend * typical_ohm);
  if (layout.directions == 1) return;
  for (int j = 0; j < Layout::size(layout.resistance_soc); ++j)
    add_difference(prior, layout.resistance(temperature, family, kDischarge) + j,
                   layout.resistance(temperature, family, kCharge) + j, widths.direction * typical_ohm);
}

}  // namespace

Eigen::MatrixXd prior_matrix(const Layout& layout, const PriorWidths& widths, double typical_ohm) {
  Eigen::MatrixXd prior = Eigen::MatrixXd::Zero(layout.unknowns(), layout.unknowns());
  add_bends(prior, layout.ocv(), layout.ocv_soc, widths.ocv_bend_V);
  if (layout.hysteresis) add_table(prior, layout.gap(), layout.wide_soc, widths.gap_V, widths.gap_bend_V);
  if (layout.has_entropy())
    add_table(prior, layout.entropy(), layout.wide_soc, widths.entropy_V_per_K, widths.entropy_bend_V_per_K);
  for (int t = 0; t < layout.temperatures(); ++t) {
    for (int j = 0; t != layout.reference && j < Layout::size(layout.ocv_soc); ++j)
      add_value(prior, layout.deviation(t) + j, widths.deviation_V);
    for (int family = 0; family <= layout.pairs; ++family)
      add_resistance(prior, layout, widths, typical_ohm, t, family);
  }
  return prior;
}

}  // namespace packbench::models::fit
