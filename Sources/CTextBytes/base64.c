#include "CTextBytes.h"

// Base64 a register at a time, after W. Muła and D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions" (2018).

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

// A character is in the alphabet when the classes of its two halves have no bit in common. The alphabet's rows by the high half: '+' '/' in
// row 2, digits in row 3, letters in 4 to 7; a class bit is set for the low halves that the row does not have.
#define BY_LOW_HALF \
  0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a
#define BY_HIGH_HALF \
  0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10
// What to add to a character to get its six bits, by the high half; '/' is told from '+' by a place of its own.
#define TO_BITS 0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0
// What to add to six bits to get their character: by how far they are above 51, with 0 to 25 and 26 to 51 in places of their own.
#define TO_CHARACTER 71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 65, 0, 0

AVX2 static size_t decode(uint8_t *text, size_t groups) {
  const __m256i by_low = _mm256_setr_epi8(BY_LOW_HALF, BY_LOW_HALF);
  const __m256i by_high = _mm256_setr_epi8(BY_HIGH_HALF, BY_HIGH_HALF);
  const __m256i to_bits = _mm256_setr_epi8(TO_BITS, TO_BITS);
  // A shuffle takes the low four bits, and gives zero for a high one: 0x2f keeps the half and no high bit.
  const __m256i half = _mm256_set1_epi8(0x2f);
  const __m256i bytes_of_groups =
      _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1, 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
  const __m256i joined = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7);
  size_t group = 0;
  for (; group + 8 <= groups; group += 8) {
    __m256i characters = _mm256_loadu_si256((const __m256i *)(text + 4 * group));
    __m256i high_half = _mm256_and_si256(_mm256_srli_epi32(characters, 4), half);
    __m256i low_half = _mm256_and_si256(characters, half);
    if (!_mm256_testz_si256(_mm256_shuffle_epi8(by_high, high_half), _mm256_shuffle_epi8(by_low, low_half))) break;
    __m256i is_slash = _mm256_cmpeq_epi8(characters, half);
    __m256i bits = _mm256_add_epi8(characters, _mm256_shuffle_epi8(to_bits, _mm256_add_epi8(is_slash, high_half)));
    // Six and six to twelve, twelve and twelve to twenty-four, then the three bytes of each in their order.
    __m256i twelves = _mm256_maddubs_epi16(bits, _mm256_set1_epi32(0x01400140));
    __m256i twenty_fours = _mm256_madd_epi16(twelves, _mm256_set1_epi32(0x00011000));
    __m256i bytes = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(twenty_fours, bytes_of_groups), joined);
    // Eight bytes more than were decoded: they go over text that has been read, and end before the text that has not.
    _mm256_storeu_si256((__m256i *)(text + 3 * group), bytes);
  }
  return group;
}

AVX2 static size_t encode(const uint8_t *bytes, size_t groups, uint8_t *text) {
  const __m256i to_character = _mm256_setr_epi8(TO_CHARACTER, TO_CHARACTER);
  const __m256i spread = _mm256_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10, 1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
  size_t group = 0;
  // Each half of the register takes twelve bytes and loads sixteen: the last ones must be there.
  for (; group + 10 <= groups; group += 8) {
    __m128i low = _mm_loadu_si128((const __m128i *)(bytes + 3 * group));
    __m128i high = _mm_loadu_si128((const __m128i *)(bytes + 3 * group + 12));
    __m256i input = _mm256_shuffle_epi8(_mm256_set_m128i(high, low), spread);
    __m256i first_and_third = _mm256_mulhi_epu16(_mm256_and_si256(input, _mm256_set1_epi32(0x0fc0fc00)), _mm256_set1_epi32(0x04000040));
    __m256i second_and_fourth = _mm256_mullo_epi16(_mm256_and_si256(input, _mm256_set1_epi32(0x003f03f0)), _mm256_set1_epi32(0x01000010));
    __m256i bits = _mm256_or_si256(first_and_third, second_and_fourth);
    // 0 to 25: place 13; 26 to 51: place 0; above: 1 to 12.
    __m256i place = _mm256_subs_epu8(bits, _mm256_set1_epi8(51));
    __m256i is_capital = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), bits);
    place = _mm256_or_si256(place, _mm256_and_si256(is_capital, _mm256_set1_epi8(13)));
    _mm256_storeu_si256((__m256i *)(text + 4 * group), _mm256_add_epi8(bits, _mm256_shuffle_epi8(to_character, place)));
  }
  return group;
}

size_t text_base64_decode(uint8_t *text, size_t groups) { return __builtin_cpu_supports("avx2") ? decode(text, groups) : 0; }

size_t text_base64_encode(const uint8_t *bytes, size_t groups, uint8_t *text) {
  return __builtin_cpu_supports("avx2") ? encode(bytes, groups, text) : 0;
}

#elif defined(__aarch64__)
#include <arm_neon.h>

#define NONE 0x80

// By character, 0 to 63 and 64 to 127.
static const uint8_t bits_low[64] = {
    NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,  //
    NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,  //
    NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, 62,   NONE, NONE, NONE, 63,    //
    52,   53,   54,   55,   56,   57,   58,   59,   60,   61,   NONE, NONE, NONE, NONE, NONE, NONE,
};
static const uint8_t bits_high[64] = {
    NONE, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,   11,   12,   13,   14,    //
    15,   16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NONE, NONE, NONE, NONE, NONE,  //
    NONE, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36,   37,   38,   39,   40,    //
    41,   42, 43, 44, 45, 46, 47, 48, 49, 50, 51, NONE, NONE, NONE, NONE, NONE,
};
static const uint8_t alphabet[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t text_base64_decode(uint8_t *text, size_t groups) {
  const uint8x16x4_t low = vld1q_u8_x4(bits_low), high = vld1q_u8_x4(bits_high);
  size_t group = 0;
  for (; group + 16 <= groups; group += 16) {
    uint8x16x4_t characters = vld4q_u8(text + 4 * group), bits;
    uint8x16_t outside = vdupq_n_u8(0);
    for (int i = 0; i < 4; i++) {
      uint8x16_t c = characters.val[i];
      // A look-up past its table gives zero, so of the two one counts; neither does outside ASCII.
      bits.val[i] = vorrq_u8(vqtbl4q_u8(low, c), vqtbl4q_u8(high, veorq_u8(c, vdupq_n_u8(64))));
      outside = vorrq_u8(outside, vorrq_u8(bits.val[i], c));
    }
    if (vmaxvq_u8(outside) >= NONE) break;
    uint8x16x3_t bytes;
    bytes.val[0] = vorrq_u8(vshlq_n_u8(bits.val[0], 2), vshrq_n_u8(bits.val[1], 4));
    bytes.val[1] = vorrq_u8(vshlq_n_u8(bits.val[1], 4), vshrq_n_u8(bits.val[2], 2));
    bytes.val[2] = vorrq_u8(vshlq_n_u8(bits.val[2], 6), bits.val[3]);
    vst3q_u8(text + 3 * group, bytes);
  }
  return group;
}

size_t text_base64_encode(const uint8_t *bytes, size_t groups, uint8_t *text) {
  const uint8x16x4_t characters_of = vld1q_u8_x4(alphabet);
  const uint8x16_t six = vdupq_n_u8(63);
  size_t group = 0;
  for (; group + 16 <= groups; group += 16) {
    uint8x16x3_t input = vld3q_u8(bytes + 3 * group);
    uint8x16x4_t characters;
    characters.val[0] = vqtbl4q_u8(characters_of, vshrq_n_u8(input.val[0], 2));
    characters.val[1] = vqtbl4q_u8(characters_of, vandq_u8(vorrq_u8(vshlq_n_u8(input.val[0], 4), vshrq_n_u8(input.val[1], 4)), six));
    characters.val[2] = vqtbl4q_u8(characters_of, vandq_u8(vorrq_u8(vshlq_n_u8(input.val[1], 2), vshrq_n_u8(input.val[2], 6)), six));
    characters.val[3] = vqtbl4q_u8(characters_of, vandq_u8(input.val[2], six));
    vst4q_u8(text + 4 * group, characters);
  }
  return group;
}

#else

size_t text_base64_decode(uint8_t *text, size_t groups) {
  (void)text, (void)groups;
  return 0;
}

size_t text_base64_encode(const uint8_t *bytes, size_t groups, uint8_t *text) {
  (void)bytes, (void)groups, (void)text;
  return 0;
}

#endif
