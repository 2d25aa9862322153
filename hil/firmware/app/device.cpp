#include "hil/firmware/app/device.h"

#include "hil/firmware/app/status.h"

namespace packbench::firmware {
namespace {

constexpr std::uint64_t kLongestTick_us = 3'600'000'000;
constexpr std::uint64_t kReportPeriod_us = 100'000;

}  // namespace

Device::Device(Wire wire) : wire_(wire), board_(wire) {
  packlink_decoder_init(&decoder_);
  bms_.keep_charge_in(wire.retained);
}

void Device::power_on(std::uint8_t reset_reason, std::uint32_t boot_count) {
  reset_reason_ = reset_reason;
  boot_count_ = boot_count;
  booting_ = true;
  has_tick_ = has_readings_ = seen_idle_ = false;
  boot_us_ = now_us_;
  sensor_log_.reset();
  bms_.boot(now_us_, static_cast<ResetReason>(reset_reason));
  bms_.recall_charge(static_cast<ResetReason>(reset_reason));
  board_.power_on(now_us_);
}

// A reset from inside keeps the time base: it belongs to the bench.
void Device::restart(std::uint8_t reset_reason) {
  power_on(reset_reason, boot_count_ + 1);
  booting_ = !has_time_;
  send_ident();
}

const char* Device::load_profile(const std::uint8_t* data, std::size_t size) {
  Profile profile;
  const char* why = decode_profile(data, size, profile);
  return why != nullptr ? why : bms_.configure(profile);
}

// It is before the conversation: that begins with frame 0, as without it.
void Device::announce() {
  send_ident();
  sequence_ = 0;
}

void Device::receive(std::uint8_t byte) {
  packlink_frame_t frame;
  if (!packlink_decoder_feed(&decoder_, byte, &frame)) return;
  note_damage(frame.sequence);
  if (frame.type != PACKLINK_TICK) bms_.note_frame(false);
  handle(frame);
}

// A frame came damaged where bytes were damaged and a number is missing: noise between whole frames harms none.
void Device::note_damage(std::uint16_t sequence) {
  const std::uint32_t errors = decoder_.crc_errors + decoder_.oversize;
  const auto missing = static_cast<std::uint16_t>(sequence - heard_sequence_ - 1);
  const bool forward = missing < 0x8000;  // not a frame that is sent again
  for (std::uint32_t i = 0; forward && i < missing && i < errors - heard_errors_; ++i) bms_.note_frame(true);
  heard_errors_ = errors;
  if (forward) heard_sequence_ = sequence;
}

// The first time that is heard after power-on or HELLO. One that lies before this clock belongs to a new session of the
// bench, in which the BMS starts anew.
void Device::set_time(std::uint64_t time_us) {
  if (!booting_ && time_us < bench_us_) {
    bms_.boot(time_us);
    booting_ = true;
    seen_idle_ = false;
  }
  if (booting_) {
    bms_.start_clock(time_us);
    boot_us_ = time_us;
    board_.power_on(time_us);
  }
  booting_ = false;
  has_time_ = true;
  now_us_ = bench_us_ = time_us;
  clock_.start(time_us);
}

void Device::variables(VariableList& list) {
  bms_.variables(list);
  board_.variables(list);
  if (wire_.retained != nullptr) {
    list.add("retained_charge", reinterpret_cast<std::uint8_t(&)[8]>(wire_.retained->bytes[kRetainedChargeAt]));
  }
  list.add("clock", now_us_);
}

void Device::run_tasks(std::uint64_t until_us) {
  for (std::uint64_t task_us = (now_us_ / kTask_us + 1) * kTask_us; task_us <= until_us; task_us += kTask_us) {
    if (wire_.alive != nullptr) wire_.alive(wire_.context);
    bms_.task(task_us);
    drive_board(task_us);
    seen_idle_ = seen_idle_ || bms_.state() == BmsState::idle;
  }
  now_us_ = until_us;
}

void Device::drive_board(std::uint64_t now_us) {
  const Outputs& outputs = bms_.outputs();
  board_.set_main(outputs.main, now_us);
  board_.set_precharge(outputs.precharge, now_us);
  board_.set_bleed(bms_.bleed(), now_us);
  const bool stays_closed = board_.driven().charger && bms_.defects.has(Defect::status_lies_about_charger);
  if (!stays_closed) board_.set_charger(outputs.charger, now_us);
}

void Device::send_notice() {
  packlink_text_t text{};
  for (const char* c = wire_.notice; *c != '\0' && text.length < sizeof text.text; ++c) text.text[text.length++] = *c;
  wire_.notice = nullptr;
  send(packlink_encode_text, text);
}

packlink_status_t Device::status() {
  const std::uint32_t errors = decoder_.crc_errors + decoder_.oversize + refused_frames_;
  const auto rx_errors = static_cast<std::uint16_t>(errors > 0xFFFF ? 0xFFFF : errors);
  packlink_status_t status = make_status(bms_, {now_us_ - boot_us_, boot_count_, reset_reason_, rx_errors});
  if (seen_idle_ && bms_.defects.has(Defect::state_frozen)) status.state = static_cast<std::uint8_t>(BmsState::idle);
  return status;
}

void Device::answer_tick(const packlink_frame_t& frame, const packlink_tick_t& tick) {
  tick_answer_.clear();
  tick_answer_.add(packlink_encode_actuators, sequence_, board_.driven());
  tick_answer_.add(packlink_encode_status, sequence_, status());
  tick_answer_.add(packlink_encode_tick_done, sequence_, packlink_tick_done_t{frame.sequence, tick.time_us, 0});
  tick_answer_.send(wire_);
  has_tick_ = true;
  tick_sequence_ = frame.sequence;
  tick_us_ = tick.time_us;
}

void Device::on_tick(const packlink_frame_t& frame) {
  packlink_tick_t tick;
  if (!packlink_decode_tick(&frame, &tick)) return refuse(frame, "TICK is too short.");
  if (misbehave()) return;
  if (has_tick_ && frame.sequence == tick_sequence_ && tick.time_us == tick_us_) return tick_answer_.send(wire_);
  if (!has_time_) set_time(tick.time_us);
  if (tick.time_us < bench_us_) return refuse(frame, "TICK goes back in time.");
  if (tick.time_us - bench_us_ > kLongestTick_us) return refuse(frame, "TICK goes on by more than an hour.");
  const std::uint64_t until_us = clock_.own_us(tick.time_us);
  if (tick.time_us > bench_us_) bms_.set_period(until_us - now_us_);
  bench_us_ = tick.time_us;
  run_tasks(until_us);
  if (wire_.notice != nullptr) send_notice();
  answer_tick(frame, tick);
}

void Device::run_until(std::uint64_t time_us) {
  if (!has_time_) set_time(time_us);
  if (time_us < bench_us_) return;
  bench_us_ = time_us;
  run_tasks(clock_.own_us(time_us));
  if (mode_ != PACKLINK_FREE_RUNNING || time_us - reported_us_ < kReportPeriod_us) return;
  reported_us_ = time_us - time_us % kReportPeriod_us;
  reply_.clear();
  reply_.add(packlink_encode_status, sequence_, status());
  reply_.add(packlink_encode_actuators, sequence_, board_.driven());
  reply_.send(wire_);
}

}  // namespace packbench::firmware
