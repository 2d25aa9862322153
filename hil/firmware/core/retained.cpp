#include "hil/firmware/core/retained.h"

#include "hil/packlink/packlink.h"

namespace packbench::firmware {
namespace {

constexpr std::uint32_t kMagic = 0x31524250u;
constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kHeadSize = 12, kBodySize = 45;
static_assert(kHeadSize + kBodySize <= sizeof Retained::bytes);

std::int32_t i32(packlink_reader_t& r) { return static_cast<std::int32_t>(packlink_get(&r, 4)); }

ChargeMemory body_of(const Retained& retained) {
  packlink_reader_t r{retained.bytes, kHeadSize + kBodySize, kHeadSize, true};
  ChargeMemory m;
  m.saved_us = packlink_get(&r, 8);
  m.charge_mA_us = static_cast<std::int64_t>(packlink_get(&r, 8));
  m.nominal_mAh = i32(r);
  m.learnt_mAh = i32(r);
  m.resistance_pctpct = static_cast<std::uint16_t>(packlink_get(&r, 2));
  m.reported_pctpct = static_cast<std::uint16_t>(packlink_get(&r, 2));
  m.hysteresis_permille = i32(r);
  m.factor_permille = i32(r);
  m.boots = static_cast<std::uint32_t>(packlink_get(&r, 4));
  m.reset_reason = static_cast<std::uint8_t>(packlink_get(&r, 1));
  return m;
}

}  // namespace

void write_retained(const ChargeMemory& m, Retained& retained) {
  packlink_writer_t w{retained.bytes, kHeadSize + kBodySize, 0, true};
  packlink_put(&w, 0, 8);  // not valid until it is whole
  packlink_put(&w, kVersion, 2);
  packlink_put(&w, kHeadSize + kBodySize - 8, 2);
  packlink_put(&w, m.saved_us, 8);
  packlink_put(&w, static_cast<std::uint64_t>(m.charge_mA_us), 8);
  packlink_put(&w, static_cast<std::uint32_t>(m.nominal_mAh), 4);
  packlink_put(&w, static_cast<std::uint32_t>(m.learnt_mAh), 4);
  packlink_put(&w, m.resistance_pctpct, 2);
  packlink_put(&w, m.reported_pctpct, 2);
  packlink_put(&w, static_cast<std::uint32_t>(m.hysteresis_permille), 4);
  packlink_put(&w, static_cast<std::uint32_t>(m.factor_permille), 4);
  packlink_put(&w, m.boots, 4);
  packlink_put(&w, m.reset_reason, 1);
  const std::uint32_t crc = packlink_crc32(0, retained.bytes + 8, kHeadSize + kBodySize - 8);
  packlink_writer_t head{retained.bytes, 8, 0, true};
  packlink_put(&head, kMagic, 4);
  packlink_put(&head, crc, 4);
}

bool read_retained(const Retained& retained, ChargeMemory& memory) {
  packlink_reader_t r{retained.bytes, kHeadSize, 0, true};
  const bool ours = packlink_get(&r, 4) == kMagic;
  const bool whole = packlink_get(&r, 4) == packlink_crc32(0, retained.bytes + 8, kHeadSize + kBodySize - 8);
  const bool same = packlink_get(&r, 2) == kVersion && packlink_get(&r, 2) == kHeadSize + kBodySize - 8;
  if (!ours || !whole || !same) return false;
  memory = body_of(retained);
  return true;
}

bool read_unchecked(const Retained& retained, ChargeMemory& memory) {
  memory = body_of(retained);
  return true;
}

}  // namespace packbench::firmware
