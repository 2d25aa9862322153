// JUnit XML in the shape that Jenkins, GitLab and GitHub actions read (tests/hil/report/junit.xsd).
//
// One testsuite per run (scenario x device), one testcase per check. fail: <failure>; inconclusive: <error>; skipped:
// <skipped>. A run without checks, or one that failed outside them, has a testcase "run". Checks of a run are judged
// together, so each testcase gets an equal share of the run's wall time.
#pragma once

#include <string>

#include "hil/run_result.h"

namespace packbench::hil {

std::string junit_text(const SessionResult& session);

}  // namespace packbench::hil
