// For every store of the firmware, Unicorn 2.0.1 asks whether the store changes translated code: it locks the pages in
// question, with a tree made and thrown away each time, and searches them. That is more than half of all the time that
// a run takes. Here one thread runs, RAM is never executable and the firmware cannot store to flash, so neither is
// needed. The library calls these three functions of its own through the dynamic linker and finds them here instead;
// changes of flash from outside go another way (uc_ctl_remove_cache). Without this file all is the same and slower.
struct uc_struct;
struct page_collection;

extern "C" {

[[gnu::visibility("default")]] page_collection* page_collection_lock_arm(uc_struct*, unsigned long, unsigned long) {
  return nullptr;
}

[[gnu::visibility("default")]] void page_collection_unlock_arm(page_collection*) {}

[[gnu::visibility("default")]] void tb_invalidate_phys_page_fast_arm(uc_struct*, page_collection*, unsigned long, int,
                                                                     unsigned long) {}
}
