/* Test-only messages of packlink, 0xF0..0xFF: they break a device on purpose, so no customer's firmware carries this
 * pair. */
#ifndef PACKLINK_TEST_H
#define PACKLINK_TEST_H

#include "hil/packlink/packlink.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { PACKLINK_DEFECT = 0xF0, PACKLINK_INJECT = 0xF1 } packlink_test_type_t;

/* Switches one named, deliberate defect on or off (`packbench list --defects`); an unknown name is answered by NACK. */
typedef struct {
  char name[32]; /* zero-terminated unless 32 long */
  bool on;
} packlink_defect_t;

/* An event that happens inside the processor. */
typedef enum {
  PACKLINK_INJECT_RESET = 1, /* value: the reset reason that the next boot reports (sim/vocabulary.h) */
  PACKLINK_INJECT_DRIFT = 2  /* value: the device's own clock runs faster than the bench's by so many ppm, i32 */
} packlink_inject_kind_t;

typedef struct {
  uint8_t kind;
  uint32_t value;
} packlink_inject_t;

size_t packlink_encode_defect(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_defect_t* defect);
size_t packlink_encode_inject(uint8_t* buffer, size_t size, uint16_t sequence, const packlink_inject_t* inject);
bool packlink_decode_defect(const packlink_frame_t* frame, packlink_defect_t* defect);
bool packlink_decode_inject(const packlink_frame_t* frame, packlink_inject_t* inject);

#ifdef __cplusplus
}
#endif

#endif
