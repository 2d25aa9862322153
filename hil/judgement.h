// How a run's verdict and reason follow from its checks and phases, with or without a device.
#pragma once

#include <string>

#include "hil/run_result.h"
#include "sim/checks/check.h"
#include "sim/language/scenario.h"

namespace packbench::hil {

// A check that nobody looked at, with the reason as its detail.
sim::CheckResult unjudged(const sim::CheckSpec& spec, sim::Verdict verdict, const std::string& why);

// The worst check in a sentence, or how many passed.
std::string reason_from_checks(const RunResult& result);

// Why a phase that ended at its limit was not what the scenario asked for.
std::string limit_reason(const sim::PhaseRecord& phase);

// For a run whose phases drive something.
inline constexpr char kDrivenNote[] =
    "Driven quantities override the cell model in the drive phases; the energy balance is suspended there.";

// Lowers a verdict that is not a fail to inconclusive.
void cannot_judge(RunResult& result, const std::string& why);

}  // namespace packbench::hil
