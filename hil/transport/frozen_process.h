// A process that stands still so that copies of it can go on from where it is: the snapshots of `native:`.
//
// freeze() returns in a copy only (fork), at once and again in a new copy each time the bench wakes the frozen process
// by SIGUSR1 with a request on the control socket. Copies that the bench ends, by SIGUSR2, are reaped; one that ends in
// any other way has crashed or lost its line, and the frozen process ends in the same way, and so all up to the first.
// A copy dies with the process that it is a copy of, and so with the bench.
#pragma once

#include <signal.h>

#include "hil/transport/machine_control.h"

namespace packbench::hil {

inline constexpr int kWake = SIGUSR1, kEnd = SIGUSR2;

// What the copy was woken for: `request` in the first one.
ControlRequest freeze(int control, ControlRequest request);

}  // namespace packbench::hil
