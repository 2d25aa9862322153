// Any sequence of measurements and commands into the BMS core: the laws of core_laws.h hold after every task.
//
// An input is a list of operations, each a byte and what it needs; between measurements the pack answers with its
// feedback, bus and current unless an operation has broken that.
#include <cstring>

#include "hil/firmware/host/profile_bytes.h"
#include "tests/fuzz/core_laws.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/require.h"
#include "tests/hil/firmware/rig.h"

namespace {

using namespace packbench::firmware;
using packbench::fuzz::CoreLaws;
using packbench::fuzz::Input;
using packbench::fuzz::require;

constexpr int kMostTasks = 2'000;

const Profile& profile() {
  static const Profile decoded = [] {
    Profile p;
    const auto bytes = encode_profile(rig::default_profile());
    require(decode_profile(bytes.data(), bytes.size(), p) == nullptr);
    return p;
  }();
  return decoded;
}

class Pack {
 public:
  Pack() : laws_(profile()) {
    readings_.cells = profile().cells;
    readings_.temperatures = 5;
    for (auto& cell : readings_.cell_dmV) cell = 33'000;
    for (auto& temperature : readings_.temperature_mdegC) temperature = 25'000;
    bms_.boot(0);
    require(bms_.configure(profile()) == nullptr);
  }

  bool tired() const { return tasks_ > kMostTasks; }
  void operate(Input& input);

 private:
  void command(std::uint8_t code);
  void reading(Input& input, std::uint8_t which);
  void measure();
  void run(int tasks);

  Bms bms_;
  CoreLaws laws_;
  Measurement readings_;
  std::uint64_t now_us_ = 0;
  std::int32_t load_mA_ = 0;
  std::uint8_t broken_ = 0;  // bit 0: main feedback inverted, 1: charger feedback inverted, 2: the bus stays empty
  int tasks_ = 0;
};

void Pack::run(int tasks) {
  for (int i = 0; i < tasks; ++i, ++tasks_) {
    now_us_ += kTask_us;
    bms_.task(now_us_);
    laws_.check(bms_);
  }
}

void Pack::measure() {
  const Outputs& out = bms_.outputs();
  readings_.time_us = now_us_;
  ++readings_.sequence;
  readings_.main_feedback = out.main != ((broken_ & 1u) != 0);
  readings_.charger_feedback = out.charger != ((broken_ & 2u) != 0);
  readings_.pack_dmV = 0;
  for (int i = 0; i < readings_.cells; ++i) {
    if (valid_cell(readings_.cell_dmV[i])) readings_.pack_dmV += readings_.cell_dmV[i];
  }
  readings_.bus_dmV = (out.main || out.precharge) && (broken_ & 4u) == 0 ? readings_.pack_dmV : 0;
  readings_.current_mA = out.main || out.charger ? load_mA_ : 0;
  bms_.measure(readings_);
}

void Pack::command(std::uint8_t code) {
  switch (code % 6) {
    case 0:
      return bms_.enable();
    case 1:
      return bms_.disable();
    case 2:
      return bms_.emergency_stop();
    case 3:
      bms_.clear_latched();
      return;
    case 4:
      return bms_.set_soc(code * 40u);
    case 5:
      bms_.boot(now_us_);
      return laws_.restart();
  }
}

void Pack::reading(Input& input, std::uint8_t which) {
  switch (which) {
    case 0:
      for (auto& cell : readings_.cell_dmV) cell = 25'000 + input.u8() * 64;
      return;
    case 1: {
      auto& cell = readings_.cell_dmV[input.u8() % readings_.cells];
      cell = input.u16();
      return;
    }
    case 2: {
      auto& temperature = readings_.temperature_mdegC[input.u8() % readings_.temperatures];
      temperature = input.i16() * 5;
      return;
    }
    case 3:
      load_mA_ = input.i16() * 15;
      return;
    case 4:
      broken_ = input.u8();
      readings_.charger_present = (broken_ & 8u) != 0;
      return;
    case 5:
      readings_.cell_dmV[input.u8() % readings_.cells] = kNoReading;
      return;
  }
}

void Pack::operate(Input& input) {
  const std::uint8_t operation = input.u8();
  const int count = operation >> 3;
  switch (operation & 7u) {
    case 6:
      return command(static_cast<std::uint8_t>(count));
    case 7:
      for (int i = 0; i <= count; ++i) {
        measure();
        run(10);
      }
      return;
    default:
      if (count == 31) return run(static_cast<int>(operation & 7u) * 20);  // silence
      reading(input, operation & 7u);
      measure();
      return run(count);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Pack pack;
  while (!input.ended() && !pack.tired()) pack.operate(input);
  return 0;
}
