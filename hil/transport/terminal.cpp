#include "hil/transport/terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <array>

namespace packbench::hil {

bool make_raw(int fd) {
  termios settings{};
  if (::tcgetattr(fd, &settings) != 0) return false;
  ::cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  return ::tcsetattr(fd, TCSANOW, &settings) == 0;
}

std::optional<PtyPair> open_pty_pair() {
  PtyPair pair;
  pair.master = UniqueFd(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!pair.master || ::unlockpt(pair.master.get()) != 0) return std::nullopt;
  // TIOCGPTPEER opens the slave by the master, whatever /dev/pts a container shows.
  pair.slave = UniqueFd(::ioctl(pair.master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!pair.slave || !make_raw(pair.slave.get())) return std::nullopt;
  std::array<char, 128> path{};
  if (::ptsname_r(pair.master.get(), path.data(), path.size()) != 0) return std::nullopt;
  pair.slave_path = path.data();
  return pair;
}

}  // namespace packbench::hil
