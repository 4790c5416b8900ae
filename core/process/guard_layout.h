// What muster-guard leaves in its folder, known to the guard and to GuardClient. Plain C++ without Qt.
//
//   D/<keyFolder(key)>/key           the key itself
//                     /lock          flock()ed exclusively by the running guard
//                     /pid           "pid startTicks bootId\n" of the guard
//                     /output        stdout and stderr as they came, up to half of the cap
//                     /output.tail   what came after; rotated to output.tail.1 when it has half of the cap
//                     /spare         room for the result, given up when that is written
//                     /result.json   one object, see GuardResult; its being there means: ended
//
// pid and result.json are written beside, synced and renamed; at the end the tail is joined to output behind
// a line "[muster: N bytes cut]".
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace muster::guard {

inline constexpr const char *keyFile = "key";
inline constexpr const char *lockFile = "lock";
inline constexpr const char *pidFile = "pid";
inline constexpr const char *outputFile = "output";
inline constexpr const char *tailFile = "output.tail";
inline constexpr const char *olderTailFile = "output.tail.1";
inline constexpr const char *spareFile = "spare";
inline constexpr const char *resultFile = "result.json";

// Exit codes of muster-guard itself; the command's own code is in the result.
inline constexpr int exitOk = 0;
inline constexpr int exitUsage = 64;
inline constexpr int exitNoSpace = 73; // nothing was begun: its result could not be kept
inline constexpr int exitIo = 74;
inline constexpr int exitBusy = 75; // the key runs already or has a result

// 32 hex digits: FNV-1a with 64 bits from two starts. Collisions are told by the key file.
[[nodiscard]] inline std::string keyFolder(std::string_view key)
{
    constexpr std::uint64_t prime = 0x100000001b3ULL;
    std::array<std::uint64_t, 2> hashes{0xcbf29ce484222325ULL, 0x6c62272e07bb0142ULL};
    std::string text;
    for (std::uint64_t &hash : hashes) {
        for (const char c : key)
            hash = (hash ^ static_cast<unsigned char>(c)) * prime;
        for (int shift = 60; shift >= 0; shift -= 4)
            text += "0123456789abcdef"[(hash >> shift) & 0xf];
    }
    return text;
}

} // namespace muster::guard
