#ifndef CTEXTBYTES_H
#define CTEXTBYTES_H

#include <stddef.h>
#include <stdint.h>

// The loops over text that every byte of every picture goes through, with the instructions that work on many bytes at once. Each does as much
// as it can of the beginning and says how much; the rest, and everything on a processor without the instructions, is the caller's.

// How many of the first bytes are plain inside a JSON string: no quotation mark, no backslash, no control character, nothing outside ASCII.
// Within 16 of that number.
size_t text_plain_prefix(const uint8_t *text, size_t count);

// Decodes groups of four base64 characters (standard alphabet) to three bytes each, at `text` itself: the bytes never overtake the text.
// Stops before the first block with any other character in it, which is left as it was. Returns how many groups were decoded.
size_t text_base64_decode(uint8_t *text, size_t groups);

// Encodes groups of three bytes to four base64 characters (standard alphabet). `text` has room for all groups. Returns how many were encoded.
size_t text_base64_encode(const uint8_t *bytes, size_t groups, uint8_t *text);

#endif
