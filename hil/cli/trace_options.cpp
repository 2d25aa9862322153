#include "hil/cli/trace_options.h"

#include <cmath>
#include <optional>
#include <variant>

#include <fmt/format.h>

#include "hil/session.h"
#include "sim/quantity.h"

namespace packbench::hil {
namespace {

std::optional<sim::TimeNs> time_of(const std::string& text) {
  const auto parsed = sim::parse_quantity(text);
  const auto* quantity = std::get_if<sim::Quantity>(&parsed);
  const bool is_time = quantity != nullptr && quantity->dimension == sim::Dimension::time;
  if (!is_time || !(quantity->value >= 1e-9 && quantity->value < 1e9)) return std::nullopt;
  return static_cast<sim::TimeNs>(std::llround(quantity->value * 1e9));
}

}  // namespace

CLI::Validator time_above_zero() {
  return {[](std::string& text) {
            if (time_of(text)) return std::string();
            return fmt::format("'{}' is not usable (expected a time above zero, such as 10 s or '1 min')", text);
          },
          ""};
}

sim::TraceOptions TraceChoice::options() const { return {.csv = !no_csv, .period = time_of(period).value_or(0)}; }

std::string TraceChoice::text() const {
  return (period.empty() ? "" : " --trace-period " + shell_quoted(period)) + (no_csv ? " --no-csv" : "");
}

void add_trace_options(CLI::App& command, TraceChoice& choice) {
  command
      .add_option("--trace-period", choice.period,
                  "least time between two rows of trace and plots, as in '10 s' (default: every step; checks see all)")
      ->check(time_above_zero())
      ->type_name("TIME");
  command.add_flag("--no-csv", choice.no_csv, "traces as HDF5 only");
}

}  // namespace packbench::hil
