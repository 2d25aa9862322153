#include "hil/report/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace packbench::hil {
namespace {

std::string sentence(const std::string& what, const std::filesystem::path& path, int errno_value) {
  return what + " " + path.string() + ": " + std::generic_category().message(errno_value) + ".";
}

// 0 or an errno.
int write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

int write_file(const std::filesystem::path& path, std::string_view content, int flags) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, 0644);
  if (descriptor < 0) return errno;
  const int error = write_all(descriptor, content);
  const int close_error = ::close(descriptor) != 0 ? errno : 0;
  return error != 0 ? error : close_error;
}

// Where a link points to, so that the link stays one.
std::filesystem::path behind_link(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::path target = std::filesystem::read_symlink(path, error);
  return error ? path : path.parent_path() / target;
}

}  // namespace

bool is_stream(const std::filesystem::path& path) {
  const std::string name = path.string();
  if (name == "/dev/stdout" || name == "/dev/stderr" || name.starts_with("/dev/fd/") ||
      name.starts_with("/proc/self/fd/"))
    return true;
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  return std::filesystem::is_character_file(status) || std::filesystem::is_fifo(status);
}

std::string write_whole_file(const std::filesystem::path& path, std::string_view content, std::string_view what) {
  const std::string thing(what);
  std::error_code error;
  if (is_stream(path)) {
    const int stream_error = write_file(path, content, O_APPEND);
    return stream_error == 0 ? "" : sentence("The " + thing + " could not be written:", path, stream_error);
  }
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  if (error) return sentence("The folder of a " + thing + " could not be created:", path.parent_path(), error.value());
  const std::filesystem::path file = behind_link(path);
  std::filesystem::path partial = file;
  partial += ".partial";
  const int write_error = write_file(partial, content, O_CREAT | O_TRUNC);
  if (write_error == 0) std::filesystem::rename(partial, file, error);
  if (write_error == 0 && !error) return {};
  std::error_code ignored;
  std::filesystem::remove(partial, ignored);
  return sentence("The " + thing + " could not be written:", path, write_error != 0 ? write_error : error.value());
}

}  // namespace packbench::hil
