#include "hil/api/store/sqlite_rows.h"

namespace packbench::hil::api {

void insert_device(Statement& insert, const Device& device) {
  const auto cells = device.cell_count ? std::optional<std::int64_t>(*device.cell_count) : std::nullopt;
  insert.begin().bind(std::string_view(device.device_id)).bind(std::string_view(device.name));
  insert.bind(std::string_view(device.model)).bind(std::string_view(device.location)).bind(device.organization);
  insert.bind(std::string_view(device.status)).bind(device.last_connected_ms).bind(device.created_ms);
  insert.bind(device.updated_ms).bind(cells).run();
}

void insert_record(Statement& insert, std::int64_t device, const Record& record, std::int64_t arrived_s) {
  const std::string cells = list_text(record.cell_dmV), temperatures = list_text(record.temperatures_mdegC);
  const std::string balancing = list_text(record.balancing), faults = faults_text(record.faults);
  insert.begin().bind(device).bind(record.measured_ms).bind(std::string_view(record.id)).bind(arrived_s);
  insert.bind(record.boot).bind(record.sequence).bind(std::string_view(record.device_name));
  insert.bind(or_null(record.pack_dmV)).bind(std::string_view(cells)).bind(or_null(record.temperature_mdegC));
  insert.bind(or_null(record.current_mA)).bind(or_null(record.soc_pctpct)).bind(or_null(record.ocv_soc_pctpct));
  insert.bind(or_null(record.soh_pctpct)).bind(std::string_view(record.bms_state));
  insert.bind(std::int64_t(record.main_contactor)).bind(std::int64_t(record.charger_contactor));
  insert.bind(std::string_view(temperatures)).bind(std::string_view(balancing)).bind(std::string_view(faults)).run();
}

void insert_key(Statement& insert, const StoredKey& key) {
  const std::string digest = hex(key.secret_digest);
  insert.begin().bind(std::string_view(key.id)).bind(std::string_view(digest)).bind(std::string_view(key.name));
  insert.bind(key.organization).bind(std::int64_t{key.scopes}).bind(key.created_ms);
  insert.bind(key.expires_ms).bind(key.revoked_ms).run();
}

}  // namespace packbench::hil::api
