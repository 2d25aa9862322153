// Posts telemetry as fast as it is taken: bodies are made before the time counts, each client waits for its answer
// before it sends the next.
//   api_post_load PORT device_api|influx KEY RECORDS TOGETHER CLIENTS FIRST
// Records have the times and numbers FIRST.. of one device, D1. Prints records per second.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr std::int64_t kStart_ms = 1'700'000'000'000;
constexpr int kCells[] = {27590, 27612, 27512, 28052, 27405, 27430, 27905, 28156,
                          27405, 26405, 27590, 27430, 27512, 27612, 27981};

struct Load {
  std::uint16_t port = 0;
  bool influx = false;
  std::string key;
  std::int64_t records = 0, together = 1, clients = 1, first = 0;
};

int cell_dmV(std::int64_t i, int cell) { return kCells[cell] + static_cast<int>(i * (cell + 7) % 97); }
int current_mA(std::int64_t i) { return static_cast<int>(i * 37 % 100'000) - 50'000; }
int soc_pctpct(std::int64_t i) { return static_cast<int>(i / 100 % 10'000); }

std::string json_record(std::int64_t i) {
  std::string text = "{\"pack_voltage\":41.2708,\"cell_voltage\":[";
  char piece[256];
  for (int cell = 0; cell < 15; ++cell) {
    std::snprintf(piece, sizeof piece, "%s%.4f", cell ? "," : "", cell_dmV(i, cell) / 1e4);
    text += piece;
  }
  const std::int64_t ms = kStart_ms + i * 1000;
  const std::time_t seconds = ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char stamp[64];
  std::strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(piece, sizeof piece,
                "],\"temperature\":27.315,\"pack_current\":%.3f,\"soc\":%.2f,\"ocv_soc\":21.82,\"soh\":0,",
                current_mA(i) / 1e3, soc_pctpct(i) / 1e2);
  text += piece;
  text += "\"bms_state\":\"DISCHARGING\",\"main_contactor_state\":true,\"charger_contactor_state\":false,";
  std::snprintf(piece, sizeof piece, "\"ts\":\"%s.000Z\",\"boot\":1,\"seq\":%lld}", stamp, static_cast<long long>(i));
  return text + piece;
}

std::string line_record(std::int64_t i) {
  std::string text = "telemetry,device=D1 pack_voltage=41.2708";
  char piece[256];
  for (int cell = 0; cell < 15; ++cell) {
    std::snprintf(piece, sizeof piece, ",cell_%02d=%.4f", cell + 1, cell_dmV(i, cell) / 1e4);
    text += piece;
  }
  std::snprintf(piece, sizeof piece,
                ",temperature=27.315,pack_current=%.3f,soc=%.2f,ocv_soc=21.82,soh=0,bms_state=\"DISCHARGING\",main_"
                "contactor_state=true,"
                "charger_contactor_state=false,boot=1i,seq=%lldi %lld\n",
                current_mA(i) / 1e3, soc_pctpct(i) / 1e2, static_cast<long long>(i),
                static_cast<long long>(kStart_ms + i * 1000));
  return text + piece;
}

std::string request(const Load& load, std::int64_t from) {
  std::string body = load.influx ? "" : "[";
  for (std::int64_t i = from; i < from + load.together; ++i) {
    if (!load.influx && i > from) body += ',';
    body += load.influx ? line_record(i) : json_record(i);
  }
  if (!load.influx) body += ']';
  const std::string target = load.influx ? "/write?db=packbench&precision=ms" : "/v1/devices/D1/telemetry";
  return "POST " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nApiKey: " + load.key +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "api_post_load: %s\n", why.c_str());
  std::exit(2);
}

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0), on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(port);
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) give_up("cannot connect");
  return socket;
}

// An answer whose header and body are whole.
bool is_whole(const std::string& got) {
  const std::size_t end = got.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const std::size_t at = got.find("Content-Length: ");
  return at == std::string::npos || at > end ||
         got.size() >= end + 4 + std::strtoul(got.c_str() + at + 16, nullptr, 10);
}

void post(int socket, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t more = send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (more <= 0) give_up("the connection ended");
    sent += static_cast<std::size_t>(more);
  }
  std::string got;
  char piece[4096];
  while (!is_whole(got)) {
    const ssize_t more = recv(socket, piece, sizeof piece, 0);
    if (more <= 0) give_up("the connection ended");
    got.append(piece, static_cast<std::size_t>(more));
  }
  if (!got.starts_with("HTTP/1.1 20")) give_up(got);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) give_up("use: api_post_load PORT device_api|influx KEY RECORDS TOGETHER CLIENTS FIRST");
  const Load load{static_cast<std::uint16_t>(std::atoi(argv[1])),
                  std::string(argv[2]) == "influx",
                  argv[3],
                  std::atoll(argv[4]),
                  std::atoll(argv[5]),
                  std::atoll(argv[6]),
                  std::atoll(argv[7])};
  std::vector<std::vector<std::string>> requests(static_cast<std::size_t>(load.clients));
  std::size_t next = 0;
  for (std::int64_t i = 0; i < load.records; i += load.together) {
    requests[next++ % requests.size()].push_back(request(load, load.first + i));
  }
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> clients;
  for (const auto& mine : requests) {
    clients.emplace_back([&load, &mine] {
      const int socket = connect_to(load.port);
      for (const std::string& one : mine) post(socket, one);
      close(socket);
    });
  }
  for (std::thread& client : clients) client.join();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf("%.0f\n", static_cast<double>(load.records) / took.count());
  return 0;
}
