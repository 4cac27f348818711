#ifndef COUNT_MARKS_H
#define COUNT_MARKS_H

// Two functions that do nothing, for callgrind to see: it begins to count at the first and writes down what it has counted at the second
// (--zero-before, --dump-before).
void count_begins(void);
void count_ends(void);

#endif
