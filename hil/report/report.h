// Reports of a session: DIR/results.json, DIR/junit.xml and DIR/report.html, all from one SessionResult.
//
// Each file is written beside its name and renamed, so a reader never sees half of one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "hil/run_result.h"

namespace packbench::hil {

// fail before inconclusive before pass; without a single pass: inconclusive. Skipped runs do not count, but
// simulations without anything to judge are skipped together.
sim::Verdict session_verdict(const SessionResult& session);

// Writes the three reports into `out` (created where missing; empty: none) and the JUnit file to `junit_file` as well.
// Returns an error sentence that names the file, or an empty text. Every file that can be written is.
[[nodiscard]] std::string write_reports(const SessionResult& session, const std::filesystem::path& out,
                                        const std::optional<std::filesystem::path>& junit_file);

}  // namespace packbench::hil
