// `packbench keys`: makes, lists and revokes the API keys of a store.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hil/api/store/store.h"
#include "hil/api/values/clock.h"
#include "hil/api/values/stamp.h"
#include "hil/cli/command.h"
#include "hil/cli/usage_error.h"

namespace packbench::hil {
namespace {

struct KeysOptions {
  std::string store = "sqlite:packbench.db";
  std::string name, expires, id;
  std::vector<std::string> scopes;
  std::int64_t organization = 1;
  bool json = false;
};

// Bad input: exit 3, apart from what fails later (exit 4).
class KeysUsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::unique_ptr<api::Store> open_lasting(const std::string& uri) {
  if (api::store_stays(uri)) return api::open_store(uri);
  throw KeysUsageError("A store in memory holds no keys for later; expected sqlite:FILE or postgresql://...");
}

std::unique_ptr<api::Store> open_existing(const std::string& uri) {
  const std::string file = api::store_file(uri);
  if (!file.empty() && !std::filesystem::exists(file)) {
    throw KeysUsageError("There is no store " + file + "; 'packbench keys add --store " + uri +
                         "' makes it, with a first key.");
  }
  return open_lasting(uri);
}

unsigned scopes_of(const std::vector<std::string>& names) {
  if (names.empty()) return api::kAllScopes;
  unsigned scopes = 0;
  for (const std::string& name : names) {
    const auto scope = api::parse_scope(name);
    if (!scope) {
      throw KeysUsageError("--scope '" + name + "' is not understood (expected one of " +
                           api::scope_names(api::kAllScopes) + ").");
    }
    scopes |= static_cast<unsigned>(*scope);
  }
  return scopes;
}

std::optional<std::int64_t> expiry_of(const std::string& text, std::int64_t now_ms) {
  if (text.empty()) return std::nullopt;
  const auto parsed = api::parse_stamp(text);
  if (const auto* why = std::get_if<std::string>(&parsed))
    throw KeysUsageError("--expires '" + text + "' " + *why + ".");
  const std::int64_t expires_ms = std::get<api::Stamp>(parsed).floor_ms;
  if (expires_ms <= now_ms) throw KeysUsageError("--expires '" + text + "' is over already.");
  return expires_ms;
}

// Prints the key alone on a line; it cannot be shown again.
int add(const KeysOptions& options) {
  const std::int64_t now_ms = api::system_clock()();
  api::StoredKey wanted;
  wanted.name = options.name;
  wanted.organization = options.organization;
  wanted.scopes = scopes_of(options.scopes);
  wanted.created_ms = now_ms;
  wanted.expires_ms = expiry_of(options.expires, now_ms);
  const api::NewKey key = api::make_key(wanted);
  open_lasting(options.store)->add_key(key.stored);
  fmt::print("{}\n", key.text);
  return kExitPass;
}

std::string state_of(const api::StoredKey& key, std::int64_t now_ms) {
  if (key.revoked_ms) return "revoked";
  return key.valid_at(now_ms) ? "valid" : "expired";
}

std::string time_text(const std::optional<std::int64_t>& ms) {
  return ms ? api::stamp_text(*ms, api::StampForm::extended) : "-";
}

int list(const KeysOptions& options) {
  const auto keys = open_existing(options.store)->keys();
  const std::int64_t now_ms = api::system_clock()();
  if (options.json) {
    auto rows = nlohmann::ordered_json::array();
    for (const api::StoredKey& key : keys) {
      const auto or_null = [](const auto& ms) { return ms ? nlohmann::ordered_json(time_text(ms)) : nullptr; };
      rows.push_back({{"id", key.id},
                      {"name", key.name},
                      {"organization", key.organization},
                      {"scopes", api::scope_names(key.scopes)},
                      {"state", state_of(key, now_ms)},
                      {"created", time_text(key.created_ms)},
                      {"expires", or_null(key.expires_ms)},
                      {"revoked", or_null(key.revoked_ms)}});
    }
    fmt::print("{}\n", rows.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    return kExitPass;
  }
  fmt::print("{:<12}  {:<8} {:>12}  {:<24}  {:<24}  {:<57}  {}\n", "id", "state", "organization", "created", "expires",
             "scopes", "name");
  for (const api::StoredKey& key : keys) {
    fmt::print("{:<12}  {:<8} {:>12}  {:<24}  {:<24}  {:<57}  {}\n", key.id, state_of(key, now_ms), key.organization,
               time_text(key.created_ms), time_text(key.expires_ms), api::scope_names(key.scopes), key.name);
  }
  return kExitPass;
}

int revoke(const KeysOptions& options) {
  if (!open_existing(options.store)->revoke_key(options.id, api::system_clock()())) {
    throw KeysUsageError("The store has no valid key " + options.id +
                         "; 'packbench keys list' shows the ids, which are the part of a key before its dot.");
  }
  return kExitPass;
}

int report(int (*work)(const KeysOptions&), const KeysOptions& options) {
  try {
    return work(options);
  } catch (const KeysUsageError& error) {
    fmt::print(stderr, "packbench keys: {}\n", error.what());
    return kExitUsage;
  } catch (const std::invalid_argument& error) {
    fmt::print(stderr, "packbench keys: {}\n", error.what());
    return kExitUsage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "packbench keys: {}\n", error.what());
    return kExitInternal;
  }
}

CLI::App* add_word(CLI::App* command, const std::string& name, const std::string& about,
                   int (*work)(const KeysOptions&), const std::shared_ptr<KeysOptions>& options, int& exit_code) {
  CLI::App* word = command->add_subcommand(name, about);
  word->add_option("--store", options->store, "the store of the server: sqlite:FILE or postgresql://USER@HOST/DATABASE")
      ->type_name("URI")
      ->capture_default_str();
  word->callback([=, &exit_code] { exit_code = report(work, *options); });
  return word;
}

constexpr const char* kExit = "Exit code: 0 done; 3 bad input; 4 the store cannot be used.\n";

}  // namespace

void add_keys_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<KeysOptions>();
  CLI::App* command = app.add_subcommand("keys", "add, list and revoke the API keys of a store");
  command->require_subcommand(1);
  command->footer(std::string(kExit) + "Example: packbench keys add --name me > key.txt");
  CLI::App* adding =
      add_word(command, "add", "make a key and print it, once, alone on a line; makes the store where there is none",
               add, options, exit_code);
  adding->footer(std::string(kExit) +
                 "Example: packbench keys add --name dashboard --scope devices:read --scope telemetry:read > key.txt");
  adding->add_option("--name", options->name, "whom or what the key is for, as keys list shows it")->type_name("NAME");
  adding->add_option("--organization", options->organization, "number of the organization whose devices it sees")
      ->check(whole_number(1, (std::int64_t{1} << 53) - 1))
      ->type_name("NUMBER")
      ->capture_default_str();
  adding
      ->add_option(
          "--scope", options->scopes,
          "what it may do, repeatable: devices:read, devices:write, telemetry:read, telemetry:write (default: all)")
      ->type_name("SCOPE");
  adding
      ->add_option("--expires", options->expires,
                   "until when it is valid: 2027-01-31 or 2027-01-31T12:00:00Z (default: until it is revoked)")
      ->type_name("TIME");
  CLI::App* listing = add_word(command, "list", "show the keys without their secrets", list, options, exit_code);
  listing->add_flag("--json", options->json, "as JSON");
  CLI::App* revoking =
      add_word(command, "revoke", "end a key's validity, also in servers that run", revoke, options, exit_code);
  revoking->add_option("ID", options->id, "the part of the key before its dot, as keys list shows it")
      ->required()
      ->type_name(" ");
}

}  // namespace packbench::hil
