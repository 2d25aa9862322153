// A record as a line of CSV (RFC 4180): the same values as in JSON, with the same decimals.
//
// Columns have the names and units of the JSON fields; a list is a column for each of its places, counted from 1:
// cell_voltage_1 ... Empty is what has no reading, and a place that the record does not have. In `faults` a blank is
// between words; "-" is none, empty where the device does not tell.
#pragma once

#include <string>
#include <string_view>

#include "hil/api/record.h"
#include "hil/api/record_json.h"

namespace packbench::hil::api {

// Columns are the same for every answer of a device: as many cells as it is registered with, else the most there can
// be.
std::size_t csv_cells(const Device& device);

// Both end with CR LF. Throws std::length_error for a record with more cells than there are columns.
void append_csv_header(std::string& out, std::size_t cells, RecordForm form);
void append_csv(std::string& out, std::string_view device_id, const Record& record, std::size_t cells, RecordForm form);

}  // namespace packbench::hil::api
