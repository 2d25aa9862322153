// Laws of the BMS core that hold after every task, whatever was measured before.
#pragma once

#include "hil/firmware/core/bms.h"

namespace packbench::fuzz {

class CoreLaws {
 public:
  explicit CoreLaws(std::uint32_t zero_current_wait_ms) : wait_tasks_(zero_current_wait_ms / 10 + 1) {}

  // Right after Bms::task. The measurement is the one in force in that task.
  void check(const firmware::Bms& bms, const firmware::Profile& profile);
  // After a boot: what lasted from task to task begins anew.
  void restart() { *this = CoreLaws(wait_tasks_); }

 private:
  struct Path {
    std::uint32_t demanded_tasks = 0;
    bool closed = false;
  };
  explicit CoreLaws(std::uint64_t tasks) : wait_tasks_(static_cast<std::uint32_t>(tasks)) {}

  void check_path(Path& path, const firmware::Bms& bms, firmware::Action action, bool closed) const;
  void check_precharge(const firmware::Bms& bms, const firmware::Profile& profile) const;
  void check_faults(const firmware::Bms& bms);

  std::uint32_t wait_tasks_;
  Path main_, charger_;
  bool precharging_ = false;
  firmware::FaultSet faults_ = 0;
  firmware::Fault first_fault_ = firmware::Fault::cell_ov;
};

}  // namespace packbench::fuzz
