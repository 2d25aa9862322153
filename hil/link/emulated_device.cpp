#include "hil/link/emulated_device.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "hil/link/packlink_device.h"
#include "hil/transport/frozen_process.h"

namespace packbench::hil {
namespace {

constexpr std::uint64_t kTask_us = 10'000;

// The same line for a bench that does not own it.
class Borrowed : public Transport {
 public:
  explicit Borrowed(Transport& transport) : transport_(transport) {}
  IoResult write_all(std::span<const std::uint8_t> bytes, Deadline deadline) override {
    return transport_.write_all(bytes, deadline);
  }
  IoResult read_some(std::span<std::uint8_t> buffer, Deadline deadline) override {
    return transport_.read_some(buffer, deadline);
  }
  void close() override {}
  std::string ending() override { return transport_.ending(); }
  bool can_wait() const override { return transport_.can_wait(); }
  bool lossless() const override { return transport_.lossless(); }
  bool own_process() const override { return transport_.own_process(); }

 private:
  Transport& transport_;
};

bool wait(int fd, short events, int timeout_ms) {
  pollfd poll_fd{fd, events, 0};
  return ::poll(&poll_fd, 1, timeout_ms) > 0;
}

// False when the other end is gone.
bool write_out(int fd, std::span<const std::uint8_t> bytes, bool may_lose) {
  while (!bytes.empty()) {
    if (may_lose && !wait(fd, POLLOUT, 0)) return true;
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EAGAIN) {
      if (may_lose) return true;
      wait(fd, POLLOUT, -1);
    } else if (written < 0 && errno != EINTR) {
      return false;
    }
    if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

EmulatedDevice::EmulatedDevice(const EmulatedDeviceOptions& options)
    : options_(options),
      own_memory_{.retained = {}, .boots = options.boot_count},
      firmware_(FirmwareTransport::Process::own, options.memory != nullptr ? *options.memory : own_memory_,
                static_cast<firmware::ResetReason>(options.reset_reason)),
      start_(WallClock::now()) {
  packlink_decoder_init(&own_words_);
}

std::string EmulatedDevice::prepare() {
  const std::string trouble = give_profile_and_defect();
  if (options_.realtime) report_by_itself();
  return trouble;
}

std::string EmulatedDevice::give_profile_and_defect() {
  if (options_.profile.empty() && options_.defect.empty()) return "";
  PacklinkDevice bench("inproc:", std::make_unique<Borrowed>(firmware_), {});
  if (auto error = bench.connect(options_.cells, options_.temperatures)) return error->what;
  if (!options_.profile.empty()) {
    if (auto error = bench.configure(options_.profile)) return error->what;
  }
  if (options_.defect.empty()) return "";
  const auto error = bench.set_defect(options_.defect);
  return error ? error->what : "";
}

std::uint64_t EmulatedDevice::elapsed_us() const {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(WallClock::now() - start_).count());
}

// Waits for the line and for the bench's hand. False when it was the hand.
bool EmulatedDevice::bytes_came(int in) {
  std::array<pollfd, 2> ends{pollfd{in, POLLIN, 0}, pollfd{options_.control, POLLIN, 0}};
  if (::poll(ends.data(), ends.size(), -1) <= 0) return false;
  if (ends[1].revents != 0) obey(in);
  return ends[1].revents == 0;
}

void EmulatedDevice::obey(int line) {
  auto request = receive_request(options_.control);
  if (!request) _exit(0);  // the bench is gone
  ControlAnswer answer;
  if (request->what == ControlRequest::What::save) {
    answer.frozen = ::getpid();
    const ControlRequest woken = freeze(options_.control, *request);
    if (woken.what == ControlRequest::What::restore) ::tcflush(line, TCIFLUSH);
  } else {
    flip_bit(*request).copy(answer.trouble.data(), answer.trouble.size() - 1);
  }
  answer.serving = ::getpid();
  static_cast<void>(send_answer(options_.control, answer));
}

std::string EmulatedDevice::flip_bit(const ControlRequest& request) {
  return firmware_.machine()->flip_bit(request.variable.data(), request.bit);
}

void EmulatedDevice::serve(int in, int out) {
  if (options_.control >= 0) {
    ::tcflush(in, TCIFLUSH);
    static_cast<void>(send_answer(options_.control, {.serving = ::getpid(), .frozen = ::getppid(), .trouble = {}}));
  }
  std::array<std::uint8_t, 4096> bytes;
  std::uint64_t due_us = kTask_us;
  for (;;) {
    if (options_.realtime) {
      const std::uint64_t now_us = elapsed_us();
      if (now_us >= due_us) {
        due_us = now_us - now_us % kTask_us;
        firmware_.run_until(due_us);
        due_us += kTask_us;
        answer(out);
      }
      if (!wait(in, POLLIN, static_cast<int>((due_us - std::min(due_us, elapsed_us())) / 1000 + 1))) continue;
    }
    if (options_.control >= 0 && !bytes_came(in)) continue;
    const ssize_t count = ::read(in, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    static_cast<void>(firmware_.write_all(std::span(bytes).first(static_cast<std::size_t>(count)), {}));
    answer(out);
  }
}

void EmulatedDevice::answer(int out) {
  std::array<std::uint8_t, 4096> bytes;
  for (;;) {
    const IoResult result = firmware_.read_some(bytes, {});
    if (result.bytes == 0 || !put(out, std::span(bytes).first(result.bytes))) return;
  }
}

bool EmulatedDevice::put(int out, std::span<const std::uint8_t> bytes) {
  return options_.realtime ? put_without_lockstep(out, bytes) : write_out(out, bytes, false);
}

// Frame by frame, the promise of lockstep taken out of IDENT.
bool EmulatedDevice::put_without_lockstep(int out, std::span<const std::uint8_t> bytes) {
  for (const std::uint8_t byte : bytes) {
    packlink_frame_t frame;
    if (!packlink_decoder_feed(&own_words_, byte, &frame)) continue;
    std::array<std::uint8_t, PACKLINK_MAX_FRAME> encoded;
    packlink_ident_t ident;
    std::size_t size = 0;
    if (packlink_decode_ident(&frame, &ident)) {
      ident.capabilities &= ~PACKLINK_CAP_LOCKSTEP;
      size = packlink_encode_ident(encoded.data(), encoded.size(), frame.sequence, &ident);
    } else {
      size = packlink_encode_frame(encoded.data(), encoded.size(), frame.type, frame.flags, frame.sequence,
                                   frame.payload, frame.payload_size);
    }
    if (!write_out(out, std::span(encoded).first(size), true)) return false;
  }
  return true;
}

// A board that is free-running reports before any bench asks.
void EmulatedDevice::report_by_itself() {
  const packlink_hello_t hello{PACKLINK_VERSION_MAJOR, PACKLINK_VERSION_MINOR, PACKLINK_FREE_RUNNING,
                               static_cast<std::uint8_t>(options_.cells),
                               static_cast<std::uint8_t>(options_.temperatures)};
  std::array<std::uint8_t, PACKLINK_MAX_FRAME> frame;
  static_cast<void>(
      firmware_.write_all(std::span(frame).first(packlink_encode_hello(frame.data(), frame.size(), 0, &hello)), {}));
  while (firmware_.read_some(frame, {}).bytes > 0) {
  }  // its IDENT has no reader yet
}

}  // namespace packbench::hil
