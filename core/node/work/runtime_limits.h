// RuntimeLimits: what the providers of runtimes have said of their limits, with its age, and until when a
// runtime is rested. A soft word (a warning) rests nothing. A hard one rests the runtime until its reset; if
// nobody says when that is, for a time that doubles with each word in a row. Kept in the store, so that a
// node that begins anew does not run into the same limit. Core thread. Source: spec "agents", Rate limits.
#pragma once

#include "core/events/session_event.h"
#include "core/node/events/ledger.h"
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
    // From a session of that runtime.
    void heard(const QString &runtime, const RateLimited &event);
    // Until when work that met a limit waits, and with it the runtime; `tries`: how often it has waited
    // before. None: it was tried often enough.
    [[nodiscard]] std::optional<qint64> restAfter(const QString &runtime, int tries);
    // It did a turn: the limit is over.
    void worked(const QString &runtime);

    [[nodiscard]] std::optional<LimitRow> known(const QString &runtime) const;
    [[nodiscard]] qint64 restsUntil(const QString &runtime) const; // 0: it does not

private:
    void keep(const LimitRow &limit);

    Ledger &m_ledger;
    QHash<QString, LimitRow> m_known;
};

} // namespace muster
