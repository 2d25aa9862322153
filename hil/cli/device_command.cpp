#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include <fmt/format.h>

#include "hil/cli/command.h"
#include "hil/cli/usage_error.h"
#include "hil/firmware/core/defects.h"
#include "hil/firmware/host/profile_bytes.h"
#include "hil/link/emulated_device.h"
#include "hil/transport/frozen_process.h"
#include "hil/transport/shared_memory.h"
#include "hil/transport/terminal.h"
#include "sim/language/bms_profile_reader.h"
#include "sim/language/profile_search.h"

namespace packbench::hil {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string link = "pty", dialect = "packlink", profile;
  int retained_fd = -1;
  EmulatedDeviceOptions device;
};

int usage(const std::string& what) {
  fmt::print(stderr, "packbench device: {}\n", what);
  return kExitUsage;
}

// Nothing is held that would have to be given back.
void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { _exit(kExitPass); };
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(number, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

bool known_defect(const std::string& name) {
  for (std::size_t i = 0; i < firmware::kDefectCount; ++i) {
    if (firmware::kDefects[i].name == name) return true;
  }
  return false;
}

std::string defect_names() {
  std::string names;
  for (std::size_t i = 0; i < firmware::kDefectCount; ++i)
    names += (i == 0 ? "" : ", ") + std::string(firmware::kDefects[i].name);
  return names;
}

// False, with every problem printed, when the profile cannot be used.
bool read_profile(const std::string& name, EmulatedDeviceOptions& device) {
  const auto found = sim::find_profile("bms", name, fs::current_path(), sim::default_data_dir(), {}, "--profile");
  if (const auto* problem = std::get_if<sim::Problem>(&found)) {
    usage(problem->text());
    return false;
  }
  const auto read = sim::read_bms_profile(std::get<fs::path>(found));
  if (const auto* problems = std::get_if<sim::Problems>(&read)) {
    for (const sim::Problem& problem : *problems) fmt::print(stderr, "{}\n", problem.text());
    return false;
  }
  device.profile = firmware::encode_profile(std::get<sim::BmsProfile>(read));
  device.cells = std::get<sim::BmsProfile>(read).cells;
  return true;
}

int serve_pty(EmulatedDevice& device) {
  // The slave stays open here, so that a bench may come and go.
  const std::optional<PtyPair> pty = open_pty_pair();
  if (!pty) {
    fmt::print(stderr, "packbench device: cannot make a pseudo-terminal: {}.\n", strerror(errno));
    return kExitInternal;
  }
  fmt::print("{}\n", pty->slave_path);
  std::fflush(stdout);
  device.serve(pty->master.get(), pty->master.get());
  return kExitPass;
}

std::optional<int> descriptor_of(std::string_view link) {
  int fd = -1;
  const std::string_view digits = link.substr(3);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), fd);
  if (error != std::errc() || end != digits.data() + digits.size() || fd < 0) return std::nullopt;
  return fd;
}

int serve_fd(EmulatedDevice& device, const std::string& link) {
  const std::optional<int> fd = descriptor_of(link);
  if (!fd) return usage(fmt::format("--link {} names no descriptor (expected fd:N, as in fd:3).", link));
  make_raw(*fd);  // when it is a terminal
  device.serve(*fd, *fd);
  return kExitPass;
}

int run_device(Options options) {
  if (options.dialect != "packlink")
    return usage(fmt::format("the dialect '{}' is unknown (expected packlink).", options.dialect));
  if (!options.device.defect.empty() && !known_defect(options.device.defect)) {
    return usage(
        fmt::format("the defect '{}' is unknown (expected one of {}).", options.device.defect, defect_names()));
  }
  if (!options.profile.empty() && !read_profile(options.profile, options.device)) return kExitUsage;
  stop_on_signals();
  if (options.device.control >= 0)
    options.device.reset_reason =
        freeze(options.device.control, {.reset_reason = options.device.reset_reason, .variable = {}}).reset_reason;
  const auto memory = SharedMemory<RetainedMemory>::of(UniqueFd(options.retained_fd));
  if (memory) options.device.memory = &*memory;
  EmulatedDevice device(options.device);
  if (const std::string trouble = device.prepare(); !trouble.empty()) return usage(trouble);
  if (options.link == "pty") return serve_pty(device);
  if (options.link.starts_with("fd:")) return serve_fd(device, options.link);
  if (options.link != "stdio")
    return usage(fmt::format("--link {} is unknown (expected pty, stdio or fd:N).", options.link));
  device.serve(STDIN_FILENO, STDOUT_FILENO);
  return kExitPass;
}

}  // namespace

void add_device_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("device", "run the emulated BMS alone, for any bench to talk to");
  auto options = std::make_shared<Options>();
  command->add_option("--link", options->link, "pty (its path is the first line printed), stdio or fd:N")
      ->type_name("LINK")
      ->capture_default_str();
  command->add_option("--dialect", options->dialect, "what it speaks: packlink")
      ->type_name("NAME")
      ->capture_default_str();
  command
      ->add_option("--profile", options->profile,
                   "BMS profile, a name or a file; without it the device waits for the bench's")
      ->type_name("NAME");
  command->add_option("--defect", options->device.defect, "a deliberate defect (packbench list --defects)")
      ->type_name("NAME");
  command->add_flag("--realtime", options->device.realtime,
                    "free-running by the wall clock instead of in lockstep with a bench");
  command->add_option("--boot-count", options->device.boot_count, "boots so far, this one included")
      ->check(whole_number(1, 4294967295))
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("--reset-reason", options->device.reset_reason,
                   "code of the reason of this boot, 0 power on to 4 external")
      ->check(whole_number(0, 4))
      ->type_name("CODE")
      ->default_str("0");
  // native: memory that outlives this process, and the bench's hand on it, by descriptors that the bench gave it.
  command->add_option("--retained", options->retained_fd)->group("");
  command->add_option("--control", options->device.control)->group("");
  command->final_callback([options, &exit_code] { exit_code = run_device(*options); });
}

}  // namespace packbench::hil
