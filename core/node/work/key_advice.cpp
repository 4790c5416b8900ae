#include "core/node/work/key_advice.h"

#include <algorithm>
#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct Known {
    QLatin1StringView where; // of the error; empty: any
    ErrorCode code = ErrorCode::Internal;
    QLatin1StringView advice;
    QLatin1StringView why;
};

using C = ErrorCode;

constexpr std::array known{
    Known{
        "key_asked"_L1, C::NotFound, "key_asked"_L1,
        "it is asked for after each start of the node: give it with “muster secrets set” or in Settings"_L1},
    Known{"key_file_locked"_L1, C::PermissionDenied, "key_file_locked"_L1,
          "the encrypted file is locked: open it with “muster secrets unlock” or in Settings"_L1},
    Known{"key_file_gone"_L1, C::NotFound, "key_file_gone"_L1, "the encrypted file is gone"_L1},
    Known{"key_file_damaged"_L1, C::Corrupt, "key_file_damaged"_L1, "the encrypted file is damaged"_L1},
    Known{"key_file_version"_L1, C::NewerStore, "key_file_version"_L1,
          "the encrypted file is of a newer Muster"_L1},
    Known{"key_file"_L1, C::Io, "key_file_unreadable"_L1, "the encrypted file cannot be read"_L1},
    Known{{}, C::PermissionDenied, "keychain_locked"_L1, "the keychain is locked"_L1},
    Known{{}, C::NotFound, "keychain_lost"_L1, "it is no more where it was kept"_L1},
    Known{{}, C::Timeout, "keychain_silent"_L1, "the keychain does not answer"_L1},
};

constexpr Known otherwise{
    {},
    C::Unavailable,
    "keychain_unavailable"_L1,
    "there is no keychain; “muster config set keys.store ask” or “file” does without"_L1};

const Known &look(const Error &error)
{
    const auto *const found = std::ranges::find_if(known, [&](const Known &one) {
        return one.where.isEmpty() ? one.code == error.code : one.where == error.where;
    });
    return found == known.end() ? otherwise : *found;
}

} // namespace

QString adviceFor(const Error &error)
{
    return error.where == "account_home"_L1 ? u"account_home"_s : QString(look(error).advice);
}

QString signInDetail(const Error &error)
{
    if (error.where == "account_home"_L1)
        return u"the folder of the account is gone (%1)"_s.arg(error.detail);
    return u"a key cannot be read, %1 (%2)"_s.arg(look(error).why, error.detail);
}

} // namespace muster
