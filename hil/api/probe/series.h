// What holds of all records of one device together: it keeps its number of cells, and its units are the document's.
#pragma once

#include <algorithm>
#include <limits>
#include <string>

#include "hil/api/probe/findings.h"
#include "hil/api/values/json_value.h"

namespace packbench::hil::api::probe {

// Units are remarked upon when every one of at least 3 records speaks for another one: soc and ocv_soc between 0 and 1
// (a share, not percent), above 65 degC with the main contactor closed (degF; published trips are at 60 to 75 degC),
// beyond 2000 A (mA; a pack of 24 cells would give 150 kW).
class Series {
 public:
  void take(const std::string& where, const JsonValue& record, const JsonValue* ocv_soc);
  void report(Findings& findings) const;

 private:
  // Of a value over all records.
  struct Extent {
    double low = std::numeric_limits<double>::infinity(), high = -low;

    void take(double value) { low = std::min(low, value), high = std::max(high, value); }
  };

  std::string units() const;
  std::string cells(const JsonValue& record);

  std::size_t count_ = 0, cell_count_ = 0;
  bool always_closed_ = true;  // the main contactor
  Extent soc_, ocv_soc_, temperature_degC_, current_A_;
  Tally cells_{"records.cells", Grade::warn, "Every record has as many cells, and none of them is missing."};
};

}  // namespace packbench::hil::api::probe
