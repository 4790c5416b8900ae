// With which of a runtime's accounts a session begins: one that goes on keeps its own as long as that does
// not rest; of those that do not rest the one with the most left of its limit, else the one whose limit was
// met longest ago, else the one that was used longest ago, else the first in order. Pure. Times are UTC
// milliseconds. Source: spec "agents", Accounts.
#pragma once

#include "core/base/enum_names.h"

#include <QString>

#include <optional>
#include <vector>

namespace muster {

struct AccountStanding {
    QString name;                                  // empty: the first account
    qint64 restsUntilMs = 0;                       // 0: it does not rest
    std::optional<int> usedPercent = std::nullopt; // of its limit, where that was told and still holds
    qint64 limitedMs = 0;                          // its provider last spoke of a limit; 0: never
    qint64 usedMs = 0;                             // a session last began with it; 0: never
};

enum class AccountReason : std::uint8_t {
    Only,         // there is no other
    GoesOn,       // its session is resumed
    OthersRest,   //
    MostLeft,     //
    LimitedLeast, // longest ago, or never
    UsedLeast,    // longest ago, or never
    InOrder,      // nothing tells them apart
    AllRest,      // its own, else the one that is free again first
};

template <> struct EnumNames<AccountReason> {
    static constexpr std::array table{
        std::pair{AccountReason::Only, "only"},
        std::pair{AccountReason::GoesOn, "goes_on"},
        std::pair{AccountReason::OthersRest, "others_rest"},
        std::pair{AccountReason::MostLeft, "most_left"},
        std::pair{AccountReason::LimitedLeast, "limited_least"},
        std::pair{AccountReason::UsedLeast, "used_least"},
        std::pair{AccountReason::InOrder, "in_order"},
        std::pair{AccountReason::AllRest, "all_rest"},
    };
};

struct AccountChoice {
    QString name;
    AccountReason reason = AccountReason::Only;
    qint64 restsUntilMs = 0; // when the first of them is free again, if all rest
};

// `goesOn`: the account of the session that would be resumed; none: there is no such session.
[[nodiscard]] AccountChoice chooseAccount(std::vector<AccountStanding> accounts,
                                          const std::optional<QString> &goesOn);

} // namespace muster
