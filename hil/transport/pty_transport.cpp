#include "hil/transport/pty_transport.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>

#include <cerrno>

#include "hil/transport/fd_transport.h"
#include "hil/transport/holders.h"
#include "hil/transport/terminal.h"

namespace packbench::hil {

OpenedTransport open_pty(const std::string& path) {
  if (path.empty()) return OpenedTransport::wrong("pty: needs a path, as in pty:/dev/pts/3.");
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return OpenedTransport::failed("cannot open the pseudo-terminal '" + path + "': " + strerror(errno) + ".");
  if (::isatty(fd.get()) == 0) {
    return OpenedTransport::failed("'" + path +
                                   "' is not a terminal; pty: expects the path that 'packbench device' prints, " +
                                   "such as /dev/pts/3.");
  }
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    return OpenedTransport::failed("the pseudo-terminal '" + path + "' is busy: another bench uses it" + held_by(path) +
                                   ".");
  }
  if (!make_raw(fd.get())) {
    return OpenedTransport::failed("cannot make '" + path + "' a raw line: " + strerror(errno) + ".");
  }
  ::tcflush(fd.get(), TCIOFLUSH);
  OpenedTransport opened;
  opened.transport = std::make_unique<FdTransport>(std::move(fd), "the other end of '" + path + "' was closed");
  return opened;
}

}  // namespace packbench::hil
