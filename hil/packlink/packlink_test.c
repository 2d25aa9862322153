#include "hil/packlink/packlink_test.h"

size_t packlink_encode_defect(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_defect_t* defect) {
  uint8_t payload[33];
  packlink_writer_t writer = {payload, sizeof payload, 0, true};
  packlink_put(&writer, defect->on ? 1u : 0u, 1);
  for (size_t i = 0; i < sizeof defect->name && defect->name[i] != '\0'; ++i) {
    packlink_put(&writer, (uint8_t)defect->name[i], 1);
  }
  return packlink_encode_frame(buffer, size, PACKLINK_DEFECT, 0, sequence, payload, writer.used);
}

bool packlink_decode_defect(const packlink_frame_t* frame, packlink_defect_t* defect) {
  packlink_reader_t reader = {frame->payload, frame->payload_size, 0, frame->type == PACKLINK_DEFECT};
  defect->on = (packlink_get(&reader, 1) & 1u) != 0;
  for (size_t i = 0; i < sizeof defect->name; ++i) {
    defect->name[i] = reader.used < reader.size ? (char)packlink_get(&reader, 1) : '\0';
  }
  return reader.ok;
}

size_t packlink_encode_inject(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_inject_t* inject) {
  uint8_t payload[5];
  packlink_writer_t writer = {payload, sizeof payload, 0, true};
  packlink_put(&writer, inject->kind, 1);
  packlink_put(&writer, inject->value, 4);
  return packlink_encode_frame(buffer, size, PACKLINK_INJECT, 0, sequence, payload, writer.used);
}

bool packlink_decode_inject(const packlink_frame_t* frame, packlink_inject_t* inject) {
  packlink_reader_t reader = {frame->payload, frame->payload_size, 0, frame->type == PACKLINK_INJECT};
  inject->kind = (uint8_t)packlink_get(&reader, 1);
  inject->value = (uint32_t)packlink_get(&reader, 4);
  return reader.ok;
}
