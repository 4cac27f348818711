#include "CChecksum.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#define HAS_INSTRUCTION_PATH 1
#define INSTRUCTION_TARGET __attribute__((target("sse4.2")))
#define STEP_8(crc, word) ((uint32_t)_mm_crc32_u64((crc), (word)))
#define STEP_1(crc, byte) (_mm_crc32_u8((crc), (byte)))
#elif defined(__aarch64__)
// The compiler's own names for the instructions: arm_acle.h hides its versions of them unless the whole file is built for the extension.
#define HAS_INSTRUCTION_PATH 1
#define INSTRUCTION_TARGET __attribute__((target("crc")))
#define STEP_8(crc, word) (__builtin_arm_crc32cd((crc), (word)))
#define STEP_1(crc, byte) (__builtin_arm_crc32cb((crc), (byte)))
#if defined(__linux__)
#include <sys/auxv.h>
#ifndef HWCAP_CRC32
#define HWCAP_CRC32 (1 << 7)
#endif
#endif
#endif

#define POLYNOMIAL_REFLECTED 0x82f63b78u

// Bytes of one of the three streams that the instruction path runs side by side. The instruction takes three cycles but can be issued in
// every one, so a single chain of them leaves two thirds of the unit idle.
#define STRIPE 1024

// slices[k][b]: the effect of byte b followed by k zero bytes.
static uint32_t slices[8][256];

// stripe_shift[k][b]: what byte k of the register, being b, becomes after STRIPE zero bytes.
static uint32_t stripe_shift[4][256];

static bool has_instructions;

static inline uint64_t load_little_endian(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

// Works on the register itself, which is the inverse of the value.
static uint32_t advance_by_tables(uint32_t state, const uint8_t *bytes, size_t count) {
  for (; count >= 8; bytes += 8, count -= 8) {
    uint64_t word = load_little_endian(bytes) ^ state;
    state = slices[7][word & 0xff] ^ slices[6][(word >> 8) & 0xff] ^ slices[5][(word >> 16) & 0xff] ^
            slices[4][(word >> 24) & 0xff] ^ slices[3][(word >> 32) & 0xff] ^ slices[2][(word >> 40) & 0xff] ^
            slices[1][(word >> 48) & 0xff] ^ slices[0][word >> 56];
  }
  for (; count > 0; bytes++, count--) {
    state = slices[0][(state ^ *bytes) & 0xff] ^ (state >> 8);
  }
  return state;
}

uint32_t checksum_crc32c_portable(uint32_t crc, const void *bytes, size_t count) {
  return ~advance_by_tables(~crc, bytes, count);
}

bool checksum_crc32c_has_instructions(void) { return has_instructions; }

#if defined(HAS_INSTRUCTION_PATH)

static inline uint32_t shift_by_stripe(uint32_t state) {
  return stripe_shift[0][state & 0xff] ^ stripe_shift[1][(state >> 8) & 0xff] ^ stripe_shift[2][(state >> 16) & 0xff] ^
         stripe_shift[3][state >> 24];
}

INSTRUCTION_TARGET
uint32_t checksum_crc32c_instructions(uint32_t crc, const void *start, size_t count) {
  const uint8_t *bytes = start;
  uint32_t state = ~crc;
  for (; count >= 3 * STRIPE; bytes += 3 * STRIPE, count -= 3 * STRIPE) {
    uint32_t second = 0;
    uint32_t third = 0;
    for (size_t i = 0; i < STRIPE; i += 8) {
      state = STEP_8(state, load_little_endian(bytes + i));
      second = STEP_8(second, load_little_endian(bytes + STRIPE + i));
      third = STEP_8(third, load_little_endian(bytes + 2 * STRIPE + i));
    }
    state = shift_by_stripe(shift_by_stripe(state) ^ second) ^ third;
  }
  for (; count >= 8; bytes += 8, count -= 8) {
    state = STEP_8(state, load_little_endian(bytes));
  }
  for (; count > 0; bytes++, count--) {
    state = STEP_1(state, *bytes);
  }
  return ~state;
}

static bool detect_instructions(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("sse4.2");
#elif defined(__APPLE__)
  return true;
#elif defined(__linux__)
  return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
#else
  return false;
#endif
}

// The register is linear over its bits: knowing what becomes of each single bit is knowing all.
static void fill_stripe_shift(void) {
  static const uint8_t zeros[STRIPE];
  uint32_t bits[32];
  for (int bit = 0; bit < 32; bit++) {
    bits[bit] = advance_by_tables(1u << bit, zeros, STRIPE);
  }
  for (int position = 0; position < 4; position++) {
    for (int byte = 0; byte < 256; byte++) {
      uint32_t sum = 0;
      for (int bit = 0; bit < 8; bit++) {
        if (byte & (1 << bit)) sum ^= bits[8 * position + bit];
      }
      stripe_shift[position][byte] = sum;
    }
  }
}

uint32_t checksum_crc32c(uint32_t crc, const void *bytes, size_t count) {
  return has_instructions ? checksum_crc32c_instructions(crc, bytes, count) : checksum_crc32c_portable(crc, bytes, count);
}

#else

uint32_t checksum_crc32c_instructions(uint32_t crc, const void *bytes, size_t count) {
  return checksum_crc32c_portable(crc, bytes, count);
}

uint32_t checksum_crc32c(uint32_t crc, const void *bytes, size_t count) {
  return checksum_crc32c_portable(crc, bytes, count);
}

#endif

// Before main, so that no caller has to wait or to check. Takes some ten microseconds.
__attribute__((constructor)) static void fill_tables(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t state = byte;
    for (int bit = 0; bit < 8; bit++) {
      state = (state >> 1) ^ ((state & 1) ? POLYNOMIAL_REFLECTED : 0);
    }
    slices[0][byte] = state;
  }
  for (int slice = 1; slice < 8; slice++) {
    for (int byte = 0; byte < 256; byte++) {
      uint32_t before = slices[slice - 1][byte];
      slices[slice][byte] = slices[0][before & 0xff] ^ (before >> 8);
    }
  }
#if defined(HAS_INSTRUCTION_PATH)
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  fill_stripe_shift();
  has_instructions = detect_instructions();
#endif
}
