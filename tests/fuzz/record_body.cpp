// Any body of records: the fast way to read it says what the careful way says or gives up, and a record that was read
// is the same when it was written and read again, by either way. Input: the body.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hil/api/values/record_scan.h"
#include "tests/fuzz/require.h"

namespace {

using namespace packbench::hil::api;
using packbench::fuzz::require;

constexpr const char* kDevice = "DVC1";
constexpr std::size_t kMost = 1000;

// The careful way; nothing where it refuses.
std::optional<std::vector<NewRecord>> careful(std::string_view body) {
  const auto parsed = parse_json(body);
  const auto* const json = std::get_if<JsonValue>(&parsed);
  if (!json) return std::nullopt;
  const bool many = json->kind == JsonValue::Kind::array;
  const std::size_t count = many ? json->items.size() : 1;
  if (count == 0 || count > kMost) return std::nullopt;
  std::vector<NewRecord> records;
  std::vector<FieldError> errors;
  for (std::size_t i = 0; i < count; ++i)
    records.push_back(read_new_record(many ? json->items[i] : *json, kDevice, "", errors));
  return errors.empty() ? std::optional(records) : std::nullopt;
}

// The fast way, a few at a time; nothing where it gives up.
std::optional<std::vector<NewRecord>> scan_records(std::string_view body) {
  RecordScan scan(body, kDevice, kMost);
  std::vector<NewRecord> records;
  while (!scan.whole()) {
    if (!scan.take(3, records)) return std::nullopt;
  }
  return records;
}

void check_same(const std::vector<NewRecord>& one, const std::vector<NewRecord>& other) {
  require(one.size() == other.size());
  for (std::size_t i = 0; i < one.size(); ++i)
    require(one[i].record == other[i].record && one[i].has_time == other[i].has_time);
}

// As a gateway writes it: with a name, an id and a time.
void check_written(NewRecord read) {
  if (read.record.device_name.empty()) read.record.device_name = "name";
  if (read.record.id.empty()) read.record.id = "id";
  read.has_time = true;
  std::string text;
  append_record(text, kDevice, read.record, RecordForm::ingest);
  const auto again = careful(text);
  require(again.has_value());
  check_same(*again, {read});
  if (const auto scanned = scan_records(text)) check_same(*scanned, {read});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto read = careful(body);
  const auto scanned = scan_records(body);
  if (scanned) {
    require(read.has_value());
    check_same(*scanned, *read);
  }
  for (std::size_t i = 0; read && i < read->size(); ++i) check_written((*read)[i]);
  return 0;
}
