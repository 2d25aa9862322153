#include "hil/api/values/record_scan.h"

#include <algorithm>
#include <array>

#include "hil/api/values/record_fields.h"
#include "hil/api/values/stamp.h"

namespace packbench::hil::api {
namespace {

bool take_text(TextScan& in, std::size_t longest, std::string& out) {
  const auto text = in.string();
  if (text) out = *text;
  return text && !text->empty() && text->size() <= longest;
}

bool take_flag(TextScan& in, bool& out) {
  out = in.take("true");
  return out || in.take("false");
}

bool take_whole(TextScan& in, std::optional<std::int64_t>& out) { return (out = in.whole()).has_value(); }

bool take_reading(TextScan& in, int digits, std::int64_t min, std::int64_t max, std::int64_t& out) {
  const auto number = in.fixed(digits);
  out = number.value_or(kNoReading);
  return number ? *number >= min && *number <= max : in.take("null");
}

// Calls take() for each item; false when one is refused or there are too many.
template <class Take>
bool each_item(TextScan& in, std::size_t most, Take&& take) {
  if (!in.take('[')) return false;
  if (in.take(']')) return true;
  for (; most > 0 && take(); --most) {
    if (in.take(']')) return true;
    if (!in.take(',')) return false;
  }
  return false;
}

bool take_list(TextScan& in, int digits, std::int64_t min, std::int64_t max, std::vector<std::int64_t>& out) {
  out.reserve(kMostCells);
  return each_item(in, kMostCells, [&] { return take_reading(in, digits, min, max, out.emplace_back()); });
}

// What reads the value of one member.
using Take = bool (*)(TextScan& in, std::string_view device_id, NewRecord& out);

bool take_device(TextScan& in, std::string_view device_id, NewRecord&) { return in.take_string(device_id); }

bool take_name(TextScan& in, std::string_view, NewRecord& out) { return take_text(in, 128, out.record.device_name); }

template <std::size_t kIndex>
bool take_number(TextScan& in, std::string_view, NewRecord& out) {
  constexpr const Number& kNumber = kNumbers[kIndex];
  return take_reading(in, kNumber.digits, kNumber.min, kNumber.max, out.record.*kNumber.value);
}

bool take_cells(TextScan& in, std::string_view, NewRecord& out) {
  return take_list(in, kVoltDigits, 0, kMaxCell_dmV, out.record.cell_dmV) && !out.record.cell_dmV.empty();
}

bool take_temperatures(TextScan& in, std::string_view, NewRecord& out) {
  return take_list(in, kDegreeDigits, kMin_mdegC, kMax_mdegC, out.record.temperatures_mdegC);
}

bool take_balancing(TextScan& in, std::string_view, NewRecord& out) {
  return each_item(in, kMostCells, [&] {
    bool bled = false;
    const bool good = take_flag(in, bled);
    out.record.balancing.push_back(bled);
    return good;
  });
}

bool take_faults(TextScan& in, std::string_view, NewRecord& out) {
  auto& faults = out.record.faults.emplace();
  return each_item(in, kMaxFaults,
                   [&] { return take_text(in, kMaxFaultBytes, faults.emplace_back()) && is_fault(faults.back()); });
}

bool take_state(TextScan& in, std::string_view, NewRecord& out) {
  return take_text(in, 64, out.record.bms_state) && is_state(out.record.bms_state);
}

template <bool Record::*kFlag>
bool take_contactor(TextScan& in, std::string_view, NewRecord& out) {
  return take_flag(in, out.record.*kFlag);
}

bool take_id(TextScan& in, std::string_view, NewRecord& out) {
  return take_text(in, 64, out.record.id) && is_visible(out.record.id);
}

bool take_time(TextScan& in, std::string_view, NewRecord& out) {
  const auto text = in.string();
  if (!text || text->empty() || text->size() > 64) return false;
  const auto parsed = parse_stamp(*text);
  const auto* const stamp = std::get_if<Stamp>(&parsed);
  if (stamp) out.record.measured_ms = stamp->floor_ms;
  return out.has_time = stamp != nullptr;
}

template <std::optional<std::int64_t> Record::*kWhole>
bool take_count(TextScan& in, std::string_view, NewRecord& out) {
  return take_whole(in, out.record.*kWhole);
}

struct Member {
  std::string_view key;
  Take take;
};

constexpr std::array<Member, kPostedKeys.size()> kMembers{
    {{"deviceId", take_device},
     {"Device_id", take_name},
     {kNumbers[0].key, take_number<0>},
     {"cell_voltage", take_cells},
     {kNumbers[1].key, take_number<1>},
     {kNumbers[2].key, take_number<2>},
     {kNumbers[3].key, take_number<3>},
     {kNumbers[4].key, take_number<4>},
     {kNumbers[5].key, take_number<5>},
     {"bms_state", take_state},
     {"main_contactor_state", take_contactor<&Record::main_contactor>},
     {"charger_contactor_state", take_contactor<&Record::charger_contactor>},
     {"id", take_id},
     {"ts", take_time},
     {"boot", take_count<&Record::boot>},
     {"seq", take_count<&Record::sequence>},
     {"temperatures", take_temperatures},
     {"balancing", take_balancing},
     {"faults", take_faults}}};
static_assert(std::ranges::equal(kMembers, kPostedKeys, {}, &Member::key));

// A bit for each of kMembers.
using Keys = std::uint32_t;

constexpr std::size_t place_of(std::string_view key) {
  return static_cast<std::size_t>(std::ranges::find(kMembers, key, &Member::key) - kMembers.begin());
}

constexpr Keys bit_of(std::string_view key) { return Keys{1} << place_of(key); }

constexpr Keys required_keys() {
  Keys keys =
      bit_of("cell_voltage") | bit_of("bms_state") | bit_of("main_contactor_state") | bit_of("charger_contactor_state");
  for (const Number& number : kNumbers) keys |= number.required ? bit_of(number.key) : 0;
  return keys;
}

// The next key. Members mostly come in one order, so the place behind the last one is looked at first.
std::size_t take_key(TextScan& in, std::size_t next) {
  if (next < kMembers.size() && in.take_string(kMembers[next].key)) return next;
  return place_of(in.string().value_or(""));
}

}  // namespace

RecordScan::RecordScan(std::string_view body, std::string_view device_id, std::size_t most)
    : in_(body), device_id_(device_id), left_(most), array_(in_.take('[')) {}

bool RecordScan::take(NewRecord& out) {
  out.record.ocv_soc_pctpct = kNoReading;
  if (!in_.take('{')) return false;
  Keys seen = 0;
  std::size_t place = 0;
  do {
    place = take_key(in_, place);
    if (place == kMembers.size() || (seen & (Keys{1} << place)) != 0) return false;
    seen |= Keys{1} << place;
    if (!in_.take(':') || !kMembers[place++].take(in_, device_id_, out)) return false;
  } while (in_.take(','));
  return in_.take('}') && (seen & required_keys()) == required_keys() &&
         out.record.boot.has_value() == out.record.sequence.has_value();
}

bool RecordScan::take(std::size_t count, std::vector<NewRecord>& out) {
  for (; count > 0 && !whole_; --count, --left_) {
    if (left_ == 0) return false;
    if (!take(out.emplace_back())) return out.pop_back(), false;
    const bool more = array_ && in_.take(',');
    if (more) continue;
    whole_ = (!array_ || in_.take(']')) && in_.at_end();
    if (!whole_) return false;
  }
  return true;
}

}  // namespace packbench::hil::api
