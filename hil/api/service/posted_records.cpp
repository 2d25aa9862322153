#include "hil/api/service/posted_records.h"

#include <algorithm>

namespace packbench::hil::api {
namespace {

constexpr std::size_t kMaxBatch = 1000, kSlice = 16;
// A clock that keeps local time is up to 14 h ahead. What were further ahead would be the latest record until then.
constexpr std::int64_t kMostAhead_ms = 24 * 3'600'000;

bool has_cells_of(const Device& device, const Record& record) {
  return !device.cell_count || std::ssize(record.cell_dmV) == *device.cell_count;
}

// By a clock that was never set nothing can be judged.
bool is_future(const NewRecord& posted, std::int64_t arrival_ms) {
  return posted.has_time && arrival_ms >= kEarliestNow_ms && posted.record.measured_ms > arrival_ms + kMostAhead_ms;
}

void check(const NewRecord& posted, const Device& device, std::int64_t arrival_ms, const std::string& at,
           std::vector<FieldError>& errors) {
  if (!posted.record.cell_dmV.empty() && !has_cells_of(device, posted.record)) {
    errors.push_back({at + "/cell_voltage", "cell_count",
                      "has " + std::to_string(posted.record.cell_dmV.size()) + " cells; the device has " +
                          std::to_string(*device.cell_count) + "."});
  }
  if (is_future(posted, arrival_ms)) {
    errors.push_back(
        {at + "/ts", "future",
         "is more than a day ahead of the server's clock, " + stamp_text(arrival_ms, StampForm::extended) + "."});
  }
}

// Throws what is wrong with the body.
std::vector<NewRecord> judge_batch(const JsonValue& body, const Device& device, std::int64_t arrival_ms) {
  const bool many = body.kind == JsonValue::Kind::array;
  if (!many && body.kind != JsonValue::Kind::object)
    throw invalid_content({{"", "type", "The body must be a record, as an object, or an array of 1 to 1000 records."}});
  if (many && (body.items.empty() || body.items.size() > kMaxBatch)) {
    const std::string count = std::to_string(body.items.size());
    throw invalid_content({{"", "batch_size", "The array holds " + count + " records; expected 1 to 1000."}});
  }
  std::vector<NewRecord> records;
  std::vector<FieldError> errors;
  for (std::size_t i = 0; i < (many ? body.items.size() : 1); ++i) {
    const std::string at = many ? "/" + std::to_string(i) : "";
    records.push_back(read_new_record(many ? body.items[i] : body, device.device_id, at, errors));
    check(records.back(), device, arrival_ms, at, errors);
    if (errors.size() > 100) break;
  }
  if (!errors.empty()) throw invalid_content(std::move(errors));
  return records;
}

}  // namespace

PostedRecords::PostedRecords(const Call& call, Device device)
    : unpacked_(call.unpacked),
      body_(call.body()),
      device_(std::move(device)),
      now_ms_(call.now_ms),
      scan_(body_, device_.device_id, kMaxBatch) {}

// The fast way, where nothing is wrong.
bool PostedRecords::scan(std::vector<NewRecord>& out) {
  return scan_.take(kSlice, out) && std::ranges::all_of(out, [this](const NewRecord& one) {
           return has_cells_of(device_, one.record) && !is_future(one, now_ms_);
         });
}

void PostedRecords::judge() {
  judged_ = judge_batch(json_body(body_), device_, now_ms_);
  careful_ = true;
}

std::vector<Record> PostedRecords::slice() {
  std::vector<NewRecord> posted;
  if (!careful_) {
    posted.reserve(kSlice);
    if (!scan(posted)) judge();
  }
  if (careful_) {
    const auto from = judged_.begin() + static_cast<std::ptrdiff_t>(given_);
    posted.assign(std::make_move_iterator(from), std::make_move_iterator(judged_.end()));
  }
  std::vector<Record> records;
  records.reserve(posted.size());
  for (NewRecord& one : posted) records.push_back(complete(std::move(one)));
  given_ += records.size();
  return records;
}

Record PostedRecords::complete(NewRecord posted) const {
  Record& record = posted.record;
  if (!posted.has_time) record.measured_ms = now_ms_;
  if (record.device_name.empty()) record.device_name = device_.name.empty() ? device_.device_id : device_.name;
  if (record.id.empty()) {
    record.id =
        record.boot ? record_uuid(0, device_.device_id, *record.boot, *record.sequence) : time_uuid(record.measured_ms);
  }
  return std::move(record);
}

}  // namespace packbench::hil::api
