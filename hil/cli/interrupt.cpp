#include "hil/cli/interrupt.h"

#include <initializer_list>

namespace packbench::hil {
namespace {

volatile std::sig_atomic_t g_signal = 0;

void on_signal(int number) {
  g_signal = number;
  std::signal(number, SIG_DFL);
}

void listen_to(int number) {
  if (std::signal(number, on_signal) == SIG_IGN) std::signal(number, SIG_IGN);
}

}  // namespace

void listen_to_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) listen_to(number);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

const volatile std::sig_atomic_t* interruption() { return &g_signal; }

}  // namespace packbench::hil
