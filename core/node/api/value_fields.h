// The JSON keys of the node's values: what `--json` prints and what travels over the socket. Never rename a
// published key. Any thread.
#pragma once

#include "core/base/json_codec.h"
#include "core/node/api/flow_fields.h"
#include "core/node/api/key_values.h"
#include "core/node/api/rerun_values.h"
#include "core/node/api/task_fields.h"
#include "core/node/api/values.h"

namespace muster {

template <> struct EnumNames<api::SwarmLoad> {
    static constexpr std::array table{std::pair{api::SwarmLoad::Quiet, "quiet"},
                                      std::pair{api::SwarmLoad::Working, "working"},
                                      std::pair{api::SwarmLoad::Saturated, "saturated"}};
};
template <> struct EnumNames<api::WorkState> {
    static constexpr std::array table{
        std::pair{api::WorkState::Working, "working"},
        std::pair{api::WorkState::WaitingForYou, "waiting_for_you"},
        std::pair{api::WorkState::Blocked, "blocked"},
        std::pair{api::WorkState::Stalled, "stalled"},
        std::pair{api::WorkState::Ending, "ending"},
        std::pair{api::WorkState::Idle, "idle"},
    };
};
template <> struct JsonCodec<EventRefs> {
    static QJsonValue write(const EventRefs &refs) { return toJson(refs); }
    static Status read(const QJsonValue &json, EventRefs &out)
    {
        out = eventRefsFromJson(json.toObject());
        return {};
    }
};
template <> struct JsonCodec<Event> {
    static QJsonValue write(const Event &event) { return toJson(event); }
    static Status read(const QJsonValue &json, Event &out)
    {
        out = eventFromJson(json.toObject());
        return {};
    }
};
template <> struct Fields<api::NodeStatus> {
    using T = api::NodeStatus;
    static constexpr auto list = std::tuple{field("version", &T::version),
                                            field("protocol", &T::protocol),
                                            field("pid", &T::pid),
                                            field("home", &T::home),
                                            field("durability", &T::durability),
                                            field("started_at", &T::startedAt),
                                            field("last_seq", &T::lastSeq),
                                            field("load", &T::load),
                                            field("running", &T::running),
                                            field("chatting", &T::chatting),
                                            field("queued", &T::queued),
                                            field("resting", &T::resting),
                                            field("waiting_for_slot", &T::waitingForSlot),
                                            field("foremost", &T::foremost),
                                            field("held_back", &T::heldBack),
                                            field("held_back_until", &T::heldBackUntil),
                                            field("waiting_for_you", &T::waitingForYou),
                                            field("active_runs", &T::activeRuns),
                                            field("paused_reason", &T::pausedReason),
                                            field("notes", &T::notes)};
};
template <> struct Fields<api::ProjectInfo> {
    using T = api::ProjectInfo;
    static constexpr auto list =
        std::tuple{field("id", &T::id),        field("path", &T::path),
                   field("name", &T::name),    field("trusted", &T::trusted),
                   field("is_git", &T::isGit), field("branch", &T::branch),
                   field("stack", &T::stack),  field("last_used_at", &T::lastUsedAt)};
};
template <> struct Fields<api::RunInfo> {
    using T = api::RunInfo;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("number", &T::number),
                                            field("flow", &T::flow),
                                            field("project_id", &T::projectId),
                                            field("project", &T::project),
                                            field("status", &T::status),
                                            field("reason", &T::reason),
                                            field("detail", &T::detail),
                                            field("started_at", &T::startedAt),
                                            field("ended_at", &T::endedAt),
                                            field("cost_micro_usd", &T::costMicroUsd),
                                            field("tokens_in", &T::tokensIn),
                                            field("tokens_out", &T::tokensOut),
                                            field("steps_total", &T::stepsTotal),
                                            field("steps_settled", &T::stepsSettled),
                                            field("waiting_for_you", &T::waitingForYou),
                                            field("unattended", &T::unattended),
                                            field("pause_asked", &T::pauseAsked),
                                            field("inputs", &T::inputs),
                                            field("rerun_of", &T::rerunOf),
                                            field("rerun_of_number", &T::rerunOfNumber),
                                            field("rerun_mode", &T::rerunMode),
                                            field("rerun_step", &T::rerunStep),
                                            field("steps_kept", &T::stepsKept),
                                            field("parent", &T::parent),
                                            field("parent_number", &T::parentNumber),
                                            field("parent_flow", &T::parentFlow),
                                            field("parent_step", &T::parentStep)};
};
template <> struct Fields<api::RedoneStep> {
    using T = api::RedoneStep;
    static constexpr auto list =
        std::tuple{field("step", &T::step), field("why", &T::why), field("because", &T::because),
                   field("kept_items", &T::keptItems)};
};
template <> struct Fields<api::RerunChoice> {
    using T = api::RerunChoice;
    static constexpr auto list = std::tuple{field("mode", &T::mode), field("error", &T::error),
                                            field("kept", &T::kept), field("redone", &T::redone)};
};
template <> struct Fields<api::WorkInfo> {
    using T = api::WorkInfo;
    static constexpr auto list =
        std::tuple{field("task", &T::task),       field("run", &T::run),
                   field("step", &T::step),       field("conversation", &T::conversation),
                   field("session", &T::session), field("runtime", &T::runtime),
                   field("title", &T::title),     field("state", &T::state),
                   field("tool", &T::tool),       field("last_sign_at", &T::lastSignAt)};
};
template <> struct Fields<api::FallbackInfo> {
    using T = api::FallbackInfo;
    static constexpr auto list =
        std::tuple{field("wished", &T::wished), field("problem", &T::problem), field("taken", &T::taken)};
};
template <> struct Fields<api::ContextInfo> {
    using T = api::ContextInfo;
    static constexpr auto list =
        std::tuple{field("kind", &T::kind),   field("name", &T::name),   field("origin", &T::origin),
                   field("hides", &T::hides), field("bytes", &T::bytes), field("tokens", &T::tokens)};
};
template <> struct Fields<api::StepInfo> {
    using T = api::StepInfo;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("run", &T::run),
                                            field("step_id", &T::stepId),
                                            field("index", &T::index),
                                            field("kept_from", &T::keptFrom),
                                            field("kept_from_number", &T::keptFromNumber),
                                            field("label", &T::label),
                                            field("kind", &T::kind),
                                            field("status", &T::status),
                                            field("attempt", &T::attempt),
                                            field("attempts_max", &T::attemptsMax),
                                            field("reason", &T::reason),
                                            field("detail", &T::detail),
                                            field("started_at", &T::startedAt),
                                            field("ended_at", &T::endedAt),
                                            field("deadline_at", &T::deadlineAt),
                                            field("not_before", &T::notBefore),
                                            field("needs", &T::needs),
                                            field("task", &T::task),
                                            field("runtime", &T::runtime),
                                            field("fallback", &T::fallback),
                                            field("context", &T::context),
                                            field("session", &T::session),
                                            field("inbox", &T::inbox),
                                            field("current_tool", &T::currentTool),
                                            field("agent_steps", &T::agentSteps),
                                            field("tokens_in", &T::tokensIn),
                                            field("tokens_out", &T::tokensOut),
                                            field("cost_micro_usd", &T::costMicroUsd),
                                            field("output", &T::output),
                                            field("child", &T::child),
                                            field("child_number", &T::childNumber),
                                            field("child_flow", &T::childFlow)};
};
template <> struct Fields<api::WorktreeInfo> {
    using T = api::WorktreeInfo;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("project", &T::project),
                                            field("project_path", &T::projectPath),
                                            field("run", &T::run),
                                            field("step", &T::step),
                                            field("path", &T::path),
                                            field("branch", &T::branch),
                                            field("target", &T::target),
                                            field("state", &T::state),
                                            field("files_changed", &T::filesChanged),
                                            field("added", &T::added),
                                            field("removed", &T::removed),
                                            field("uncommitted", &T::uncommitted),
                                            field("commits_ahead", &T::commitsAhead),
                                            field("nested", &T::nested),
                                            field("created_at", &T::createdAt),
                                            field("ended_at", &T::endedAt),
                                            field("result", &T::result)};
};
template <> struct Fields<api::RunDetail> {
    using T = api::RunDetail;
    static constexpr auto list =
        std::tuple{field("run", &T::run), field("steps", &T::steps), field("worktrees", &T::worktrees),
                   field("definition", &T::definition), field("result", &T::result)};
};
template <> struct Fields<api::TaskInfo> {
    using T = api::TaskInfo;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("key", &T::key),
                                            field("source", &T::source),
                                            field("kind", &T::kind),
                                            field("project_id", &T::projectId),
                                            field("run", &T::run),
                                            field("conversation", &T::conversation),
                                            field("status", &T::status),
                                            field("pool", &T::pool),
                                            field("priority", &T::priority),
                                            field("runtime", &T::runtime),
                                            field("runtime_reason", &T::runtimeReason),
                                            field("profile", &T::profile),
                                            field("title", &T::title),
                                            field("attempt", &T::attempt),
                                            field("reason", &T::reason),
                                            field("detail", &T::detail),
                                            field("created_at", &T::createdAt),
                                            field("started_at", &T::startedAt),
                                            field("ended_at", &T::endedAt),
                                            field("deadline_at", &T::deadlineAt),
                                            field("not_before", &T::notBefore),
                                            field("agent_steps", &T::agentSteps),
                                            field("steps_max", &T::stepsMax),
                                            field("tokens_in", &T::tokensIn),
                                            field("tokens_out", &T::tokensOut),
                                            field("cost_micro_usd", &T::costMicroUsd),
                                            field("exit_code", &T::exitCode),
                                            field("retry_of", &T::retryOf),
                                            field("superseded_by", &T::supersededBy)};
};
template <> struct Fields<api::InboxInfo> {
    using T = api::InboxInfo;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("kind", &T::kind),
                                            field("status", &T::status),
                                            field("title", &T::title),
                                            field("body", &T::body),
                                            field("command", &T::command),
                                            field("diff", &T::diff),
                                            field("paths", &T::paths),
                                            field("risk", &T::risk),
                                            field("risk_detail", &T::riskDetail),
                                            field("place", &T::place),
                                            field("folder", &T::folder),
                                            field("purpose", &T::purpose),
                                            field("who", &T::who),
                                            field("project", &T::project),
                                            field("project_name", &T::projectName),
                                            field("refs", &T::refs),
                                            field("choices", &T::choices),
                                            field("details", &T::details),
                                            field("several", &T::several),
                                            field("created_at", &T::createdAt),
                                            field("expires_at", &T::expiresAt),
                                            field("later", &T::later),
                                            field("answered_at", &T::answeredAt),
                                            field("answer", &T::answer),
                                            field("answered_by", &T::answeredBy),
                                            field("schedule", &T::schedule)};
};
template <> struct Fields<api::ConversationInfo> {
    using T = api::ConversationInfo;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("project", &T::project),
                                            field("title", &T::title),
                                            field("runtime", &T::runtime),
                                            field("working", &T::working),
                                            field("not_before", &T::notBefore),
                                            field("queued_messages", &T::queuedMessages),
                                            field("waiting_for_you", &T::waitingForYou),
                                            field("unread", &T::unread),
                                            field("last_answer", &T::lastAnswer),
                                            field("updated_at", &T::updatedAt)};
};
template <> struct Fields<api::ToolCall> {
    using T = api::ToolCall;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("title", &T::title),
                                            field("kind", &T::kind),
                                            field("paths", &T::paths),
                                            field("outcome", &T::outcome),
                                            field("waits_for_you", &T::waitsForYou),
                                            field("started_at", &T::startedAt),
                                            field("ended_at", &T::endedAt),
                                            field("text_offset", &T::textOffset),
                                            field("added", &T::added),
                                            field("removed", &T::removed)};
};
template <> struct Fields<api::ToolDetail> {
    using T = api::ToolDetail;
    static constexpr auto list =
        std::tuple{field("call", &T::call), field("input", &T::input), field("diff", &T::diff),
                   field("output", &T::output), field("output_cut", &T::outputCut)};
};
template <> struct Fields<api::MessageInfo> {
    using T = api::MessageInfo;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("conversation", &T::conversation),
                                            field("role", &T::role),
                                            field("status", &T::status),
                                            field("text", &T::text),
                                            field("thinking", &T::thinking),
                                            field("reason", &T::reason),
                                            field("detail", &T::detail),
                                            field("attachments", &T::attachments),
                                            field("task", &T::task),
                                            field("runtime", &T::runtime),
                                            field("fallback", &T::fallback),
                                            field("not_before", &T::notBefore),
                                            field("limit", &T::limit),
                                            field("created_at", &T::createdAt),
                                            field("ended_at", &T::endedAt),
                                            field("tools", &T::tools)};
};
template <> struct Fields<api::DiffLine> {
    using T = api::DiffLine;
    static constexpr auto list = std::tuple{field("kind", &T::kind), field("old_line", &T::oldLine),
                                            field("new_line", &T::newLine), field("text", &T::text)};
};
template <> struct Fields<api::DiffHunk> {
    using T = api::DiffHunk;
    static constexpr auto list = std::tuple{field("header", &T::header), field("lines", &T::lines)};
};
template <> struct Fields<api::FileChange> {
    using T = api::FileChange;
    static constexpr auto list = std::tuple{field("path", &T::path),           field("old_path", &T::oldPath),
                                            field("status", &T::status),       field("added", &T::added),
                                            field("removed", &T::removed),     field("binary", &T::binary),
                                            field("truncated", &T::truncated), field("hunks", &T::hunks)};
};
template <> struct Fields<api::ChangesInfo> {
    using T = api::ChangesInfo;
    static constexpr auto list = std::tuple{field("worktree", &T::worktree), field("files", &T::files)};
};
template <> struct Fields<api::StreamText> {
    using T = api::StreamText;
    static constexpr auto list = std::tuple{field("offset", &T::offset), field("text", &T::text),
                                            field("total", &T::total), field("complete", &T::complete)};
};
template <> struct Fields<api::SettingInfo> {
    using T = api::SettingInfo;
    static constexpr auto list = std::tuple{field("key", &T::key),
                                            field("value", &T::value),
                                            field("default_value", &T::defaultValue),
                                            field("origin", &T::origin),
                                            field("range", &T::range),
                                            field("help", &T::help),
                                            field("writable_by", &T::writableBy)};
};
template <> struct Fields<api::CheckItem> {
    using T = api::CheckItem;
    static constexpr auto list = std::tuple{field("name", &T::name), field("state", &T::state),
                                            field("detail", &T::detail), field("advice", &T::advice)};
};
template <> struct Fields<api::TableSize> {
    using T = api::TableSize;
    static constexpr auto list =
        std::tuple{field("name", &T::name), field("rows", &T::rows), field("bytes", &T::bytes)};
};
template <> struct Fields<api::PriceInfo> {
    using T = api::PriceInfo;
    static constexpr auto list = std::tuple{
        field("input_micro_usd", &T::inputMicroUsd), field("output_micro_usd", &T::outputMicroUsd),
        field("cached_micro_usd", &T::cachedMicroUsd), field("date", &T::date), field("source", &T::source)};
};
template <> struct Fields<api::ModelInfo> {
    using T = api::ModelInfo;
    static constexpr auto list =
        std::tuple{field("id", &T::id), field("label", &T::label), field("prices", &T::prices)};
};
template <> struct Fields<api::LimitInfo> {
    using T = api::LimitInfo;
    static constexpr auto list = std::tuple{
        field("hard", &T::hard),      field("reset_at", &T::resetAt), field("rests_until", &T::restsUntil),
        field("seen_at", &T::seenAt), field("detail", &T::detail),    field("used_percent", &T::usedPercent)};
};
template <> struct Fields<api::AccountInfo> {
    using T = api::AccountInfo;
    static constexpr auto list = std::tuple{field("name", &T::name),
                                            field("state", &T::state),
                                            field("config_home", &T::configHome),
                                            field("home_variable", &T::homeVariable),
                                            field("keys", &T::keys),
                                            field("used_at", &T::usedAt),
                                            field("limit", &T::limit)};
};

template <> struct Fields<api::RuntimeInfo> {
    using T = api::RuntimeInfo;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("label", &T::label),
                                            field("state", &T::state),
                                            field("detail", &T::detail),
                                            field("path", &T::path),
                                            field("version", &T::version),
                                            field("version_state", &T::versionState),
                                            field("minimum_version", &T::minimumVersion),
                                            field("sign_in", &T::signIn),
                                            field("signed_in_by", &T::signedInBy),
                                            field("key_is_kept", &T::keyIsKept),
                                            field("needs", &T::needs),
                                            field("keys", &T::keys),
                                            field("sign_in_command", &T::signInCommand),
                                            field("npm", &T::npm),
                                            field("file", &T::file),
                                            field("is_default", &T::isDefault),
                                            field("default_model", &T::defaultModel),
                                            field("models", &T::models),
                                            field("abilities", &T::abilities),
                                            field("limit", &T::limit),
                                            field("accounts", &T::accounts),
                                            field("home_variable", &T::homeVariable),
                                            field("checked_at", &T::checkedAt)};
};
template <> struct Fields<api::SecretInfo> {
    using T = api::SecretInfo;
    static constexpr auto list = std::tuple{field("name", &T::name),
                                            field("is_kept", &T::isKept),
                                            field("place", &T::place),
                                            field("at_hand", &T::isAtHand),
                                            field("in_environment", &T::inEnvironment),
                                            field("runtimes", &T::runtimes)};
};
template <> struct Fields<api::KeyStoreInfo> {
    using T = api::KeyStoreInfo;
    static constexpr auto list =
        std::tuple{field("store", &T::store), field("is_fixed", &T::isFixed), field("file", &T::file),
                   field("file_state", &T::fileState), field("file_is_used", &T::fileIsUsed)};
};
template <> struct Fields<api::PermissionInfo> {
    using T = api::PermissionInfo;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("project_id", &T::project),
                                            field("project", &T::projectPath),
                                            field("project_name", &T::projectName),
                                            field("profile", &T::profile),
                                            field("kind", &T::kind),
                                            field("pattern", &T::pattern),
                                            field("allowed", &T::allowed),
                                            field("exact", &T::exact),
                                            field("created_by", &T::createdBy),
                                            field("created_at", &T::createdAt),
                                            field("used_count", &T::usedCount),
                                            field("used_at", &T::usedAt)};
};

} // namespace muster
