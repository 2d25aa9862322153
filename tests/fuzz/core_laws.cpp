#include "tests/fuzz/core_laws.h"

#include <bit>

#include "tests/fuzz/require.h"

namespace packbench::fuzz {
namespace {

using namespace firmware;

constexpr int kBleedAtOnce = 7;

bool has(Action actions, Action one) { return (actions & one) != 0; }

void check_bleed(const Bms& bms) {
  const std::uint32_t bleed = bms.bleed();
  require((bleed & bleed << 1) == 0);  // no neighbours
  require(std::popcount(bleed) <= kBleedAtOnce);
  require(bleed >> bms.cells() == 0);
  if (bms.protections().faults() != 0) require(bleed == 0);
}

// Below the hard under-voltage a service charge is let in on command, and only then.
bool service_charge(const Bms& bms) {
  constexpr FaultSet kEmpty = bit(Fault::cell_uv) | bit(Fault::pack_uv) | bit(Fault::cell_uv_hard);
  return (bms.protections().faults() & ~kEmpty) == 0 && bms.outputs().charger;
}

void check_limits(const Bms& bms, const Profile& profile) {
  const std::int32_t charge_mA = bms.charge_limit_mA(), discharge_mA = bms.discharge_limit_mA();
  require(charge_mA >= 0 && charge_mA <= profile.charge_limit_mA);
  require(discharge_mA >= 0 && discharge_mA <= profile.discharge_limit_mA);
  if (has(bms.protections().actions(), kOpenCharger) && !service_charge(bms)) require(charge_mA == 0);
  if (has(bms.protections().actions(), kOpenMain) || !bms.outputs().main) require(discharge_mA == 0);
}

void check_state(const Bms& bms) {
  const Protections& p = bms.protections();
  const bool asleep = bms.state() == BmsState::sleep;
  require((p.latched() & ~p.faults()) == 0);
  require((bms.state() == BmsState::fault_latched) == (p.latched() != 0));
  require((bms.state() == BmsState::fault) == (p.faults() != 0 && p.latched() == 0 && !asleep));
  if (bms.state() == BmsState::init) require(!bms.outputs().main && !bms.outputs().charger && !bms.outputs().precharge);
  if (bms.state() == BmsState::precharge) require(bms.outputs().precharge || bms.outputs().main);
}

void check_soc(const Bms& bms) { require(bms.soc_pctpct() <= 10'000 || bms.soc_pctpct() == kUnknownPercent); }

}  // namespace

// A soft opening waits for zero current, and above what the contactor can break for the fuse.
std::uint32_t CoreLaws::longest_wait_tasks(const Bms& bms) const {
  const std::int32_t current_mA = bms.measurement().current_mA, most_mA = profile_.watch.break_current_mA;
  const bool too_much = current_mA > most_mA || (current_mA != kNoReading && -current_mA > most_mA);
  return (too_much ? profile_.watch.fuse_wait_ms : profile_.zero_current_wait_ms) / 10 + 1;
}

// Open at once where that is demanded, else after the wait at the latest; never closed meanwhile.
void CoreLaws::check_path(Path& path, const Bms& bms, Action action, bool closed) const {
  const Protections& p = bms.protections();
  const bool served = action == kOpenCharger && service_charge(bms);
  path.demanded_tasks = has(p.actions(), action) && !served ? path.demanded_tasks + 1 : 0;
  if (has(p.actions_at_once(), action) && !served) require(!closed);
  if (path.demanded_tasks > longest_wait_tasks(bms)) require(!closed);
  if (closed && !path.closed && !served) require(!has(p.not_to_close(), action));
  path.closed = closed;
}

void CoreLaws::check_precharge(const Bms& bms) const {
  if (!bms.outputs().main || main_.closed) return;
  const Measurement& m = bms.measurement();
  require(precharging_);
  require(m.pack_dmV - m.bus_dmV < profile_.precharge_delta_dmV ||
          std::int64_t{m.bus_dmV} * 100 >= std::int64_t{m.pack_dmV} * 95);
}

void CoreLaws::check_faults(const Bms& bms) {
  const Protections& p = bms.protections();
  if (p.faults() != 0) {
    require(p.has_first_fault());
    if (faults_ != 0) require(p.first_fault() == first_fault_);
    if (faults_ == 0) require((p.faults() & bit(p.first_fault())) != 0);
    first_fault_ = p.first_fault();
  }
  faults_ = p.faults();
}

void CoreLaws::check(const Bms& bms) {
  check_precharge(bms);
  check_path(main_, bms, kOpenMain, bms.outputs().main);
  check_path(charger_, bms, kOpenCharger, bms.outputs().charger);
  if (bms.outputs().charger) require(bms.measurement().charger_present || charger_.closed);
  precharging_ = bms.outputs().precharge;
  check_faults(bms);
  check_bleed(bms);
  check_limits(bms, profile_);
  check_state(bms);
  check_soc(bms);
}

}  // namespace packbench::fuzz
