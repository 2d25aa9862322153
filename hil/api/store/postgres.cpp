#include "hil/api/store/postgres.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <charconv>
#include <sstream>

namespace packbench::hil::api {
namespace {

using Trouble = PostgresError::Trouble;

// One line of what libpq says in several, of which those that begin with a tab are hints.
std::string sentence(const char* said) {
  std::istringstream lines(said ? said : "");
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const bool hint = line.starts_with('\t');
    std::erase(line, '\t');
    while (!hint && line.ends_with('.')) line.pop_back();
    if (line.empty()) continue;
    text += text.empty() ? line : hint ? " (" + line + ")" : "; " + line;
  }
  return text.empty() ? "the connection was lost" : text;
}

// By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
Trouble trouble_of(std::string_view state) {
  if (state.starts_with("08") || state.starts_with("57P") || state == "25006") return Trouble::lost;
  if (state == "25P03" || state == "25P02") return Trouble::lost;
  if (state == "57014" || state == "55P03") return Trouble::slow;
  if (state.starts_with("40") || state == "23505") return Trouble::conflict;
  return Trouble::refused;
}

PostgresError error_of(const pg_conn* connection, const pg_result* result) {
  const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* const message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const bool gone = PQstatus(connection) == CONNECTION_BAD || !state;
  return {gone ? Trouble::lost : trouble_of(state), sentence(message ? message : PQerrorMessage(connection))};
}

bool failed(ExecStatusType status) {
  return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_PIPELINE_ABORTED;
}

}  // namespace

PostgresResult::PostgresResult(pg_result* handle) : handle_(handle) {}

void PostgresResult::Clear::operator()(pg_result* handle) const { PQclear(handle); }

int PostgresResult::rows() const { return PQntuples(handle_.get()); }

std::string_view PostgresResult::tag() const { return PQcmdStatus(handle_.get()); }

std::int64_t PostgresResult::changed() const {
  const std::string_view text = PQcmdTuples(handle_.get());
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

std::int64_t PostgresResult::Row::integer(int column) const {
  const auto* bytes = reinterpret_cast<const unsigned char*>(PQgetvalue(handle_, row_, column));
  std::uint64_t value = 0;
  for (int i = 0; i < PQgetlength(handle_, row_, column); ++i) value = value << 8 | bytes[i];
  return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> PostgresResult::Row::optional_integer(int column) const {
  if (PQgetisnull(handle_, row_, column)) return std::nullopt;
  return integer(column);
}

std::string_view PostgresResult::Row::view(int column) const {
  return {PQgetvalue(handle_, row_, column), static_cast<std::size_t>(PQgetlength(handle_, row_, column))};
}

void PostgresConnection::Close::operator()(pg_conn* handle) const { PQfinish(handle); }

// The URI comes last and so decides; libpq itself gives up on each host after connect_timeout.
PostgresConnection::PostgresConnection(const PostgresPlace& place, std::chrono::milliseconds patience)
    : patience_(patience) {
  const std::pair<const char*, const char*> settings[] = {
      {"connect_timeout", "3"},     {"keepalives_idle", "10"},
      {"keepalives_interval", "3"}, {"keepalives_count", "3"},
      {"tcp_user_timeout", "9000"}, {"target_session_attrs", "read-write"},
      {"client_encoding", "UTF8"},  {"fallback_application_name", "packbench"},
      {"dbname", place.uri.c_str()}};
  std::vector<const char*> names, values;
  for (const auto& [name, value] : settings) names.push_back(name), values.push_back(value);
  names.push_back(nullptr), values.push_back(nullptr);
  handle_.reset(PQconnectdbParams(names.data(), values.data(), 1));
  if (PQstatus(handle_.get()) != CONNECTION_OK)
    throw PostgresError(Trouble::lost, sentence(PQerrorMessage(handle_.get())));
  PQsetNoticeProcessor(
      handle_.get(), [](void*, const char*) {}, nullptr);
  if (PQsetnonblocking(handle_.get(), 1) != 0 || PQenterPipelineMode(handle_.get()) != 1) lose();
}

void PostgresConnection::lose() {
  broken_ = true;
  throw PostgresError(Trouble::lost, sentence(PQerrorMessage(handle_.get())));
}

void PostgresConnection::give_up() {
  broken_ = true;
  throw PostgresError(Trouble::slow, "the database gave no answer in time");
}

void PostgresConnection::prepare(const std::string& name, const std::string& sql) {
  if (!PQsendPrepare(handle_.get(), name.c_str(), sql.c_str(), 0, nullptr)) lose();
}

void PostgresConnection::send(const char* name, const PostgresParameters& parameters) {
  const auto& given = parameters.values_;
  std::vector<const char*> values;
  std::vector<int> lengths, formats(given.size(), 1);
  for (const auto& value : given) {
    values.push_back(value ? value->data() : nullptr);
    lengths.push_back(value ? static_cast<int>(value->size()) : 0);
  }
  const int count = static_cast<int>(given.size());
  if (!PQsendQueryPrepared(handle_.get(), name, count, values.data(), lengths.data(), formats.data(), 1)) lose();
}

void PostgresConnection::send_once(const char* sql) {
  if (!PQsendQueryParams(handle_.get(), sql, 0, nullptr, nullptr, nullptr, nullptr, 1)) lose();
}

void PostgresConnection::wait(bool to_write, Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  pollfd socket{PQsocket(handle_.get()), static_cast<short>(to_write ? POLLIN | POLLOUT : POLLIN), 0};
  const int ready = poll(&socket, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  if (ready == 0) give_up();
  if (ready > 0 && (socket.revents & (POLLIN | POLLHUP | POLLERR)) && !PQconsumeInput(handle_.get())) lose();
}

// The next result; null between the results of two statements.
pg_result* PostgresConnection::next(Deadline deadline) {
  while (PQisBusy(handle_.get())) wait(false, deadline);
  return PQgetResult(handle_.get());
}

std::vector<PostgresResult> PostgresConnection::receive() {
  const Deadline deadline = std::chrono::steady_clock::now() + patience_;
  if (!PQpipelineSync(handle_.get())) lose();
  for (int state = 1; (state = PQflush(handle_.get())) != 0;) {
    if (state < 0) lose();
    wait(true, deadline);
  }
  std::vector<PostgresResult> results;
  std::optional<PostgresError> error;
  for (int nulls = 0; nulls < 2;) {
    pg_result* const result = next(deadline);
    nulls = result ? 0 : nulls + 1;
    if (!result) continue;
    PostgresResult owned(result);
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_PIPELINE_SYNC) {
      if (error) throw *error;
      return results;
    }
    if (failed(status) && !error) error = error_of(handle_.get(), result);
    results.push_back(std::move(owned));
  }
  broken_ = true;
  if (error) throw PostgresError(Trouble::lost, error->what());
  lose();
}

PostgresResult PostgresConnection::run(const char* name, const PostgresParameters& parameters) {
  send(name, parameters);
  return std::move(receive().front());
}

PostgresResult PostgresConnection::run_once(const char* sql) {
  send_once(sql);
  return std::move(receive().front());
}

PostgresTransaction::PostgresTransaction(PostgresConnection& connection) : connection_(connection) {
  connection_.send_once("BEGIN");
}

PostgresTransaction::~PostgresTransaction() {
  if (!open_ || connection_.broken()) return;
  try {
    connection_.run_once("ROLLBACK");
  } catch (const PostgresError&) {  // then the connection has ended, and the transaction with it
  }
}

std::vector<PostgresResult> PostgresTransaction::commit() {
  connection_.send_once("COMMIT");
  std::vector<PostgresResult> results = connection_.receive();
  if (results.back().tag() != "COMMIT") throw PostgresError(Trouble::refused, "the transaction was rolled back");
  open_ = false;
  return results;
}

}  // namespace packbench::hil::api
