// A buffer in a folder of the test, and servers to empty it into.
#pragma once

#include <filesystem>

#include "api_fixture.h"
#include "hil/api/client/client.h"
#include "hil/api/gateway/forwarder.h"
#include "serve_process.h"

namespace packbench::hil::api::test {

class Buffered : public Serve {
 protected:
  OutboxOptions buffer(std::int64_t most = 1000) const { return {(folder / "buffer.db").string(), kDevice, most}; }
  static OutboxOptions in_memory() { return {":memory:", kDevice}; }
  static Record reported(std::int64_t measured_ms) {
    Record record = serve_record(measured_ms, "");
    record.boot = 3;
    return record;
  }
  static ForwarderOptions forwarding() {
    ForwarderOptions options;
    options.device.device_id = kDevice;
    options.device.name = options.device.model = options.device.location = "x";
    return options;
  }
  // Steps until nothing waits or an attempt did not succeed.
  static void drain(Outbox& outbox, Forwarder& forwarder) {
    while (outbox.counts().waiting > 0 && forwarder.step().count() == 0) {
    }
  }
  static std::vector<Record> stored(const std::string& url, std::int64_t to_ms) {
    const auto all = Client({url, kServeKey}).range(kDevice, kNow_ms - 1, to_ms);
    EXPECT_TRUE(all) << all.error;
    return all ? *all.value : std::vector<Record>();
  }
};

}  // namespace packbench::hil::api::test
