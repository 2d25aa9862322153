/* packlink: frames between a test bench and a battery management system on a UART.
 *
 * Two files and this one's messages.h are all that a firmware needs: C99, no heap, no OS, no recursion.
 *
 *   frame    COBS(body) 0x00                     TICK, TICK_DONE, HELLO and IDENT also start with 0x00, so that a
 * damaged frame before them cannot swallow them body     type u8 | flags u8 | sequence u16 | payload | crc32 u32 little
 * endian, at most 250 bytes crc32    ISO-HDLC (the one of zlib): reflected, polynomial 04C11DB7, initial and final
 * FFFFFFFF, over type .. payload
 *
 * COBS (Cheshire and Baker 1999) replaces every 0x00 of the body; a body of at most 250 bytes grows by exactly one
 * byte. A receiver is in step again at the next 0x00, whatever came before.
 *
 * Payload layouts: README.md in this folder. A decode function tolerates a longer payload (a newer peer appended
 * fields) and refuses a shorter one, so fields are only ever appended. */
#ifndef PACKLINK_H
#define PACKLINK_H

#include <stddef.h>

#include "messages.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PACKLINK_HEADER_SIZE 4u
#define PACKLINK_CRC_SIZE 4u
#define PACKLINK_MAX_BODY 250u
#define PACKLINK_MAX_PAYLOAD (PACKLINK_MAX_BODY - PACKLINK_HEADER_SIZE - PACKLINK_CRC_SIZE)
#define PACKLINK_MAX_FRAME (PACKLINK_MAX_BODY + 3u) /* delimiter, COBS code, body, delimiter */

/* A frame that was received whole: its CRC agrees. payload points into the decoder, until its next byte. */
typedef struct {
  uint8_t type, flags;
  uint16_t sequence;
  const uint8_t* payload;
  size_t payload_size;
} packlink_frame_t;

/* Byte-at-a-time receiver; may be fed from an interrupt. Set up by packlink_decoder_init. */
typedef struct {
  uint32_t frames;     /* received whole */
  uint32_t crc_errors; /* ended by 0x00 but damaged: wrong CRC, broken COBS or shorter than header and CRC */
  uint32_t oversize;   /* longer than PACKLINK_MAX_BODY */
  /* private */
  uint16_t size;
  uint8_t code, left;
  bool too_long;
  uint8_t body[PACKLINK_MAX_BODY];
} packlink_decoder_t;

void packlink_decoder_init(packlink_decoder_t* decoder);

/* True when this byte completed a frame. Damaged input is counted and skipped, never reported. */
bool packlink_decoder_feed(packlink_decoder_t* decoder, uint8_t byte, packlink_frame_t* frame);

/* CRC-32 of data appended to what `crc` already covers; start with 0, as zlib's crc32(). */
uint32_t packlink_crc32(uint32_t crc, const uint8_t* data, size_t size);

/* One frame with its delimiters into buffer. Returns the bytes written, 0 when the payload or the buffer is too small
 * for it. */
size_t packlink_encode_frame(uint8_t* buffer, size_t size, uint8_t type, uint8_t flags, uint16_t sequence,
                             const uint8_t* payload, size_t payload_size);

/* Encode: the bytes written, 0 when they do not fit or the struct holds a count beyond its array.
 * PACKLINK_MAX_FRAME bytes are enough for every message. Strings are cut at their field's length. */
size_t packlink_encode_hello(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_hello_t* hello);
size_t packlink_encode_measurements(uint8_t* buffer, size_t size, uint16_t sequence,
                                    const packlink_measurements_t* measurements);
size_t packlink_encode_tick(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_tick_t* tick);
size_t packlink_encode_command(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_command_t* command);
size_t packlink_encode_config(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_config_t* config);
size_t packlink_encode_ident(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_ident_t* ident);
size_t packlink_encode_status(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_status_t* status);
size_t packlink_encode_tick_done(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_tick_done_t* done);
size_t packlink_encode_actuators(uint8_t* buffer, size_t size, uint16_t sequence,
                                 const packlink_actuators_t* actuators);
size_t packlink_encode_text(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_text_t* text);
size_t packlink_encode_nack(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_nack_t* nack);
size_t packlink_encode_config_ack(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_config_ack_t* ack);

/* Decode: false when the frame is of another type, too short, or counts more than its arrays hold. The struct is then
 * unspecified. Elements beyond the counts are reserved values (no voltage, no temperature) or zero. */
bool packlink_decode_hello(const packlink_frame_t* frame, packlink_hello_t* hello);
bool packlink_decode_measurements(const packlink_frame_t* frame, packlink_measurements_t* measurements);
bool packlink_decode_tick(const packlink_frame_t* frame, packlink_tick_t* tick);
bool packlink_decode_command(const packlink_frame_t* frame, packlink_command_t* command);
bool packlink_decode_config(const packlink_frame_t* frame, packlink_config_t* config);
bool packlink_decode_ident(const packlink_frame_t* frame, packlink_ident_t* ident);
bool packlink_decode_status(const packlink_frame_t* frame, packlink_status_t* status);
bool packlink_decode_tick_done(const packlink_frame_t* frame, packlink_tick_done_t* done);
bool packlink_decode_actuators(const packlink_frame_t* frame, packlink_actuators_t* actuators);
bool packlink_decode_text(const packlink_frame_t* frame, packlink_text_t* text);
bool packlink_decode_nack(const packlink_frame_t* frame, packlink_nack_t* nack);
bool packlink_decode_config_ack(const packlink_frame_t* frame, packlink_config_ack_t* ack);

/* Little-endian fields one after the other, as every codec function of this protocol uses them. `ok` falls to false
 * when a field does not fit or is not there, and stays false; reads then give 0. */
typedef struct {
  uint8_t* data;
  size_t size, used;
  bool ok;
} packlink_writer_t;

typedef struct {
  const uint8_t* data;
  size_t size, used;
  bool ok;
} packlink_reader_t;

void packlink_put(packlink_writer_t* writer, uint64_t value, unsigned bytes);
void packlink_put_bytes(packlink_writer_t* writer, const void* data, size_t size);
uint64_t packlink_get(packlink_reader_t* reader, unsigned bytes);
void packlink_get_bytes(packlink_reader_t* reader, void* data, size_t size);

#ifdef __cplusplus
}
#endif

#endif
