// What is known of a runtime, as sentences for people: its state, its version, whether somebody is signed in,
// and what to do. Plain text. Any thread.
#pragma once

#include "core/node/api/values.h"

#include <QString>

namespace muster {

// A state of api::RuntimeInfo, or how a launch failed: "Ready", "Not installed". Unknown ones come back as
// they are.
[[nodiscard]] QString describeRuntimeState(const QString &state);
// "demo works instead of claude: Not installed"; with the steps it is about where they are named.
[[nodiscard]] QString describeFallback(const api::FallbackInfo &fallback, const QStringList &steps = {});
// The same for all steps of a run, a line for each wish that was not taken.
[[nodiscard]] QStringList describeFallbacks(const std::vector<api::StepInfo> &steps);
// Name of the icon that goes with it: resources/icons.
[[nodiscard]] QString iconForRuntimeState(const QString &state);
// "2.1.329", "2.1.0, older than 2.1.329", "not known".
// "Rate limited, rests until 14:30 (3 min ago: what was said)"; empty where nothing was ever told.
[[nodiscard]] QString describeLimit(const std::optional<api::LimitInfo> &known, qint64 nowMs);
// "account work"; "first account" where it has no name.
[[nodiscard]] QString describeAccount(const QString &name);
// Why it was taken, from the event of a session's start: "most of its limit is left".
[[nodiscard]] QString describeAccountReason(const QString &reason);
// "Ready", or until when it rests, with what was told of its limit and when.
[[nodiscard]] QString describeAccountState(const api::AccountInfo &account, qint64 nowMs);
// By what it is signed in: "kept key ANTHROPIC_API_KEY, CLAUDE_CONFIG_DIR=/home/me/second".
[[nodiscard]] QString describeAccountSignIn(const api::AccountInfo &account);
// What to run in a terminal to sign it in; empty: it is signed in by its key.
[[nodiscard]] QString signInLineOf(const api::RuntimeInfo &runtime, const QString &configHome);
[[nodiscard]] QString describeVersion(const api::RuntimeInfo &runtime);
// "Signed in: ANTHROPIC_API_KEY is set".
[[nodiscard]] QString describeSignIn(const api::RuntimeInfo &runtime);
// What to do to use it, in one or two sentences; empty where nothing is to be done.
[[nodiscard]] QString adviceFor(const api::RuntimeInfo &runtime);
// "$3.00 in, $15.00 out, $0.30 cached a million tokens (page, 2026-01-01)"; "price not known".
[[nodiscard]] QString describePrices(const api::ModelInfo &model);
// "resumes, takes MCP servers, …"
[[nodiscard]] QString describeAbilities(const QStringList &abilities);
// "may run", "may not edit".
[[nodiscard]] QString describeRule(const api::PermissionInfo &rule);
// "run a command", "write a file": what a rule can be about.
[[nodiscard]] QString describeAct(ToolKind kind);
// Where it holds: "larder", "larder, profile writer", "every project".
[[nodiscard]] QString describeRulePlace(const api::PermissionInfo &rule);
// Where it comes from: "as answered", "as written".
[[nodiscard]] QString describeRuleOrigin(const api::PermissionInfo &rule);
// "never used", "3 times, 5 min ago".
[[nodiscard]] QString describeUse(const api::PermissionInfo &rule, qint64 nowMs);

} // namespace muster
