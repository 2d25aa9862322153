// --trace-period and --no-csv, for every command that leaves traces.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "sim/trace/trace.h"

namespace packbench::hil {

struct TraceChoice {
  std::string period;  // a time such as 10 s; empty: every sample
  bool no_csv = false;

  sim::TraceOptions options() const;
  std::string text() const;  // as on a command line: " --trace-period '10 s'"
};

void add_trace_options(CLI::App& command, TraceChoice& choice);

// A time as text, above zero.
CLI::Validator time_above_zero();

}  // namespace packbench::hil
