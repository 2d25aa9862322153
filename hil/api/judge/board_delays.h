// From a report to its record in the API, for every record of a board: at least, and at most.
//
// At most: until the first look at which the record was the newest one; of a record that never was, until the end of
// the second of its `_ts`. At least: until the last look whose newest record was an older one, and until its `_ts`.
// `_ts` is of the API's clock (api_clock.h). Where several reports explain a record, its own time says from which of
// them it counts, and without that the newest one: a delay is never overstated.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "hil/api/judge/api_clock.h"
#include "hil/api/judge/board_rules.h"

namespace packbench::hil::api {

// A look, and the time of the record that was the newest one then.
struct Shown {
  std::int64_t measured_ms = 0, asked_ms = 0;
};

class BoardDelays {
 public:
  // device_ahead_ms: of the clock of the records' times, where it is known.
  BoardDelays(std::vector<Shown> looks, const ApiClock& clock, std::optional<std::int64_t> device_ahead_ms);

  struct Delay {
    std::int64_t least_ms = 0, most_ms = 0;
  };
  // Nothing: it was never the newest one, and the API's clock is not known.
  std::optional<Delay> of(const Explained& one) const;

  struct Behind {
    std::int64_t asked_ms = 0, age_ms = 0;
  };
  // The last look that showed none that new; nothing: there was none.
  std::optional<std::int64_t> last_without_ms(std::int64_t measured_ms) const;
  // Of every look, how long ago the oldest record had been reported that it should have shown, it or a newer one; 0:
  // there was none.
  std::vector<Behind> behind(const std::vector<Explained>& records) const;

 private:
  std::int64_t reported_ms(const Explained& one) const;
  std::vector<Shown> shown_;         // in the order of the looks
  std::vector<Shown> last_without_;  // by measured_ms; asked_ms: the last look that showed that or older
  std::optional<ApiClock::Bounds> ahead_;
  std::optional<std::int64_t> device_ahead_ms_;
};

}  // namespace packbench::hil::api
