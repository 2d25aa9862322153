#include "hil/api/gateway/forwarder.h"

#include <algorithm>
#include <random>

#include "hil/api/store/sqlite.h"
#include "hil/api/values/digest.h"

namespace packbench::hil::api {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestAsked{3'600'000};
constexpr milliseconds kIdle{200};  // until something may wait again

std::string array_of(const std::vector<Waiting>& batch) {
  std::string array = "[";
  for (const Waiting& one : batch) {
    if (array.size() > 1) array.push_back(',');
    array += one.json;
  }
  return array + "]";
}

std::string digest_of(const std::string& body) {
  const Digest digest = sha256(body);
  return hex(digest);
}

// Many gateways that lost the same API do not come back in one moment.
milliseconds spread(milliseconds wait) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return wait * 3 / 4 + milliseconds(random() % (static_cast<unsigned long>(wait.count() / 4) + 1));
}

}  // namespace

Forwarder::Forwarder(Outbox& outbox, Client& client, ForwarderOptions options)
    : outbox_(outbox),
      client_(client),
      options_(std::move(options)),
      at_once_(options_.batch),
      wait_(options_.first_wait) {}

milliseconds Forwarder::step() {
  if (to_remove_) remove_delivered();
  const std::vector<Waiting> batch = outbox_.front(done_through_, at_once_);
  if (batch.empty()) return kIdle;
  if (!registered_) {
    if (const milliseconds wait = register_device(); wait.count() > 0) return wait;
  }
  std::string body = array_of(batch);
  const std::string once = digest_of(body);
  const Answer<Posted> answer = client_.post_batch(options_.device.device_id, std::move(body), once);
  compare_clocks(answer.date_ms);
  if (!answer) return failed(answer, batch);
  if (answer.value->accepted + answer.value->duplicates != std::ssize(batch)) {
    return back_off("The Device API says that it has another number of records than were sent.", std::nullopt);
  }
  state_.trouble.clear();
  wait_ = options_.first_wait;
  state_.duplicates += answer.value->duplicates;
  state_.delivered += std::ssize(batch) - answer.value->duplicates;
  remove(batch);
  at_once_ = std::min(options_.batch, at_once_ * 2);
  return milliseconds(0);
}

milliseconds Forwarder::register_device() {
  const Answer<Added> added = client_.add_device(options_.device);
  compare_clocks(added.date_ms);
  if (added.worth_repeating() || added.status == 401) return back_off(added.error, added.retry_after_ms);
  unregistered_ = added.status == 404 ? added.error : "";
  registered_ = true;  // a key that may not register devices may still post for one that exists
  return milliseconds(0);
}

milliseconds Forwarder::failed(const Answer<Posted>& answer, const std::vector<Waiting>& batch) {
  const int status = answer.status;
  const bool content = status == 400 || status == 409 || status == 422;
  if (answer.explained && (content || status == 413)) return refused(answer, batch);
  if (status == 413 && batch.size() > 1) {
    at_once_ = batch.size() / 2;
    return milliseconds(0);
  }
  if (status == 0 || status == 408) at_once_ = std::max<std::size_t>(1, at_once_ / 2);
  if (status == 404) registered_ = false;
  if (status == 401 || status == 403) {
    state_.trouble = answer.error;
    return spread(options_.key_wait);
  }
  return back_off(status == 404 && !unregistered_.empty() ? unregistered_ : answer.error, answer.retry_after_ms);
}

// For what is in it: smaller batches, until the one record is found.
milliseconds Forwarder::refused(const Answer<Posted>& answer, const std::vector<Waiting>& batch) {
  if (batch.size() == 1) set_aside(batch.front(), answer.error);
  const bool too_large = answer.status == 413 && batch.size() > 1;
  at_once_ = too_large ? batch.size() / 2 : 1;  // the neighbours of a bad record may be like it
  return milliseconds(0);
}

milliseconds Forwarder::back_off(const std::string& trouble, std::optional<std::int64_t> asked_ms) {
  state_.trouble = trouble;
  const milliseconds own = spread(wait_);
  wait_ = std::min(options_.longest_wait, wait_ * 2);
  return asked_ms ? std::max(own, std::min(kLongestAsked, milliseconds(*asked_ms))) : own;
}

void Forwarder::remove(const std::vector<Waiting>& batch) {
  done_through_ = batch.back().sequence;
  if (options_.settled) std::ranges::for_each(batch, [&](const Waiting& one) { options_.settled(one, ""); });
  remove_delivered();
}

// A full disk may not even let go of what is delivered: it is tried again, and not sent again meanwhile.
void Forwarder::remove_delivered() {
  try {
    outbox_.delivered_through(done_through_);
    to_remove_ = false;
  } catch (const SqliteError&) {
    to_remove_ = true;
  }
}

void Forwarder::set_aside(const Waiting& record, const std::string& why) {
  outbox_.set_aside(record.sequence, why);
  ++state_.refused;
  state_.refusal = why;
  if (options_.settled) options_.settled(record, why);
}

void Forwarder::compare_clocks(std::optional<std::int64_t> date_ms) {
  constexpr std::int64_t kHalfSecond_ms = 500;  // Date is rounded down
  if (date_ms) state_.clock_ahead_ms = options_.clock() - *date_ms - kHalfSecond_ms;
}

}  // namespace packbench::hil::api
