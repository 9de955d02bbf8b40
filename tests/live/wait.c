// A program that runs until its standard input ends; for tests/live/untrusted_root_test.ts.
#include <unistd.h>

int main(void) {
  char byte;
  while (read(0, &byte, 1) > 0);
  return 0;
}
