// What a node tells of tasks, their queue and the pools that they wait for: plain values with JSON codecs
// (task_fields.h). Times are UTC milliseconds (0: none, or not known), money is micro-USD. Any thread.
// Source: spec "tasks and schedules", Pools and slots, Swarm load.
#pragma once

#include "core/base/strong_id.h"
#include "core/events/held_back.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace muster::api {

// One task that holds a slot, as a tooltip tells of it.
struct RunningInfo {
    TaskId task;
    RunId run;
    ConversationId conversation;
    QString title;
    QString source;       // chat | schedule | flow | board | manual
    QString sourceRef;    // id of what started it: of the schedule
    qint64 startedAt = 0; // of this claim
    int steps = 0;        // messages and tool calls so far
    int stepsMax = 0;     // 0: as many as it needs
};

using muster::HeldBack;

// One that waits in the queue. They are told in the order in which they begin.
struct QueuedInfo {
    TaskId task;
    QString key;
    QString title;
    QString source;
    QString sourceRef;
    ProjectId project;
    RunId run;
    ConversationId conversation;
    QStringList pools; // it needs a slot in each; those that they share too
    int priority = 0;
    bool raised = false;    // waited for so long that it counts one higher
    bool goesFirst = false; // before new work: answered, put off before, or told to run now
    qint64 queuedAt = 0;
    int position = 1; // among those that wait for its first pool
    HeldBack heldBack = HeldBack::Slot;
    QString heldBackBy;       // the full pool, the runtime whose limit it is
    qint64 heldBackUntil = 0; // when that is over; 0: nobody knows
    qint64 expectedStart = 0; // as others of its pools took until now; 0: nothing to go by
};

struct PoolInfo {
    QString name;
    std::optional<int> cap; // none: as many as there are
    QString shares;         // its tasks also take a slot of this one; empty: of none
    bool keepsSlot = false; // while a task waits for a person
    qint64 deadlineMs = 0;  // how long the work of a task may take that says nothing else; 0: as it needs
    int held = 0;           // slots
    int waiting = 0;        // tasks in the queue that need one of its slots
    qint64 freesAt = 0;     // when the next slot is free, if it is full; 0: nobody knows
    bool shipped = false;   // comes with Muster: it can be changed and not removed
};

} // namespace muster::api
