// Rows of any store as values: the names of columns in their order, and the texts that stand for lists in them. A Row
// has integer(column), optional_integer(column), text(column) and view(column).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hil/api/values/key.h"
#include "hil/api/values/record.h"

namespace packbench::hil::api {

inline constexpr std::string_view kDeviceColumns =
    "device_id, name, model, location, organization, status, last_connected_ms, created_ms, updated_ms, cell_count";
inline constexpr std::string_view kRecordColumns =
    "measured_ms, id, arrived_s, boot, sequence, device_name, pack_dmV, cells_dmV, temperature_mdegC, current_mA, "
    "soc_pctpct, ocv_soc_pctpct, soh_pctpct, bms_state, main_contactor, charger_contactor, temperatures_mdegC, "
    "balancing, faults";
// Those of the document's form, which stand first.
inline constexpr std::string_view kDocumentColumns = kRecordColumns.substr(0, kRecordColumns.find(", temperatures"));
inline constexpr std::string_view kKeyColumns =
    "id, secret_digest, name, organization, scopes, created_ms, expires_ms, revoked_ms";

// Comma-separated integers; "x" is kNoReading.
std::string list_text(const std::vector<std::int64_t>& values);
void read_list(std::string_view text, std::vector<std::int64_t>& values);
// Words of faults with a comma between; "-" where they are not known.
std::string faults_text(const std::optional<std::vector<std::string>>& faults);
void read_faults(std::string_view text, std::optional<std::vector<std::string>>& faults);
// 64 hex digits.
Digest digest_value(const std::string& text);
inline std::optional<std::int64_t> or_null(std::int64_t reading) {  // null: kNoReading
  return reading == kNoReading ? std::nullopt : std::optional(reading);
}

// Of a row that selects exactly the columns above.
template <class Row>
Device read_device(const Row& row) {
  Device device;
  device.device_id = row.text(0);
  device.name = row.text(1);
  device.model = row.text(2);
  device.location = row.text(3);
  device.organization = row.integer(4);
  device.status = row.text(5);
  device.last_connected_ms = row.optional_integer(6);
  device.created_ms = row.integer(7);
  device.updated_ms = row.integer(8);
  if (const auto cells = row.optional_integer(9)) device.cell_count = static_cast<int>(*cells);
  return device;
}

// Into what the record has room for already; of a row that selects the document's columns.
template <class Row>
void read_document_into(Record& record, const Row& row) {
  const auto reading = [&row](int column) { return row.optional_integer(column).value_or(kNoReading); };
  record.measured_ms = row.integer(0);
  record.id = row.view(1);
  record.arrived_s = row.integer(2);
  record.boot = row.optional_integer(3);
  record.sequence = row.optional_integer(4);
  record.device_name = row.view(5);
  record.pack_dmV = reading(6);
  read_list(row.view(7), record.cell_dmV);
  record.temperature_mdegC = reading(8);
  record.current_mA = reading(9);
  record.soc_pctpct = reading(10);
  record.ocv_soc_pctpct = reading(11);
  record.soh_pctpct = reading(12);
  record.bms_state = row.view(13);
  record.main_contactor = row.integer(14) != 0;
  record.charger_contactor = row.integer(15) != 0;
}

template <class Row>
void read_record_into(Record& record, const Row& row) {
  read_document_into(record, row);
  read_list(row.view(16), record.temperatures_mdegC);
  read_list(row.view(17), record.balancing);
  read_faults(row.view(18), record.faults);
}

template <class Row>
Record read_record(const Row& row) {
  Record record;
  read_record_into(record, row);
  return record;
}

template <class Row>
StoredKey read_key(const Row& row) {
  StoredKey key;
  key.id = row.text(0);
  key.secret_digest = digest_value(row.text(1));
  key.name = row.text(2);
  key.organization = row.integer(3);
  key.scopes = static_cast<unsigned>(row.integer(4));
  key.created_ms = row.integer(5);
  key.expires_ms = row.optional_integer(6);
  key.revoked_ms = row.optional_integer(7);
  return key;
}

}  // namespace packbench::hil::api
