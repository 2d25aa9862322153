// One measured record of one cell, and what makes it fit for identification.
//
// Each sample holds what stood over the time since the sample before it (current_A) and what was read at its end
// (voltage_V): cyclers log so. Positive current charges.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace packbench::models::fit {

struct Record {
  std::string name;                 // for messages: the file
  double temperature_degC = 25;     // of the chamber; records within 2.5 K count as one temperature
  std::optional<double> start_soc;  // 0..1; without it a full charge must stand in the record
  std::vector<double> time_s;       // strictly rising
  std::vector<double> current_A;
  std::vector<double> voltage_V;
};

// What keeps a record from being used, a sentence each: lengths, values that are not finite, time that does not rise,
// fewer than 100 samples, a voltage outside 0..6 V, a current that never changes, no rest and no known state of charge.
std::vector<std::string> problems_of(const Record& record);

// The samples at which a constant-voltage charge ends: the voltage is the record's highest (within 5 mV) and the
// current has fallen below a quarter of what that charge began with, before rest, discharge or the record's end.
std::vector<std::size_t> full_charges(const Record& record);

// Charge since the last full charge (before the first one: up to it), Ah; 0 at full, negative below. With start_soc:
// from the record's begin. `capacity_Ah` only for that.
std::vector<double> charge_from_full_Ah(const Record& record, double capacity_Ah);

// The most charge that the record takes out from full, Ah: its own counter's capacity. 0 without a full charge.
double discharged_Ah(const Record& record);

// The time that sample i stands for, s; the first one's is taken as the second one's.
double interval_s(const Record& record, std::size_t i);

}  // namespace packbench::models::fit
