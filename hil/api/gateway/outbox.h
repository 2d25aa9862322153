// Records on their way to the Device API, in a file: what was accepted is in it until the API has it.
//
// A record is accepted when put() says so: it is then on the disk (SQLite, WAL, synchronous=FULL) and survives a kill
// -9 and a power cut. A file that was deleted or replaced meanwhile, or a full disk, takes nothing. It leaves in the
// order in which it came. Identity is given once, here: an id (UUID of version 7), and a sequence that goes on where it
// stopped, from a random start below 2^48 for a new file, so that a file that was deleted does not make new records
// look like old ones. A record that the API refuses for its content is set aside with the reason, so that it neither
// blocks those behind it nor vanishes; of these the newest are kept.
//
// Bounded: a full outbox accepts nothing more. Safe to use from several threads; a second process is kept out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hil/api/values/record.h"

namespace packbench::hil::api {

struct OutboxOptions {
  std::string file = ":memory:";
  std::string device_id;
  std::int64_t most = 1'000'000;         // records that wait
  std::int64_t most_set_aside = 10'000;  // the oldest go first
};

// A record that waits: its JSON as it is posted.
struct Waiting {
  std::int64_t sequence = 0, measured_ms = 0;
  std::string json;
};

struct OutboxCounts {
  std::int64_t waiting = 0, set_aside = 0;
  std::optional<std::int64_t> oldest_ms;  // measurement time of the first that waits, where it can be read
  std::int64_t next_sequence = 0;         // of the record that is accepted next
};

class Outbox {
 public:
  // Throws SqliteError when the file cannot be used: it is no buffer, of a newer version, damaged, or in use;
  // std::invalid_argument when it holds the records of another device.
  explicit Outbox(OutboxOptions options);
  ~Outbox();

  // Gives the record an id and a sequence unless it has its own. False: full. Throws SqliteError when the disk does not
  // take it; it is not accepted then.
  [[nodiscard]] bool put(Record record);
  // The first ones behind this sequence, in order.
  std::vector<Waiting> front(std::int64_t after, std::size_t most);
  // The API has every record up to this one.
  void delivered_through(std::int64_t sequence);
  // The API will never take it.
  void set_aside(std::int64_t sequence, const std::string& reason);
  OutboxCounts counts();

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::hil::api
