// Seven days of a device at 1 Hz, 15 cells, read over loopback: page by page and as a stream, against the same rows
// read straight from SQLite, and the memory that it takes.
//   api_range_benchmark FOLDER [RECORDS [ROUNDS [WAY]]]     WAY: a part of the name of those to measure
#include <sqlite3.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "benchmark_device.h"
#include "hil/api/server/server.h"
#include "hil/api/store/sqlite_store.h"
#include "hil/api/store/store_rows.h"
#include "resident_memory.h"

namespace {

using namespace packbench::hil::api;
using boost::asio::ip::tcp;

void fill(const std::filesystem::path& file, std::int64_t records) {
  SqliteStore store(file);
  store.add_device(benchmark_device());
  std::vector<Record> batch;
  for (std::int64_t i = 0; i < records; i += 5000) {
    batch.clear();
    for (std::int64_t k = i; k < std::min(i + 5000, records); ++k) batch.push_back(record_at(k));
    store.insert(1, kDevice, batch, kStart_ms + records * 1000);
  }
}

// Every column of every row, as the type that it has, in one run of the statement: nothing is made of it.
std::int64_t read_rows(sqlite3* database, std::string_view selected, std::int64_t records) {
  const std::string sql = "SELECT " + std::string(selected) +
                          " FROM records WHERE device=1 AND measured_ms>=? AND measured_ms<? ORDER BY measured_ms, id";
  sqlite3_stmt* rows = nullptr;
  sqlite3_prepare_v2(database, sql.c_str(), -1, &rows, nullptr);
  sqlite3_bind_int64(rows, 1, kStart_ms);
  sqlite3_bind_int64(rows, 2, kStart_ms + records * 1000);
  const int columns = sqlite3_column_count(rows);
  std::int64_t count = 0, sum = 0;
  for (; sqlite3_step(rows) == SQLITE_ROW; ++count) {
    for (int column = 0; column < columns; ++column) {
      if (sqlite3_column_type(rows, column) == SQLITE_TEXT) {
        sum += *sqlite3_column_text(rows, column) + sqlite3_column_bytes(rows, column);
      } else {
        sum += sqlite3_column_int64(rows, column);
      }
    }
  }
  sqlite3_finalize(rows);
  return sum == 0 ? 0 : count;
}

std::int64_t visit_rows(Store& store, std::int64_t records) {
  std::int64_t count = 0;
  RangeQuery range{kStart_ms, kStart_ms + records * 1000, Order::ascending, std::nullopt, 256, Fields::document};
  for (std::int64_t before = -1; before < count;) {
    before = count;
    Cursor last;
    store.visit(1, kDevice, range, [&](const Record& record) {
      last.measured_ms = record.measured_ms;
      last.id = record.id;
      ++count;
    });
    range.after = last;
  }
  return count;
}

std::int64_t count(std::string_view text, char mark) {
  std::int64_t found = 0;
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) ++found;
  return found;
}

// A client that counts records and keeps none. A record is the only thing with a brace, but for an answer's envelope.
class Reader {
 public:
  explicit Reader(std::uint16_t port) { socket_.connect({boost::asio::ip::address_v4::loopback(), port}); }

  // Records of the answer; `next` gets its cursor.
  std::int64_t get(const std::string& target, const std::string& fields, char mark, std::string* next = nullptr) {
    boost::asio::write(socket_,
                       boost::asio::buffer("GET /v1/devices/D1/telemetry" + target +
                                           " HTTP/1.1\r\nHost: h\r\nApiKey: " + kKey + "\r\n" + fields + "\r\n"));
    std::string head;
    const std::size_t size = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(head), "\r\n\r\n");
    if (next) *next = field(head, "X-Next-Cursor: ");
    if (!head.starts_with("HTTP/1.1 200")) std::abort();
    constexpr std::string_view kEnd = "\r\n0\r\n\r\n";  // of a chunk, and the last one
    const std::string rest = head.substr(size), length = field(head, "Content-Length: ");
    std::int64_t records = count(rest, mark);
    bytes = rest.size();
    std::string tail = rest.substr(rest.size() - std::min(rest.size(), kEnd.size()));
    const auto done = [&] { return length.empty() ? tail == kEnd : bytes == std::stoull(length); };
    while (!done()) {
      const std::size_t got = socket_.read_some(boost::asio::buffer(piece_));
      records += count({piece_.data(), got}, mark);
      bytes += got;
      tail.append(piece_.data() + got - std::min(got, kEnd.size()), std::min(got, kEnd.size()));
      tail.erase(0, tail.size() - std::min(tail.size(), kEnd.size()));
    }
    return records;
  }
  std::size_t bytes = 0;  // of the last answer

 private:
  static std::string field(const std::string& head, const std::string& name) {
    const std::size_t at = head.find(name);
    return at == std::string::npos ? "" : head.substr(at + name.size(), head.find("\r\n", at) - at - name.size());
  }
  boost::asio::io_context context_;
  tcp::socket socket_{context_};
  std::vector<char> piece_ = std::vector<char>(1 << 18);
};

struct Way {
  const char* name;
  std::function<std::int64_t()> read;  // returns the number of records
  bool served;                         // by another thread than the one that reads
  std::vector<double> per_second{}, cpu_us{};
};

double cpu_s(int who) {
  rusage used{};
  getrusage(who, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// The processor's time of those who make the records, not of who takes them.
double making_s(const Way& way) {
  return way.served ? cpu_s(RUSAGE_SELF) - cpu_s(RUSAGE_THREAD) : cpu_s(RUSAGE_THREAD);
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "Use: api_range_benchmark FOLDER [RECORDS [ROUNDS [WAY]]]\n"), 2;
  const std::int64_t records = argc > 2 ? std::atoll(argv[2]) : 7 * 86'400;
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
  const std::filesystem::path file = std::filesystem::path(argv[1]) / "range_benchmark.db";
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
  fill(file, records);
  SqliteStore store(file), other(file);  // of the server's thread, and of this one
  sqlite3* plain = nullptr;
  sqlite3_open_v2(file.c_str(), &plain, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);  // as the store does
  sqlite3_exec(plain, "PRAGMA cache_size=-65536", nullptr, nullptr, nullptr);                   // the store's
  KeyRing keys;
  keys.add(kKey);
  Service service(store, keys, [records] { return kStart_ms + records * 1000; });
  const Server server(service, ServerOptions{});
  const std::string range = "?start=" + stamp_text(kStart_ms, StampForm::basic) +
                            "&end=" + stamp_text(kStart_ms + records * 1000, StampForm::basic);
  Reader client(server.port());
  const auto pages = [&] {
    std::int64_t count = 0;
    std::string cursor, more;
    do {
      count += client.get(range + "&limit=10000" + (cursor.empty() ? "" : "&cursor=" + cursor), "", '{', &cursor) - 2;
    } while (!cursor.empty());
    return count;
  };
  const auto stream = [&](const std::string& fields, char mark) { return client.get(range, fields, mark); };
  std::vector<Way> ways{
      {"rows from SQLite", [&] { return read_rows(plain, kDocumentColumns, records); }, false},
      {"all their columns", [&] { return read_rows(plain, kRecordColumns, records); }, false},
      {"records of the store", [&] { return visit_rows(other, records); }, false},
      {"pages of 10000, JSON", pages, true},
      {"stream, NDJSON", [&] { return stream("Accept: application/x-ndjson\r\n", '{'); }, true},
      {"stream, extended=1", [&] { return client.get(range + "&extended=1", "Accept: application/x-ndjson\r\n", '{'); },
       true},
      {"stream, CSV", [&] { return stream("Accept: text/csv\r\n", 'M'); }, true}};
  const std::string only = argc > 4 ? argv[4] : "";
  std::erase_if(ways, [&](const Way& way) { return way.served && !std::strstr(way.name, only.c_str()); });
  for (Way& way : ways) way.read();
  const long before_kB = resident_kB();
  for (int round = 0; round < rounds; ++round) {
    for (Way& way : ways) {
      const double cpu_before_s = making_s(way);
      const auto begin = Steady::now();
      if (way.read() != records) return std::fprintf(stderr, "%s: records are missing\n", way.name), 1;
      way.per_second.push_back(static_cast<double>(records) / us_since(begin) * 1e6);
      way.cpu_us.push_back((making_s(way) - cpu_before_s) * 1e6 / static_cast<double>(records));
    }
  }
  std::printf("%lld records, median of %d rounds\n", static_cast<long long>(records), rounds);
  for (const Way& way : ways) {
    std::printf("%-24s %10.0f records/s, %.2f of the rows; %.2f us of processor a record, %.2f\n", way.name,
                median(way.per_second), median(way.per_second) / median(ways[0].per_second), median(way.cpu_us),
                median(ways[0].cpu_us) / median(way.cpu_us));
  }
  std::printf("resident: %ld kB before, %ld kB after\n", before_kB, resident_kB());
  sqlite3_close(plain);
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
  return 0;
}
