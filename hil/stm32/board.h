// A microcontroller on its board: memories, register blocks at their addresses, output pins.
#pragma once

#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include "hil/stm32/usart.h"

namespace packbench::hil::stm32 {

struct MemoryArea {
  enum Kind { flash, ram, rom };
  const char* name;
  Kind kind;
  std::uint32_t address, size;
};

// Where a register block stands, and the bit of the clock control that must be set before it is touched.
struct Place {
  std::uint32_t address = 0, size = 0x400;
  Peripheral* device = nullptr;
  const std::uint32_t* enable = nullptr;  // null: always clocked
  std::uint32_t enable_bit = 0;
};

struct Pin {
  int port = 0, pin = 0;
};

struct Board {
  const char* name = "";
  int cpu_model = 0;  // of the emulator library
  std::vector<MemoryArea> memories;
  std::vector<Place> places;
  std::array<Pin, 3> outputs{};  // main, charger, precharge
  std::uint32_t unique_id = 0;   // address of 96 bits in the rom
  Usart* usart = nullptr;
  std::vector<std::unique_ptr<Peripheral>> devices;

  template <typename Device, typename... Arguments>
  Device& add(Arguments&&... arguments) {
    auto device = std::make_unique<Device>(std::forward<Arguments>(arguments)...);
    Device& added = *device;
    devices.push_back(std::move(device));
    return added;
  }
};

Board make_h753(Wire& wire, Chip& chip, Refusal& refusal);  // NUCLEO-H753ZI
Board make_f405(Wire& wire, Chip& chip, Refusal& refusal);

struct BoardKind {
  std::string_view name;
  Board (*make)(Wire&, Chip&, Refusal&);
};
inline constexpr std::array kBoards{BoardKind{"h753", make_h753}, BoardKind{"f405", make_f405}};

}  // namespace packbench::hil::stm32
