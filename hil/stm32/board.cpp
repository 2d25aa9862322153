#include "hil/stm32/board.h"

#include <unicorn/unicorn.h>

#include "hil/stm32/gpio.h"
#include "hil/stm32/iwdg.h"
#include "hil/stm32/rcc_f4.h"
#include "hil/stm32/rcc_h7.h"
#include "hil/stm32/supply_h7.h"
#include "hil/stm32/system_control.h"

namespace packbench::hil::stm32 {
namespace {

constexpr std::uint32_t kHse_hz = 8'000'000;  // NUCLEO: from the ST-LINK; F405 boards: a crystal
constexpr std::uint32_t kFlash = 0x08000000, kSystemControl = 0xE000E000;
constexpr std::uint32_t kGpioB_moder_f4 = 0x280;  // debug port
constexpr std::uint32_t kGpioA_moder_f4 = 0xA8000000;
constexpr std::uint32_t kGpioA_moder_h7 = 0xABFFFFFF, kGpioB_moder_h7 = 0xFFFFFEBF, kAnalog = 0xFFFFFFFF;

}  // namespace

Board make_h753(Wire& wire, Chip& chip, Refusal& refusal) {
  Board board;
  board.name = "STM32H753";
  board.cpu_model = UC_CPU_ARM_CORTEX_M7;
  board.memories = {{"flash", MemoryArea::flash, kFlash, 2 << 20},
                    {"DTCM", MemoryArea::ram, 0x20000000, 128 << 10},
                    {"AXI SRAM", MemoryArea::ram, 0x24000000, 512 << 10},
                    {"system memory", MemoryArea::rom, 0x1FF1E000, 0x1000}};
  board.unique_id = 0x1FF1E800;
  board.outputs = {{{'B' - 'A', 0}, {'E' - 'A', 1}, {'B' - 'A', 14}}};
  auto& flash = board.add<FlashH7>(chip, refusal);  // before the clocks, which look at its wait states
  auto& rcc = board.add<RccH7>(kHse_hz, chip, refusal);
  auto& usart = board.add<UsartV2>("USART3", UsartPlace{39, 'D' - 'A', 8, 9}, wire, chip, refusal);
  board.usart = &usart;
  auto& control = board.add<SystemControl>(0x411FC271u, kFlash, chip, refusal);
  board.places = {{0x58024400, 0x400, &rcc},
                  {0x58024800, 0x400, &board.add<PwrH7>(chip, refusal)},
                  {0x52002000, 0x400, &flash},
                  {0x58004800, 0x400, &board.add<Iwdg>("IWDG1", chip, refusal)},
                  {0x40004800, 0x400, &usart, rcc.enable_register(RccH7::APB1LENR), 1 << 18},
                  {kSystemControl, 0x1000, &control}};
  for (int port = 0; port < 11; ++port) {
    const std::uint32_t moder = port == 0 ? kGpioA_moder_h7 : port == 1 ? kGpioB_moder_h7 : kAnalog;
    board.places.push_back({0x58020000 + 0x400u * port, 0x400, &board.add<Gpio>(port, moder, chip, refusal),
                            rcc.enable_register(RccH7::AHB4ENR), 1u << port});
  }
  return board;
}

Board make_f405(Wire& wire, Chip& chip, Refusal& refusal) {
  Board board;
  board.name = "STM32F405";
  board.cpu_model = UC_CPU_ARM_CORTEX_M4;
  board.memories = {{"flash", MemoryArea::flash, kFlash, 1 << 20},
                    {"SRAM", MemoryArea::ram, 0x20000000, 128 << 10},
                    {"CCM", MemoryArea::ram, 0x10000000, 64 << 10},
                    {"system memory", MemoryArea::rom, 0x1FFF7000, 0x1000}};
  board.unique_id = 0x1FFF7A10;
  board.outputs = {{{'B' - 'A', 0}, {'B' - 'A', 1}, {'B' - 'A', 10}}};
  auto& rcc = board.add<RccF4>(kHse_hz, chip, refusal);
  auto& usart = board.add<UsartV1>("USART1", UsartPlace{37, 0, 9, 10}, wire, chip, refusal);
  board.usart = &usart;
  auto& control = board.add<SystemControl>(0x410FC241u, kFlash, chip, refusal);
  board.places = {{0x40023800, 0x400, &rcc},
                  {0x40023C00, 0x400, &board.add<FlashF4>(chip, refusal)},
                  {0x40003000, 0x400, &board.add<Iwdg>("IWDG", chip, refusal)},
                  {0x40007000, 0x400, &board.add<PwrF4>(chip, refusal), rcc.enable_register(RccF4::APB1ENR), 1 << 28},
                  {0x40011000, 0x400, &usart, rcc.enable_register(RccF4::APB2ENR), 1 << 4},
                  {kSystemControl, 0x1000, &control}};
  for (int port = 0; port < 9; ++port) {
    const std::uint32_t moder = port == 0 ? kGpioA_moder_f4 : port == 1 ? kGpioB_moder_f4 : 0;
    board.places.push_back({0x40020000 + 0x400u * port, 0x400, &board.add<Gpio>(port, moder, chip, refusal),
                            rcc.enable_register(RccF4::AHB1ENR), 1u << port});
  }
  return board;
}

}  // namespace packbench::hil::stm32
