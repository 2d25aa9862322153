// Ctrl-C and its relatives: the first signal ends the runs at their next step, with teardown and report; a second one
// ends the program at once.
#pragma once

#include <csignal>

namespace packbench::hil {

// SIGINT, SIGTERM and SIGHUP, where whoever started the program has not switched them off (nohup, a job in the
// background). A broken pipe and a file-size limit become errors of write(), not the end of the program.
void listen_to_signals();

// The number of the signal that came, else 0.
const volatile std::sig_atomic_t* interruption();

}  // namespace packbench::hil
