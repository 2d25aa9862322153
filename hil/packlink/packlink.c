#include "packlink.h"

#include <string.h>

/* ---- fields ---- */

void packlink_put(packlink_writer_t* writer, uint64_t value, unsigned bytes) {
  if (writer->size - writer->used < bytes) writer->ok = false;
  if (!writer->ok) return;
  for (unsigned i = 0; i < bytes; ++i) writer->data[writer->used++] = (uint8_t)(value >> (8u * i));
}

void packlink_put_bytes(packlink_writer_t* writer, const void* data, size_t size) {
  if (writer->size - writer->used < size) writer->ok = false;
  if (!writer->ok || size == 0) return;
  memcpy(writer->data + writer->used, data, size);
  writer->used += size;
}

uint64_t packlink_get(packlink_reader_t* reader, unsigned bytes) {
  uint64_t value = 0;
  if (reader->size - reader->used < bytes) reader->ok = false;
  if (!reader->ok) return 0;
  for (unsigned i = 0; i < bytes; ++i) value |= (uint64_t)reader->data[reader->used++] << (8u * i);
  return value;
}

void packlink_get_bytes(packlink_reader_t* reader, void* data, size_t size) {
  if (reader->size - reader->used < size) reader->ok = false;
  if (!reader->ok || size == 0) return;
  memcpy(data, reader->data + reader->used, size);
  reader->used += size;
}

static uint8_t get_u8(packlink_reader_t* reader) { return (uint8_t)packlink_get(reader, 1); }
static uint16_t get_u16(packlink_reader_t* reader) { return (uint16_t)packlink_get(reader, 2); }
static uint32_t get_u32(packlink_reader_t* reader) { return (uint32_t)packlink_get(reader, 4); }
static int32_t get_i32(packlink_reader_t* reader) { return (int32_t)(uint32_t)packlink_get(reader, 4); }
static void put_i32(packlink_writer_t* writer, int32_t value) { packlink_put(writer, (uint32_t)value, 4); }

/* A zero-terminated string as a field of fixed width, filled up with zeros. */
static void put_string(packlink_writer_t* writer, const char* string, size_t width) {
  size_t length = 0;
  while (length < width && string[length] != '\0') ++length;
  packlink_put_bytes(writer, string, length);
  for (; length < width; ++length) packlink_put(writer, 0, 1);
}

static void get_string(packlink_reader_t* reader, char* string, size_t width) {
  packlink_get_bytes(reader, string, width);
  string[width] = '\0';
}

/* ---- frames ---- */

uint32_t packlink_crc32(uint32_t crc, const uint8_t* data, size_t size) {
  /* nibble table of the reflected polynomial EDB88320: 64 bytes of flash, two look-ups per byte */
  static const uint32_t table[16] = {0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu, 0x76DC4190u, 0x6B6B51F4u,
                                     0x4DB26158u, 0x5005713Cu, 0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu,
                                     0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu};
  crc = ~crc;
  for (size_t i = 0; i < size; ++i) {
    crc ^= data[i];
    crc = (crc >> 4) ^ table[crc & 15u];
    crc = (crc >> 4) ^ table[crc & 15u];
  }
  return ~crc;
}

static bool starts_with_delimiter(uint8_t type) {
  return type == PACKLINK_TICK || type == PACKLINK_TICK_DONE || type == PACKLINK_HELLO || type == PACKLINK_IDENT;
}

/* COBS of at most 250 bytes: each code byte says how far the next zero is. */
static void stuff(uint8_t* out, const uint8_t* body, size_t size) {
  uint8_t* code = out++;
  *code = 1;
  for (size_t i = 0; i < size; ++i) {
    if (body[i] == 0) {
      code = out++;
      *code = 1;
    } else {
      *out++ = body[i];
      ++*code;
    }
  }
}

size_t packlink_encode_frame(uint8_t* buffer, size_t size, uint8_t type, uint8_t flags, uint16_t sequence,
                             const uint8_t* payload, size_t payload_size) {
  uint8_t body[PACKLINK_MAX_BODY];
  packlink_writer_t writer = {body, sizeof body, 0, true};
  const size_t lead = starts_with_delimiter(type) ? 1 : 0;
  packlink_put(&writer, type, 1);
  packlink_put(&writer, flags, 1);
  packlink_put(&writer, sequence, 2);
  packlink_put_bytes(&writer, payload, payload_size);
  packlink_put(&writer, packlink_crc32(0, body, writer.used), PACKLINK_CRC_SIZE);
  const size_t total = lead + 1 + writer.used + 1;
  if (!writer.ok || size < total) return 0;
  buffer[0] = 0;
  stuff(buffer + lead, body, writer.used);
  buffer[total - 1] = 0;
  return total;
}

static void restart(packlink_decoder_t* decoder) {
  decoder->size = 0;
  decoder->code = 0;
  decoder->left = 0;
  decoder->too_long = false;
}

void packlink_decoder_init(packlink_decoder_t* decoder) {
  decoder->frames = 0;
  decoder->crc_errors = 0;
  decoder->oversize = 0;
  restart(decoder);
}

static void append(packlink_decoder_t* decoder, uint8_t byte) {
  if (decoder->size < PACKLINK_MAX_BODY) {
    decoder->body[decoder->size++] = byte;
  } else {
    decoder->too_long = true;
  }
}

/* The body between two delimiters, when it is one. */
static bool finish(packlink_decoder_t* decoder, packlink_frame_t* frame) {
  if (decoder->too_long) {
    ++decoder->oversize;
    return false;
  }
  if (decoder->left != 0 || decoder->size < PACKLINK_HEADER_SIZE + PACKLINK_CRC_SIZE) {
    ++decoder->crc_errors;
    return false;
  }
  const size_t covered = decoder->size - PACKLINK_CRC_SIZE;
  packlink_reader_t reader = {decoder->body, decoder->size, 0, true};
  frame->type = get_u8(&reader);
  frame->flags = get_u8(&reader);
  frame->sequence = get_u16(&reader);
  frame->payload = decoder->body + PACKLINK_HEADER_SIZE;
  frame->payload_size = covered - PACKLINK_HEADER_SIZE;
  reader.used = covered;
  if (get_u32(&reader) != packlink_crc32(0, decoder->body, covered)) {
    ++decoder->crc_errors;
    return false;
  }
  ++decoder->frames;
  return true;
}

bool packlink_decoder_feed(packlink_decoder_t* decoder, uint8_t byte, packlink_frame_t* frame) {
  if (byte == 0) {
    const bool whole = decoder->code != 0 && finish(decoder, frame);
    restart(decoder);
    return whole;
  }
  if (decoder->left > 0) {
    append(decoder, byte);
    --decoder->left;
    return false;
  }
  /* a code byte: the zero that the previous code stood for, then `byte - 1` bytes as they are */
  if (decoder->code != 0 && decoder->code != 0xFF) append(decoder, 0);
  decoder->code = byte;
  decoder->left = (uint8_t)(byte - 1u);
  return false;
}

/* ---- messages ---- */

#define WRITER(name)                     \
  uint8_t payload[PACKLINK_MAX_PAYLOAD]; \
  packlink_writer_t name = {payload, sizeof payload, 0, true}

static size_t send(const packlink_writer_t* writer, uint8_t* buffer, size_t size, packlink_type_t type,
                   uint16_t sequence) {
  if (!writer->ok) return 0;
  return packlink_encode_frame(buffer, size, (uint8_t)type, 0, sequence, writer->data, writer->used);
}

static packlink_reader_t open_payload(const packlink_frame_t* frame, packlink_type_t type) {
  packlink_reader_t reader = {frame->payload, frame->payload_size, 0, frame->type == (uint8_t)type};
  return reader;
}

size_t packlink_encode_hello(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_hello_t* hello) {
  WRITER(w);
  packlink_put(&w, hello->version_major, 1);
  packlink_put(&w, hello->version_minor, 1);
  packlink_put(&w, hello->mode, 1);
  packlink_put(&w, hello->cells, 1);
  packlink_put(&w, hello->temperatures, 1);
  return send(&w, buffer, size, PACKLINK_HELLO, sequence);
}

bool packlink_decode_hello(const packlink_frame_t* frame, packlink_hello_t* hello) {
  packlink_reader_t r = open_payload(frame, PACKLINK_HELLO);
  hello->version_major = get_u8(&r);
  hello->version_minor = get_u8(&r);
  hello->mode = get_u8(&r);
  hello->cells = get_u8(&r);
  hello->temperatures = get_u8(&r);
  return r.ok;
}

/* Cell voltages and temperatures close MEASUREMENTS and STATUS alike; their counts stand before them. */
static void put_readings(packlink_writer_t* w, uint8_t cells, const uint16_t* cell_dmV, uint8_t temperatures,
                         const int32_t* temperature_mdegC) {
  if (cells > PACKLINK_MAX_CELLS || temperatures > PACKLINK_MAX_TEMPERATURES) w->ok = false;
  for (unsigned i = 0; w->ok && i < cells; ++i) packlink_put(w, cell_dmV[i], 2);
  for (unsigned i = 0; w->ok && i < temperatures; ++i) put_i32(w, temperature_mdegC[i]);
}

static void get_readings(packlink_reader_t* r, uint8_t cells, uint16_t* cell_dmV, uint8_t temperatures,
                         int32_t* temperature_mdegC) {
  if (cells > PACKLINK_MAX_CELLS || temperatures > PACKLINK_MAX_TEMPERATURES) r->ok = false;
  for (unsigned i = 0; i < PACKLINK_MAX_CELLS; ++i) {
    cell_dmV[i] = i < cells ? get_u16(r) : (uint16_t)PACKLINK_NO_VOLTAGE;
  }
  for (unsigned i = 0; i < PACKLINK_MAX_TEMPERATURES; ++i) {
    temperature_mdegC[i] = i < temperatures ? get_i32(r) : PACKLINK_NO_TEMPERATURE;
  }
}

static unsigned bits(bool bit0, bool bit1, bool bit2) { return (bit0 ? 1u : 0u) | (bit1 ? 2u : 0u) | (bit2 ? 4u : 0u); }

size_t packlink_encode_measurements(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_measurements_t* m) {
  WRITER(w);
  packlink_put(&w, m->time_us, 8);
  packlink_put(&w, m->cells, 1);
  packlink_put(&w, m->temperatures, 1);
  packlink_put(&w, bits(m->main_feedback, m->charger_feedback, m->charger_present), 1);
  packlink_put(&w, m->pack_dmV, 4);
  packlink_put(&w, m->bus_dmV, 4);
  put_i32(&w, m->current_mA);
  put_readings(&w, m->cells, m->cell_dmV, m->temperatures, m->temperature_mdegC);
  return send(&w, buffer, size, PACKLINK_MEASUREMENTS, sequence);
}

bool packlink_decode_measurements(const packlink_frame_t* frame, packlink_measurements_t* m) {
  packlink_reader_t r = open_payload(frame, PACKLINK_MEASUREMENTS);
  m->time_us = packlink_get(&r, 8);
  m->cells = get_u8(&r);
  m->temperatures = get_u8(&r);
  const uint8_t flags = get_u8(&r);
  m->main_feedback = (flags & 1u) != 0;
  m->charger_feedback = (flags & 2u) != 0;
  m->charger_present = (flags & 4u) != 0;
  m->pack_dmV = get_u32(&r);
  m->bus_dmV = get_u32(&r);
  m->current_mA = get_i32(&r);
  get_readings(&r, m->cells, m->cell_dmV, m->temperatures, m->temperature_mdegC);
  return r.ok;
}

size_t packlink_encode_tick(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_tick_t* tick) {
  WRITER(w);
  packlink_put(&w, tick->time_us, 8);
  return send(&w, buffer, size, PACKLINK_TICK, sequence);
}

bool packlink_decode_tick(const packlink_frame_t* frame, packlink_tick_t* tick) {
  packlink_reader_t r = open_payload(frame, PACKLINK_TICK);
  tick->time_us = packlink_get(&r, 8);
  return r.ok;
}

size_t packlink_encode_command(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_command_t* command) {
  WRITER(w);
  packlink_put(&w, command->code, 1);
  packlink_put(&w, command->argument, 4);
  return send(&w, buffer, size, PACKLINK_COMMAND, sequence);
}

bool packlink_decode_command(const packlink_frame_t* frame, packlink_command_t* command) {
  packlink_reader_t r = open_payload(frame, PACKLINK_COMMAND);
  command->code = get_u8(&r);
  command->argument = get_u32(&r);
  return r.ok;
}

size_t packlink_encode_config(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_config_t* config) {
  WRITER(w);
  if (config->length > sizeof config->data) return 0;
  packlink_put(&w, config->part, 1);
  packlink_put(&w, config->parts, 1);
  packlink_put(&w, config->length, 1);
  packlink_put_bytes(&w, config->data, config->length);
  return send(&w, buffer, size, PACKLINK_CONFIG, sequence);
}

bool packlink_decode_config(const packlink_frame_t* frame, packlink_config_t* config) {
  packlink_reader_t r = open_payload(frame, PACKLINK_CONFIG);
  memset(config->data, 0, sizeof config->data);
  config->part = get_u8(&r);
  config->parts = get_u8(&r);
  config->length = get_u8(&r);
  if (config->length > sizeof config->data) return false;
  packlink_get_bytes(&r, config->data, config->length);
  return r.ok;
}

size_t packlink_encode_ident(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_ident_t* ident) {
  WRITER(w);
  packlink_put(&w, ident->version_major, 1);
  packlink_put(&w, ident->version_minor, 1);
  packlink_put(&w, ident->control_period_ms, 2);
  packlink_put(&w, ident->capabilities, 4);
  packlink_put(&w, ident->max_cells, 1);
  packlink_put(&w, ident->reset_reason, 1);
  packlink_put(&w, ident->boot_count, 4);
  put_string(&w, ident->device_id, sizeof ident->device_id - 1);
  put_string(&w, ident->firmware, sizeof ident->firmware - 1);
  put_string(&w, ident->build_id, sizeof ident->build_id - 1);
  return send(&w, buffer, size, PACKLINK_IDENT, sequence);
}

bool packlink_decode_ident(const packlink_frame_t* frame, packlink_ident_t* ident) {
  packlink_reader_t r = open_payload(frame, PACKLINK_IDENT);
  ident->version_major = get_u8(&r);
  ident->version_minor = get_u8(&r);
  ident->control_period_ms = get_u16(&r);
  ident->capabilities = get_u32(&r);
  ident->max_cells = get_u8(&r);
  ident->reset_reason = get_u8(&r);
  ident->boot_count = get_u32(&r);
  get_string(&r, ident->device_id, sizeof ident->device_id - 1);
  get_string(&r, ident->firmware, sizeof ident->firmware - 1);
  get_string(&r, ident->build_id, sizeof ident->build_id - 1);
  return r.ok;
}

size_t packlink_encode_status(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_status_t* s) {
  WRITER(w);
  packlink_put(&w, s->measurement_sequence, 2);
  packlink_put(&w, s->uptime_us, 8);
  packlink_put(&w, s->boot_count, 4);
  packlink_put(&w, s->reset_reason, 1);
  packlink_put(&w, s->soc_pctpct, 2);
  packlink_put(&w, s->ocv_soc_pctpct, 2);
  packlink_put(&w, s->soh_pctpct, 2);
  packlink_put(&w, s->state, 1);
  packlink_put(&w, bits(s->main_contactor, s->charger_contactor, s->precharge_contactor), 1);
  packlink_put(&w, s->balancing, 4);
  packlink_put(&w, s->faults, 8);
  packlink_put(&w, s->warnings, 8);
  packlink_put(&w, s->latched_faults, 8);
  packlink_put(&w, s->first_fault, 1);
  put_i32(&w, s->charge_limit_mA);
  put_i32(&w, s->discharge_limit_mA);
  packlink_put(&w, s->rx_errors, 2);
  packlink_put(&w, s->cells, 1);
  packlink_put(&w, s->temperatures, 1);
  packlink_put(&w, s->pack_dmV, 4);
  put_i32(&w, s->current_mA);
  put_readings(&w, s->cells, s->cell_dmV, s->temperatures, s->temperature_mdegC);
  return send(&w, buffer, size, PACKLINK_STATUS, sequence);
}

bool packlink_decode_status(const packlink_frame_t* frame, packlink_status_t* s) {
  packlink_reader_t r = open_payload(frame, PACKLINK_STATUS);
  s->measurement_sequence = get_u16(&r);
  s->uptime_us = packlink_get(&r, 8);
  s->boot_count = get_u32(&r);
  s->reset_reason = get_u8(&r);
  s->soc_pctpct = get_u16(&r);
  s->ocv_soc_pctpct = get_u16(&r);
  s->soh_pctpct = get_u16(&r);
  s->state = get_u8(&r);
  const uint8_t contactors = get_u8(&r);
  s->main_contactor = (contactors & 1u) != 0;
  s->charger_contactor = (contactors & 2u) != 0;
  s->precharge_contactor = (contactors & 4u) != 0;
  s->balancing = get_u32(&r);
  s->faults = packlink_get(&r, 8);
  s->warnings = packlink_get(&r, 8);
  s->latched_faults = packlink_get(&r, 8);
  s->first_fault = get_u8(&r);
  s->charge_limit_mA = get_i32(&r);
  s->discharge_limit_mA = get_i32(&r);
  s->rx_errors = get_u16(&r);
  s->cells = get_u8(&r);
  s->temperatures = get_u8(&r);
  s->pack_dmV = get_u32(&r);
  s->current_mA = get_i32(&r);
  get_readings(&r, s->cells, s->cell_dmV, s->temperatures, s->temperature_mdegC);
  return r.ok;
}

size_t packlink_encode_tick_done(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_tick_done_t* done) {
  WRITER(w);
  packlink_put(&w, done->tick_sequence, 2);
  packlink_put(&w, done->device_time_us, 8);
  packlink_put(&w, done->spent_us, 4);
  return send(&w, buffer, size, PACKLINK_TICK_DONE, sequence);
}

bool packlink_decode_tick_done(const packlink_frame_t* frame, packlink_tick_done_t* done) {
  packlink_reader_t r = open_payload(frame, PACKLINK_TICK_DONE);
  done->tick_sequence = get_u16(&r);
  done->device_time_us = packlink_get(&r, 8);
  done->spent_us = get_u32(&r);
  return r.ok;
}

size_t packlink_encode_actuators(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_actuators_t* a) {
  WRITER(w);
  packlink_put(&w, bits(a->main, a->charger, a->precharge), 1);
  packlink_put(&w, a->bleed, 4);
  packlink_put(&w, a->main_changed_us, 8);
  packlink_put(&w, a->charger_changed_us, 8);
  packlink_put(&w, a->precharge_changed_us, 8);
  packlink_put(&w, a->bleed_changed_us, 8);
  return send(&w, buffer, size, PACKLINK_ACTUATORS, sequence);
}

bool packlink_decode_actuators(const packlink_frame_t* frame, packlink_actuators_t* a) {
  packlink_reader_t r = open_payload(frame, PACKLINK_ACTUATORS);
  const uint8_t outputs = get_u8(&r);
  a->main = (outputs & 1u) != 0;
  a->charger = (outputs & 2u) != 0;
  a->precharge = (outputs & 4u) != 0;
  a->bleed = get_u32(&r);
  a->main_changed_us = packlink_get(&r, 8);
  a->charger_changed_us = packlink_get(&r, 8);
  a->precharge_changed_us = packlink_get(&r, 8);
  a->bleed_changed_us = packlink_get(&r, 8);
  return r.ok;
}

size_t packlink_encode_text(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_text_t* text) {
  WRITER(w);
  if (text->length > sizeof text->text) return 0;
  packlink_put(&w, text->length, 1);
  packlink_put_bytes(&w, text->text, text->length);
  return send(&w, buffer, size, PACKLINK_TEXT, sequence);
}

bool packlink_decode_text(const packlink_frame_t* frame, packlink_text_t* text) {
  packlink_reader_t r = open_payload(frame, PACKLINK_TEXT);
  memset(text->text, 0, sizeof text->text);
  text->length = get_u8(&r);
  if (text->length > sizeof text->text) return false;
  packlink_get_bytes(&r, text->text, text->length);
  return r.ok;
}

size_t packlink_encode_nack(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_nack_t* nack) {
  WRITER(w);
  if (nack->length > sizeof nack->why) return 0;
  packlink_put(&w, nack->refused_type, 1);
  packlink_put(&w, nack->refused_sequence, 2);
  packlink_put(&w, nack->length, 1);
  packlink_put_bytes(&w, nack->why, nack->length);
  return send(&w, buffer, size, PACKLINK_NACK, sequence);
}

bool packlink_decode_nack(const packlink_frame_t* frame, packlink_nack_t* nack) {
  packlink_reader_t r = open_payload(frame, PACKLINK_NACK);
  memset(nack->why, 0, sizeof nack->why);
  nack->refused_type = get_u8(&r);
  nack->refused_sequence = get_u16(&r);
  nack->length = get_u8(&r);
  if (nack->length > sizeof nack->why) return false;
  packlink_get_bytes(&r, nack->why, nack->length);
  return r.ok;
}

size_t packlink_encode_config_ack(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_config_ack_t* ack) {
  WRITER(w);
  packlink_put(&w, ack->part, 1);
  packlink_put(&w, bits(ack->complete, false, false), 1);
  packlink_put(&w, ack->crc32, 4);
  return send(&w, buffer, size, PACKLINK_CONFIG_ACK, sequence);
}

bool packlink_decode_config_ack(const packlink_frame_t* frame, packlink_config_ack_t* ack) {
  packlink_reader_t r = open_payload(frame, PACKLINK_CONFIG_ACK);
  ack->part = get_u8(&r);
  ack->complete = (get_u8(&r) & 1u) != 0;
  ack->crc32 = get_u32(&r);
  return r.ok;
}
