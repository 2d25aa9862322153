// A Device API server on a loopback port with a clock that the test sets, and plain sockets to talk to it.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "hil/api/server/server.h"
#include "hil/api/store/sqlite_store.h"
#include "hil/api/values/clock.h"
#include "new_store.h"

namespace packbench::hil::api::test {

inline constexpr const char* kKey = "f76d0123456789abcdef0123456789ad2a";
inline constexpr const char* kDevice = "STM32H753ZI";
inline constexpr std::int64_t kNow_ms = 1'740'047'045'103;  // 2025-02-20T10:24:05.103Z, the document's

namespace http = boost::beast::http;
using HttpResponse = http::response<http::string_body>;

// A plain blocking socket: what is written is sent as it is.
class RawSocket {
 public:
  explicit RawSocket(std::uint16_t port, const char* from = "127.0.0.1")
      : socket_(context_, {boost::asio::ip::make_address(from), 0}) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }
  void send(const std::string& bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }
  // The same where the other side may be gone.
  void try_send(const std::string& bytes) {
    boost::system::error_code ignored;
    boost::asio::write(socket_, boost::asio::buffer(bytes), ignored);
  }
  // Nothing more is sent; answers are still read.
  void end() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }
  // Ends the connection at once, in both directions.
  void reset() {
    socket_.set_option(boost::asio::socket_base::linger(true, 0));
    socket_.close();
  }
  // Reads at most so many bytes, at least one; none when the connection is over.
  std::size_t take(std::size_t most) {
    std::string bytes(most, '\0');
    boost::system::error_code error;
    return socket_.read_some(boost::asio::buffer(bytes), error);
  }
  int handle() { return socket_.native_handle(); }
  HttpResponse receive(bool head = false) {
    http::response_parser<http::string_body> parser;
    parser.skip(head);
    http::read(socket_, buffer_, parser);
    return parser.release();
  }
  // True when the server closes without another byte.
  bool closed() {
    char byte = 0;
    boost::system::error_code error;
    boost::asio::read(socket_, boost::asio::buffer(&byte, 1), error);
    return error == boost::asio::error::eof || error == boost::asio::error::connection_reset;
  }

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
};

inline Record simple_record(std::int64_t measured_ms, const std::string& id) {
  Record record;
  record.device_name = "BMS_DEVICE_1";
  record.pack_dmV = 512030;
  record.cell_dmV.assign(15, 34135);
  record.temperature_mdegC = 25000;
  record.current_mA = -50000;
  record.soc_pctpct = 5000;
  record.ocv_soc_pctpct = 5100;
  record.bms_state = "DISCHARGING";
  record.main_contactor = true;
  record.id = id;
  record.measured_ms = measured_ms;
  record.arrived_s = measured_ms / 1000;
  return record;
}

class ApiServer {
 public:
  explicit ApiServer(ServerOptions server_options = {}, ServiceOptions options = {})
      : service(store, keys(), clock.reader(), options), server(service, server_options) {}

  static KeyRing keys() {
    KeyRing ring;
    ring.add(kKey);
    ring.add("another-organization", {.organization = 2});
    return ring;
  }
  void add_device(const std::string& id = kDevice) {
    Device device;
    device.device_id = id;
    device.name = "BMS_DEVICE_1";
    device.model = "BESSModel-X";
    device.location = "Delhi";
    ASSERT_TRUE(store.add_device(device));
  }
  void insert(const Record& record) { store.insert(1, kDevice, std::span(&record, 1), record.arrived_s * 1000); }

  static std::string text(const std::string& method, const std::string& target, const std::string& body = "",
                          const std::string& fields = std::string("ApiKey: ") + kKey + "\r\n") {
    std::string request = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields;
    if (method == "POST" && fields.find("Content-Type") == std::string::npos)
      request += "Content-Type: application/json\r\n";
    if (method == "POST") request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return request + "\r\n" + body;
  }
  template <class... Rest>
  HttpResponse call(const Rest&... rest) {
    RawSocket socket(server.port());
    socket.send(text(rest...));
    return socket.receive();
  }
  // GET of the device's telemetry with this query.
  nlohmann::json telemetry(const std::string& query, unsigned status = 200) {
    const HttpResponse response = call("GET", "/v1/devices/" + std::string(kDevice) + "/telemetry" + query);
    EXPECT_EQ(response.result_int(), status) << query << "\n" << response.body();
    return nlohmann::json::parse(response.body());
  }
  std::vector<std::string> ids(const std::string& query) {
    std::vector<std::string> found;
    const nlohmann::json body = telemetry(query);
    for (const auto& record : body["data"]) found.push_back(record["id"]);
    return found;
  }

  SettableClock clock{kNow_ms};
  std::unique_ptr<Store> owned = new_store();
  Store& store = *owned;  // used by the test only while the server has no request
  Service service;
  Server server;
};

}  // namespace packbench::hil::api::test
