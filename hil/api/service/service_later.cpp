// Answers that come later: those that are long in the making, and those to changes.
#include <stdexcept>

#include "hil/api/service/answers.h"
#include "hil/api/service/service_later.h"

namespace packbench::hil::api {

void Service::start_work(Work piece, Exchange exchange, Answer answer) {
  if (working_ >= kMostLong) {
    const Problem problem = busy_problem("too_many_ranges", "Too many ranges are thinned at this moment; try again.");
    return answer(complete(problem_response(problem, exchange), exchange));
  }
  ++working_;
  work(std::make_shared<Long>(Long{std::move(piece), std::move(exchange), std::move(answer)}));
}

// A piece of work, and the next one later, until there is an answer.
void Service::work(const std::shared_ptr<Long>& job) noexcept {
  std::optional<Response> response;
  do {
    try {
      response = job->work();
      if (response) response = as_private(std::move(*response));
    } catch (...) {
      response = trouble_response(job->exchange);
    }
    if (!response && later_) return later_([this, job] { work(job); });
  } while (!response);
  --working_;
  job->answer(complete(std::move(*response), job->exchange));
}

// The answer to a change that was made, or tried.
Response Service::finish(const Written& written, const std::function<Response(const Changed&)>& answer) {
  if (!written.changed) std::rethrow_exception(written.trouble);
  if (written.changed->outcome == Outcome::key_conflict) {
    throw simple_problem(409, "idempotency_conflict", "Conflict",
                         "This Idempotency-Key was used with another path or body; a new request takes a new one.");
  }
  if (written.changed->outcome == Outcome::made) metrics_.ingested(written.changed->count);
  return as_private(answer(*written.changed));
}

void Service::write(Pending pending, Exchange exchange, Answer answer) {
  const auto* const ingest = std::get_if<Ingest>(&pending.change.what);
  auto done = [this, organization = pending.change.organization, device = ingest ? ingest->device_id : "",
               exchange = std::move(exchange), answer = std::move(answer),
               make_answer = std::move(pending.answer)](const Written& written) {
    Response response;
    try {
      response = finish(written, make_answer);
    } catch (...) {
      response = trouble_response(exchange);
      count_refusal(response, exchange);
    }
    answer(complete(std::move(response), exchange));
    if (written.changed && written.changed->count.accepted > 0) live_.changed(organization, device);
  };
  if (!queue_) {
    if (pending.read_rest) pending.read_rest();
    return done(write_one(store_, pending.change));
  }
  if (!queue_->submit(std::move(pending.change), done)) {
    return done({std::nullopt, std::make_exception_ptr(StoreError("Too many changes wait for the store."))});
  }
  if (pending.read_rest) pending.read_rest();
}

}  // namespace packbench::hil::api
