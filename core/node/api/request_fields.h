// The JSON keys of commands, queries, subscriptions and notices. Never rename a published key. Any thread.
#pragma once

#include "core/node/api/commands.h"
#include "core/node/api/queries.h"
#include "core/node/api/schedule_fields.h"
#include "core/node/api/subscription.h"
#include "core/node/api/value_fields.h"

namespace muster {

template <> struct EnumNames<api::AnswerKind> {
    static constexpr std::array table{std::pair{api::AnswerKind::Yes, "yes"},
                                      std::pair{api::AnswerKind::No, "no"},
                                      std::pair{api::AnswerKind::Later, "later"}};
};
template <> struct EnumNames<api::AnswerScope> {
    static constexpr std::array table{std::pair{api::AnswerScope::Once, "once"},
                                      std::pair{api::AnswerScope::Task, "task"},
                                      std::pair{api::AnswerScope::Always, "always"}};
};
template <> struct Fields<api::OpenProject> {
    using T = api::OpenProject;
    static constexpr auto list = std::tuple{field("path", &T::path), field("demo", &T::demo)};
};
template <> struct Fields<api::TrustProject> {
    using T = api::TrustProject;
    static constexpr auto list = std::tuple{field("path", &T::path), field("trusted", &T::trusted)};
};
template <> struct Fields<api::StartRun> {
    using T = api::StartRun;
    static constexpr auto list = std::tuple{field("project", &T::project),
                                            field("flow", &T::flow),
                                            field("inputs", &T::inputs),
                                            field("runtime", &T::runtime),
                                            field("unattended", &T::unattended),
                                            field("approve", &T::approve),
                                            field("trust", &T::trust)};
};
template <> struct Fields<api::CancelRun> {
    using T = api::CancelRun;
    static constexpr auto list = std::tuple{field("run", &T::run)};
};
template <> struct Fields<api::PauseRun> {
    using T = api::PauseRun;
    static constexpr auto list = std::tuple{field("run", &T::run), field("paused", &T::paused)};
};
template <> struct Fields<api::RerunRun> {
    using T = api::RerunRun;
    static constexpr auto list = std::tuple{field("run", &T::run),
                                            field("mode", &T::mode),
                                            field("step", &T::step),
                                            field("file", &T::file),
                                            field("unattended", &T::unattended),
                                            field("approve", &T::approve),
                                            field("trust", &T::trust)};
};
template <> struct Fields<api::AnswerInbox> {
    using T = api::AnswerInbox;
    static constexpr auto list = std::tuple{field("inbox", &T::inbox), field("answer", &T::answer),
                                            field("scope", &T::scope), field("message", &T::message)};
};
template <> struct Fields<api::NewConversation> {
    using T = api::NewConversation;
    static constexpr auto list =
        std::tuple{field("project", &T::project), field("runtime", &T::runtime), field("title", &T::title)};
};
template <> struct Fields<api::SendMessage> {
    using T = api::SendMessage;
    static constexpr auto list = std::tuple{field("conversation", &T::conversation), field("text", &T::text),
                                            field("attachments", &T::attachments), field("steer", &T::steer)};
};
template <> struct Fields<api::StopTurn> {
    using T = api::StopTurn;
    static constexpr auto list =
        std::tuple{field("conversation", &T::conversation), field("clear_queue", &T::clearQueue)};
};
template <> struct Fields<api::MarkRead> {
    static constexpr auto list = std::tuple{field("conversation", &api::MarkRead::conversation)};
};
template <> struct Fields<api::RetryTurn> {
    using T = api::RetryTurn;
    static constexpr auto list = std::tuple{field("conversation", &T::conversation)};
};
template <> struct Fields<api::MergeWorktree> {
    using T = api::MergeWorktree;
    static constexpr auto list = std::tuple{field("worktree", &T::worktree), field("squash", &T::squash),
                                            field("losing_nested", &T::losingNested)};
};
template <> struct Fields<api::DropWorktree> {
    using T = api::DropWorktree;
    static constexpr auto list =
        std::tuple{field("worktree", &T::worktree), field("losing_nested", &T::losingNested)};
};
template <> struct Fields<api::SetSetting> {
    using T = api::SetSetting;
    static constexpr auto list = std::tuple{field("key", &T::key), field("value", &T::value)};
};
template <> struct Fields<api::RevokePermission> {
    static constexpr auto list = std::tuple{field("rule", &api::RevokePermission::rule)};
};
template <> struct Fields<api::SetPermission> {
    using T = api::SetPermission;
    static constexpr auto list =
        std::tuple{field("rule", &T::rule), field("project", &T::project), field("profile", &T::profile),
                   field("kind", &T::kind), field("pattern", &T::pattern), field("allowed", &T::allowed)};
};
template <> struct Fields<api::SetSecret> {
    using T = api::SetSecret;
    static constexpr auto list = std::tuple{field("name", &T::name), field("value", &T::value)};
};
template <> struct Fields<api::RemoveSecret> {
    static constexpr auto list = std::tuple{field("name", &api::RemoveSecret::name)};
};
template <> struct Fields<api::UnlockKeys> {
    static constexpr auto list = std::tuple{field("passphrase", &api::UnlockKeys::passphrase)};
};
template <> struct Fields<api::GetKeyStore> {
    static constexpr auto list = std::tuple{};
};
template <> struct Fields<api::AddAccount> {
    using T = api::AddAccount;
    static constexpr auto list =
        std::tuple{field("runtime", &T::runtime), field("name", &T::name),
                   field("config_home", &T::configHome), field("key", &T::key), field("value", &T::value)};
};
template <> struct Fields<api::RemoveAccount> {
    using T = api::RemoveAccount;
    static constexpr auto list = std::tuple{field("runtime", &T::runtime), field("name", &T::name)};
};
template <> struct Fields<api::ListSecrets> {
    static constexpr auto list = std::tuple{};
};
template <> struct Fields<api::ListProfiles> {
    static constexpr auto list = std::tuple{field("project", &api::ListProfiles::project)};
};
template <> struct Fields<api::ListSkills> {
    using T = api::ListSkills;
    static constexpr auto list = std::tuple{field("project", &T::project), field("name", &T::name)};
};
template <> struct Fields<api::ListPermissions> {
    static constexpr auto list = std::tuple{field("project", &api::ListPermissions::project)};
};
template <> struct Fields<api::StartTask> {
    using T = api::StartTask;
    static constexpr auto list = std::tuple{field("project", &T::project),
                                            field("prompt", &T::prompt),
                                            field("title", &T::title),
                                            field("runtime", &T::runtime),
                                            field("model", &T::model),
                                            field("profile", &T::profile),
                                            field("pools", &T::pools),
                                            field("priority", &T::priority),
                                            field("max_steps", &T::maxSteps),
                                            field("deadline_ms", &T::deadlineMs),
                                            field("budget_micro_usd", &T::budgetMicroUsd),
                                            field("unattended", &T::unattended),
                                            field("trust", &T::trust)};
};
template <> struct Fields<api::RunTaskNow> {
    using T = api::RunTaskNow;
    static constexpr auto list = std::tuple{field("task", &T::task), field("force", &T::force)};
};
template <> struct Fields<api::CancelTask> {
    static constexpr auto list = std::tuple{field("task", &api::CancelTask::task)};
};
template <> struct Fields<api::RetryTask> {
    static constexpr auto list = std::tuple{field("task", &api::RetryTask::task)};
};
template <> struct Fields<api::SetPriority> {
    using T = api::SetPriority;
    static constexpr auto list = std::tuple{field("task", &T::task), field("priority", &T::priority)};
};
template <> struct Fields<api::SetPool> {
    using T = api::SetPool;
    static constexpr auto list = std::tuple{field("name", &T::name),
                                            field("cap", &T::cap),
                                            field("uncapped", &T::uncapped),
                                            field("keeps_slot", &T::keepsSlot),
                                            field("deadline_ms", &T::deadlineMs),
                                            field("remove", &T::remove)};
};
template <> struct Fields<api::StopNode> {
    using T = api::StopNode;
    static constexpr auto list = std::tuple{field("force", &T::force)};
};
template <> struct Fields<api::CommandDone> {
    using T = api::CommandDone;
    static constexpr auto list =
        std::tuple{field("refs", &T::refs), field("text", &T::text), field("list", &T::list)};
};
template <> struct Fields<api::GetStatus> {
    static constexpr auto list = std::tuple{};
};
template <> struct Fields<api::ListProjects> {
    static constexpr auto list = std::tuple{};
};
template <> struct Fields<api::ListFlows> {
    using T = api::ListFlows;
    static constexpr auto list = std::tuple{field("project", &T::project)};
};
template <> struct Fields<api::CheckFlow> {
    using T = api::CheckFlow;
    static constexpr auto list =
        std::tuple{field("project", &T::project), field("flow", &T::flow), field("text", &T::text)};
};
template <> struct Fields<api::Preflight> {
    using T = api::Preflight;
    static constexpr auto list =
        std::tuple{field("project", &T::project), field("flow", &T::flow), field("text", &T::text),
                   field("inputs", &T::inputs), field("runtime", &T::runtime)};
};
template <> struct Fields<api::ReadFlow> {
    using T = api::ReadFlow;
    static constexpr auto list = std::tuple{field("project", &T::project), field("flow", &T::flow)};
};
template <> struct Fields<api::WriteFlow> {
    using T = api::WriteFlow;
    static constexpr auto list =
        std::tuple{field("project", &T::project), field("path", &T::path), field("text", &T::text),
                   field("expected_hash", &T::expectedHash)};
};
template <> struct Fields<api::ListRuns> {
    using T = api::ListRuns;
    static constexpr auto list =
        std::tuple{field("project", &T::project), field("active_only", &T::activeOnly),
                   field("limit", &T::limit), field("before", &T::before)};
};
template <> struct Fields<api::GetRun> {
    using T = api::GetRun;
    static constexpr auto list = std::tuple{field("run", &T::run)};
};
template <> struct Fields<api::GetRerunChoices> {
    using T = api::GetRerunChoices;
    static constexpr auto list = std::tuple{field("run", &T::run), field("step", &T::step)};
};
template <> struct Fields<api::ListTasks> {
    using T = api::ListTasks;
    static constexpr auto list = std::tuple{field("run", &T::run), field("task", &T::task),
                                            field("active_only", &T::activeOnly), field("limit", &T::limit)};
};
template <> struct Fields<api::ListQueue> {
    using T = api::ListQueue;
    static constexpr auto list =
        std::tuple{field("project", &T::project), field("pool", &T::pool), field("limit", &T::limit)};
};
template <> struct Fields<api::ListPools> {
    static constexpr auto list = std::tuple{};
};
template <> struct Fields<api::ListInbox> {
    using T = api::ListInbox;
    static constexpr auto list =
        std::tuple{field("open_only", &T::openOnly), field("run", &T::run), field("limit", &T::limit),
                   field("project", &T::project), field("item", &T::item)};
};
template <> struct Fields<api::EventFilter> {
    using T = api::EventFilter;
    static constexpr auto list = std::tuple{
        field("run", &T::run),   field("session", &T::session), field("conversation", &T::conversation),
        field("task", &T::task), field("kinds", &T::kinds),     field("text", &T::text)};
};
template <> struct Fields<api::ListEvents> {
    using T = api::ListEvents;
    static constexpr auto list = std::tuple{field("filter", &T::filter), field("from_seq", &T::fromSeq),
                                            field("backwards", &T::backwards), field("limit", &T::limit)};
};
template <> struct Fields<api::ListConversations> {
    using T = api::ListConversations;
    static constexpr auto list = std::tuple{field("project", &T::project), field("limit", &T::limit)};
};
template <> struct Fields<api::ListMessages> {
    using T = api::ListMessages;
    static constexpr auto list = std::tuple{field("conversation", &T::conversation),
                                            field("before", &T::before), field("limit", &T::limit)};
};
template <> struct Fields<api::ListWorktrees> {
    using T = api::ListWorktrees;
    static constexpr auto list =
        std::tuple{field("project", &T::project), field("active_only", &T::activeOnly)};
};
template <> struct Fields<api::GetChanges> {
    using T = api::GetChanges;
    static constexpr auto list = std::tuple{field("worktree", &T::worktree), field("path", &T::path)};
};
template <> struct Fields<api::GetStream> {
    using T = api::GetStream;
    static constexpr auto list = std::tuple{field("task", &T::task), field("channel", &T::channel),
                                            field("from_offset", &T::fromOffset)};
};
template <> struct Fields<api::GetToolCall> {
    using T = api::GetToolCall;
    static constexpr auto list = std::tuple{field("task", &T::task), field("tool", &T::tool)};
};
template <> struct Fields<api::ListSettings> {
    static constexpr auto list = std::tuple{field("project", &api::ListSettings::project)};
};
template <> struct Fields<api::RunDoctor> {
    using T = api::RunDoctor;
    static constexpr auto list = std::tuple{field("project", &T::project)};
};
template <> struct Fields<api::ListTableSizes> {
    static constexpr auto list = std::tuple{};
};
template <> struct Fields<api::ListRuntimes> {
    using T = api::ListRuntimes;
    static constexpr auto list = std::tuple{field("runtime", &T::runtime), field("again", &T::again)};
};
template <> struct Fields<api::ListWork> {
    static constexpr auto list = std::tuple{};
};
template <> struct Fields<api::Subscription> {
    using T = api::Subscription;
    static constexpr auto list = std::tuple{field("filter", &T::filter), field("from_seq", &T::fromSeq),
                                            field("streams", &T::streams)};
};
template <> struct Fields<api::EventsNotice> {
    using T = api::EventsNotice;
    static constexpr auto list = std::tuple{field("events", &T::events)};
};
template <> struct Fields<api::StreamNotice> {
    using T = api::StreamNotice;
    static constexpr auto list =
        std::tuple{field("task", &T::task),       field("run", &T::run),
                   field("step", &T::step),       field("conversation", &T::conversation),
                   field("channel", &T::channel), field("offset", &T::offset),
                   field("text", &T::text)};
};
template <> struct Fields<api::StatusNotice> {
    using T = api::StatusNotice;
    static constexpr auto list = std::tuple{field("status", &T::status)};
};

} // namespace muster
