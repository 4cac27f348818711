#ifndef CCHECKSUM_H
#define CCHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// CRC32C: the Castagnoli polynomial 0x1EDC6F41, reflected, as in RFC 3720 section 12.1 (iSCSI) and its vectors in appendix B.4.
//
// `crc` is the value of the bytes before these, or 0 when there are none, so that long input is summed piece by piece. `bytes` may be
// null when `count` is 0.

/// By the fastest way this processor has.
uint32_t checksum_crc32c(uint32_t crc, const void *bytes, size_t count);

/// By tables alone.
uint32_t checksum_crc32c_portable(uint32_t crc, const void *bytes, size_t count);

/// Whether the processor has CRC32C instructions (SSE4.2 on x86-64, the CRC extension on ARM64) and this build knows how to use them.
bool checksum_crc32c_has_instructions(void);

/// By the processor's instructions. Must not be called where there are none.
uint32_t checksum_crc32c_instructions(uint32_t crc, const void *bytes, size_t count);

// Two calls that a volume needs and that Swift cannot make by itself, or not alike on each system. Both return 0 or set errno and
// return -1.

/// Gives the storage of these bytes back; they read as zeros from then on and the file keeps its size. ENOTSUP where that cannot be done.
int volume_punch_hole(int file, int64_t offset, int64_t count);

/// fdatasync(2): the bytes, and as much about the file as reading them back takes. On Apple systems F_FULLFSYNC, since fsync there does not
/// reach the medium.
int volume_synchronize_data(int file);

/// Has the device begin with these bytes, without waiting; a hint, so it has no result. Does nothing where there is no such call.
void volume_start_writing(int file, int64_t offset, int64_t count);

#endif
