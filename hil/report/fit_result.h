// What `packbench fit` found, and what it tells people and machines.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/fit/fit.h"
#include "sim/language/cell_file.h"

namespace packbench::hil {

// A record that was not fitted, replayed by the pack model.
struct Validation {
  std::string name;
  double capacity_Ah = 0;  // its own counter's
  bool isothermal = true;
  double warmest_degC = 0;
  models::fit::Bin window, knee, top;  // 10..95 % SOC, below, above
  std::vector<double> time_s, soc, measured_V, modelled_V;
};

struct FitReport {
  std::vector<models::fit::Record> records;
  models::fit::Result result;
  sim::CellFile cell;
  std::vector<Validation> validations;
};

// Root mean square over the samples of all.
double pooled_rms_V(const std::vector<Validation>& all, models::fit::Bin Validation::*window);

std::string fit_summary_text(const FitReport& report);     // tables for a terminal
nlohmann::ordered_json fit_json(const FitReport& report);  // the same figures, SI, "schema": 1
std::string fit_html(const FitReport& report);             // one page without any reference to the outside, with plots

}  // namespace packbench::hil
