// What each frame from the device means to the bench.
#include <string_view>

#include <fmt/format.h>

#include "hil/link/packlink_device.h"

namespace packbench::hil {
namespace {

std::string_view message_name(std::uint8_t type) {
  switch (type) {
    case PACKLINK_HELLO:
      return "HELLO";
    case PACKLINK_MEASUREMENTS:
      return "MEASUREMENTS";
    case PACKLINK_TICK:
      return "TICK";
    case PACKLINK_COMMAND:
      return "COMMAND";
    case PACKLINK_CONFIG:
      return "CONFIG";
    default:
      return "a test message";
  }
}

}  // namespace

// Unknown types are a newer device's and pass by.
void PacklinkDevice::on_frame(const packlink_frame_t& frame) {
  switch (frame.type) {
    case PACKLINK_STATUS:
      if (report_ == nullptr) return;
      if (packlink_status_t status; packlink_decode_status(&frame, &status)) {
        report_->status = status;
        report_->has_status = report_->answered = true;
        ++counters_.frames_received;
      }
      return;
    case PACKLINK_ACTUATORS:
      if (report_ == nullptr) return;
      if (packlink_actuators_t actuators; packlink_decode_actuators(&frame, &actuators)) {
        report_->actuators = actuators;
        ++counters_.frames_received;
      }
      return;
    case PACKLINK_TICK_DONE:
      return on_tick_done(frame);
    case PACKLINK_IDENT:
      return on_ident(frame);
    case PACKLINK_CONFIG_ACK:
      return on_config_ack(frame);
    case PACKLINK_TEXT:
      return on_text(frame);
    case PACKLINK_NACK:
      return on_nack(frame);
    case PACKLINK_HELLO:
      echoed_ = true;
      return;
    default:
      return;
  }
}

// An answer to an earlier, repeated tick comes late and is not this one's.
void PacklinkDevice::on_tick_done(const packlink_frame_t& frame) {
  packlink_tick_done_t done;
  if (report_ == nullptr || !packlink_decode_tick_done(&frame, &done) || done.tick_sequence != tick_sequence_) return;
  counters_.frames_received += got_tick_done_ ? 0 : 1;
  got_tick_done_ = true;
}

void PacklinkDevice::on_ident(const packlink_frame_t& frame) {
  packlink_ident_t ident;
  if (!packlink_decode_ident(&frame, &ident)) return;
  const bool restarted = report_ != nullptr && ident.boot_count != ident_.boot_count;
  if (restarted)
    report_->texts.push_back(fmt::format("the device started again by itself (boot {})", ident.boot_count));
  ident_ = ident;
  got_ident_ = true;
}

// An acknowledgement of an earlier, repeated part comes late and is not this one's.
void PacklinkDevice::on_config_ack(const packlink_frame_t& frame) {
  packlink_config_ack_t ack;
  if (!packlink_decode_config_ack(&frame, &ack) || ack.part != config_part_) return;
  config_ack_ = ack;
  got_config_ack_ = true;
}

void PacklinkDevice::on_text(const packlink_frame_t& frame) {
  packlink_text_t text;
  if (report_ == nullptr || !packlink_decode_text(&frame, &text)) return;
  ++counters_.frames_received;
  report_->texts.emplace_back(text.text, text.length);
}

// A refused command is the application's decision and goes to its log; anything else refused ends the conversation.
void PacklinkDevice::on_nack(const packlink_frame_t& frame) {
  packlink_nack_t nack;
  if (!packlink_decode_nack(&frame, &nack)) return;
  std::string_view why(nack.why, nack.length);
  if (why.ends_with('.')) why.remove_suffix(1);
  const std::string text = fmt::format("the device refused {}: {}.", message_name(nack.refused_type), why);
  if (nack.refused_type != PACKLINK_COMMAND) {
    refusal_ = text;
  } else if (report_ != nullptr) {
    ++counters_.frames_received;
    report_->texts.push_back(text);
  }
}

}  // namespace packbench::hil
