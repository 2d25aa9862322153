#include "hil/api/judge/cloud_path.h"

#include <algorithm>
#include <stdexcept>

#include "hil/api/values/stamp.h"

namespace packbench::hil::api {
namespace {

std::int64_t epoch_of(const sim::Scenario& scenario) {
  const auto parsed = parse_stamp(scenario.epoch);
  if (const auto* why = std::get_if<std::string>(&parsed)) {
    throw std::invalid_argument("The epoch '" + scenario.epoch + "' of the scenario " + *why + ".");
  }
  return std::get<Stamp>(parsed).floor_ms;
}

}  // namespace

CloudRun::CloudRun(const sim::Scenario& scenario, TelemetryOptions chosen)
    : options(std::move(chosen)),
      epoch_ms(epoch_of(scenario)),
      period(std::max<sim::TimeNs>(scenario.telemetry_period, 1)),
      step(scenario.step),
      truth(scenario) {}

void CloudRun::compare(const Answer<std::vector<Record>>& whole, sim::TimeNs end) {
  trouble = whole.error;
  if (!whole) return;
  arrived = std::ssize(*whole.value);
  std::ranges::move(compare_records(*whole.value, sent, epoch_ms), std::back_inserter(findings));
  judge_contacts(end);
}

void CloudRun::judge_contacts(sim::TimeNs end) {
  using Contact = TruthLog::Contact;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    for (const Contact contact : {Contact::main, Contact::charger}) {
      const bool closed = contact == Contact::main ? sent[i].record.main_contactor : sent[i].record.charger_contactor;
      if (truth.contact_agrees(contact, sent[i].reported, closed, end)) continue;
      findings.push_back({sent[i].reported, record_label(i + 1, sent[i].reported) +
                                                (contact == Contact::main ? ": main" : ": charger") +
                                                "_contactor_state " + (closed ? "closed" : "open") +
                                                ", the contacts were " + (closed ? "open" : "closed")});
    }
  }
}

std::string CloudRun::waiting_text(std::size_t first, const std::string& why) const {
  const std::size_t left = sent.size() - first;
  return std::to_string(left) + (left == 1 ? " record still waits" : " records still wait") + " for it: " + why;
}

void CloudRun::put_findings_in_order() { std::ranges::stable_sort(findings, {}, &Finding::at); }

}  // namespace packbench::hil::api
