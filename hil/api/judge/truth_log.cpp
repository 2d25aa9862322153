#include "hil/api/judge/truth_log.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hil/api/values/fixed_point.h"

namespace packbench::hil::api {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kMaxSensed_V = 5.0;  // sensed cell voltages are clamped to 0..5 V
constexpr int kTauFolds = 10;         // exp(-10): 0.005 % of a step of temperature is left

sim::TimeNs from_seconds(double seconds) { return static_cast<sim::TimeNs>(std::llround(seconds * 1e9)); }

std::string number(double value, int digits) {
  return fixed_text(std::llround(value * std::pow(10.0, digits)), digits);
}

}  // namespace

void TruthLog::Span::include(double value) {
  low = std::min(low, value);
  high = std::max(high, value);
}

TruthLog::TruthLog(const sim::Scenario& scenario)
    : bounds_{scenario.pack_profile.sensing}, faults_(scenario), bucket_(sim::kSecond) {
  const double seconds = kTauFolds * bounds_.sensing.temperature_tau_s;
  temperature_buckets_.assign(static_cast<std::size_t>(std::ceil(seconds)) + 2, Span{kInfinity, -kInfinity});
  const sim::PlantParameters& plant = scenario.pack_profile.plant;
  const sim::ContactorTiming* timing[] = {&plant.main, &plant.charger};
  for (std::size_t i = 0; i < 2; ++i) {
    contact_tolerance_[i] =
        scenario.step + from_seconds(std::max(timing[i]->pickup_s, timing[i]->dropout_s) + plant.feedback_delay_s);
    changes_[i].reserve(256);
  }
}

void TruthLog::sample(sim::TimeNs now, const sim::Frame& frame, bool new_measurement) {
  faults_.sample(now, frame);
  Truth truth;
  truth.hidden = faults_.hidden(now, now);
  const auto cells = frame.array(sim::Signal::truth_cell_voltage);
  cells_ = static_cast<int>(cells.size());
  std::ranges::transform(cells, truth.cell_V.begin(), [](double v) { return std::clamp(v, 0.0, kMaxSensed_V); });
  truth.pack_V = std::max(frame[sim::Signal::truth_pack_voltage], 0.0);
  const double range_A = bounds_.sensing.current_range_A;
  truth.current_A = std::clamp(frame[sim::Signal::truth_pack_current], -range_A, range_A);
  if (new_measurement) {
    base_ = begun_ ? last_ : truth;
    arrival_ = truth;
  }
  last_ = truth;
  begun_ = true;
  remember_temperature(now, frame);
  remember_contacts(now, frame);
}

void TruthLog::remember_temperature(sim::TimeNs now, const sim::Frame& frame) {
  const std::int64_t number = now / bucket_;
  Span& bucket = temperature_buckets_[static_cast<std::size_t>(number) % temperature_buckets_.size()];
  if (number != bucket_number_) bucket = {kInfinity, -kInfinity};
  bucket_number_ = number;
  for (const double temperature : frame.array(sim::Signal::truth_cell_temperature)) bucket.include(temperature);
}

void TruthLog::remember_contacts(sim::TimeNs now, const sim::Frame& frame) {
  constexpr sim::Signal kSignals[] = {sim::Signal::truth_main_contactor, sim::Signal::truth_charger_contactor};
  for (std::size_t i = 0; i < 2; ++i) {
    const bool closed = frame[kSignals[i]] == 1.0;
    if (changes_[i].empty() || changes_[i].back().closed != closed) changes_[i].push_back({now, closed});
  }
}

void TruthLog::judge(sim::TimeNs now, const std::string& label, const std::string& what, double reading,
                     const Span& truth, double bound, const char* unit, std::vector<Finding>& findings) {
  const double deviation = std::max({0.0, truth.low - reading, reading - truth.high});
  if (deviation / bound > largest_share_) {
    largest_share_ = deviation / bound;
    largest_text_ = what + " " + number(deviation, 4) + " " + unit + " of " + number(bound, 4) + " " + unit;
  }
  if (deviation <= bound) return;
  findings.push_back({now, label + ": " + what + " " + number(reading, 4) + " " + unit + ", truth " +
                               number(truth.low, 4) + " to " + number(truth.high, 4) + " " + unit +
                               ", which the sensing can miss by " + number(bound, 4) + " " + unit});
}

void TruthLog::compare(sim::TimeNs now, const packlink_status_t& status, const std::string& label,
                       std::vector<Finding>& findings) {
  const auto span = [](double one, double other) { return Span{std::min(one, other), std::max(one, other)}; };
  HiddenChannels hidden = base_.hidden;
  hidden |= arrival_.hidden;
  hidden |= faults_.hidden(now, now);
  for (int i = 0; i < std::min<int>(cells_, status.cells); ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (hidden.cells[at] || status.cell_dmV[at] == PACKLINK_NO_VOLTAGE) continue;
    const Span truth = span(base_.cell_V[at], arrival_.cell_V[at]);
    judge(now, label, "cell " + std::to_string(i + 1), status.cell_dmV[at] * 1e-4, truth, bounds_.cell_V(truth.high),
          "V", findings);
  }
  if (!hidden.pack && status.pack_dmV != PACKLINK_NO_VOLTAGE32) {
    const Span truth = span(base_.pack_V, arrival_.pack_V);
    judge(now, label, "pack_voltage", status.pack_dmV * 1e-4, truth, bounds_.pack_V(truth.high), "V", findings);
  }
  if (!hidden.current && status.current_mA != PACKLINK_NO_CURRENT) {
    const Span truth = span(base_.current_A, arrival_.current_A);
    const double bound = bounds_.current_A(std::max(std::abs(truth.low), std::abs(truth.high)));
    judge(now, label, "pack_current", status.current_mA * 1e-3, truth, bound, "A", findings);
  }
  if (hidden.temperature) return;
  Span truth{kInfinity, -kInfinity};
  for (const Span& bucket : temperature_buckets_) {
    truth = {std::min(truth.low, bucket.low), std::max(truth.high, bucket.high)};
  }
  const int sensors = status.temperatures > 1 ? status.temperatures - 1 : 0;  // the last one sits on the board
  for (int i = 0; i < sensors; ++i) {
    const std::int32_t reading = status.temperature_mdegC[i];
    if (reading == PACKLINK_NO_TEMPERATURE) continue;
    judge(now, label, "temperature " + std::to_string(i + 1), reading * 1e-3, truth,
          bounds_.temperature_K(reading * 1e-3), "degC", findings);
  }
}

bool TruthLog::contact_agrees(Contact contact, sim::TimeNs at, bool closed, sim::TimeNs end) const {
  const auto which = static_cast<std::size_t>(contact);
  const sim::TimeNs from = at - contact_tolerance_[which], to = at + contact_tolerance_[which];
  if (to > end || faults_.hidden(from, to).contacts[which]) return true;
  const std::vector<Change>& changes = changes_[which];
  auto next = std::ranges::upper_bound(changes, from, {}, &Change::at);
  if (next != changes.begin() && std::prev(next)->closed == closed) return true;
  return std::any_of(next, changes.end(),
                     [&](const Change& change) { return change.at <= to && change.closed == closed; });
}

}  // namespace packbench::hil::api
