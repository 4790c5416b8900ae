// Plans that the demo agent can carry out itself, and the failures that a test run's output names. Pure, but
// for the repository that is looked at. Any thread.
#pragma once

#include "app/demo_agent/reading/modules.h"

#include <QJsonObject>

namespace muster::demo {

// {summary, tasks[]: {title, task}}: lines of the goal that are edits it understands, and a description of
// each part where the goal asks for that; no task for anything else.
[[nodiscard]] QJsonObject planWork(const QString &goal, const ModuleList &modules);

// {questions[], left_out}: those that it can answer by counting and reading, the ones that the topic speaks
// of first.
[[nodiscard]] QJsonObject planQuestions(const QString &topic, int most);

// The lines of a test run's output that name a failure, at most `most`.
[[nodiscard]] QStringList failuresIn(const QString &output, int most);

} // namespace muster::demo
