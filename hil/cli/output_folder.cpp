#include "hil/cli/output_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "hil/report/output_file.h"

namespace packbench::hil {
namespace {

std::string try_writing(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fmt::format("the folder '{}' cannot be created: {}", folder.string(), error.message());
  const std::filesystem::path probe = folder / fmt::format(".packbench-probe-{}", ::getpid());
  const int file = ::open(probe.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return fmt::format("the folder '{}' is not writable: {}", folder.string(), std::strerror(errno));
  const bool written = ::write(file, "x", 1) == 1;
  const std::string reason = written ? "" : std::strerror(errno);
  ::close(file);
  ::unlink(probe.c_str());
  return written ? "" : fmt::format("nothing can be written to the folder '{}': {}", folder.string(), reason);
}

}  // namespace

std::string prepare_output(const std::filesystem::path& out) { return out.empty() ? "" : try_writing(out / "traces"); }

std::string prepare_file(std::string_view option, const std::filesystem::path& file) {
  if (file.empty() || is_stream(file)) return "";
  if (std::filesystem::is_directory(file))
    return fmt::format("{} '{}' is a folder (expected a file)", option, file.string());
  const std::filesystem::path folder = file.parent_path();
  return try_writing(folder.empty() ? std::filesystem::path(".") : folder);
}

}  // namespace packbench::hil
