// The groups of checks, in the order in which they are made.
#pragma once

#include <string>
#include <vector>

#include "hil/api/probe/findings.h"
#include "hil/api/probe/session.h"

namespace packbench::hil::api::probe {

// Whether there is a Device API that can be asked for more.
bool judge_reach(Session& session, Findings& findings, Report& report);
// False: the key is not accepted.
bool judge_auth(Session& session, Findings& findings);
// The devices to look at.
std::vector<std::string> judge_devices(Session& session, Findings& findings);
// Windows, order, records, gaps and freshness of one device; how many records there were to judge.
std::size_t judge_telemetry(Session& session, Findings& findings, const std::string& device_id);
// What a wrong request gets.
void judge_refusals(Session& session, Findings& findings, const std::string& device_id);
// How much the instance gives at once, and whether its pages are whole.
void judge_limits(Session& session, Findings& findings, const std::string& device_id, Report& report);
// Registers a device.
void judge_writing(Session& session, Findings& findings);
void judge_clock(Session& session, Findings& findings);
void judge_latency(const Session& session, Findings& findings, Report& report);

}  // namespace packbench::hil::api::probe
