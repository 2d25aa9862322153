// Laws of the BMS core that hold after every task, whatever was measured before.
#pragma once

#include "hil/firmware/core/bms.h"

namespace packbench::fuzz {

class CoreLaws {
 public:
  explicit CoreLaws(const firmware::Profile& profile) : profile_(profile) {}

  // Right after Bms::task. The measurement is the one in force in that task.
  void check(const firmware::Bms& bms);
  // After a boot: what lasted from task to task begins anew.
  void restart() {
    main_ = charger_ = {};
    precharging_ = false;
    faults_ = 0;
  }

 private:
  struct Path {
    std::uint32_t demanded_tasks = 0;
    bool closed = false;
  };
  void check_path(Path& path, const firmware::Bms& bms, firmware::Action action, bool closed) const;
  std::uint32_t longest_wait_tasks(const firmware::Bms& bms) const;
  void check_precharge(const firmware::Bms& bms) const;
  void check_faults(const firmware::Bms& bms);

  const firmware::Profile& profile_;
  Path main_, charger_;
  bool precharging_ = false;
  firmware::FaultSet faults_ = 0;
  firmware::Fault first_fault_ = firmware::Fault::cell_ov;
};

}  // namespace packbench::fuzz
