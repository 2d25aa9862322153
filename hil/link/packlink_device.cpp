#include "hil/link/packlink_device.h"

#include <algorithm>

#include <fmt/format.h>

#include "hil/link/line_budget.h"

namespace packbench::hil {

PacklinkDevice::PacklinkDevice(std::string uri, std::unique_ptr<Transport> transport, const DeviceOptions& options)
    : uri_(std::move(uri)),
      transport_(std::move(transport)),
      watchdog_(std::chrono::duration_cast<WallClock::duration>(std::chrono::duration<double>(options.watchdog_s))),
      to_device_("to_device", options.seed),
      from_device_("from_device", options.seed),
      receiver_(from_device_, counters_, *this) {
  out_.reserve(16 << 10);
  commands_.reserve(16);
}

PacklinkDevice::~PacklinkDevice() { transport_->close(); }

std::optional<DeviceError> PacklinkDevice::exchange(const packlink_measurements_t& measurements, sim::TimeNs now,
                                                    sim::TimeNs next, DeviceReport& report) {
  report.answered = false;
  if (auto error = act_on_machine(report)) return error;
  if (stopped_) return stand_still(now, next, report);
  const std::string too_slow =
      line_too_slow(transport_->baud(), measurements.cells, measurements.temperatures, next - now);
  if (!too_slow.empty()) return DeviceError{LinkTrouble::bench, too_slow};
  report_ = &report;
  now_ = now;
  const std::size_t tick_size = write_step(measurements, now, next);
  receiver_.release(now);
  MaybeError error = lockstep() ? tick(Bytes(out_).last(tick_size), next) : paced(now, next);
  report_ = nullptr;
  if (!error) look_at_pins(report);
  return error;
}

// Fills out_; returns how many bytes of its end are the tick.
std::size_t PacklinkDevice::write_step(const packlink_measurements_t& measurements, sim::TimeNs now, sim::TimeNs next) {
  std::array<std::uint8_t, PACKLINK_MAX_FRAME> frame;
  batch_.clear();
  batch_.add(Bytes(frame.data(), packlink_encode_measurements(frame.data(), frame.size(), ++sequence_, &measurements)));
  for (const packlink_command_t& command : commands_) {
    batch_.add(Bytes(frame.data(), packlink_encode_command(frame.data(), frame.size(), ++sequence_, &command)));
  }
  counters_.frames_sent += batch_.size();
  commands_.clear();
  if (!to_device_.idle()) to_device_.pass(batch_, now, counters_);
  out_.assign(batch_.bytes().begin(), batch_.bytes().end());
  if (!lockstep()) return 0;

  const packlink_tick_t tick{static_cast<std::uint64_t>(next / sim::kMicrosecond)};
  tick_sequence_ = ++sequence_;
  const std::size_t size = packlink_encode_tick(frame.data(), frame.size(), tick_sequence_, &tick);
  out_.insert(out_.end(), frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
  ++counters_.frames_sent;
  return size;
}

std::optional<DeviceError> PacklinkDevice::tick(Bytes tick_frame, sim::TimeNs next) {
  got_tick_done_ = false;
  refusal_.clear();
  answer_bytes_ = 0;
  const int attempts = transport_->lossless() ? 1 : kTickAttempts;
  Patience patience(watchdog_);
  for (int attempt = 0; attempt < attempts; ++attempt) {
    counters_.repeated += attempt > 0 ? 1 : 0;
    patience.extend(watchdog_ / attempts);
    if (auto error = send(attempt == 0 ? Bytes(out_) : tick_frame)) return error;
    if (auto error = listen(got_tick_done_, patience)) return error;
    if (got_tick_done_) return std::nullopt;
  }
  return silent(patience,
                fmt::format("the device stalled: it did not finish its step to {:.3f} s", sim::to_seconds(next)),
                attempts > 1 ? fmt::format(", although the tick was sent {} times", attempts) : "");
}

DeviceError PacklinkDevice::silent(const Patience& patience, const std::string& what, const std::string& more) const {
  const double excused_s = std::chrono::duration<double>(patience.excused()).count();
  if (patience.computer_too_busy()) {
    return {LinkTrouble::bench,
            fmt::format("the computer was too busy to run the device: its process waited {:.3g} s for a processor or "
                        "the disk while one answer was due, at last it was {}.",
                        excused_s, patience.doing())};
  }
  std::string text =
      fmt::format("{} within {:.3g} s of wall time{}", what, std::chrono::duration<double>(watchdog_).count(), more);
  if (excused_s > 0) text += fmt::format(", besides {:.3g} s for which the computer let it wait", excused_s);
  if (!patience.doing().empty()) text += fmt::format("; its process was {}", patience.doing());
  return {LinkTrouble::stalled, text + "."};
}

std::optional<DeviceError> PacklinkDevice::paced(sim::TimeNs now, sim::TimeNs next) {
  if (!pace_origin_) pace_origin_ = WallClock::now() - std::chrono::nanoseconds(now);
  answer_bytes_ = 0;
  refusal_.clear();
  if (auto error = send(out_)) return error;
  const Deadline end = *pace_origin_ + std::chrono::nanoseconds(next);
  IoStatus status = IoStatus::ok;
  while (status == IoStatus::ok && WallClock::now() < end) {
    if (auto error = read_once(end, status)) return error;
    if (!refusal_.empty()) return DeviceError{LinkTrouble::refused, refusal_};
  }
  const WallClock::duration late = WallClock::now() - end;
  if (late <= std::chrono::nanoseconds(next - now)) return std::nullopt;
  return DeviceError{
      LinkTrouble::bench,
      fmt::format("the bench missed its deadline in real time: the step to {:.3f} s ended {:.1f} ms late.",
                  sim::to_seconds(next), std::chrono::duration<double, std::milli>(late).count())};
}

std::optional<DeviceError> PacklinkDevice::send(Bytes bytes) {
  counters_.bytes_sent += bytes.size();
  const IoResult result = transport_->write_all(bytes, WallClock::now() + watchdog_);
  if (result.status == IoStatus::ok) return std::nullopt;
  if (result.status == IoStatus::closed) return gone();
  return DeviceError{LinkTrouble::stalled,
                     fmt::format("the device stalled: it took {} of {} bytes within {:.3g} s of wall time.",
                                 result.bytes, bytes.size(), std::chrono::duration<double>(watchdog_).count())};
}

std::optional<DeviceError> PacklinkDevice::listen(const bool& done, Patience& patience) {
  const bool waits = transport_->can_wait();
  for (;;) {
    const Deadline start = WallClock::now();
    const WallClock::duration slice = waits ? patience.slice() : WallClock::duration::zero();
    IoStatus status = IoStatus::ok;
    if (auto error = read_once(start + slice, status)) return error;
    if (!refusal_.empty()) return DeviceError{LinkTrouble::refused, refusal_};
    if (done) return std::nullopt;
    if (status == IoStatus::ok) {
      patience.spend(std::min(WallClock::now() - start, slice));
      continue;
    }
    if (!waits) return std::nullopt;
    patience.spend(slice, transport_->activity());
    if (patience.over()) return std::nullopt;
  }
}

std::optional<DeviceError> PacklinkDevice::read_once(Deadline deadline, IoStatus& status) {
  const IoResult result = transport_->read_some(in_, deadline);
  status = result.status;
  if (result.status == IoStatus::closed) return gone();
  counters_.bytes_received += result.bytes;
  answer_bytes_ += result.bytes;
  receiver_.receive(Bytes(in_).first(result.bytes), now_);
  if (answer_bytes_ <= kFloodBytes) return std::nullopt;
  return DeviceError{LinkTrouble::flooded,
                     fmt::format("the device floods the line: more than {} bytes came without an end of its answer "
                                 "(a step's answer has a few hundred).",
                                 kFloodBytes)};
}

DeviceError PacklinkDevice::gone() { return {LinkTrouble::gone, "the device is gone: " + transport_->ending() + "."}; }

void PacklinkDevice::line_fault(const sim::FaultSpec& fault, bool active) {
  to_device_.set(fault, active);
  from_device_.set(fault, active);
}

LinkCounters PacklinkDevice::counters() const {
  LinkCounters counters = counters_;
  counters.crc_errors = receiver_.damaged();
  return counters;
}

}  // namespace packbench::hil
