# The portable sources, for the host's library and for every image.
set(PACKBENCH_FIRMWARE_SOURCES
  core/balancing.cpp core/bms.cpp core/contactors.cpp core/current_flow.cpp core/defects.cpp core/limits.cpp
  core/measurement.cpp core/profile.cpp core/protection_table.cpp core/protections.cpp core/soc.cpp
  app/board.cpp app/config_parts.cpp app/device.cpp app/firmware.cpp app/identity.cpp app/messages.cpp app/status.cpp
  app/test_messages.cpp)
# What the bench adds on its side.
set(PACKBENCH_FIRMWARE_HOST_SOURCES host/profile_bytes.cpp host/variables.cpp)
