// RuntimeLimits: what the providers of runtimes have said of the limits of each account, with its age, and
// until when an account is rested. A soft word (a warning) rests nothing. A hard one rests the account until
// its reset; if nobody says when that is, for a time that doubles with each word in a row. Kept in the store,
// so that a node that begins anew does not run into the same limit. Core thread. Source: spec "agents", Rate
// limits, Accounts.
#pragma once

#include "core/agent/account_choice.h"
#include "core/events/session_event.h"
#include "core/node/events/ledger.h"
#include "core/store/account_repository.h"
#include "core/store/limit_repository.h"

#include <QHash>
#include <QObject>

namespace muster {

class RuntimeLimits final : public QObject {
public:
    static constexpr qint64 firstBackoffMs = 30'000;
    static constexpr qint64 longestBackoffMs = 15 * 60'000;
    // A reset that is further away is not believed, and tried again by then.
    static constexpr qint64 furthestResetMs = 8LL * 24 * 3600 * 1000;
    // Tries in a row without a known reset, after which work fails (about an hour).
    static constexpr int mostBlindTries = 8;

    explicit RuntimeLimits(Ledger &ledger);

    // Before anything else; what the store has.
    void load(const std::vector<LimitRow> &known);
    // From a session of that account.
    void heard(const AccountRef &account, const RateLimited &event);
    // Until when work that met a limit waits, and with it the account; `tries`: how often it has waited
    // before. None: it was tried often enough.
    [[nodiscard]] std::optional<qint64> restAfter(const AccountRef &account, int tries);
    // It did a turn: the limit is over.
    void worked(const AccountRef &account);
    // A session begins with it.
    void used(const AccountRef &account);
    // It is no more. The store forgets it with the account.
    void forget(const AccountRef &account) { m_known.remove(account); }

    [[nodiscard]] std::optional<LimitRow> known(const AccountRef &account) const;
    [[nodiscard]] qint64 restsUntil(const AccountRef &account) const; // 0: it does not
    [[nodiscard]] AccountStanding standing(const AccountRef &account) const;

private:
    void keep(const LimitRow &limit);
    [[nodiscard]] LimitRow rowOf(const AccountRef &account) const;

    Ledger &m_ledger;
    QHash<AccountRef, LimitRow> m_known;
};

} // namespace muster
