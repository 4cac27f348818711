#include "CTextBytes.h"

#if defined(__x86_64__)
#include <emmintrin.h>

static inline __m128i special(__m128i bytes) {
  // Signed: what is outside ASCII is below a space too.
  __m128i hit = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '));
  return _mm_or_si128(hit, _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
}

size_t text_plain_prefix(const uint8_t *text, size_t count) {
  size_t at = 0;
  for (; at + 64 <= count; at += 64) {
    __m128i hit = _mm_setzero_si128();
    for (int i = 0; i < 64; i += 16) {
      hit = _mm_or_si128(hit, special(_mm_loadu_si128((const __m128i *)(text + at + i))));
    }
    if (_mm_movemask_epi8(hit)) break;
  }
  for (; at + 16 <= count; at += 16) {
    if (_mm_movemask_epi8(special(_mm_loadu_si128((const __m128i *)(text + at))))) break;
  }
  return at;
}

#elif defined(__aarch64__)
#include <arm_neon.h>

static inline uint8x16_t special(uint8x16_t bytes) {
  // Signed: what is outside ASCII is below a space too.
  uint8x16_t hit = vcltq_s8(vreinterpretq_s8_u8(bytes), vdupq_n_s8(' '));
  return vorrq_u8(hit, vorrq_u8(vceqq_u8(bytes, vdupq_n_u8('"')), vceqq_u8(bytes, vdupq_n_u8('\\'))));
}

size_t text_plain_prefix(const uint8_t *text, size_t count) {
  size_t at = 0;
  for (; at + 64 <= count; at += 64) {
    uint8x16_t hit = vdupq_n_u8(0);
    for (int i = 0; i < 64; i += 16) {
      hit = vorrq_u8(hit, special(vld1q_u8(text + at + i)));
    }
    if (vmaxvq_u8(hit)) break;
  }
  for (; at + 16 <= count; at += 16) {
    if (vmaxvq_u8(special(vld1q_u8(text + at)))) break;
  }
  return at;
}

#else

size_t text_plain_prefix(const uint8_t *text, size_t count) {
  (void)text, (void)count;
  return 0;
}

#endif
