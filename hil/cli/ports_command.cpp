#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "hil/cli/command.h"
#include "hil/transport/serial_list.h"

namespace packbench::hil {
namespace {

using Json = nlohmann::ordered_json;

std::string usb_ids(const SerialPortInfo& port) {
  return port.usb_vendor < 0 ? "" : fmt::format("{:04x}:{:04x}", port.usb_vendor, port.usb_product);
}

Json to_json(const SerialPortInfo& port) {
  const auto id = [](int value) { return value < 0 ? Json() : Json(fmt::format("{:04x}", value)); };
  return {{"path", port.path},
          {"transport", port.transport},
          {"description", port.description},
          {"usb_vendor", id(port.usb_vendor)},
          {"usb_product", id(port.usb_product)},
          {"manufacturer", port.manufacturer},
          {"product", port.product},
          {"serial_number", port.serial_number},
          {"by_id", port.by_id}};
}

void print_json(const std::vector<SerialPortInfo>& ports) {
  Json rows = Json::array();
  for (const SerialPortInfo& port : ports) rows.push_back(to_json(port));
  fmt::print("{}\n", rows.dump(2, ' ', false, Json::error_handler_t::replace));
}

void print_table(const std::vector<SerialPortInfo>& ports) {
  if (ports.empty()) fmt::print("no serial ports found\n");
  for (const SerialPortInfo& port : ports) {
    fmt::print("{:<16} {:<10} {:<10} {}\n", port.path, port.transport, usb_ids(port), port.description);
    if (!port.serial_number.empty()) fmt::print("{:<16} serial number {}\n", "", port.serial_number);
    if (!port.by_id.empty()) fmt::print("{:<16} {}\n", "", port.by_id);
  }
}

}  // namespace

void add_ports_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("ports", "list the serial ports of this machine with their USB ids");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "as a JSON array");
  command->final_callback([json, &exit_code] {
    const std::vector<SerialPortInfo> ports = list_serial_ports();
    *json ? print_json(ports) : print_table(ports);
    exit_code = kExitPass;
  });
}

}  // namespace packbench::hil
