// Identification: from measured current, voltage and temperature to the tables of models/cell.h.
//
// The nonlinear unknowns (time constants and the activation energy of their rate) are searched by BOBYQA (Powell 2009,
// as kept by NLopt), all others follow by least squares with a prior at each step: variable projection (Golub and
// Pereyra 1973). R0 and the RC pairs have one table for each temperature; OCV and hysteresis gap are common, the OCV
// shifts with temperature by dU/dT. Resistances are not negative. The same records give the same bits.
//
// Two records' OCV never agree to a millivolt (counting, relaxation, temperature), so each temperature but the one next
// to 25 degC may deviate from the common OCV by a few mV; the deviation is not part of the cell, and the residuals are
// stated with it (`own_*`: this fit) and without (what the cell gives).
#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/fit/prior.h"
#include "models/fit/record.h"

namespace packbench::models::fit {

// RC pairs for this many records: three describe one record down to its noise; two predict other records better
// (models/fit/README.md).
constexpr int usual_pairs(std::size_t records) { return records == 1 ? 3 : 2; }

struct Options {
  int pairs = 2;                      // RC pairs, 0..3
  std::optional<double> capacity_Ah;  // without it: what the record next to 25 degC discharges from full
  bool by_direction = true;           // separate resistances for charge and discharge
  bool hysteresis = true;             // kept only where the data shows it (above 3 standard errors)
  double hysteresis_soc = 0.03;       // CellParameters::hysteresis_soc, assumed
  double noise_V = 0.001;             // misfit of this size is no news; sets the data against the prior
  double knee_soc = 0.08;             // below, misfit counts five times less
  double ocv_step_soc = 0.025;        // distance of the knots of the OCV
  double longest_tau_s = 3600;        // no rest is longer, so nothing slower can be told from the OCV
  PriorWidths prior;
};

struct Table {  // over SOC
  std::vector<double> soc, value, sigma;
};

// Over SOC (rows) and temperature, element i * temperature_degC.size() + j, as models::ResistanceMap.
struct MapTable {
  std::vector<double> soc, temperature_degC;
  std::vector<double> charge_ohm, discharge_ohm;
  std::vector<double> charge_sigma_ohm, discharge_sigma_ohm;
};

struct FittedPair {
  double tau_s = 0, tau_sigma_s = 0;  // at 25 degC
  MapTable resistance;
};

struct Bin {  // of SOC
  double from_soc = 0, to_soc = 0;
  std::size_t samples = 0;
  double rms_V = 0, mean_V = 0, worst_V = 0;  // measured less modelled
};

struct RecordFit {
  std::string name;
  double temperature_degC = 0;
  std::vector<double> soc;
  std::vector<double> own_V;             // by this fit, deviation included
  std::vector<double> cell_V;            // by the common tables
  double own_rms_V = 0, cell_rms_V = 0;  // between 10 and 95 % SOC
  double knee_rms_V = 0, top_rms_V = 0;  // own, below 10 % and above 95 %
  std::vector<Bin> bins;                 // own, each 5 % of SOC
  double correlation_samples = 1;        // residuals repeat over so many samples: standard errors grow by its root
};

struct Result {
  double capacity_Ah = 0;
  double highest_V = 0, lowest_V = 0;  // of all records
  double min_soc = 0, max_soc = 1;     // of all records: beyond, tables are continued
  double max_charge_A = 0, max_discharge_A = 0;
  double hysteresis_soc = 0;
  Table ocv;
  Table hysteresis;  // empty: none seen
  Table entropy;     // empty: one temperature only
  MapTable r0;
  std::vector<FittedPair> pairs;
  double rate_activation_J_per_mol = 0, rate_activation_sigma_J_per_mol = 0;  // 0 with one temperature
  std::vector<RecordFit> records;
  std::vector<std::string> remarks;  // what could not be identified, sentences
  int evaluations = 0;               // of the time constants
};

inline constexpr double kWindowLow = 0.10, kWindowHigh = 0.95;  // SOC window of the stated residuals

class FitError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// Throws FitError, a sentence per line, for records or options that cannot be used. `progress` (may be empty) is told
// how many settings of the time constants have been tried, of at most how many.
using ProgressCall = void (*)(void* context, int tried, int at_most);
Result fit_cell(std::span<const Record> records, const Options& options, ProgressCall progress = nullptr,
                void* context = nullptr);

// Root mean square, mean and worst of measured less modelled over the samples with from <= soc < to.
Bin bin_of(std::span<const double> soc, std::span<const double> measured_V, std::span<const double> modelled_V,
           double from_soc, double to_soc);

}  // namespace packbench::models::fit
