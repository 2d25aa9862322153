// Currents of cells in parallel, each an affine source U = emf + ohm I of the common terminal voltage U:
//   U = (I_total + sum emf / ohm) / (sum 1 / ohm),   I = (U - emf) / ohm
// Taken relative to the first cell's emf, so that the currents add up to the total to 1e-9 A however stiff the cells.
#pragma once

#include <span>

namespace packbench::models {

// U at `total_A`; `current_A` receives one current for each of the sources. One source takes the total as it is.
inline double share_current(std::span<const double> emf_V, std::span<const double> ohm, double total_A,
                            std::span<double> current_A) {
  const double first_V = emf_V[0];
  if (emf_V.size() == 1) {
    current_A[0] = total_A;
    return first_V + ohm[0] * total_A;
  }
  double conductance_S = 0, driven_A = 0;
  for (std::size_t m = 0; m < emf_V.size(); ++m) {
    const double own_S = 1.0 / ohm[m];
    current_A[m] = own_S;
    conductance_S += own_S;
    driven_A += own_S * (emf_V[m] - first_V);
  }
  const double common_V = (total_A + driven_A) / conductance_S;
  for (std::size_t m = 0; m < emf_V.size(); ++m) current_A[m] *= common_V - (emf_V[m] - first_V);
  return first_V + common_V;
}

}  // namespace packbench::models
