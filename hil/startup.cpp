#include "hil/startup.h"

#include <cmath>

#include <fmt/format.h>

#include "hil/firmware/host/profile_bytes.h"
#include "hil/words.h"
#include "sim/plant/fault_label.h"

namespace packbench::hil {
namespace {

constexpr sim::TimeNs kReadyLimit = 15 * sim::kSecond;

}  // namespace

std::optional<DeviceError> Startup::connect() {
  return device_.connect(scenario_.pack_profile.pack.cells, scenario_.pack_profile.sensing.temperatures);
}

std::string Startup::missing_capability(const std::string& defect, std::span<const sim::FaultSpec> faults) const {
  const bool takes_defects = (device_.ident().capabilities & PACKLINK_CAP_TEST_MESSAGES) != 0;
  if (!defect.empty() && !takes_defects)
    return "the device takes no test messages, so it cannot be given the defect '" + defect + "'";
  for (const sim::FaultSpec& fault : faults) {
    const std::string lack = fault.target == sim::FaultTarget::machine ? device_.lacks(fault) : "";
    if (!lack.empty()) return fmt::format("the fault '{}' is not possible here: {}", sim::fault_label(fault), lack);
  }
  return "";
}

std::optional<DeviceError> Startup::configure(const std::string& defect) {
  if ((device_.ident().capabilities & PACKLINK_CAP_CONFIG) != 0) {
    if (auto error = device_.configure(firmware::encode_profile(scenario_.bms_profile))) return error;
  }
  if (!defect.empty()) return device_.set_defect(defect);
  return std::nullopt;
}

void Startup::enable(double true_soc) {
  using Soc = sim::BmsSetup::Soc;
  const double soc = scenario_.bms.soc_mode == Soc::value ? scenario_.bms.soc : true_soc;
  if (scenario_.bms.soc_mode != Soc::unknown) {
    device_.command(PACKLINK_SET_SOC,
                    static_cast<std::uint32_t>(std::lround(std::fmin(std::fmax(soc, 0.0), 1.0) * 1e4)));
  }
  device_.command(PACKLINK_ENABLE, 0);
  enabled_ = true;
}

Startup::State Startup::step(sim::TimeNs now, const DeviceReport& report, const sim::Frame& truth) {
  if (scenario_.start == sim::StartMode::power_on) return State::ready;
  const std::string state = report.has_status ? sim::word_of(sim::Vocabulary::bms_state, report.status.state) : "";
  const bool followed = (truth[sim::Signal::truth_main_contactor] == 1.0) == report.actuators.main;
  if (state == "IDLE" && followed) return State::ready;
  if (!enabled_ && state == "STANDBY") enable(truth[sim::Signal::truth_soc]);
  if (now < kReadyLimit) return State::waiting;
  failure_ = state.empty()
                 ? std::string("the device reported no status within 15 s of simulated time after power-on")
                 : fmt::format(
                       "the device was not ready (IDLE) within 15 s of simulated time after power-on: state {}, "
                       "active faults {}",
                       state, fault_words(report.status.faults | report.status.latched_faults));
  return State::failed;
}

}  // namespace packbench::hil
