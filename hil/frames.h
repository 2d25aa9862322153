// Between a frame of signals (SI doubles) and packlink's fixed-point structs.
#pragma once

#include "hil/device.h"
#include "hil/packlink/messages.h"
#include "sim/plant/plant.h"
#include "sim/signals.h"
#include "sim/time.h"

namespace packbench::hil {

// sensed.* of the frame as MEASUREMENTS of time `now`. NaN becomes the reserved "no reading" value; a value outside its
// field is clamped to what the field holds.
packlink_measurements_t to_measurements(const sim::Frame& frame, sim::TimeNs now);

// What the device last reported, into device.* of the frame.
void write_device(const DeviceReport& report, sim::Frame& frame);

void write_link(const LinkCounters& counters, sim::Frame& frame);

// ACTUATORS moves the plant.
sim::Actuators to_actuators(const packlink_actuators_t& outputs);

}  // namespace packbench::hil
