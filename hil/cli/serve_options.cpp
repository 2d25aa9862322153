#include "hil/cli/serve_options.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "hil/api/store/store.h"
#include "hil/api/values/clock.h"

namespace packbench::hil {
namespace {

void add_key(api::KeyRing& keys, const std::string& key, const std::string& source) {
  try {
    keys.add(key);
  } catch (const std::invalid_argument& error) {
    throw ServeUsageError(source + ": " + error.what());
  }
}

void add_keys_of_file(api::KeyRing& keys, const std::string& name) {
  std::ifstream file(name);
  if (!file) throw ServeUsageError("The key file " + name + " cannot be read.");
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    add_key(keys, line, name + ":" + std::to_string(number));
  }
}

bool store_has_key(const std::string& uri) {
  const std::string file = api::store_file(uri);
  if (!api::store_stays(uri) || (!file.empty() && !std::filesystem::exists(file))) return false;
  const std::int64_t now_ms = api::system_clock()();
  return std::ranges::any_of(api::open_store(uri)->keys(),
                             [&](const api::StoredKey& key) { return key.valid_at(now_ms); });
}

// Names are not looked up: they may stand for several addresses, or tomorrow for others.
ServeUsageError no_address(const std::string& option, const std::string& text, const std::string& name, unsigned port) {
  const std::string tail = ":" + std::to_string(port);
  return ServeUsageError(option + " '" + text + "' is not understood: " +
                         (name.empty() ? "the address is missing" : "'" + name + "' is a name, not an address") +
                         ". For this machine alone: " + option + " 127.0.0.1" + tail +
                         "; for every address of it: " + option + " 0.0.0.0" + tail + ".");
}

}  // namespace

bool Place::loopback() const { return boost::asio::ip::make_address(address).is_loopback(); }

Place parse_place(const std::string& option, const std::string& text) {
  const ServeUsageError wrong(option + " '" + text +
                              "' is not understood (expected ADDRESS:PORT, for example 127.0.0.1:8080 or [::1]:8080).");
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) throw wrong;
  std::string address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  unsigned port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (error != std::errc() || stop != end || port > 65535) throw wrong;
  boost::system::error_code bad_address;
  boost::asio::ip::make_address(address, bad_address);
  if (bad_address) throw no_address(option, text, address, port);
  return {address, static_cast<std::uint16_t>(port)};
}

void check_encryption(const ServeOptions& options) {
  if (options.tls_certificate.empty() != options.tls_key.empty()) {
    throw ServeUsageError("--tls-cert and --tls-key belong together; one of them is missing.");
  }
  if (options.tls_certificate.empty() && !options.tls_client_ca.empty()) {
    throw ServeUsageError("--tls-client-ca asks clients for certificates, which needs --tls-cert and --tls-key.");
  }
  if (options.insecure_listen) return;
  if (!options.operations_listen.empty() && !parse_place("--operations-listen", options.operations_listen).loopback()) {
    throw ServeUsageError("--operations-listen " + options.operations_listen +
                          " would show health and metrics to the network, unencrypted and without a key. Listen on "
                          "127.0.0.1, or accept that with --insecure-listen.");
  }
  if (parse_place("--listen", options.listen).loopback() || !options.tls_key.empty()) return;
  throw ServeUsageError("--listen " + options.listen +
                        " would send API keys and data over the network unencrypted. Give --tls-cert and --tls-key, "
                        "listen on 127.0.0.1, or accept the risk with --insecure-listen.");
}

std::int64_t parse_age(const std::string& option, const std::string& text) {
  if (text.empty()) return 0;
  constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(stop, static_cast<std::size_t>(text.data() + text.size() - stop));
  const auto* const known = std::ranges::find(kUnits, unit, &std::pair<std::string_view, std::int64_t>::first);
  if (error != std::errc() || known == std::end(kUnits) || number < 1 || number > 1'000'000) {
    throw ServeUsageError(option + " '" + text + "' is not understood (expected an age such as 90d, 12h, 30min, 45s).");
  }
  return number * known->second;
}

api::KeyRing read_keys(const ServeOptions& options) {
  api::KeyRing keys;
  if (const char* key = std::getenv("PACKBENCH_API_KEY")) add_key(keys, key, "PACKBENCH_API_KEY");
  if (!options.key_file.empty()) add_keys_of_file(keys, options.key_file);
  if (keys.empty() && !store_has_key(options.store)) {
    throw ServeUsageError(
        "There is no API key: make one by 'packbench keys add' with the same --store, set PACKBENCH_API_KEY, or name a "
        "file with one key a line by --api-key-file.");
  }
  return keys;
}

}  // namespace packbench::hil
