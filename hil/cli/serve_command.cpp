// `packbench serve`: the Device API over a store that stays, by the system's clock.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <system_error>

#include "hil/api/server/server.h"
#include "hil/api/service/write_queue.h"
#include "hil/api/store/store.h"
#include "hil/api/values/clock.h"
#include "hil/cli/command.h"
#include "hil/cli/serve_options.h"
#include "hil/cli/usage_error.h"
#include "hil/dashboard/dashboard.h"

namespace packbench::hil {
namespace {

api::ServiceOptions service_options(const ServeOptions& options) {
  api::ServiceOptions service;
  service.stamps = options.timestamps == "extended" ? api::StampForm::extended : api::StampForm::basic;
  service.lenient_query = options.lenient_query;
  service.log_requests = true;
  service.limits.per_key = {options.requests_per_minute, options.burst};
  service.limits.failures_per_peer = {options.failures_per_minute, options.failures_per_minute};
  service.cors = api::Cors(options.cors_origins);
  service.readiness.disk = api::store_file(options.store);
  service.assets = dashboard_assets();
  return service;
}

api::ServerOptions server_options(const ServeOptions& options) {
  const Place place = parse_place("--listen", options.listen);
  api::ServerOptions server;
  server.address = place.address;
  server.port = place.port;
  server.tls = {options.tls_certificate, options.tls_key, options.tls_client_ca};
  server.max_connections = options.connections;
  server.max_connections_per_address = options.connections_per_address;
  server.show_operations = place.loopback() && options.operations_listen.empty();
  if (!options.operations_listen.empty()) {
    const Place operations = parse_place("--operations-listen", options.operations_listen);
    server.operations_address = operations.address;
    server.operations_port = operations.port;
  }
  return server;
}

void say_where(const api::Server& server) {
  fmt::print("The Device API listens on {}\n", server.url());
  if (!server.operations_url().empty()) fmt::print("Health and metrics are at {}\n", server.operations_url());
  fmt::print("The dashboard is at {}\n", server.url().substr(0, server.url().rfind("v1")));
  std::fflush(stdout);
}

// Where there is TLS, SIGHUP has its files read anew.
void reload_on_hangup(boost::asio::signal_set& hangup, const api::Server& server) {
  hangup.async_wait([&](const boost::system::error_code& error, int) {
    if (error) return;
    try {
      server.reload_certificate();
      spdlog::info("the TLS certificate was read anew");
    } catch (const std::invalid_argument& wrong) {
      spdlog::error("{} The one before stays in use.", wrong.what());
    }
    reload_on_hangup(hangup, server);
  });
}

// Serves until SIGINT or SIGTERM; requests under way are finished and what they wrote is answered.
void serve(const ServeOptions& options) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is the store's trouble, not the end
  check_encryption(options);
  const api::ServerOptions listening = server_options(options);
  const api::Retention retention{.age_ms = parse_age("--retain", options.retain)};
  api::KeyRing keys = read_keys(options);
  boost::asio::io_context signals;
  boost::asio::signal_set stop(signals, SIGINT, SIGTERM);
  stop.async_wait([&signals](const boost::system::error_code&, int) { signals.stop(); });

  const std::unique_ptr<api::Store> store = api::open_store(options.store);
  api::Service service(*store, std::move(keys), api::system_clock(), service_options(options));
  std::unique_ptr<api::WriteQueue> queue;
  if (api::store_stays(options.store)) {
    queue = std::make_unique<api::WriteQueue>(api::open_store(options.store), service.metrics(), api::system_clock(),
                                              api::WriteQueueOptions{.retention = retention});
    service.write_through(*queue);
  }
  const api::Server server(service, listening);
  boost::asio::signal_set hangup(signals);
  if (!options.tls_certificate.empty()) {
    hangup.add(SIGHUP);
    reload_on_hangup(hangup, server);
  }
  say_where(server);
  signals.run();
}

int serve_and_report(const ServeOptions& options) {
  const auto report = [](const char* what, int code) {
    fmt::print(stderr, "packbench serve: {}\n", what);
    return code;
  };
  try {
    serve(options);
    return kExitPass;
  } catch (const ServeUsageError& error) {
    return report(error.what(), kExitUsage);
  } catch (const std::invalid_argument& error) {
    return report(error.what(), kExitUsage);
  } catch (const std::system_error& error) {
    const bool taken = error.code() == std::errc::address_in_use;
    const char* const hint = taken ? " by another program; port 0 takes a free one." : ".";
    return report((error.what() + std::string(hint)).c_str(), kExitInternal);
  } catch (const std::exception& error) {
    return report(error.what(), kExitInternal);
  }
}

void add_listening(CLI::App& command, ServeOptions& options) {
  command
      .add_option("--listen", options.listen,
                  "ADDRESS:PORT to listen on, such as 127.0.0.1:8080 or [::1]:8080; port 0 takes a free one")
      ->type_name("PLACE")
      ->capture_default_str();
  command
      .add_option("--tls-cert", options.tls_certificate,
                  "certificate and its chain, a PEM file: serves https; SIGHUP has it read anew")
      ->type_name("FILE");
  command.add_option("--tls-key", options.tls_key, "key of the certificate, a PEM file")->type_name("FILE");
  command
      .add_option("--tls-client-ca", options.tls_client_ca,
                  "certificates of authorities, a PEM file: a client must show one that they signed")
      ->type_name("FILE");
  command
      .add_option("--cors-origin", options.cors_origins,
                  "origin of pages that may call the API from a browser, such as https://bench.example; repeatable")
      ->type_name("ORIGIN");
  command.add_option("--connections", options.connections, "connections at once; further ones are closed")
      ->check(whole_number(1, 100'000))
      ->type_name("NUMBER")
      ->capture_default_str();
  command
      .add_option("--connections-per-address", options.connections_per_address,
                  "connections at once from one address (IPv6: from one /64)")
      ->check(whole_number(1, 100'000))
      ->type_name("NUMBER")
      ->capture_default_str();
  command.add_flag("--insecure-listen", options.insecure_listen,
                   "allow an address other than loopback, without encryption");
  command
      .add_option("--operations-listen", options.operations_listen,
                  "ADDRESS:PORT for /healthz, /readyz and /metrics, plain and without a key (default: with the API, on "
                  "loopback)")
      ->type_name("PLACE");
}

void add_access(CLI::App& command, ServeOptions& options) {
  command.add_option("--api-key-file", options.key_file, "file with one API key a line; # begins a comment line")
      ->type_name("FILE");
  command
      .add_option("--rate", options.requests_per_minute, "requests a minute of one key, beyond its burst; 0: no limit")
      ->check(number_from_zero())
      ->type_name("NUMBER")
      ->capture_default_str();
  command.add_option("--burst", options.burst, "requests that a key may make at once after a pause")
      ->check(number_above_zero())
      ->type_name("NUMBER")
      ->capture_default_str();
  command
      .add_option("--failures", options.failures_per_minute,
                  "requests a minute from one address that may come without a valid key; 0: no limit")
      ->check(number_from_zero())
      ->type_name("NUMBER")
      ->capture_default_str();
}

void add_data(CLI::App& command, ServeOptions& options) {
  command
      .add_option(
          "--store", options.store,
          "where devices, records and keys are kept: sqlite:FILE, or postgresql://USER@HOST/DATABASE, which many "
          "servers may share; the password is best given by PGPASSWORD or ~/.pgpass")
      ->type_name("URI")
      ->capture_default_str();
  command
      .add_option("--retain", options.retain,
                  "delete records that were measured longer ago (90d, 12h, 30min, 45s), but the newest of a device "
                  "(default: keep all)")
      ->type_name("AGE");
  command
      .add_option("--timestamps", options.timestamps,
                  "form of meta.timestamp, CreatedAt and the like in answers: basic (20250220T102405.103Z) or extended "
                  "(2025-02-20T10:24:05.103Z)")
      ->check(one_of({"basic", "extended"}))
      ->type_name("FORM")
      ->capture_default_str();
  command.add_flag("--lenient-query", options.lenient_query,
                   "ignore unknown query parameters instead of refusing them");
}

constexpr const char* kFooter =
    "Exit code: 0 ended by Ctrl-C or SIGTERM; 3 bad input; 4 the place or the store cannot be used.\n"
    "It needs a key: packbench keys add with the same --store, PACKBENCH_API_KEY, or --api-key-file.\n"
    "Example: packbench keys add > key.txt && packbench serve, and in another terminal\n"
    "         curl -H \"ApiKey: $(cat key.txt)\" http://127.0.0.1:8080/v1/devices";

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<ServeOptions>();
  CLI::App* command =
      app.add_subcommand("serve", "run the Device API server until Ctrl-C; keys: packbench keys, or PACKBENCH_API_KEY");
  command->footer(kFooter);
  add_listening(*command, *options);
  add_access(*command, *options);
  add_data(*command, *options);
  command->callback([options, &exit_code] { exit_code = serve_and_report(*options); });
}

}  // namespace packbench::hil
