#include "rig.h"

#include <algorithm>
#include <cmath>

#include "hil/firmware/host/profile_bytes.h"

namespace rig {
namespace {

using packbench::sim::kNoThreshold;
using packbench::sim::TripAction;

template <typename Message>
Bytes frame_of(std::size_t (*encode)(std::uint8_t*, std::size_t, std::uint16_t, const Message*), std::uint16_t sequence,
               const Message& message) {
  Bytes bytes(PACKLINK_MAX_FRAME);
  bytes.resize(encode(bytes.data(), bytes.size(), sequence, &message));
  return bytes;
}

}  // namespace

packbench::sim::BmsProfile default_profile(int cells) {
  packbench::sim::BmsProfile p;
  p.name = "test";
  p.cells = cells;
  const auto row = [&p](const char* id, double warn, double trip, double delay_s, double release,
                        double release_delay_s, bool latched, TripAction action) {
    packbench::sim::Protection protection;
    protection.id = id;
    protection.warn = warn;
    protection.trip = trip;
    protection.delay_s = delay_s;
    protection.release = release;
    protection.release_delay_s = release_delay_s;
    protection.latched = latched;
    protection.action = action;
    p.protections.push_back(protection);
  };
  const double none = kNoThreshold;
  row("cell_ov", 3.55, 3.65, 2, 3.40, 2, false, TripAction::open_charger);
  row("cell_ov_hard", none, 3.80, 0.2, none, 0, true, TripAction::open_both);
  row("cell_uv", 2.90, 2.80, 2, 3.00, 2, false, TripAction::open_main);
  row("cell_uv_hard", none, 2.50, 0.5, 3.00, 2, true, TripAction::open_both);
  row("deep_discharge", none, 2.00, 0.1, none, 0, true, TripAction::open_both);
  row("pack_ov", 3.60 * cells, 3.65 * cells, 2, 3.40 * cells, 2, false, TripAction::open_charger);
  row("pack_uv", 2.90 * cells, 2.80 * cells, 2, 3.00 * cells, 2, false, TripAction::open_main);
  row("occ1", 105, 110, 10, 100, 60, false, TripAction::open_charger);
  row("occ2", none, 150, 0.5, 100, 60, false, TripAction::open_charger);
  row("ocd1", 105, 110, 10, 100, 60, false, TripAction::open_main);
  row("ocd2", none, 150, 0.5, 100, 60, false, TripAction::open_main);
  row("short", none, 300, 0, none, 0, true, TripAction::open_both);
  row("otc", 45, 55, 5, 50, 2, false, TripAction::open_charger);
  row("utc", 5, 0, 5, 5, 2, false, TripAction::open_charger);
  row("otd", 55, 60, 5, 55, 2, false, TripAction::open_main);
  row("utd", -10, -20, 5, -15, 2, false, TripAction::open_main);
  row("ot_hard", none, 70, 0.5, none, 0, true, TripAction::open_both);
  p.ocv_by_soc = {{0.0, 2.5}, {0.1, 3.2}, {0.5, 3.29}, {0.9, 3.33}, {1.0, 3.45}};
  return p;
}

Rig::Rig(int count) : firmware({&Rig::collect, this, false, nullptr, &retained}), cells(count) {
  packlink_decoder_init(&decoder_);
  readings.cells = static_cast<std::uint8_t>(cells);
  readings.temperatures = 4;
  set_cells(3.30);
  set_temperatures(25);
  firmware.power_on(0, 1);
}

void Rig::set_cells(double volt) {
  for (int i = 0; i < cells; ++i) set_cell(i, volt);
  readings.pack_dmV = static_cast<std::uint32_t>(std::lround(volt * cells * 1e4));
}

void Rig::set_cell(int cell, double volt) {
  readings.cell_dmV[cell] = static_cast<std::uint16_t>(std::lround(volt * 1e4));
}

void Rig::set_temperatures(double degC) {
  std::fill_n(readings.temperature_mdegC, readings.temperatures, static_cast<std::int32_t>(std::lround(degC * 1e3)));
}

void Rig::collect(void* context, const std::uint8_t* data, std::size_t size) {
  Rig& self = *static_cast<Rig*>(context);
  ++self.sends;
  self.received.insert(self.received.end(), data, data + size);
  self.last_answer.assign(data, data + size);
  packlink_frame_t frame;
  for (std::size_t i = 0; i < size; ++i) {
    if (packlink_decoder_feed(&self.decoder_, data[i], &frame)) self.understand(frame);
  }
}

void Rig::understand(const packlink_frame_t& frame) {
  packlink_nack_t nack;
  if (packlink_decode_nack(&frame, &nack)) refusals.emplace_back(nack.why, nack.length);
  packlink_text_t text;
  if (packlink_decode_text(&frame, &text)) texts.emplace_back(text.text, text.length);
  if (frame.type == PACKLINK_STATUS) packlink_decode_status(&frame, &status);
  if (frame.type == PACKLINK_ACTUATORS) packlink_decode_actuators(&frame, &actuators);
  if (frame.type == PACKLINK_IDENT) packlink_decode_ident(&frame, &ident);
  if (frame.type == PACKLINK_CONFIG_ACK) packlink_decode_config_ack(&frame, &config_ack);
  if (frame.type == PACKLINK_TICK_DONE) packlink_decode_tick_done(&frame, &done);
}

void Rig::send(const Bytes& bytes) {
  for (const auto byte : bytes) firmware.receive(byte);
}

void Rig::hello() {
  const packlink_hello_t message{PACKLINK_VERSION_MAJOR, 0, PACKLINK_LOCKSTEP, static_cast<std::uint8_t>(cells), 4};
  send(frame_of(packlink_encode_hello, ++sequence, message));
}

void Rig::configure(const packbench::sim::BmsProfile& profile) {
  const Bytes bytes = packbench::firmware::encode_profile(profile);
  const std::size_t parts = (bytes.size() + 199) / 200;
  for (std::size_t part = 0; part < parts; ++part) {
    packlink_config_t config{};
    config.part = static_cast<std::uint8_t>(part);
    config.parts = static_cast<std::uint8_t>(parts);
    config.length = static_cast<std::uint8_t>(std::min<std::size_t>(200, bytes.size() - part * 200));
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(part * 200), config.length, config.data);
    send(frame_of(packlink_encode_config, ++sequence, config));
  }
}

void Rig::command(packlink_command_code_t code, std::uint32_t argument) {
  send(frame_of(packlink_encode_command, ++sequence, packlink_command_t{static_cast<std::uint8_t>(code), argument}));
}

void Rig::defect(const std::string& name, bool on) {
  packlink_defect_t message{};
  name.copy(message.name, sizeof message.name);
  message.on = on;
  send(frame_of(packlink_encode_defect, ++sequence, message));
}

Bytes Rig::measurements_frame(std::uint16_t number) {
  readings.time_us = now_us;
  return frame_of(packlink_encode_measurements, number, readings);
}

Bytes Rig::tick_frame(std::uint16_t number, std::uint64_t time_us) {
  return frame_of(packlink_encode_tick, number, packlink_tick_t{time_us});
}

// Contacts follow the outputs of the last answer; the bus follows the contacts with the pack.
void Rig::move_pack() {
  readings.main_feedback = (actuators.main && !main_never_closes) || main_welded;
  readings.charger_feedback = actuators.charger;
  const bool bus_fed = (actuators.main || actuators.precharge) && bus_follows;
  readings.bus_dmV = bus_fed ? readings.pack_dmV : static_cast<std::uint32_t>(std::lround(bus_stays_V * 1e4));
  const double current_A = (actuators.charger ? charge_A : 0) - (readings.main_feedback ? load_A : 0);
  readings.current_mA = static_cast<std::int32_t>(std::lround(current_A * 1e3));
}

void Rig::step() {
  move_pack();
  if (send_measurements) send(measurements_frame(++sequence));
  send(tick_frame(++sequence, now_us + step_us));
  now_us += step_us;
}

void Rig::run(double seconds) {
  const auto steps = std::lround(seconds * 1e6 / static_cast<double>(step_us));
  for (long i = 0; i < steps; ++i) step();
}

void Rig::ready() {
  hello();
  configure(default_profile(cells));
  run(0.5);
  command(PACKLINK_SET_SOC, 5000);
  command(PACKLINK_ENABLE);
  seconds_until([this] { return state() == BmsState::idle; }, 5);
}

}  // namespace rig
