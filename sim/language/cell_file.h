// A cell as its file describes it (scenarios/cells/FOLDER/cell.yaml): the model's parameters, and what people want to
// know of them: where they come from, under which licence, how they were measured, and how sure they are.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/cell.h"

namespace packbench::sim {

// Texts of the whole file or of one of its sections; empty where the file says nothing.
struct Provenance {
  std::string source;
  std::string licence;
  std::string measured;

  friend bool operator==(const Provenance&, const Provenance&) = default;
};

struct CellFile {
  std::string chemistry;    // "LFP"
  std::string description;  // free text
  double lowest_V = 0;      // the capacity is what a slow discharge takes from highest_V down to lowest_V
  double highest_V = 5;
  models::CellParameters cell;  // cell.name is the file's key `cell`

  // By section: "" for the whole file, "ocv", "hysteresis", "entropy", "resistance", "rate", "thermal", "validity",
  // "runaway", "plating", "reversal", "ageing". Only what the file says.
  std::map<std::string, Provenance> provenance;
  // Standard errors, in SI, by the path of their value ("ocv.middle_V", "resistance.pairs[0].tau"), flat in the order
  // of the values. Kept for people; nothing simulates them.
  std::map<std::string, std::vector<double>> sigma;

  std::string sha256;  // of the bytes read, the tables beside the file included
};

}  // namespace packbench::sim
