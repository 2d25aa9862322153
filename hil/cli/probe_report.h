// What a probe found, for people and for machines.
#pragma once

#include <string>

#include "hil/api/probe/probe.h"

namespace packbench::hil {

enum class Colours { off, on };

// By group: a line per finding; then what was discovered, and a summary.
std::string probe_text(const api::probe::Report& report, Colours colours);
// {"schema":1,"packbench","url","quirks","read_only","started","wall_s","verdict","reason","certificate_verified",
// "records","unreached","interrupted","summary":{...},"limits":{...},"latency_ms":{...},"findings":[{"check","device",
// "verdict","detail"}]}; null where there is none. Members may be added under that number, none changes or goes.
std::string probe_json(const api::probe::Report& report);
// A testsuite per group, a testcase per finding; a warning passes and stands in the output. What could not be judged as
// a whole is an error, in a testcase of its own.
std::string probe_junit(const api::probe::Report& report);

// "pass", "fail" or "inconclusive": no record could be judged, or the probe ended early.
std::string probe_verdict(const api::probe::Report& report);

}  // namespace packbench::hil
