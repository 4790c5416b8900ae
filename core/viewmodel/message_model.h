// MessageModel: the newest messages of one conversation, older ones a page at a time, and the text of the
// running answer (and of its thinking) as it streams: what has arrived of it counts where it is longer than
// what is stored. Sleeps while inactive. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/refresher.h"
#include "core/viewmodel/rows_model.h"
#include "core/viewmodel/task_stream.h"

namespace muster {

class MessageModel final : public RowsModel<api::MessageInfo> {
    Q_OBJECT

public:
    static constexpr int page = 40;
    static constexpr int most = 400; // held at a time; older ones are found by search

    enum Role { IdRole = Qt::UserRole + 1, RoleRole, StatusRole, TextRole, ThinkingRole };

    explicit MessageModel(NodeFeed *feed, QObject *parent = nullptr);

    void setActive(bool active);
    void setConversation(ConversationId conversation);
    [[nodiscard]] ConversationId conversation() const { return m_conversation; }
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    // A turn runs or is about to.
    [[nodiscard]] bool isWorking() const;

    // How the agent of that answer does right now; nullptr: it is not at work.
    [[nodiscard]] const api::WorkInfo *workOf(const api::MessageInfo &message) const;
    // The answer that is under way; nullptr: there is none.
    [[nodiscard]] const api::MessageInfo *running() const;

    // What a tool of this turn was given and what came of it.
    void askTool(TaskId task, const QString &tool, QObject *context,
                 std::function<void(Result<api::ToolDetail>)> done);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

signals:
    void loaded();
    void streamed(int row); // more text of this row
    void ticked(int row);   // a second has passed for this row, which is under way

private:
    void ask();
    void take(std::vector<api::MessageInfo> messages);
    void followStream();
    void onStream();
    [[nodiscard]] QString shown(const api::MessageInfo &message, const TaskStream &stream,
                                const QString &stored) const;

    NodeFeed *m_feed;
    Refresher m_refresher;
    TaskStream m_stream;
    TaskStream m_thinking;
    ConversationId m_conversation;
    int m_wanted = page;
    bool m_active = false;
    bool m_loaded = false;
    bool m_mayHaveMore = false;
};

} // namespace muster
