// packbench-stm32: a firmware image on an emulated STM32, for the device kind stm32: of packbench.
//
// The bench starts it with three descriptors: 3 the serial line, 4 requests (service.h), 5 the output pins' levels.
#include <sys/mman.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "hil/stm32/service.h"

namespace {

using namespace packbench::hil::stm32;

constexpr int kLineFd = 3, kControlFd = 4, kPinsFd = 5;
constexpr int kUsage = 3;

const BoardKind* find_board(const std::string& name) {
  for (const BoardKind& board : kBoards)
    if (board.name == name) return &board;
  return nullptr;
}

int serve(const std::string& image_path, const BoardKind& board, Wire::Pace pace) {
  using Pins = std::atomic<std::uint32_t>;
  static_assert(Pins::is_always_lock_free);
  void* memory = ::mmap(nullptr, sizeof(Pins), PROT_READ | PROT_WRITE, MAP_SHARED, kPinsFd, 0);
  if (memory == MAP_FAILED) {
    std::fprintf(stderr, "packbench-stm32: descriptor 5 is no shared memory (%s); packbench starts this program.\n",
                 std::strerror(errno));
    return kUsage;
  }
  const ElfImage::Loaded loaded = ElfImage::load(image_path);
  if (!loaded.error.empty()) {
    const std::string last_words = "no " + loaded.error;
    [[maybe_unused]] const ssize_t written = ::write(kControlFd, last_words.data(), last_words.size());
    return 1;
  }
  Stm32 machine(loaded.image, board, pace);
  return Service(machine, kLineFd, kControlFd, *static_cast<Pins*>(memory)).serve();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A firmware image on an emulated STM32; the other end of packbench's device kind stm32:");
  std::string image, board_name = "h753";
  bool paced = false;
  app.add_option("--image", image, "ELF file of the firmware")->required();
  app.add_option("--board", board_name, "h753 (NUCLEO-H753ZI) or f405")->check(CLI::IsMember({"h753", "f405"}));
  app.add_flag("--paced", paced, "every byte takes its time on the wire, and can overrun the one before");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  return serve(image, *find_board(board_name), paced ? Wire::Pace::by_baud : Wire::Pace::as_fast_as_read);
}
