// MemoryNode: a NodeApi that answers from plain values, for tests of models and widgets: set the values, call
// touch(), look at what was submitted. Answers come from the event loop, as with the real one.
#pragma once

#include "core/node/api/node_api.h"

#include <QHash>
#include <QList>
#include <QPointer>

#include <ranges>

namespace muster {

class MemoryNode final : public api::NodeApi {
    Q_OBJECT

public:
    using NodeApi::NodeApi;

    // What queries answer.
    api::NodeStatus status;
    std::vector<api::ProjectInfo> projects;
    std::vector<api::FlowInfo> flows;
    std::vector<api::RunInfo> runs; // newest first
    QHash<RunId, api::RunDetail> details;
    std::vector<api::InboxInfo> inbox;
    std::vector<Event> events; // ascending seq
    std::vector<api::ConversationInfo> conversations;
    QHash<ConversationId, std::vector<api::MessageInfo>> messages; // oldest first
    std::vector<api::WorktreeInfo> worktrees;
    QHash<WorktreeId, std::vector<api::FileChange>> changes; // with hunks
    QHash<TaskId, QString> streams;
    QHash<QString, api::ToolDetail> tools; // by the call's id
    std::vector<api::RuntimeInfo> runtimes;
    std::vector<api::PermissionInfo> permissions;
    QStringList profiles;
    api::PreflightInfo preflight;
    api::FlowCheckInfo flowCheck;
    QHash<QString, api::FlowTextInfo> flowTexts; // by name
    std::vector<api::SecretInfo> secrets;
    api::KeyStoreInfo keyStore{.store = QStringLiteral("keychain"), .fileState = QStringLiteral("none")};
    std::vector<api::SettingInfo> settings;
    std::vector<api::WorkInfo> work;
    std::vector<api::TaskInfo> tasks; // of ListTasks, whatever it asks for
    std::vector<api::QueuedInfo> queue;
    std::vector<api::PoolInfo> pools;
    std::vector<api::RerunChoice> rerunChoices;
    api::ScheduleList schedules;
    QHash<ScheduleId, api::ScheduleDetail> scheduleDetails; // whole; what is asked for is cut from it
    api::SchedulePreview preview;

    // What was asked.
    QList<api::Command> submitted;
    int queryCount = 0;
    int workQueries = 0; // of these: how work does
    QList<api::PreviewWhen> previewed;
    std::function<void()> onPreview; // as it is asked for, before it is answered
    // What the next commands answer; empty: CommandDone with no ids.
    std::optional<Error> refuseWith;
    api::CommandDone answer;

    void touch(const Event &event); // appends with the next seq and tells subscribers
    void touch(const QString &kind, const EventRefs &refs = {});
    void stream(const api::StreamNotice &notice);
    void sendStatus();
    void setLink(api::LinkState state);

    template <typename C> [[nodiscard]] const C *lastCommand() const
    {
        for (const api::Command &command : std::views::reverse(submitted)) {
            if (const auto *found = std::get_if<C>(&command))
                return found;
        }
        return nullptr;
    }

    void submit(const api::Command &command, QObject *context, CommandCallback done) override;
    int subscribe(const api::Subscription &subscription, QObject *context, NoticeHandler handler) override;
    void unsubscribe(int id) override;
    [[nodiscard]] api::LinkState linkState() const override { return m_link; }
    [[nodiscard]] int subscriptionCount() const;

protected:
    void queryAny(const api::Query &query, QObject *context,
                  std::function<void(Result<api::QueryReply>)> done) override;

private:
    struct Subscriber {
        api::Subscription subscription;
        QPointer<QObject> context;
        NoticeHandler handler;
    };

    [[nodiscard]] Result<api::QueryReply> reply(const api::Query &query) const;
    [[nodiscard]] std::vector<api::RunInfo> find(const api::ListRuns &query) const;
    [[nodiscard]] std::vector<api::InboxInfo> find(const api::ListInbox &query) const;
    [[nodiscard]] api::ChangesInfo find(const api::GetChanges &query) const;
    [[nodiscard]] api::StreamText find(const api::GetStream &query) const;
    [[nodiscard]] Result<api::QueryReply> find(const api::ShowSchedule &query) const;
    void notify(const api::Notice &notice, const std::function<bool(const api::Subscription &)> &wanted);

    QHash<int, Subscriber> m_subscribers;
    int m_nextId = 1;
    api::LinkState m_link = api::LinkState::Connected;
};

} // namespace muster
