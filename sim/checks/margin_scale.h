// How slack of different quantities is compared, and how fine a slack can be known.
//
//   quantity            scale    resolution      quantity            scale    resolution
//   V                   0.01     0.0002          1 (SOC, SOH)        0.01     0.0001
//   A                   1        0.001           count of things     1        exact
//   K, degC             1        0.1             time                one step one step
//   W                   50       0.05            Ah                  1        0.001
//   ohm                 1e-4     1e-6            1/s, Hz             0.01     0.0001
//   V/s                 0.01     0.0002          A/s                 1        0.001
//   K/s                 1        0.1
//
// Slack / scale is what `and` and `or` compare when quantities mix. A pass with a slack below the resolution is
// marginal.
#pragma once

#include "sim/quantity.h"
#include "sim/time.h"

namespace packbench::sim {

struct MarginScale {
  double scale = 1;
  double resolution = 0;
};

MarginScale margin_scale(Dimension dimension, bool counted, TimeNs step);

}  // namespace packbench::sim
