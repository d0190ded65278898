/* From UTF-16 to UTF-8, the only form that is parsed. */
#ifndef REPOMAP_ENCODING_H_
#define REPOMAP_ENCODING_H_

#include "platform.h"

/* Write `size` bytes of UTF-16 at `source` to `bytes` as UTF-8; room for 3 bytes a unit, the odd byte at the end
 * counted as one, must be there. A lone surrogate and the odd byte become U+FFFD. */
static inline void repomap_utf16_to_utf8(
  const uint8_t *source, size_t size, bool is_little_endian, RepomapBytes *bytes
) {
  uint8_t *out = bytes->contents;
  for (size_t i = 0; i < size; i += 2) {
    uint32_t point = 0xFFFD;
    if (i + 1 < size) point = is_little_endian ? source[i] | source[i + 1] << 8 : source[i] << 8 | source[i + 1];
    if (point >= 0xD800 && point < 0xE000) {
      uint32_t low = 0;
      if (point < 0xDC00 && i + 3 < size) {
        low = is_little_endian ? source[i + 2] | source[i + 3] << 8 : source[i + 2] << 8 | source[i + 3];
      }
      if (low >= 0xDC00 && low < 0xE000) {
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      } else {
        point = 0xFFFD;
      }
    }
    if (point < 0x80) {
      *out++ = (uint8_t)point;
    } else if (point < 0x800) {
      *out++ = (uint8_t)(0xC0 | point >> 6);
      *out++ = (uint8_t)(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
      *out++ = (uint8_t)(0xE0 | point >> 12);
      *out++ = (uint8_t)(0x80 | (point >> 6 & 0x3F));
      *out++ = (uint8_t)(0x80 | (point & 0x3F));
    } else {
      *out++ = (uint8_t)(0xF0 | point >> 18);
      *out++ = (uint8_t)(0x80 | (point >> 12 & 0x3F));
      *out++ = (uint8_t)(0x80 | (point >> 6 & 0x3F));
      *out++ = (uint8_t)(0x80 | (point & 0x3F));
    }
  }
  bytes->size = (size_t)(out - bytes->contents);
}

#endif
