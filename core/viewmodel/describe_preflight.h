// What a run would take and meet, as sentences for people: for `muster flow check`, the dialog that starts a
// run and the flow editor. Plain text. Any thread.
#pragma once

#include "core/node/api/flow_values.h"

#include <QString>
#include <QStringList>

namespace muster {

// "likely 12 k (least 3 k, at most 80 k)"; one number where all are the same.
[[nodiscard]] QString describeTokens(const api::RangeInfo &tokens);
[[nodiscard]] QString describeCost(const api::RangeInfo &microUsd);
// Tokens, money, and what it is taken from: a line each.
[[nodiscard]] QStringList describeEstimate(const api::PreflightInfo &info);
// "3 earlier attempts", "other steps with profile reader", "assumed".
[[nodiscard]] QString describeBasis(const api::StepForecast &step);
// "May cost more than its cap of $5.00, most of it: read, write".
[[nodiscard]] QString describe(const api::CapForecast &cap);
// "claude: Not installed. demo works in its place (read, write)".
[[nodiscard]] QString describe(const api::RuntimeForecast &runtime);
// OnlyWhere: beside describeAccepted(), which tells the rest.
enum class PlaceWords : std::uint8_t { All, OnlyWhere };
// Which steps work where, and what their agents may do there without asking: a line for each place.
[[nodiscard]] QStringList describePlaces(const api::FlowCheckInfo &flow, PlaceWords words = PlaceWords::All);
// The graph: a line for each step, those that come first before those that need them, at most `most`.
[[nodiscard]] QStringList outlineOf(const api::FlowCheckInfo &flow, int most);
// "3 at a time": how many attempts of the step, and of what shares its batch or group, are under way at once;
// empty: no cap.
[[nodiscard]] QString describeCap(const api::FlowStepInfo &step);
// "agent", "command", "switch"; an unknown kind comes back as it is.
[[nodiscard]] QString describeKind(const QString &kind);

} // namespace muster
