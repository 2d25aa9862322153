// A record as a line of CSV (RFC 4180): the same values as in JSON, with the same decimals.
//
// Columns have the names and units of the JSON fields; a list of numbers is a column for each of its places, counted
// from 1: cell_voltage_1 ... Empty is what has no reading, and a place that the record does not have. In a list of
// words (faults) a blank is between them; "-" is an empty list, empty where the record has none.
#pragma once

#include <string>
#include <string_view>

#include "hil/api/values/record.h"

namespace packbench::hil::api {

// Which columns there are: the same for every answer of a device to a query of one kind.
struct CsvColumns {
  std::size_t cells = 0;
  bool extended = false;  // the extensions too
  bool seen = false;      // and those of records that stand for a bucket
};

// As many cells as the device is registered with, else the most there can be.
std::size_t csv_cells(const Device& device);

// Both end with CR LF. Throws std::length_error for a record with more cells than there are columns.
void append_csv_header(std::string& out, const CsvColumns& columns);
void append_csv(std::string& out, std::string_view device_id, const Record& record, const CsvColumns& columns);

}  // namespace packbench::hil::api
