#include "hil/api/sqlite_rows.h"

#include <algorithm>
#include <charconv>

namespace packbench::hil::api {
namespace {

// Comma-separated integers; "x" is kNoReading.
std::string list_text(const std::vector<std::int64_t>& values) {
  std::string text;
  for (const std::int64_t value : values) {
    if (!text.empty()) text.push_back(',');
    text += value == kNoReading ? "x" : std::to_string(value);
  }
  return text;
}

void read_list(std::string_view text, std::vector<std::int64_t>& values) {
  values.clear();
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    std::int64_t value = kNoReading;
    at = std::from_chars(at, end, value).ptr;
    values.push_back(value);
    at += value == kNoReading ? 2 : 1;  // behind "x," or ","
  }
}

// Words of faults with a comma between; "-" where they are not known.
std::string faults_text(const std::optional<std::vector<std::string>>& faults) {
  if (!faults) return "-";
  std::string text;
  for (const std::string& fault : *faults) text.append(text.empty() ? "" : ",").append(fault);
  return text;
}

void read_faults(std::string_view text, std::optional<std::vector<std::string>>& faults) {
  if (text == "-") return faults.reset();
  if (!faults) faults.emplace();
  faults->clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    faults->emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
}

std::optional<std::int64_t> or_null(std::int64_t value) {
  return value == kNoReading ? std::nullopt : std::optional(value);
}

std::string digest_text(const Digest& digest) {
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

Digest digest_value(const std::string& text) {
  Digest digest{};
  for (std::size_t i = 0; i < digest.size() && 2 * i + 2 <= text.size(); ++i) {
    std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, digest[i], 16);
  }
  return digest;
}

}  // namespace

Device read_device(const Statement& row) {
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

void insert_device(Statement& insert, const Device& device) {
  const auto cells = device.cell_count ? std::optional<std::int64_t>(*device.cell_count) : std::nullopt;
  insert.begin().bind(std::string_view(device.device_id)).bind(std::string_view(device.name));
  insert.bind(std::string_view(device.model)).bind(std::string_view(device.location)).bind(device.organization);
  insert.bind(std::string_view(device.status)).bind(device.last_connected_ms).bind(device.created_ms);
  insert.bind(device.updated_ms).bind(cells).run();
}

Record read_record(const Statement& row) {
  Record record;
  read_record(row, record);
  return record;
}

void read_record(const Statement& row, Record& record) {
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
  read_list(row.view(16), record.temperatures_mdegC);
  read_list(row.view(17), record.balancing);
  read_faults(row.view(18), record.faults);
}

void insert_record(Statement& insert, std::int64_t device, const Record& record, std::int64_t arrived_s) {
  const std::string cells = list_text(record.cell_dmV), temperatures = list_text(record.temperatures_mdegC);
  const std::string balancing = list_text(record.balancing), faults = faults_text(record.faults);
  insert.begin().bind(device).bind(record.measured_ms).bind(std::string_view(record.id)).bind(arrived_s);
  insert.bind(record.boot).bind(record.sequence).bind(std::string_view(record.device_name));
  insert.bind(or_null(record.pack_dmV)).bind(std::string_view(cells)).bind(or_null(record.temperature_mdegC));
  insert.bind(or_null(record.current_mA)).bind(or_null(record.soc_pctpct)).bind(or_null(record.ocv_soc_pctpct));
  insert.bind(or_null(record.soh_pctpct)).bind(std::string_view(record.bms_state));
  insert.bind(std::int64_t(record.main_contactor)).bind(std::int64_t(record.charger_contactor));
  insert.bind(std::string_view(temperatures)).bind(std::string_view(balancing)).bind(std::string_view(faults)).run();
}

StoredKey read_key(const Statement& row) {
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

void insert_key(Statement& insert, const StoredKey& key) {
  const std::string digest = digest_text(key.secret_digest);
  insert.begin().bind(std::string_view(key.id)).bind(std::string_view(digest)).bind(std::string_view(key.name));
  insert.bind(key.organization).bind(std::int64_t{key.scopes}).bind(key.created_ms);
  insert.bind(key.expires_ms).bind(key.revoked_ms).run();
}

}  // namespace packbench::hil::api
