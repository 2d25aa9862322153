// `packbench serve`: the Device API over a store that stays, by the system's clock.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>

#include "hil/api/clock.h"
#include "hil/api/server.h"
#include "hil/api/store.h"
#include "hil/cli/command.h"

namespace packbench::hil {
namespace {

struct ServeOptions {
  std::string listen = "127.0.0.1:8080";
  std::string store = "sqlite:packbench.db";
  std::string key_file;
  bool insecure_listen = false, lenient_query = false;
  std::string timestamps = "basic";
};

// Bad input: exit 3, apart from what fails later (exit 4).
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Place {
  std::string address;
  std::uint16_t port = 0;
};

Place parse_place(const std::string& text) {
  const UsageError wrong("--listen '" + text +
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
  if (bad_address) throw wrong;
  return {address, static_cast<std::uint16_t>(port)};
}

void check_place(const Place& place, const ServeOptions& options) {
  if (boost::asio::ip::make_address(place.address).is_loopback() || options.insecure_listen) return;
  throw UsageError(
      "--listen " + options.listen +
      " would send API keys and data over the network unencrypted. Listen on 127.0.0.1, or accept the risk with "
      "--insecure-listen.");
}

void add_key(api::KeyRing& keys, const std::string& key, const std::string& source) {
  try {
    keys.add(key);
  } catch (const std::invalid_argument& error) {
    throw UsageError(source + ": " + error.what());
  }
}

api::KeyRing read_keys(const ServeOptions& options) {
  api::KeyRing keys;
  if (const char* key = std::getenv("PACKBENCH_API_KEY")) add_key(keys, key, "PACKBENCH_API_KEY");
  if (!options.key_file.empty()) {
    std::ifstream file(options.key_file);
    if (!file) throw UsageError("The key file " + options.key_file + " cannot be read.");
    int number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
      if (line.empty() || line.front() == '#') continue;
      add_key(keys, line, options.key_file + ":" + std::to_string(number));
    }
  }
  return keys;
}

// Keys given at the start, or at least a valid one in the store.
void check_keys(const api::KeyRing& given, const ServeOptions& options, std::int64_t now_ms) {
  if (!given.empty()) return;
  const std::string file = api::store_file(options.store);
  if (!file.empty() && std::filesystem::exists(file)) {
    const auto keys = api::open_store(options.store)->keys();
    if (std::ranges::any_of(keys, [&](const api::StoredKey& key) { return key.valid_at(now_ms); })) return;
  }
  throw UsageError(
      "There is no API key: make one by 'packbench keys add', set PACKBENCH_API_KEY, or name a file with one key a "
      "line by --api-key-file.");
}

// Serves until SIGINT or SIGTERM; requests under way are finished.
void serve(const ServeOptions& options) {
  const Place place = parse_place(options.listen);
  check_place(place, options);
  api::KeyRing keys = read_keys(options);
  check_keys(keys, options, api::system_clock()());
  boost::asio::io_context signals;
  boost::asio::signal_set stop(signals, SIGINT, SIGTERM);
  stop.async_wait([](const boost::system::error_code&, int) {});

  const std::unique_ptr<api::Store> store = api::open_store(options.store);
  api::ServiceOptions service_options;
  service_options.stamps = options.timestamps == "extended" ? api::StampForm::extended : api::StampForm::basic;
  service_options.lenient_query = options.lenient_query;
  api::Service service(*store, std::move(keys), api::system_clock(), service_options);
  api::ServerOptions server_options;
  server_options.address = place.address;
  server_options.port = place.port;
  const api::Server server(service, server_options);
  fmt::print("The Device API listens on {}\n", server.url());
  std::fflush(stdout);
  signals.run();
}

int serve_and_report(const ServeOptions& options) {
  try {
    serve(options);
    return kExitPass;
  } catch (const UsageError& error) {
    fmt::print(stderr, "packbench serve: {}\n", error.what());
    return kExitUsage;
  } catch (const std::invalid_argument& error) {
    fmt::print(stderr, "packbench serve: {}\n", error.what());
    return kExitUsage;
  } catch (const std::system_error& error) {
    fmt::print(stderr, "packbench serve: {}.\n", error.what());
    return kExitInternal;
  } catch (const std::exception& error) {
    fmt::print(stderr, "packbench serve: {}\n", error.what());
    return kExitInternal;
  }
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand(
      "serve",
      "run the Device API server until Ctrl-C; keys come from the store (packbench keys), PACKBENCH_API_KEY or a file");
  command->add_option("--listen", options->listen, "ADDRESS:PORT to listen on; port 0 takes a free one")
      ->type_name("PLACE")
      ->capture_default_str();
  command->add_option("--store", options->store, "where devices and records are kept: sqlite:FILE")
      ->type_name("URI")
      ->capture_default_str();
  command->add_option("--api-key-file", options->key_file, "file with one API key a line; # begins a comment line")
      ->type_name("FILE");
  command
      ->add_option("--timestamps", options->timestamps,
                   "form of the document's own time fields in answers: basic or extended")
      ->check(CLI::IsMember({"basic", "extended"}))
      ->type_name("FORM")
      ->capture_default_str();
  command->add_flag("--lenient-query", options->lenient_query,
                    "ignore unknown query parameters instead of refusing them");
  command->add_flag("--insecure-listen", options->insecure_listen,
                    "allow an address other than loopback, without encryption");
  command->callback([options, &exit_code] { exit_code = serve_and_report(*options); });
}

}  // namespace packbench::hil
