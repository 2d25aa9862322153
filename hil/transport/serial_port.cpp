#include "hil/transport/serial_port.h"

#include <fcntl.h>
#include <grp.h>
#include <libserialport.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "hil/transport/fd_transport.h"
#include "hil/transport/holders.h"
#include "hil/transport/serial_list.h"

namespace packbench::hil {
namespace {

struct ClosePort {
  void operator()(sp_port* port) const {
    sp_close(port);
    sp_free_port(port);
  }
};
using Port = std::unique_ptr<sp_port, ClosePort>;

class SerialTransport : public FdTransport {
 public:
  SerialTransport(Port port, UniqueFd fd, const SerialSettings& settings)
      : FdTransport(std::move(fd), "the serial port '" + settings.path + "' vanished"),
        port_(std::move(port)),
        baud_(settings.baud) {}
  int baud() const override { return baud_; }
  void close() override {
    FdTransport::close();
    port_.reset();
  }

 private:
  Port port_;
  int baud_;
};

bool is_pseudo_terminal(const struct stat& status) {
  const unsigned number = major(status.st_rdev);
  return number >= 136 && number <= 143;  // Linux: Unix98 pty slaves
}

std::string group_name(gid_t group) {
  const struct group* entry = ::getgrgid(group);
  return entry ? entry->gr_name : std::to_string(group);
}

std::string no_permission(const std::string& path, const struct stat& status) {
  const std::string group = group_name(status.st_gid);
  return "no permission to use '" + path + "': it belongs to the group '" + group +
         "'. Serial ports are usually open to the " + "group dialout: 'sudo usermod -aG " + group +
         " $USER', then log in again.";
}

std::string last_words() {
  char* message = sp_last_error_message();
  std::string text = message ? message : "unknown error";
  sp_free_error_message(message);
  return text;
}

// Errors of libserialport as a sentence, or nothing.
std::string complaint(sp_return result, const std::string& path, const std::string& doing) {
  if (result >= SP_OK) return "";
  return "cannot " + doing + " of the serial port '" + path +
         "': " + (result == SP_ERR_FAIL ? last_words() : "not supported") + ".";
}

std::string set_rate(sp_port* port, const SerialSettings& settings) {
  std::string wrong =
      complaint(sp_set_baudrate(port, settings.baud), settings.path, "set the rate " + std::to_string(settings.baud));
  if (!wrong.empty()) return wrong;
  sp_port_config* config = nullptr;
  if (sp_new_config(&config) != SP_OK) return "";
  int actual = settings.baud;
  if (sp_get_config(port, config) == SP_OK) sp_get_config_baudrate(config, &actual);
  sp_free_config(config);
  // 8N1 tolerates about 2 % between the ends.
  if (actual < 0 || std::abs(actual - settings.baud) <= settings.baud / 50) return "";
  return "the serial port '" + settings.path + "' cannot run at " + std::to_string(settings.baud) +
         " baud; the nearest that it took is " + std::to_string(actual) + ".";
}

std::string set_up(sp_port* port, const SerialSettings& settings) {
  std::string wrong = set_rate(port, settings);
  const auto step = [&](sp_return result, const char* doing) {
    if (wrong.empty()) wrong = complaint(result, settings.path, doing);
  };
  step(sp_set_bits(port, 8), "set the data bits");
  step(sp_set_parity(port, SP_PARITY_NONE), "set the parity");
  step(sp_set_stopbits(port, 1), "set the stop bits");
  step(sp_set_flowcontrol(port, SP_FLOWCONTROL_NONE), "switch off the flow control");
  if (!settings.dtr) step(sp_set_dtr(port, SP_DTR_OFF), "lower DTR");
  if (!settings.rts) step(sp_set_rts(port, SP_RTS_OFF), "lower RTS");
  step(sp_flush(port, SP_BUF_BOTH), "empty the buffers");
  return wrong;
}

std::string busy(const std::string& path) { return "the serial port '" + path + "' is busy" + held_by(path) + "."; }

// For this bench alone; also against programs that look for neither.
std::string take_alone(int fd, const std::string& path) {
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return busy(path);
  ::ioctl(fd, TIOCEXCL);
  return "";
}

}  // namespace

std::string serial_port_obstacle(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) return "cannot look at '" + path + "': " + strerror(errno) + ".";
    return "there is no serial port '" + path + "'; " + serial_ports_in_words() + ".";
  }
  if (S_ISDIR(status.st_mode))
    return "'" + path + "' is a directory, not a serial port; " + serial_ports_in_words() + ".";
  if (!S_ISCHR(status.st_mode)) return "'" + path + "' is a file, not a serial port; " + serial_ports_in_words() + ".";
  if (is_pseudo_terminal(status))
    return "'" + path + "' is a pseudo-terminal, not a serial port; use pty:" + path + ".";
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  if (error || !std::filesystem::exists("/sys/class/tty/" + real.filename().string() + "/device", error)) {
    return "'" + path + "' is not a serial port; " + serial_ports_in_words() + ".";
  }
  if (::faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) != 0) return no_permission(path, status);
  if (!holders_of(path).empty()) return busy(path);
  return "";
}

OpenedTransport open_serial(const SerialSettings& settings) {
  if (std::string obstacle = serial_port_obstacle(settings.path); !obstacle.empty())
    return OpenedTransport::failed(std::move(obstacle));
  // libserialport knows ports by their own names only, not by the links below /dev/serial.
  const std::string real = std::filesystem::canonical(settings.path);
  sp_port* raw = nullptr;
  if (sp_get_port_by_name(real.c_str(), &raw) != SP_OK) {
    return OpenedTransport::failed("'" + settings.path + "' is not a serial port that can be used; " +
                                   serial_ports_in_words() + ".");
  }
  if (sp_open(raw, SP_MODE_READ_WRITE) != SP_OK) {
    const bool taken = sp_last_error_code() == EBUSY;
    const std::string why = last_words();
    sp_free_port(raw);
    return OpenedTransport::failed(taken ? busy(settings.path)
                                         : "cannot open the serial port '" + settings.path + "': " + why + ".");
  }
  Port port(raw);
  int handle = -1;
  sp_get_port_handle(raw, &handle);
  std::string wrong = take_alone(handle, settings.path);
  if (wrong.empty()) wrong = set_up(raw, settings);
  if (!wrong.empty()) return OpenedTransport::failed(std::move(wrong));
  OpenedTransport opened;
  opened.transport =
      std::make_unique<SerialTransport>(std::move(port), UniqueFd(::fcntl(handle, F_DUPFD_CLOEXEC, 0)), settings);
  return opened;
}

}  // namespace packbench::hil
