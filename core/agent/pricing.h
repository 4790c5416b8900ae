// What a turn costs where its runtime does not say: its tokens at the catalog's prices. Pure, any thread.
// Source: spec "agents", Runtime catalog (Codex reports no cost, so it is priced by us).
#pragma once

#include "core/agent/runtime_record.h"
#include "core/events/session_event.h"

namespace muster {

// nullptr: the catalog does not know it. By its whole id; "gpt-5.4-mini" is not "gpt-5.4".
[[nodiscard]] const RuntimeModel *modelOf(const RuntimeRecord &runtime, QStringView id);

// Whether it will be known what it costs: the runtime says so itself, or the catalog has the price of its
// model. `model` empty: its default.
[[nodiscard]] bool costIsKnown(const RuntimeRecord &runtime, const QString &model);

// Millionths of a dollar, to the nearest. What came from a cache is part of the tokens in, at its own price.
// Numbers that no model can have used (below 0, beyond 10^12 tokens) count as the nearest that it can.
[[nodiscard]] qint64 costOf(const Usage &usage, const ModelPrices &prices);

} // namespace muster
