#include "include/libfuzzer.h"
