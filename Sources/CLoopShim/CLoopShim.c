#include "CLoopShim.h"
