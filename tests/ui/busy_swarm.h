// What a busy swarm tells, as plain values: for the looks of the queue and of the load.
#pragma once

#include "tests/support/memory_node.h"

#include <QDateTime>

namespace muster::testing {

using namespace Qt::StringLiterals;

inline constexpr qint64 secondMs = 1000;
inline constexpr qint64 minuteMs = 60 * secondMs;

inline qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }

inline std::vector<api::RunningInfo> threeThatRun()
{
    return {{.task = TaskId{1},
             .title = u"implement #12 · write the parser"_s,
             .source = u"flow"_s,
             .startedAt = now() - 252 * secondMs,
             .steps = 312,
             .stepsMax = 800},
            {.task = TaskId{2},
             .title = u"nightly-tests"_s,
             .source = u"schedule"_s,
             .startedAt = now() - 95 * secondMs,
             .steps = 41,
             .stepsMax = 120},
            {.task = TaskId{3},
             .title = u"review #4 · read the changes"_s,
             .source = u"flow"_s,
             .startedAt = now() - 12 * secondMs,
             .steps = 3}};
}

inline api::NodeStatus statusOf(api::SwarmLoad load)
{
    api::NodeStatus status{.load = load};
    if (load == api::SwarmLoad::Quiet)
        return status;
    status.running = 5;
    status.chatting = 1;
    status.foremost = threeThatRun();
    if (load == api::SwarmLoad::Saturated) {
        status.queued = 4;
        status.waitingForSlot = 3;
        status.resting = 1;
        status.waitingForYou = 2;
    }
    return status;
}

inline void fillQueue(MemoryNode &node)
{
    node.status = statusOf(api::SwarmLoad::Saturated);
    for (const api::RunningInfo &task : node.status.foremost)
        node.tasks.push_back({.id = task.task,
                              .source = task.source,
                              .projectId = ProjectId{1},
                              .run = task.source == u"flow" ? RunId{5} : RunId{},
                              .status = TaskStatus::Running,
                              .pool = task.source == u"flow" ? u"flow"_s : u"scheduled"_s,
                              .runtime = u"claude"_s,
                              .title = task.title,
                              .startedAt = task.startedAt,
                              .deadlineAt = now() + 20 * minuteMs,
                              .agentSteps = task.steps,
                              .stepsMax = task.stepsMax});
    node.tasks[2].status = TaskStatus::Waiting;
    node.tasks.push_back({.id = TaskId{4},
                          .source = u"chat"_s,
                          .projectId = ProjectId{1},
                          .conversation = ConversationId{7},
                          .status = TaskStatus::Running,
                          .pool = u"chat"_s,
                          .runtime = u"codex"_s,
                          .title = u"What is this project, and who uses it?"_s,
                          .startedAt = now() - 4 * secondMs,
                          .agentSteps = 2});
    const auto waits = [&](qint64 id, const QString &title, const QString &source, HeldBack why,
                           const QString &by, qint64 untilMs, qint64 startMs) {
        node.queue.push_back({.task = TaskId{id},
                              .title = title,
                              .source = source,
                              .project = ProjectId{1},
                              .pools = {u"manual"_s, u"scheduled"_s},
                              .queuedAt = now() - id * minuteMs,
                              .position = static_cast<int>(node.queue.size()) + 1,
                              .heldBack = why,
                              .heldBackBy = by,
                              .heldBackUntil = untilMs > 0 ? now() + untilMs : 0,
                              .expectedStart = startMs > 0 ? now() + startMs : 0});
    };
    waits(11, u"weekly-report"_s, u"schedule"_s, HeldBack::Slot, u"scheduled"_s, 40 * secondMs,
          40 * secondMs);
    waits(12, u"fix #8 · mend what the tests found"_s, u"flow"_s, HeldBack::Limit, u"claude"_s, 25 * minuteMs,
          25 * minuteMs);
    waits(13, u"Sort the open notes by what they cost to keep"_s, u"manual"_s, HeldBack::Slot, u"scheduled"_s,
          40 * secondMs, 8 * minuteMs);
    waits(14, u"triage #3 · look at the new issues"_s, u"flow"_s, HeldBack::Memory, {}, 5 * secondMs, 0);
    node.pools = {{.name = u"chat"_s, .held = 1, .shipped = true},
                  {.name = u"flow"_s, .cap = 4, .held = 2, .shipped = true},
                  {.name = u"manual"_s, .shares = u"scheduled"_s, .waiting = 3, .shipped = true},
                  {.name = u"opus"_s, .cap = 1},
                  {.name = u"scheduled"_s,
                   .cap = 2,
                   .deadlineMs = 20 * minuteMs,
                   .held = 2,
                   .waiting = 3,
                   .freesAt = now() + 40 * secondMs,
                   .shipped = true}};
}

} // namespace muster::testing
