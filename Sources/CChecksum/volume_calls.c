#define _GNU_SOURCE
#include "CChecksum.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int volume_punch_hole(int file, int64_t offset, int64_t count) {
#if defined(__linux__)
  return fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, count);
#else
  (void)file, (void)offset, (void)count;
  errno = ENOTSUP;
  return -1;
#endif
}

int volume_synchronize_data(int file) {
#if defined(__APPLE__)
  return fcntl(file, F_FULLFSYNC) == -1 ? -1 : 0;
#else
  return fdatasync(file);
#endif
}

void volume_start_writing(int file, int64_t offset, int64_t count) {
#if defined(__linux__)
  (void)sync_file_range(file, offset, count, SYNC_FILE_RANGE_WRITE);
#else
  (void)file, (void)offset, (void)count;
#endif
}
