// A client of the Device API, ours or another implementation of the given document, over a real socket.
//
// Blocking, every call within its timeout, one connection kept alive. Expected trouble (nothing listens, wrong key, an
// answer that is not the document's) comes back as a sentence, never as an exception.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hil/api/values/record.h"

namespace packbench::hil::api {

struct ClientOptions {
  std::string url;  // "http://127.0.0.1:8080/v1"
  std::string key;
  std::chrono::milliseconds timeout{5000};  // of one request
  std::string ca_file{};                    // PEM file of the authorities to trust over https; empty: the system's
  bool verify = true;                       // the certificate of the API
};

// A value, or why there is none. refused: the API understood and said no (status 4xx), rather than failed or was not
// reached.
template <class Value>
struct [[nodiscard]] Answer {
  std::optional<Value> value;
  std::string error;
  int status = 0;                                // of the HTTP answer, 0 when there was none
  std::optional<std::int64_t> retry_after_ms{};  // how long the API asks to wait
  std::optional<std::int64_t> date_ms{};         // the API's clock, in whole seconds
  bool explained = false;                        // the error is in an API's form, not of something in between

  explicit operator bool() const { return value.has_value(); }
  bool refused() const { return status >= 400 && status < 500; }
  // The same request may succeed later: nobody answered, too many came, or the service itself was in trouble.
  bool worth_repeating() const { return !value && (status == 0 || status == 408 || status == 429 || status >= 500); }
};

struct Posted {
  std::int64_t accepted = 0, duplicates = 0;
};

enum class Added { created, existed };

class Client {
 public:
  // Throws std::invalid_argument for a URL that is not http(s)://HOST[:PORT][/PATH], and a ca_file that cannot be used.
  explicit Client(ClientOptions options);
  ~Client();
  Client(Client&&) noexcept;

  Answer<Added> add_device(const Device& device);
  Answer<Posted> post(const std::string& device_id, const Record& record);
  // Records as a JSON array (RecordForm::ingest). The same `once` with the same array is stored once. An answer that
  // does not say how many it accepted is no acknowledgement.
  Answer<Posted> post_batch(const std::string& device_id, std::string array, const std::string& once);
  // Nothing inside the answer: the device has no record yet.
  Answer<std::optional<Record>> latest(const std::string& device_id);
  // All records of [from, to), ascending, fetched page by page.
  Answer<std::vector<Record>> range(const std::string& device_id, std::int64_t from_ms, std::int64_t to_ms,
                                    int page = 1000);
  // All records of a preset ("last5mins"), page by page.
  Answer<std::vector<Record>> preset(const std::string& device_id, std::string_view time_range, int page = 1000);

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::hil::api
