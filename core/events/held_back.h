// Why queued work has not begun. Texts travel to clients; never change a published one.
// Source: spec "tasks and schedules", Admission.
#pragma once

#include "core/base/enum_names.h"

#include <cstdint>

namespace muster {

enum class HeldBack : std::uint8_t {
    Slot,    // a pool of it is full
    Limit,   // its provider's limit is not over
    Time,    // it is not due
    Memory,  // of the machine: too little is free
    Disk,    // the same
    Load,    // of the machine's processors
    Pause,   // nothing more of its run is to begin
    Owner,   // only the process that drives its run or chat begins it, and that one has not yet
    Staging, // others that are gone on with after a restart come first
};

template <> struct EnumNames<HeldBack> {
    static constexpr std::array table{
        std::pair{HeldBack::Slot, "slot"},       std::pair{HeldBack::Limit, "limit"},
        std::pair{HeldBack::Time, "time"},       std::pair{HeldBack::Memory, "memory"},
        std::pair{HeldBack::Disk, "disk"},       std::pair{HeldBack::Load, "load"},
        std::pair{HeldBack::Pause, "pause"},     std::pair{HeldBack::Owner, "owner"},
        std::pair{HeldBack::Staging, "staging"},
    };
};

} // namespace muster
