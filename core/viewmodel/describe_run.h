// Sentences about runs that belong together, and about what is accepted by starting one. Any thread.
#pragma once

#include "core/node/api/values.h"

#include <QString>
#include <QStringList>

namespace muster {

// "Part of survey #3 · step read"; empty for a run that was started by itself.
[[nodiscard]] QString describeParent(const api::RunInfo &run);
// "explore #4": the run that a flow step has started; empty: none.
[[nodiscard]] QString describeChild(const api::StepInfo &step);
// The patterns of files that agents may write, as a list; "anything there" stands for the one that fits all.
[[nodiscard]] QStringList describeWritten(const QStringList &patterns, const QString &anything);
// A line for each thing that the flow, with all that it starts, may do without asking.
[[nodiscard]] QStringList describeAccepted(const api::FlowCheckInfo &check);

} // namespace muster
