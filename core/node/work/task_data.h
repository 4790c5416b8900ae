// What a task of a flow step or a chat turn carries beside the common fields (TaskRequest::data), and what it
// made (TaskOutcome::output). Stored as JSON; never rename a key. Value types, any thread.
#pragma once

#include "core/base/json_codec.h"
#include "core/base/strong_id.h"

#include <QString>
#include <QStringList>

namespace muster {

struct TaskData {
    QString isolation = QStringLiteral("none"); // none | run | step
    StepRunId worktreeStep;                     // step: whose worktree it works in, its own or another's
    QString worktreeName;                       // of that step, for branch and folder
    StepRunId beginsAt;                         // at what this step committed; not valid: the run's base
    QString output = QStringLiteral("text");    // text | json
    QJsonObject schema;                         // that the JSON must fit; empty: any will do
    QStringList outputFiles;                    // patterns of files that must be there afterwards
    QStringList documents;                      // files of the project that the agent is given
    QStringList skills;
    QString team;    // gives the profile's role to a profile
    QStringList env; // names of variables that a command gets
    int maxTurns = 0;
    QStringList mayWrite;
    QStringList mayRun;
    qint64 timeoutMs = 0;
    qint64 budgetMicroUsd = 0;
    qint64 runBudgetMicroUsd = 0; // of all attempts of its run together, which the run keeps
    bool personsCap = false;      // one of these two comes from a person, not with Muster
    bool idempotent = false;
    bool unattended = false;
    QString project;      // root
    bool trusted = false; // for this run: the project's own profiles, skills and teams count
    QString runTag;       // names the run's branch: survey-3
    QString step;         // id, and item where there is one: read[2]
    QString title;        // for people: "survey #3, step read (core)"
    int attempt = 1;
    QStringList attachments; // files given to an agent
    QJsonObject merge;       // MergeTask, of a merge step
};

struct TaskOutput {
    QString text; // an agent's answer, a command's output; at most 1 MiB
    QStringList files;
    QString branch;
    QString commit;
    bool lost = false; // nobody knows how it ended
    QJsonObject json;  // of a merge step: what was merged
    QString fault;     // what the answer of a completed turn lacks (outputFault), after its repair
};

template <> struct Fields<TaskData> {
    using T = TaskData;
    static constexpr auto list = std::tuple{field("isolation", &T::isolation),
                                            field("worktree_step", &T::worktreeStep),
                                            field("worktree_name", &T::worktreeName),
                                            field("begins_at", &T::beginsAt),
                                            field("output", &T::output),
                                            field("schema", &T::schema),
                                            field("output_files", &T::outputFiles),
                                            field("documents", &T::documents),
                                            field("skills", &T::skills),
                                            field("team", &T::team),
                                            field("env", &T::env),
                                            field("max_turns", &T::maxTurns),
                                            field("may_write", &T::mayWrite),
                                            field("may_run", &T::mayRun),
                                            field("timeout_ms", &T::timeoutMs),
                                            field("budget_micro_usd", &T::budgetMicroUsd),
                                            field("run_budget_micro_usd", &T::runBudgetMicroUsd),
                                            field("persons_cap", &T::personsCap),
                                            field("idempotent", &T::idempotent),
                                            field("unattended", &T::unattended),
                                            field("project", &T::project),
                                            field("trusted", &T::trusted),
                                            field("run_tag", &T::runTag),
                                            field("step", &T::step),
                                            field("title", &T::title),
                                            field("attempt", &T::attempt),
                                            field("attachments", &T::attachments),
                                            field("merge", &T::merge)};
};

template <> struct Fields<TaskOutput> {
    using T = TaskOutput;
    static constexpr auto list =
        std::tuple{field("text", &T::text),     field("files", &T::files), field("branch", &T::branch),
                   field("commit", &T::commit), field("lost", &T::lost),   field("json", &T::json),
                   field("fault", &T::fault)};
};

} // namespace muster
