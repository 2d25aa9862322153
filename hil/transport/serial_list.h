// The serial ports of this machine, with what USB says about them.
#pragma once

#include <string>
#include <vector>

namespace packbench::hil {

struct SerialPortInfo {
  std::string path;                       // "/dev/ttyACM0"
  std::string description;                // for people
  std::string transport;                  // "usb", "native", "bluetooth"
  int usb_vendor = -1, usb_product = -1;  // -1: not USB
  std::string manufacturer, product, serial_number;
  std::string by_id;  // the name below /dev/serial/by-id that stays the same wherever it is plugged in; may be empty
};

std::vector<SerialPortInfo> list_serial_ports();

// "ports found: /dev/ttyACM0 (STM32 STLink), /dev/ttyUSB0" or "no serial ports found".
std::string serial_ports_in_words();

}  // namespace packbench::hil
