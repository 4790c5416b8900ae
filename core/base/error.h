// The one error type of the core. Codes, not sentences: core/viewmodel/describe.h turns an Error into
// text for people (tr() lives there, never here). Value type, any thread.
#pragma once

#include <QString>

#include <cstdint>

namespace muster {

enum class ErrorCode : std::uint8_t {
    InvalidArgument, // the caller's value is wrong; detail says which
    NotFound,
    AlreadyExists,
    Conflict,         // somebody else was first, or the thing changed meanwhile
    PermissionDenied, // refused by a rule or by the operating system
    NotTrusted,       // the project has not been trusted, so its files do nothing
    Unsupported,      // known, but not in this version
    Unavailable,      // the other side is not there (node, agent, network)
    VersionMismatch,  // the other side speaks another version
    Timeout,
    Cancelled,
    Io,
    DiskFull,
    Corrupt,    // the store or a file is damaged
    NewerStore, // the store was written by a newer Muster
    Protocol,   // the other side broke its protocol
    TooLarge,
    LaunchFailed,
    Internal,
};

struct Error {
    ErrorCode code = ErrorCode::Internal;
    QString detail; // technical: a path, an SQL message, a name; never shown alone
    QString where;  // file:line:column, a table, a command; empty if it says nothing

    friend bool operator==(const Error &, const Error &) = default;
};

} // namespace muster
