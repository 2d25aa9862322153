// Starting packbench-stm32: its options, its image and its three descriptors.
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "hil/transport/firmware_image.h"
#include "hil/transport/stm32_transport.h"

namespace packbench::hil {
namespace {

namespace fs = std::filesystem;

constexpr int kLineFd = 3, kControlFd = 4, kPinsFd = 5;

struct Pair {
  UniqueFd bench, emulator;
};

bool make(Pair& pair, int type) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;
  pair.bench.reset(ends[0]);
  pair.emulator.reset(ends[1]);
  return true;
}

std::string set_option(std::string_view option, Stm32Settings& settings) {
  const std::size_t equals = option.find('=');
  const std::string key(option.substr(0, equals));
  const std::string value(equals == std::string_view::npos ? "" : option.substr(equals + 1));
  if (key == "image" || key == "program" || key == "coverage") {
    (key == "image" ? settings.image : key == "program" ? settings.program : settings.coverage) = value;
    return value.empty() ? key + "= needs a file." : "";
  }
  if (key == "board") {
    settings.board = value;
    return value == "h753" || value == "f405" ? "" : "board=" + value + " is unknown (expected h753 or f405).";
  }
  if (key == "paced") {
    settings.paced = value == "yes";
    return value == "yes" || value == "no" ? "" : "paced=" + value + " is not understood (expected yes or no).";
  }
  return "unknown option '" + key + "' (expected board=, image=, paced=, coverage= or program=).";
}

std::string find_program(const std::string& executable) {
  std::error_code error;
  const fs::path packbench = fs::canonical(executable.empty() ? "/proc/self/exe" : executable, error);
  const fs::path beside = packbench.parent_path() / "packbench-stm32";
  return !error && fs::is_regular_file(beside, error) ? beside.string() : "";
}

std::vector<std::string> command_line(const Stm32Settings& settings, const std::string& program,
                                      const std::string& image) {
  std::vector<std::string> words{program, "--image", image, "--board", settings.board};
  if (settings.paced) words.emplace_back("--paced");
  return words;
}

}  // namespace

std::variant<Stm32Settings, std::string> parse_stm32_settings(std::string_view text) {
  Stm32Settings settings;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    if (std::string trouble = set_option(text.substr(0, comma), settings); !trouble.empty()) return "stm32: " + trouble;
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return settings;
}

OpenedTransport open_stm32(const Stm32Settings& settings, const std::string& executable) {
  const std::string program = settings.program.empty() ? find_program(executable) : settings.program;
  if (program.empty())
    return OpenedTransport::missing(
        "stm32: needs the program packbench-stm32, which the build makes when libunicorn-dev is installed "
        "('./bench firmware').");
  const std::string image =
      settings.image.empty() ? find_firmware_image("stm32" + settings.board, executable) : settings.image;
  if (image.empty()) {
    return OpenedTransport::missing("stm32: needs the image packbench-stm32" + settings.board +
                                    ".elf, which the build makes when gcc-arm-none-eabi is installed "
                                    "('./bench firmware').");
  }
  Pair line, control;
  auto pins = Stm32Transport::Pins::make("packbench-pins");
  if (!pins || !make(line, SOCK_STREAM) || !make(control, SOCK_SEQPACKET))
    return OpenedTransport::failed(std::string("cannot make a line to the emulator: ") + std::strerror(errno) + ".");
  const std::array placements{FdPlacement{line.emulator.get(), kLineFd},
                              FdPlacement{control.emulator.get(), kControlFd}, FdPlacement{pins.fd(), kPinsFd}};
  survive_broken_pipes();
  ChildProcess::Started emulator = ChildProcess::start(command_line(settings, program, image), placements);
  if (!emulator.error.empty()) return OpenedTransport::failed(std::move(emulator.error));
  line.emulator.reset();
  control.emulator.reset();
  auto transport = std::make_unique<Stm32Transport>(ChildLine{std::move(emulator.child), std::move(line.bench), ""},
                                                    std::move(control.bench), std::move(pins), settings.coverage);
  if (std::string why = transport->power_on(); !why.empty()) {
    if (why.ends_with('.')) why.pop_back();
    return OpenedTransport::failed("the emulated STM32 does not start: " + why + ".");
  }
  OpenedTransport opened;
  opened.transport = std::move(transport);
  return opened;
}

}  // namespace packbench::hil
