/* Every message built by hand in C, for the rows of vectors.txt. */
#ifndef VECTORS_C_H
#define VECTORS_C_H

#include "hil/packlink/packlink.h"
#include "hil/packlink/packlink_test.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Encodes the struct that stands for the named row; 0 for an unknown name. */
size_t vectors_c_encode(const char* name, uint8_t* buffer, size_t size);

/* Decodes the frame into its struct and encodes that again; 0 when it was refused or its type is unknown. */
size_t vectors_c_again(const packlink_frame_t* frame, uint8_t* buffer, size_t size);

/* The same struct decoded from a payload cut to this size. */
bool vectors_c_accepts(const packlink_frame_t* frame, size_t payload_size);

#ifdef __cplusplus
}
#endif

#endif
