#include "hil/link/line_filter.h"

#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace packbench::hil {
namespace {

constexpr std::size_t kGarbageBytes = 16;

// NaN, for a fault without a value, equals NaN.
bool same_value(double one, double other) { return one == other || (std::isnan(one) && std::isnan(other)); }

}  // namespace

LineFilter::Kind LineFilter::kind_of(const std::string& name) {
  constexpr std::array<std::string_view, 7> kNames{"drop",     "corrupt", "delay",  "duplicate",
                                                   "truncate", "garbage", "silence"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Kind>(i);
  }
  throw std::invalid_argument("'" + name + "' is no line fault");
}

LineFilter::LineFilter(const sim::FaultSpec& fault, std::uint64_t seed, std::uint64_t ordinal)
    : fault_(fault), kind_(kind_of(fault.kind)), random_(seed, "line." + fault.channel + "." + fault.kind, ordinal) {}

bool LineFilter::is(const sim::FaultSpec& fault) const {
  return fault.channel == fault_.channel && fault.kind == fault_.kind && same_value(fault.value, fault_.value) &&
         fault.pattern == fault_.pattern && fault.probability == fault_.probability &&
         fault.mark.file == fault_.mark.file && fault.mark.line == fault_.mark.line &&
         fault.mark.column == fault_.mark.column;
}

void LineFilter::set_active(bool active) {
  if (active && !active_) frames_seen_ = 0;
  active_ = active;
}

void LineFilter::pass(const FrameBatch& in, FrameBatch& out, sim::TimeNs now, LinkCounters& counters) {
  release(out, now);
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (active_ && hits()) {
      hit(in[i], out, now, counters);
    } else {
      out.add(in[i]);
    }
  }
}

bool LineFilter::hits() {
  if (kind_ == Kind::silence) return true;
  if (!fault_.pattern.empty()) return in_pattern();
  return fault_.probability >= 1.0 || random_.uniform() < fault_.probability;
}

bool LineFilter::in_pattern() {
  const auto period = static_cast<std::uint64_t>(std::accumulate(fault_.pattern.begin(), fault_.pattern.end(), 0));
  if (period == 0) return false;
  std::uint64_t place = frames_seen_++ % period;
  bool hit = false;  // the first run of the pattern is kept
  for (const int run : fault_.pattern) {
    if (place < static_cast<std::uint64_t>(run)) break;
    place -= static_cast<std::uint64_t>(run);
    hit = !hit;
  }
  return hit;
}

void LineFilter::hit(std::span<const std::uint8_t> frame, FrameBatch& out, sim::TimeNs now, LinkCounters& counters) {
  switch (kind_) {
    case Kind::drop:
    case Kind::silence:
      ++counters.lost;
      break;
    case Kind::corrupt:
      flip_bits(out.add(frame));
      break;
    case Kind::delay:
      ++counters.delayed;
      held_.push_back({now + static_cast<sim::TimeNs>(std::llround(fault_.value * 1e9)), {frame.begin(), frame.end()}});
      break;
    case Kind::duplicate:
      out.add(frame);
      out.add(frame);
      break;
    case Kind::truncate:
      out.add(frame.first(below(frame.size())));
      break;
    case Kind::garbage: {
      std::array<std::uint8_t, kGarbageBytes> noise;
      for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random_.next() >> 56);
      noise[below(noise.size())] = 0;
      out.add(noise);
      out.add(frame);
      break;
    }
  }
}

void LineFilter::release(FrameBatch& out, sim::TimeNs now) {
  while (!held_.empty() && held_.front().due <= now) {
    out.add(held_.front().bytes);
    held_.pop_front();
  }
}

void LineFilter::flip_bits(std::span<std::uint8_t> frame) {
  if (fault_.value <= 0) {
    const std::uint64_t bit = below(frame.size() * 8);
    frame[bit / 8] = static_cast<std::uint8_t>(frame[bit / 8] ^ (1u << bit % 8));
    return;
  }
  for (std::uint8_t& byte : frame) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      if (random_.uniform() < fault_.value) byte = static_cast<std::uint8_t>(byte ^ (1u << bit));
    }
  }
}

std::uint64_t LineFilter::below(std::uint64_t limit) {
  return static_cast<std::uint64_t>(random_.uniform() * static_cast<double>(limit));
}

}  // namespace packbench::hil
