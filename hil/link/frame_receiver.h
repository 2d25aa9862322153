// From bytes to frames: cuts what arrives at its delimiters, lets the line faults act on it, and decodes what is left.
#pragma once

#include <vector>

#include "hil/link/line_faults.h"
#include "hil/packlink/packlink.h"

namespace packbench::hil {

class FrameSink {
 public:
  virtual void on_frame(const packlink_frame_t& frame) = 0;

 protected:
  ~FrameSink() = default;
};

class FrameReceiver {
 public:
  // What it holds between two reads.
  struct State {
    packlink_decoder_t decoder;
    std::vector<std::uint8_t> chunk;  // up to the next 0x00
    bool disturbed = false;           // a fault may have left half a frame in the decoder
  };

  FrameReceiver(LineFaults& faults, LinkCounters& counters, FrameSink& sink);

  // Forgets half a frame and the count of damaged ones: a new connection.
  void restart();
  // Frames that a fault held back and that are due now.
  void release(sim::TimeNs now);
  void receive(std::span<const std::uint8_t> bytes, sim::TimeNs now);
  std::uint64_t damaged() const { return state_.decoder.crc_errors + state_.decoder.oversize; }
  const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  void on_chunk(sim::TimeNs now);
  void pass_faults(sim::TimeNs now);
  void decode(std::span<const std::uint8_t> bytes);

  LineFaults& faults_;
  LinkCounters& counters_;
  FrameSink& sink_;
  State state_;
  FrameBatch batch_;
};

}  // namespace packbench::hil
