#include "hil/transport/serial_port.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "hil/transport/serial_list.h"
#include "hil/transport/terminal.h"

namespace packbench::hil {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

SerialSettings good(std::string_view text) {
  const auto parsed = parse_serial_settings(text);
  if (const auto* wrong = std::get_if<std::string>(&parsed)) ADD_FAILURE() << *wrong;
  return std::get<SerialSettings>(parsed);
}

std::string bad(std::string_view text) {
  const auto parsed = parse_serial_settings(text);
  return std::holds_alternative<std::string>(parsed) ? std::get<std::string>(parsed) : "accepted";
}

TEST(SerialSettings, DefaultsAreThoseOfPacklink) {
  const SerialSettings settings = good("/dev/ttyACM0");
  EXPECT_EQ(settings.path, "/dev/ttyACM0");
  EXPECT_EQ(settings.baud, 921600);
  EXPECT_EQ(settings.dialect, "packlink");
  EXPECT_TRUE(settings.dtr && settings.rts);
}

TEST(SerialSettings, EveryOptionIsRead) {
  const SerialSettings settings = good("/dev/ttyUSB1,baud=250000,dialect=packlink,dtr=off,rts=off");
  EXPECT_EQ(settings.baud, 250000);
  EXPECT_FALSE(settings.dtr);
  EXPECT_FALSE(settings.rts);
}

TEST(SerialSettings, WhatCannotBeUnderstoodIsSaid) {
  EXPECT_THAT(bad(""), HasSubstr("serial: needs a port"));
  EXPECT_THAT(bad(",baud=9600"), HasSubstr("serial: needs a port"));
  for (const char* baud : {"", "fast", "9600x", "-9600", "0", "1199", "12000001", "99999999999"}) {
    EXPECT_THAT(bad(std::string("/dev/x,baud=") + baud),
                HasSubstr("is not a usable rate (expected a whole number from 1200"))
        << baud;
  }
  EXPECT_THAT(bad("/dev/x,dtr=maybe"), HasSubstr("dtr=maybe is not understood (expected on or off)"));
  EXPECT_THAT(bad("/dev/x,dialect=xbb"), HasSubstr("the dialect 'xbb' is unknown (expected packlink)"));
  EXPECT_THAT(bad("/dev/x,parity=even"), HasSubstr("unknown option 'parity' (expected baud=, dialect=, dtr= or rts=)"));
}

TEST(SerialPort, OneThatDoesNotExistNamesThoseThatDo) {
  EXPECT_THAT(serial_port_obstacle("/dev/ttyNONE9"),
              AnyOf(HasSubstr("there is no serial port '/dev/ttyNONE9'; ports found: /dev/"),
                    HasSubstr("there is no serial port '/dev/ttyNONE9'; no serial ports found.")));
}

TEST(SerialPort, WhatIsSomethingElseIsCalledByItsName) {
  const std::string file = testing::TempDir() + "not_a_port";
  std::ofstream(file) << "text";
  EXPECT_THAT(serial_port_obstacle("/dev"), HasSubstr("'/dev' is a directory, not a serial port"));
  EXPECT_THAT(serial_port_obstacle(file), HasSubstr("is a file, not a serial port"));
  EXPECT_THAT(serial_port_obstacle("/dev/null"), HasSubstr("'/dev/null' is not a serial port"));
  EXPECT_THAT(serial_port_obstacle(file + "/under"), HasSubstr("there is no serial port"));
}

TEST(SerialPort, APtyIsSentToItsOwnScheme) {
  const std::optional<PtyPair> pty = open_pty_pair();
  EXPECT_EQ(serial_port_obstacle(pty->slave_path),
            "'" + pty->slave_path + "' is a pseudo-terminal, not a serial port; use pty:" + pty->slave_path + ".");
}

TEST(SerialPort, OpeningReportsTheObstacleAndIsNotAUsageError) {
  const OpenedTransport opened = open_serial(good("/dev/ttyNONE9"));
  EXPECT_EQ(opened.transport, nullptr);
  EXPECT_EQ(opened.error, serial_port_obstacle("/dev/ttyNONE9"));
  EXPECT_FALSE(opened.bad_uri);
}

TEST(SerialPort, TheListNamesExistingDevicesInOrder) {
  const std::vector<SerialPortInfo> ports = list_serial_ports();
  for (const SerialPortInfo& port : ports) EXPECT_TRUE(std::filesystem::exists(port.path)) << port.path;
  EXPECT_TRUE(std::ranges::is_sorted(ports, {}, &SerialPortInfo::path));
}

}  // namespace
}  // namespace packbench::hil
