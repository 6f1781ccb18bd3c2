// Counts the allocations of the test program.
#ifndef SWIFTCHAT_CALLOCATIONS_H
#define SWIFTCHAT_CALLOCATIONS_H

// The number of blocks that this thread has allocated or resized since it started; -1 if they are not counted on this
// system.
long callocations_count(void);

#endif
