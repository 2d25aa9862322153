// How `latest` and one page of a range cost with the number of records of one device: both stay flat.
//   api_store_benchmark FOLDER|postgresql://... [RECORDS]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "benchmark_device.h"
#include "hil/api/service/service.h"
#include "hil/api/store/store.h"
#include "resident_memory.h"

namespace {

using namespace packbench::hil::api;

// The median of 201 requests, in us.
double median_us(Service& service, const std::string& target, std::size_t& bytes) {
  std::vector<double> times;
  for (int i = 0; i < 201; ++i) {
    const auto begin = Steady::now();
    const Response response = service.handle({"GET", target, {{"ApiKey", kKey}}, ""});
    times.push_back(us_since(begin));
    bytes = response.body.size();
    if (response.status != 200) std::abort();
  }
  std::ranges::nth_element(times, times.begin() + 100);
  return times[100];
}

void measure(Service& service, std::int64_t records) {
  const auto page_at = [records](double share) {
    const auto from = static_cast<std::int64_t>(static_cast<double>(records - 1000) * share);
    return "/v1/devices/D1/telemetry?limit=1000&start=" + stamp_text(kStart_ms + from * 1000, StampForm::basic);
  };
  std::size_t bytes = 0;
  const double latest = median_us(service, "/v1/devices/D1/telemetry?timeRange=latest", bytes);
  std::printf("%10lld records: latest %6.1f us;", static_cast<long long>(records), latest);
  for (const double share : {0.0, 0.5, 1.0}) {
    std::printf(" page of 1000 at %3.0f %% %7.1f us;", share * 100, median_us(service, page_at(share), bytes));
  }
  std::printf(" %zu bytes; resident %ld kB\n", bytes, resident_kB());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "Use: api_store_benchmark FOLDER|URI [RECORDS]\n"), 2;
  const std::int64_t most = argc > 2 ? std::atoll(argv[2]) : 10'000'000;
  const std::string given = argv[1];
  const bool in_folder = given.find("://") == std::string::npos;
  const std::filesystem::path file = std::filesystem::path(given) / "store_benchmark.db";
  const auto remove = [&] {
    if (!in_folder) return;
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
  };
  remove();
  const std::string uri = in_folder ? "sqlite:" + file.string() : given;
  const auto owned_writer = open_store(uri), owned_reader = open_store(uri);
  Store &writer = *owned_writer, &reader = *owned_reader;
  writer.add_device(benchmark_device());
  KeyRing keys;
  keys.add(kKey);
  ServiceOptions options;
  options.max_range_ms = 100LL * 365 * 86'400'000;
  Service service(
      reader, keys, [&] { return kStart_ms + most * 1000; }, options);
  std::vector<Record> batch;
  auto begin = Steady::now();
  std::int64_t since = 0, next = 10'000;
  for (std::int64_t i = 0; i < most; i += 1000) {
    batch.clear();
    for (std::int64_t k = 0; k < 1000; ++k) batch.push_back(record_at(i + k));
    writer.insert(1, kDevice, batch, kStart_ms + i);
    if (i + 1000 < next && i + 1000 < most) continue;
    std::printf("%10lld records: %.0f a second written since the last line\n", static_cast<long long>(i + 1000),
                static_cast<double>(i + 1000 - since) / us_since(begin) * 1e6);
    measure(service, i + 1000);
    since = i + 1000, next = std::min(next * 10, most), begin = Steady::now();
  }
  remove();
  return 0;
}
