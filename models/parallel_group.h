// Currents of cells in parallel, each an affine source U = emf + I / conductance of the common terminal voltage U:
//   U = (I_total + sum conductance emf) / (sum conductance),   I = conductance (U - emf)
// Taken relative to the first cell's emf, so that the currents add up to the total to 1e-9 A however stiff the cells.
// The sums go from the first cell to the last, whatever the width of the machine's vectors.
#pragma once

namespace packbench::models {

// U = emf + I_total / conductance.
struct GroupSource {
  double emf_V, conductance_S;
};

[[gnu::always_inline]] inline GroupSource group_source(const double* emf_V, const double* conductance_S, int members) {
  double sum_S = 0, driven_A = 0;
  for (int m = 0; m < members; ++m) {
    sum_S += conductance_S[m];
    driven_A += conductance_S[m] * (emf_V[m] - emf_V[0]);
  }
  return {emf_V[0] + driven_A / sum_S, sum_S};
}

// One current for each member into `current_A`. A single member takes the total as it is.
[[gnu::always_inline]] inline void share_current(const double* emf_V, const double* conductance_S, int members,
                                                 double total_A, double* current_A) {
  const GroupSource group = group_source(emf_V, conductance_S, members);
  const double common_V = total_A / group.conductance_S + (group.emf_V - emf_V[0]);
  for (int m = 0; m < members; ++m) current_A[m] = conductance_S[m] * (common_V - (emf_V[m] - emf_V[0]));
  if (members == 1) current_A[0] = total_A;
}

}  // namespace packbench::models
