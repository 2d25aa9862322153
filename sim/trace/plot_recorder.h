// Thinned lines of the signals that a report plots, collected chunk by chunk.
#pragma once

#include <vector>

#include "sim/signals.h"
#include "sim/trace/chunk.h"
#include "sim/trace/thinning.h"
#include "sim/trace/trace.h"

namespace packbench::sim {

// Numbers go to buckets (arrays to fewer), codes and sets to lists of changes. Parameters of the cells (capacity,
// resistance, open-circuit voltage) are left to the trace file.
class PlotRecorder {
 public:
  explicit PlotRecorder(const SignalLayout& layout);
  void append(const Chunk& chunk);
  std::vector<PlotSeries> series(std::size_t points) const;

 private:
  struct Line {
    Signal signal{};
    int index = 0;
    std::size_t column = 0;
  };
  std::vector<Line> scalars_, elements_, codes_;
  BucketThinner scalar_thinner_, element_thinner_;
  std::vector<ChangeThinner> code_thinners_;
};

}  // namespace packbench::sim
