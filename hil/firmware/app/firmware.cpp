#include "hil/firmware/app/firmware.h"

#include <new>

#include "hil/firmware/app/device.h"

namespace packbench::firmware {

struct Firmware::State : Device {
  using Device::Device;
};

Firmware::Firmware(Wire wire) {
  static_assert(sizeof(State) <= sizeof storage_ && alignof(State) <= 16, "the firmware's state outgrew its storage");
  ::new (static_cast<void*>(storage_)) State(wire);
}

Firmware::Firmware(const Firmware& other) { ::new (static_cast<void*>(storage_)) State(other.state()); }

Firmware::~Firmware() { state().~State(); }

Firmware::State& Firmware::state() { return *std::launder(reinterpret_cast<State*>(storage_)); }

const Firmware::State& Firmware::state() const { return *std::launder(reinterpret_cast<const State*>(storage_)); }

void Firmware::power_on(std::uint8_t reset_reason, std::uint32_t boot_count) {
  state().power_on(reset_reason, boot_count);
}

const char* Firmware::load_profile(const std::uint8_t* data, std::size_t size) {
  return state().load_profile(data, size);
}

void Firmware::announce() { state().announce(); }

void Firmware::receive(std::uint8_t byte) { state().receive(byte); }

void Firmware::run_until(std::uint64_t time_us) { state().run_until(time_us); }

bool Firmware::free_running() const { return state().free_running(); }

void Firmware::variables(Variable (&rows)[kMaxVariables]) {
  VariableList list(rows);
  state().variables(list);
}

std::uint32_t Firmware::boot_count() const { return state().boot_count(); }

}  // namespace packbench::firmware
