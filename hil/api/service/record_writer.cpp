#include "hil/api/service/record_writer.h"

#include <utility>

namespace packbench::hil::api {

RecordWriter::RecordWriter(Media media, const Device& device, RecordForm form, Of of)
    : media_(media),
      form_(form),
      device_id_(device.device_id),
      columns_{csv_cells(device), form == RecordForm::extended, of == Of::buckets} {}

void RecordWriter::begin(std::string& out) const {
  if (media_ == Media::json) out += "{\"success\":true,\"data\":[";
  if (media_ == Media::csv) append_csv_header(out, columns_);
}

void RecordWriter::add(std::string& out, const Record& record) {
  if (media_ == Media::csv) return append_csv(out, device_id_, record, columns_);
  if (media_ == Media::json && !std::exchange(first_, false)) out.push_back(',');
  append_record(out, device_id_, record, form_);
  if (media_ == Media::ndjson) out.push_back('\n');
}

}  // namespace packbench::hil::api
