// pty:/path: attaches to something that already runs behind a pseudo-terminal.
#pragma once

#include <string>

#include "hil/transport/open_transport.h"

namespace packbench::hil {

// Makes the terminal raw, locks it against a second bench and throws away what earlier users left in it.
OpenedTransport open_pty(const std::string& path);

}  // namespace packbench::hil
