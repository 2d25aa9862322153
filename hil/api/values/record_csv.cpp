#include "hil/api/values/record_csv.h"

#include <stdexcept>

#include "hil/api/values/pen.h"
#include "hil/api/values/record_fields.h"

namespace packbench::hil::api {
namespace {

std::size_t bytes_of(const std::vector<std::string>& words) {
  std::size_t bytes = 1;
  for (const std::string& word : words) bytes += word.size() + 1;
  return bytes;
}

std::size_t most_bytes(std::string_view device_id, const Record& record) {
  constexpr std::size_t kFixed = 128 + Pen::kLongestStamp + (12 + 3 * kMostCells) * Pen::kLongestNumber;
  std::size_t texts = device_id.size() + record.device_name.size() + record.bms_state.size() + record.id.size();
  if (record.faults) texts += bytes_of(*record.faults);
  if (record.seen) texts += bytes_of(record.seen->states) + bytes_of(record.seen->faults);
  return kFixed + 2 * texts;
}

void reading(Pen& pen, std::int64_t value, int digits) {
  pen.put(',');
  if (value != kNoReading) pen.fixed(value, digits);
}

void readings(Pen& pen, const std::vector<std::int64_t>& values, std::size_t columns, int digits) {
  if (values.size() > columns) throw std::length_error("a record has more places than there are columns");
  for (std::size_t i = 0; i < columns; ++i) reading(pen, i < values.size() ? values[i] : kNoReading, digits);
}

void field(Pen& pen, std::string_view text) { pen.put(','), pen.csv_field(text); }
void flag(Pen& pen, bool value) { pen.put(','), pen.flag(value); }

void whole(Pen& pen, std::optional<std::int64_t> value) {
  pen.put(',');
  if (value) pen.whole(*value);
}

void words(Pen& pen, const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& word : list) text.append(text.empty() ? "" : " ").append(word);
  field(pen, list.empty() ? "-" : text);
}

void extension(Pen& pen, const Record& record, const CsvColumns& columns) {
  pen.put(','), pen.stamp(record.measured_ms, StampForm::extended);
  whole(pen, record.boot), whole(pen, record.sequence);
  readings(pen, record.temperatures_mdegC, kMostCells, kDegreeDigits);
  for (std::size_t i = 0; i < columns.cells; ++i) {
    i < record.balancing.size() ? flag(pen, record.balancing[i] != 0) : pen.put(',');
  }
  record.faults ? words(pen, *record.faults) : pen.put(',');
  if (!columns.seen) return;
  record.seen ? words(pen, record.seen->states) : pen.put(',');
  record.seen ? words(pen, record.seen->faults) : pen.put(',');
}

void append_columns(std::string& out, std::string_view name, std::size_t count) {
  for (std::size_t i = 1; i <= count; ++i) out.append(",").append(name).append("_").append(std::to_string(i));
}

}  // namespace

std::size_t csv_cells(const Device& device) {
  return device.cell_count ? static_cast<std::size_t>(*device.cell_count) : kMostCells;
}

void append_csv_header(std::string& out, const CsvColumns& columns) {
  out.append("deviceId,Device_id,").append(kNumbers[0].key);
  append_columns(out, "cell_voltage", columns.cells);
  for (std::size_t i = 1; i < kNumbers.size(); ++i) out.append(",").append(kNumbers[i].key);
  out += ",bms_state,main_contactor_state,charger_contactor_state,id,_ts";
  if (columns.extended) {
    out += ",ts,boot,seq";
    append_columns(out, "temperature", kMostCells);
    append_columns(out, "balancing", columns.cells);
    out += columns.seen ? ",faults,states_seen,faults_seen" : ",faults";
  }
  out += "\r\n";
}

void append_csv(std::string& out, std::string_view device_id, const Record& record, const CsvColumns& columns) {
  append_with(out, most_bytes(device_id, record), [&](Pen& pen) {
    pen.csv_field(device_id);
    field(pen, record.device_name);
    reading(pen, record.pack_dmV, kVoltDigits);
    readings(pen, record.cell_dmV, columns.cells, kVoltDigits);
    for (std::size_t i = 1; i < kNumbers.size(); ++i) {
      reading(pen, record.*kNumbers[i].value, kNumbers[i].digits);
    }
    field(pen, record.bms_state);
    flag(pen, record.main_contactor), flag(pen, record.charger_contactor);
    field(pen, record.id);
    whole(pen, record.arrived_s);
    if (columns.extended) extension(pen, record, columns);
    pen.text("\r\n");
  });
}

}  // namespace packbench::hil::api
