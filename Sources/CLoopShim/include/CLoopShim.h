#pragma once
#include <libwebsockets.h>
enum { CLOOP_PRE = LWS_PRE };
