// What a gate checks, told by its command where the flow does not say it: a guess by the names of well-known
// programs. Pure. Source: the tools' own documentation.
#pragma once

#include "core/flow/flow_definition.h"

#include <QString>

#include <optional>

namespace muster {

// None: not known, or it does things of several kinds, of which nobody knows which one failed.
[[nodiscard]] std::optional<GateKind> guessGateKind(const QString &command);

} // namespace muster
