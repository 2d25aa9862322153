#include "hil/api/service/live.h"

#include "hil/api/service/route.h"

namespace packbench::hil::api {

void Live::changed(std::int64_t organization, const std::string& device_id) {
  const std::scoped_lock lock(mutex_);
  for (const Waiting& one : waiting_) {
    if (one.organization == organization && one.device_id == device_id) one.wake();
  }
}

std::size_t Live::clients() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.size();
}

Live::Place Live::enter(Waiting waiting) {
  const std::scoped_lock lock(mutex_);
  metrics_.live_clients(+1);
  return waiting_.insert(waiting_.end(), std::move(waiting));
}

void Live::leave(Place place) {
  const std::scoped_lock lock(mutex_);
  metrics_.live_clients(-1);
  waiting_.erase(place);
}

LiveFeed::LiveFeed(Live& live, Store& store, Of of, std::function<bool()> allowed)
    : live_(live), store_(store), of_(std::move(of)), allowed_(std::move(allowed)) {}

LiveFeed::~LiveFeed() {
  if (place_) live_.leave(*place_);
}

void LiveFeed::on_news(const std::function<void()>& wake) {
  place_ = live_.enter({of_.organization, of_.device_id, [this, wake] {
                          if (news_.exchange(true)) live_.metrics().live_event("passed_over");
                          wake();
                        }});
}

// When there are news, and in a silence; not after each event that was taken.
bool LiveFeed::time_to_look() {
  const auto now = std::chrono::steady_clock::now();
  if (!news_.exchange(false) && now - looked_ < kLookAgain) return false;
  looked_ = now;
  return true;
}

Feed::Step LiveFeed::next(std::string& out) {
  if (!allowed_()) return Step::broken;
  if (!time_to_look()) return Step::idle;
  const auto record = store_.latest(of_.organization, of_.device_id);
  if (!record || record->id == last_id_) return Step::idle;
  last_id_ = record->id;
  out.append("id: ").append(record->id).append("\nevent: record\ndata: ");
  append_record(out, of_.device_id, *record, of_.form);
  out += "\n\n";
  live_.metrics().live_event("sent");
  return Step::idle;
}

Response open_live(const Call& call, Live& live, std::function<bool()> allowed) {
  check_parameters(call, {"extended"});
  const RecordForm form = flag_parameter(call.target, "extended") ? RecordForm::extended : RecordForm::document;
  const Device device = device_of(call);
  if (live.clients() >= kMostLive) {
    Problem problem =
        simple_problem(503, "too_many_streams", "Service unavailable",
                       "Too many clients follow devices already; try again, or ask for the latest record.");
    problem.fields = {{"Retry-After", "5"}};
    throw problem;
  }
  Response response{200, {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}}, ""};
  response.feed = std::make_shared<LiveFeed>(
      live, call.store, LiveFeed::Of{device.organization, device.device_id, form}, std::move(allowed));
  return response;
}

}  // namespace packbench::hil::api
