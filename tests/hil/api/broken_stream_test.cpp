// The store fails in the middle of a range that is streamed: the answer is seen not to be whole, others are served, and
// nothing of it stays behind. A PostgreSQL that is killed is in postgres_service_test.cpp.
#include <fstream>

#include "serve_process.h"
#include "stream_client.h"

namespace packbench::hil::api::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

constexpr int kRecords = 20'000;  // several times what sockets hold on their way
constexpr const char* kEarlier = "EARLIER";

class BrokenStream : public Serve {
 protected:
  void SetUp() override {
    Serve::SetUp();
    const auto made = open_store(store);
    Device one = device(), other = device();
    other.device_id = kEarlier;
    made->add_device(other), made->add_device(one);
    const Record first = serve_record(0, "first");
    made->insert(1, kEarlier, std::span(&first, 1), 0);
    std::vector<Record> records;
    for (int i = 0; i < kRecords; ++i) records.push_back(serve_record(kNow_ms + i, "record-" + std::to_string(i)));
    made->insert(1, kDevice, records, 0);
  }
  std::string file() const { return folder / "store.db"; }
  static std::uint16_t port_of(const std::string& url) {
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.find(':', 6) + 1)));
  }
  static std::string range() {
    return std::string("/v1/devices/") + kDevice + "/telemetry?start=2025-02-20&end=2025-02-21";
  }
  static std::size_t open_files(const Process& process) {
    const fs::directory_iterator files("/proc/" + std::to_string(process.id()) + "/fd");
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }
  static HttpResponse ask(std::uint16_t port, const std::string& path) {
    RawSocket socket(port);
    socket.send("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    return socket.receive();
  }
};

struct Loss {
  std::string name;
  std::function<void(const std::string& file)> lose;
  bool all;  // no device can be read any more
};

std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The pages of the later records.
void overwrite_later_records(const std::string& file) {
  constexpr std::size_t kPage = 4096;
  std::string content = content_of(file);
  int pages = 0;
  for (std::size_t at = 0; at < content.size(); at += kPage) {
    if (content.find("record-15", at) >= at + kPage) continue;
    content.replace(at, kPage, kPage, '\xA5');
    ++pages;
  }
  EXPECT_GT(pages, 0);
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary) << content;
}

const Loss kLosses[] = {
    {"damaged", overwrite_later_records, false},
    {"truncated", [](const std::string& file) { fs::resize_file(file, fs::file_size(file) / 2); }, true}};

class BrokenStreams : public BrokenStream, public testing::WithParamInterface<Loss> {};

TEST_P(BrokenStreams, AreSeenToBeIncompleteAndLeaveNothingBehind) {
  Process process(on_free_port(), kServeKey);
  const std::string url = process.url();
  const std::uint16_t port = port_of(url);
  Client other({url, kServeKey});
  ASSERT_TRUE(other.latest(kEarlier));
  ask(port, "/healthz");
  const std::size_t files = open_files(process);

  std::vector<std::unique_ptr<StreamClient>> streams;
  for (const char* form : {"application/x-ndjson", "text/csv"}) {
    for (const char* version : {"1.1", "1.0"}) {
      streams.push_back(
          std::make_unique<StreamClient>(port, range(), std::string("Accept: ") + form + "\r\n", version));
      EXPECT_THAT(streams.back()->header, HasSubstr(" 200 OK"));
      EXPECT_NE(streams.back()->line(), "");
    }
  }
  GetParam().lose(file());
  for (const auto& stream : streams) {
    EXPECT_LT(stream->lines(), kRecords - 1);
    EXPECT_FALSE(stream->whole());
    EXPECT_EQ(ask(port, "/healthz").result_int(), 200u);
  }
  streams.clear();
  // More than there may be at once: one that stayed behind would keep its place.
  for (std::size_t i = 0; i < kMostStreams + 8; ++i) {
    StreamClient stream(port, range(), "Accept: text/csv\r\nConnection: close\r\n");
    if (stream.header.starts_with("HTTP/1.1 200")) stream.lines();
    EXPECT_FALSE(stream.whole());
  }
  const std::string metrics = ask(port, "/metrics").body();
  EXPECT_THAT(metrics, HasSubstr(GetParam().all ? "store_unavailable" : "\napi_streams 0\n"));
  EXPECT_LE(open_files(process), files + 1);  // the connection of that question may still be on its way out
  EXPECT_TRUE(GetParam().all || other.latest(kEarlier));
  process.signal(SIGTERM);
  EXPECT_EQ(process.end().code, 0);
}

INSTANTIATE_TEST_SUITE_P(All, BrokenStreams, testing::ValuesIn(kLosses),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace packbench::hil::api::test
