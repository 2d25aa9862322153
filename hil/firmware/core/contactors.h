// The contactor sequencer: precharge, overlap and closing of main; opening at once or after the wait for zero current;
// and the check that the feedback follows.
//
//   precharge   precharge closes; when the bus has 95 % of the pack voltage or the difference is below the profile's
//               delta, and no current flows out, main closes, and after the feedback delay precharge opens. Not there
//               within the timeout: all open, one failure more. Current onto a bus that stays below a tenth of the pack
//               voltage is a short: all open at once, and no try is left.
//   opening     at once, or soft: when the current is small, at the latest after the wait; above break_current after
//               fuse_wait, so that a fuse may blow first
//   feedback    from the feedback delay after a change, each measurement that disagrees counts; one that agrees starts
//               anew
//   weld        besides the feedback: current through contactors that are all driven open, or a bus that had fallen
//               below 90 % of the pack voltage and comes back to 98 % with main and precharge driven open
#pragma once

#include "hil/firmware/core/defects.h"
#include "hil/firmware/core/measurement.h"
#include "hil/firmware/core/profile.h"

namespace packbench::firmware {

struct Outputs {
  bool main = false, charger = false, precharge = false;
};

// Those after at_once are defects: wait for ever, wait without load, wait for no fuse.
enum class Opening : std::uint8_t { soft, at_once, without_current, after_wait, breaks_any };

class Contactors {
 public:
  void reset(std::uint64_t now_us);

  void start_precharge(std::uint64_t now_us);
  // One task of a running precharge. True while it runs; then main is closed, or all is open and it failed.
  bool step_precharge(std::uint64_t now_us, const Profile& profile, const Measurement& measurement, DefectSet defects);
  void abort_precharge() { outputs_.precharge = false; }

  void open_main(std::uint64_t now_us, Opening opening, const Profile& profile, const Measurement& measurement);
  void open_charger(std::uint64_t now_us, Opening opening, const Profile& profile, const Measurement& measurement);
  void keep_main() { main_.opening = false; }
  void close_charger(std::uint64_t now_us);

  // Called once for each new measurement.
  void check_feedback(const Profile& profile, const Measurement& measurement, DefectSet defects);

  const Outputs& outputs() const { return outputs_; }
  int weld_frames() const;
  int no_close_frames() const;
  int failed_precharges() const { return failed_precharges_; }
  void forget_failed_precharges() { failed_precharges_ = 0; }
  template <typename List>
  void variables(List& list) {
    list.add("main_output_on", outputs_.main);
    list.add("charger_output_on", outputs_.charger);
    list.add("precharge_output_on", outputs_.precharge);
  }
  std::uint64_t precharge_failed_us() const { return precharge_failed_us_; }

 private:
  struct Watch {
    std::uint64_t changed_us = 0, opening_since_us = 0;
    int disagreeing = 0;
    bool opening = false;
  };
  bool onto_short(std::uint64_t now_us, const Profile& profile, const Measurement& measurement) const;
  void fail_precharge(std::uint64_t now_us, int failures);
  bool flows_through_open(const Profile& profile, const Measurement& measurement) const;
  bool bus_comes_back(const Measurement& measurement);
  static void drive(bool& output, Watch& watch, bool closed, std::uint64_t now_us);
  static void open(bool& output, Watch& watch, std::uint64_t now_us, Opening opening, const Profile& profile,
                   const Measurement& measurement);
  static void check(bool output, bool feedback, Watch& watch, std::uint32_t delay_ms, std::uint64_t time_us);

  Outputs outputs_;
  Watch main_, charger_;
  std::uint64_t precharge_since_us_ = 0, precharge_failed_us_ = 0;
  int failed_precharges_ = 0;
  int current_frames_ = 0, bus_frames_ = 0;  // measurements in a row that show a weld
  bool bus_fell_ = false;
};

}  // namespace packbench::firmware
