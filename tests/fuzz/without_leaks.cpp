// Leaks are left to ./bench sanitize: their detector does not work where a process must not be traced.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }
