#include "hil/transport/serial_list.h"

#include <libserialport.h>

#include <algorithm>
#include <filesystem>

namespace packbench::hil {
namespace fs = std::filesystem;
namespace {

std::string text_of(const char* text) { return text ? text : ""; }

std::string transport_name(sp_transport transport) {
  switch (transport) {
    case SP_TRANSPORT_USB:
      return "usb";
    case SP_TRANSPORT_BLUETOOTH:
      return "bluetooth";
    default:
      return "native";
  }
}

std::string stable_name(const std::string& path) {
  std::error_code error;
  for (fs::directory_iterator it("/dev/serial/by-id", error), end; !error && it != end; it.increment(error)) {
    std::error_code dangling;
    if (fs::canonical(it->path(), dangling) == path && !dangling) return it->path().string();
  }
  return "";
}

SerialPortInfo describe(const sp_port* port) {
  SerialPortInfo info;
  info.path = text_of(sp_get_port_name(port));
  info.description = text_of(sp_get_port_description(port));
  info.transport = transport_name(sp_get_port_transport(port));
  if (info.transport == "usb") {
    sp_get_port_usb_vid_pid(port, &info.usb_vendor, &info.usb_product);
    info.manufacturer = text_of(sp_get_port_usb_manufacturer(port));
    info.product = text_of(sp_get_port_usb_product(port));
    info.serial_number = text_of(sp_get_port_usb_serial(port));
  }
  info.by_id = stable_name(info.path);
  return info;
}

}  // namespace

std::vector<SerialPortInfo> list_serial_ports() {
  std::vector<SerialPortInfo> ports;
  sp_port** list = nullptr;
  if (sp_list_ports(&list) != SP_OK) return ports;
  for (sp_port** port = list; *port != nullptr; ++port) ports.push_back(describe(*port));
  sp_free_port_list(list);
  std::ranges::sort(ports, {}, &SerialPortInfo::path);
  return ports;
}

std::string serial_ports_in_words() {
  std::string text;
  for (const SerialPortInfo& port : list_serial_ports()) {
    text += (text.empty() ? "ports found: " : ", ") + port.path;
    if (!port.product.empty()) text += " (" + port.product + ")";
  }
  return text.empty() ? "no serial ports found" : text;
}

}  // namespace packbench::hil
