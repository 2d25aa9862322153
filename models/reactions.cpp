#include "models/reactions.h"

#include <cmath>

#include "models/deterministic_math.h"

namespace packbench::models {
namespace {

constexpr double kPerKilogram = 1.0 / 2580.0;  // jelly roll, m3/kg
constexpr double kInhibition = 0.75 / 0.033;   // amount of lithium over reference thickness

Reaction cathode(double heat_J_per_kg, double frequency_per_s, double activation_J_per_mol) {
  const double seed = 0.04;
  return {.name = "cathode and solvent",
          .heat_J_per_kg = heat_J_per_kg * 1221 * (1 - seed) * kPerKilogram,
          .frequency_per_s = frequency_per_s,
          .activation_J_per_mol = activation_J_per_mol,
          .autocatalytic_seed = seed,
          .inhibition = 0,
          .charge_share = 1};
}

RunawayParameters with(const Reaction& cathode) {
  RunawayParameters runaway;
  runaway.reactions = {
      {"SEI layer", 257e3 * 610.4 * 0.15 * kPerKilogram, 1.667e15, 1.3508e5, 1, 0, 0},
      {"anode and solvent", 1714e3 * 610.4 * 0.75 * kPerKilogram, 2.5e13 * exp(-1.0), 1.3508e5, 1, kInhibition, 1},
      cathode,
      {"electrolyte", 155e3 * 406.9 * kPerKilogram, 5.14e25, 2.74e5, 1, 0, 0}};
  return runaway;
}

bool at_least(double value, double least) { return std::isfinite(value) && value >= least; }

void check(const Reaction& reaction, std::vector<std::string>& problems) {
  const std::string who = "The reaction '" + reaction.name + "' ";
  if (!at_least(reaction.heat_J_per_kg, 0)) problems.push_back(who + "must not have a heat below 0 J/kg.");
  if (!at_least(reaction.frequency_per_s, 0)) problems.push_back(who + "must not have a frequency below 0 1/s.");
  if (!at_least(reaction.activation_J_per_mol, 0)) {
    problems.push_back(who + "must not have an activation energy below 0 J/mol.");
  }
  if (!(reaction.autocatalytic_seed > 0 && reaction.autocatalytic_seed <= 1)) {
    problems.push_back(who + "must have an autocatalytic seed above 0 and at most 1.");
  }
  if (!(reaction.charge_share >= 0 && reaction.charge_share <= 1)) {
    problems.push_back(who + "must have a charge share of 0 to 1.");
  }
  if (!at_least(reaction.inhibition, 0)) problems.push_back(who + "must not have an inhibition below 0.");
}

}  // namespace

double reaction_rate_per_s(const Reaction& reaction, double alpha, double temperature_degC) {
  const double kelvin = temperature_degC + 273.15;
  const double speed =
      reaction.frequency_per_s *
      exp(-reaction.activation_J_per_mol / (kGasConstant_J_per_molK * kelvin) - reaction.inhibition * alpha);
  const double seed = reaction.autocatalytic_seed;
  return speed * (1.0 - alpha) * (seed + (1.0 - seed) * alpha);
}

RunawayParameters runaway_lco() { return with(cathode(314e3, 6.667e13, 1.396e5)); }
RunawayParameters runaway_nmc() { return with(cathode(790e3, 2.25e14, 1.54e5)); }
RunawayParameters runaway_lfp() { return with(cathode(194.7e3, 2.0e8, 1.03e5)); }

std::vector<std::string> problems_of(const RunawayParameters& runaway) {
  std::vector<std::string> problems;
  if (runaway.reactions.size() > kMaxReactions) {
    problems.push_back("A cell must have at most " + std::to_string(kMaxReactions) + " reactions, but has " +
                       std::to_string(runaway.reactions.size()) + ".");
  }
  for (const Reaction& reaction : runaway.reactions) check(reaction, problems);
  if (!std::isfinite(runaway.collapse_degC))
    problems.emplace_back("The separator must collapse at a finite temperature.");
  if (!(at_least(runaway.collapse_width_K, 0) && runaway.collapse_width_K > 0)) {
    problems.emplace_back("The separator must collapse over a width above 0 K.");
  }
  if (!at_least(runaway.collapse_ohm, 0)) {
    problems.emplace_back("The resistance across a collapsed separator must not be below 0 ohm.");
  }
  return problems;
}

}  // namespace packbench::models
