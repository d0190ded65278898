/* From other encodings to UTF-8, the only form that is parsed. */
#ifndef REPOMAP_ENCODING_H_
#define REPOMAP_ENCODING_H_

#include "platform.h"

/* Write a character as UTF-8 and return what follows it. */
static inline uint8_t *repomap_put_utf8(uint8_t *out, uint32_t point) {
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
  return out;
}

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
    out = repomap_put_utf8(out, point);
  }
  bytes->size = (size_t)(out - bytes->contents);
}

/* The first byte that is not ASCII, or `size`. */
static inline size_t repomap_ascii_length(const uint8_t *text, size_t size) {
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t word;
    memcpy(&word, text + i, 8);
    if (word & UINT64_C(0x8080808080808080)) break;
  }
  while (i < size && text[i] < 0x80) i++;
  return i;
}

/* How many bytes the character at `text` has, or 0 if it is no UTF-8. */
static inline size_t repomap_utf8_length(const uint8_t *text, size_t size) {
  uint8_t first = text[0];
  if (first < 0x80) return 1;
  size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || length > size) return 0;
  for (size_t i = 1; i < length; i++) {
    if ((text[i] & 0xC0) != 0x80) return 0;
  }
  /* Longer than need be, a surrogate, or beyond the last character. */
  if (first == 0xE0 && text[1] < 0xA0) return 0;
  if (first == 0xED && text[1] > 0x9F) return 0;
  if (first == 0xF0 && text[1] < 0x90) return 0;
  if (first == 0xF4 && text[1] > 0x8F) return 0;
  return length;
}

/* The first byte from `start` on that is no UTF-8, or `size`. */
static inline size_t repomap_utf8_end(const uint8_t *text, size_t size, size_t start) {
  size_t i = start, length;
  while (i < size) {
    i += repomap_ascii_length(text + i, size - i);
    if (i == size) break;
    length = repomap_utf8_length(text + i, size - i);
    if (!length) break;
    i += length;
  }
  return i;
}

/* Write text of which not all is UTF-8 to `bytes`: other bytes are read as Windows-1252, as browsers do. There must be
 * room for 3 bytes a byte. */
static inline void repomap_mixed_to_utf8(const uint8_t *text, size_t size, RepomapBytes *bytes) {
  static const uint16_t high[32] = {
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
  };
  uint8_t *out = bytes->contents;
  for (size_t i = 0; i < size;) {
    size_t end = repomap_utf8_end(text, size, i);
    memcpy(out, text + i, end - i);
    out += end - i;
    i = end;
    if (i < size) {
      out = repomap_put_utf8(out, text[i] < 0xA0 ? high[text[i] - 0x80] : text[i]);
      i++;
    }
  }
  bytes->size = (size_t)(out - bytes->contents);
}

/* Whether one of the first two lines declares an encoding other than UTF-8: `coding: NAME` or `coding=NAME`. */
static inline bool repomap_declares_encoding(const uint8_t *text, size_t size) {
  size_t end = 0;
  for (int line = 0; line < 2 && end < size && end < 1024; line++) {
    while (end < size && end < 1024 && text[end] != '\n') end++;
    end++;
  }
  if (end > size) end = size;
  for (size_t i = 0; i + 7 < end; i++) {
    if (memcmp(text + i, "coding", 6) != 0 || (text[i + 6] != ':' && text[i + 6] != '=')) continue;
    i += 7;
    while (i < end && (text[i] == ' ' || text[i] == '\t')) i++;
    bool is_utf =
        end - i >= 4 && (text[i] | 0x20) == 'u' && (text[i + 1] | 0x20) == 't' && (text[i + 2] | 0x20) == 'f';
    if (!is_utf) return true;
    bool is_parted = text[i + 3] == '-' || text[i + 3] == '_';
    return !(text[i + 3] == '8' || (is_parted && i + 4 < end && text[i + 4] == '8'));
  }
  return false;
}

#endif
