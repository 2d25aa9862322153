// Runs a compiled formula sample by sample: truth and margin together.
#pragma once

#include <span>
#include <vector>

#include "sim/checks/program.h"
#include "sim/checks/scored.h"
#include "sim/checks/windows.h"

namespace packbench::sim {

class Evaluator {
 public:
  Evaluator(const Expression& formula, const SignalLayout& layout, TimeNs step);

  // Valid until the next step. Does not allocate, except once where samples come faster than `step` said.
  const Scored& step(TimeNs now, std::span<const double> frame);
  // Whether a signal that the formula reads has no value in this frame.
  bool lacks_a_value(std::span<const double> frame) const;
  const Atom& atom(int index) const { return program_.atoms[static_cast<std::size_t>(index)]; }

 private:
  struct Inputs;
  void run_number(const Instruction& instruction, const Inputs& in);
  void run_over_time(const Instruction& instruction, const Inputs& in);
  Scored run_truth(const Instruction& instruction, const Inputs& in);
  Scored run_order(const Instruction& instruction, double a, double b) const;
  Scored run_equality(const Instruction& instruction, double a, double b) const;
  Scored run_edge(const Instruction& instruction, double value);

  Program program_;
  std::vector<double> numbers_;
  std::vector<Scored> truths_;
  std::vector<History> histories_;
  std::vector<HeldWindow> held_;
  std::vector<double> last_values_;
};

}  // namespace packbench::sim
