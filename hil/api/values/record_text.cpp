// A record as JSON, written: the reading half is record_json.cpp.
#include "hil/api/values/pen.h"
#include "hil/api/values/record_fields.h"
#include "hil/api/values/record_json.h"

namespace packbench::hil::api {
namespace {

std::size_t bytes_of(const std::vector<std::string>& words) {
  std::size_t bytes = 0;
  for (const std::string& word : words) bytes += word.size() + 3;  // quotes and a comma
  return bytes;
}

// Bytes that a record takes at most: its texts, its lists, and the names and numbers that every record has.
std::size_t most_bytes(std::string_view device_id, const Record& record) {
  constexpr std::size_t kFixed = 512 + Pen::kLongestStamp + 12 * Pen::kLongestNumber;
  std::size_t texts = device_id.size() + record.device_name.size() + record.bms_state.size() + record.id.size();
  const std::size_t numbers = record.cell_dmV.size() + record.temperatures_mdegC.size() + record.balancing.size();
  if (record.faults) texts += bytes_of(*record.faults);
  if (record.seen) texts += bytes_of(record.seen->states) + bytes_of(record.seen->faults);
  return kFixed + texts * Pen::kLongestEscape + numbers * Pen::kLongestNumber;
}

void reading(Pen& pen, std::int64_t value, int digits) {
  value == kNoReading ? pen.text("null") : pen.fixed(value, digits);
}

void list(Pen& pen, const std::vector<std::int64_t>& values, int digits) {
  char between = '[';
  for (const std::int64_t value : values) pen.put(std::exchange(between, ',')), reading(pen, value, digits);
  if (values.empty()) pen.put('[');
  pen.put(']');
}

template <std::size_t which>
void number(Pen& pen, const Record& record) {
  reading(pen, record.*kNumbers[which].value, kNumbers[which].digits);
}

void words(Pen& pen, const std::vector<std::string>& list) {
  char between = '[';
  for (const std::string& word : list) pen.put(std::exchange(between, ',')), pen.json_string(word);
  if (list.empty()) pen.put('[');
  pen.put(']');
}

void balancing(Pen& pen, const std::vector<std::int64_t>& cells) {
  char between = '[';
  for (const std::int64_t bled : cells) pen.put(std::exchange(between, ',')), pen.flag(bled != 0);
  pen.put(']');
}

void extension(Pen& pen, const Record& record) {
  pen.text(",\"ts\":\""), pen.stamp(record.measured_ms, StampForm::extended), pen.put('"');
  if (record.boot) pen.text(",\"boot\":"), pen.whole(*record.boot);
  if (record.sequence) pen.text(",\"seq\":"), pen.whole(*record.sequence);
  if (!record.temperatures_mdegC.empty()) {
    pen.text(",\"temperatures\":"), list(pen, record.temperatures_mdegC, kDegreeDigits);
  }
  if (!record.balancing.empty()) pen.text(",\"balancing\":"), balancing(pen, record.balancing);
  if (record.faults) pen.text(",\"faults\":"), words(pen, *record.faults);
  if (!record.seen) return;
  pen.text(",\"states_seen\":"), words(pen, record.seen->states);
  pen.text(",\"faults_seen\":"), words(pen, record.seen->faults);
}

void write(Pen& pen, std::string_view device_id, const Record& record, RecordForm form) {
  pen.put('{');
  if (form != RecordForm::ingest) pen.text("\"deviceId\":"), pen.json_string(device_id), pen.put(',');
  pen.text("\"Device_id\":"), pen.json_string(record.device_name);
  pen.text(",\"pack_voltage\":"), number<0>(pen, record);
  pen.text(",\"cell_voltage\":"), list(pen, record.cell_dmV, kVoltDigits);
  pen.text(",\"temperature\":"), number<1>(pen, record);
  pen.text(",\"pack_current\":"), number<2>(pen, record);
  pen.text(",\"soc\":"), number<3>(pen, record);
  pen.text(",\"ocv_soc\":"), number<4>(pen, record);
  pen.text(",\"soh\":"), number<5>(pen, record);
  pen.text(",\"bms_state\":"), pen.json_string(record.bms_state);
  pen.text(",\"main_contactor_state\":"), pen.flag(record.main_contactor);
  pen.text(",\"charger_contactor_state\":"), pen.flag(record.charger_contactor);
  pen.text(",\"id\":"), pen.json_string(record.id);
  if (form != RecordForm::ingest) pen.text(",\"_ts\":"), pen.whole(record.arrived_s);
  if (form != RecordForm::document) extension(pen, record);
  pen.put('}');
}

}  // namespace

void append_record(std::string& out, std::string_view device_id, const Record& record, RecordForm form) {
  append_with(out, most_bytes(device_id, record), [&](Pen& pen) { write(pen, device_id, record, form); });
}

}  // namespace packbench::hil::api
