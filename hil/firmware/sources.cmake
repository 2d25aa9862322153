# The portable sources, for the host's library and for every image.
set(PACKBENCH_FIRMWARE_SOURCES
  core/balancing.cpp core/bms.cpp core/cell_model.cpp core/charge_keeper.cpp core/contactors.cpp core/current_flow.cpp core/defects.cpp core/ekf.cpp core/limits.cpp
  core/measurement.cpp core/profile.cpp core/protection_table.cpp core/protections.cpp core/row_defects.cpp core/sense_wires.cpp core/stuck_cells.cpp
  core/current_witness.cpp core/heat_rise.cpp core/frame_errors.cpp core/profile_guard.cpp core/sleep.cpp core/full.cpp core/retained.cpp core/soc.cpp core/soh.cpp
  app/board.cpp app/config_parts.cpp app/device.cpp app/firmware.cpp app/identity.cpp app/messages.cpp app/sensor_log.cpp app/status.cpp
  app/test_messages.cpp)
# What the bench adds on its side.
set(PACKBENCH_FIRMWARE_HOST_SOURCES host/profile_bytes.cpp host/variables.cpp)
