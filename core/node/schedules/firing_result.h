// What a firing brought: its text, and its item in the inbox, where those of a schedule stand together: of
// what went well, and of what failed, only the newest is open. Within the transaction of a pass. Writer's
// thread.
#pragma once

#include "core/node/events/ledger.h"
#include "core/store/schedule_rows.h"

namespace muster {

struct FiringResult {
    QString text;   // of a prompt its answer, of a flow what its last step that says something says
    QString digest; // FiringRow::result
};

// Of one that has ended; without a text where that cannot be read any more.
[[nodiscard]] FiringResult resultOfFiring(Connection &db, const FiringRow &firing);
// Once, when it is closed; `before`: the digest of the one before.
[[nodiscard]] Status tellResult(Connection &db, EventBatch &log, const ScheduleRow &schedule,
                                const FiringRow &firing, const FiringResult &result, const QString &before);

} // namespace muster
