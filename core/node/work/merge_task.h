// What a merge step is to do, as its task carries it (TaskData::merge), and what came of it. Stored as JSON;
// never rename a key. Value types, any thread.
#pragma once

#include "core/base/json_codec.h"
#include "core/base/strong_id.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace muster {

struct MergeTaskSource {
    StepRunId row; // whose worktree
    QString step;
    int item = -1;
    QString status; // of the step or item; nothing is taken of any but completed
    bool keepsTree = false;
};

struct MergeTask {
    std::vector<MergeTaskSource> from;
    bool squash = true;
    std::vector<qint64> gateTimeoutsMs;
    QStringList gateKinds; // names; empty: not said
    QStringList mayMerge;  // branches, or patterns
};

// Of one source: a commit where it was merged, else why not.
struct MergedSource {
    QString step;
    int item = -1;
    QString branch;
    QString commit;
    QString why; // no_changes, or how the step or its worktree ended
};

// Of all; recorded before the branch is moved, and again as the step's result.
struct MergeRecord {
    QString into;   // full ref
    QString before; // where it was
    QString commit; // where it is
    std::vector<MergedSource> sources;
    QStringList files;
};

template <> struct Fields<MergeTaskSource> {
    using T = MergeTaskSource;
    static constexpr auto list =
        std::tuple{field("row", &T::row), field("step", &T::step), field("item", &T::item),
                   field("status", &T::status), field("keeps_tree", &T::keepsTree)};
};
template <> struct Fields<MergeTask> {
    using T = MergeTask;
    static constexpr auto list = std::tuple{
        field("from", &T::from), field("squash", &T::squash), field("gate_timeouts_ms", &T::gateTimeoutsMs),
        field("gate_kinds", &T::gateKinds), field("may_merge", &T::mayMerge)};
};
template <> struct Fields<MergedSource> {
    using T = MergedSource;
    static constexpr auto list =
        std::tuple{field("step", &T::step), field("item", &T::item), field("branch", &T::branch),
                   field("commit", &T::commit), field("why", &T::why)};
};
template <> struct Fields<MergeRecord> {
    using T = MergeRecord;
    static constexpr auto list =
        std::tuple{field("into", &T::into), field("before", &T::before), field("commit", &T::commit),
                   field("sources", &T::sources), field("files", &T::files)};
};

} // namespace muster
