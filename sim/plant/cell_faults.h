// What can be wrong with a cell, as physics: each changes a condition of the cell model (models/pack.h), none a signal.
//
// Faults of one kind on one cell add up (factors multiply), and the end of one takes back what it brought, so that
// damage that the cell has done to itself meanwhile (ageing, a collapsed separator) stays. An imbalance is an event:
// its charge moves when it begins, and nothing moves back.
#pragma once

#include <optional>
#include <string_view>

#include "models/pack.h"

namespace packbench::sim {

enum class CellFault {
  internal_short,     // value in ohm, between the electrodes
  self_discharge,     // A at the present open-circuit voltage, as a conductance
  capacity_loss,      // share of the present capacity
  joint_resistance,   // ohm, in series with the cell, in its sensed voltage
  resistance_factor,  // the cell's resistances times this
  imbalance,          // state of charge added at once
  heater,             // W into the surface
};

// Of the word in the catalogue.
std::optional<CellFault> cell_fault(std::string_view word);

// Begins (or ends) the fault of a position of the pack, all its members alike: a conductance or a power is that of one
// member divided by their number. `brought` is what begin gave back. Throws std::invalid_argument for a value that
// makes no sense, such as a resistance of 0.
class CellFaultEffect {
 public:
  CellFaultEffect(CellFault fault, int position, double value) : fault_(fault), position_(position), value_(value) {}

  CellFault fault() const { return fault_; }
  int position() const { return position_; }
  double value() const { return value_; }

  void begin(const models::Pack& pack, models::PackState& state);
  void end(const models::Pack& pack, models::PackState& state) const;

 private:
  void apply(const models::Pack& pack, models::PackState& state, bool begins) const;

  CellFault fault_;
  int position_;
  double value_;
  double conductance_S_ = 0;  // of one member
};

}  // namespace packbench::sim
