// Which sign and which colour stand for a status or for a kind of thing that waits: the sign and its word
// tell it, the colour only helps. GUI thread.
#pragma once

#include "core/events/permission_risk.h"
#include "core/events/reasons.h"
#include "ui/theme/colors.h"

#include <QString>

namespace muster {

using ColorRole = QColor ThemeColors::*;

struct StatusLook {
    QString icon;
    ColorRole color = &ThemeColors::neutral;
};

[[nodiscard]] StatusLook lookOf(RunStatus status);
[[nodiscard]] StatusLook lookOf(StepStatus status);
[[nodiscard]] StatusLook lookOf(InboxKind kind);
// Of work that has given no sign for longer than it may.
[[nodiscard]] StatusLook lookOfStall();
// Of a runtime that was taken instead of the one that was wished for.
[[nodiscard]] StatusLook lookOfFallback();
// Of what a yes would do, and where.
[[nodiscard]] StatusLook lookOfRisk();
[[nodiscard]] StatusLook lookOf(WorkPlace place);

} // namespace muster
